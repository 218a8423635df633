package advisory

import (
	"slices"
	"strings"
)

// Measures gives the quantities of a text in order. The language matters where the unit comes before the number, as in Swahili.
// Number words count only beside a unit: "one" is mostly no number.
func Measures(text string, lang Lang) []Measure { return measures(lex(text), lang) }

func measures(lexemes []lexeme, lang Lang) []Measure {
	p := &measuring{lexemes: lexemes, unitFirst: lang == "sw"}
	for p.at < len(p.lexemes) {
		if !p.measure() && !p.loosePer() {
			p.at++
		}
	}
	return p.found
}

// measuring goes through the lexemes of a text.
type measuring struct {
	lexemes   []lexeme
	at        int
	unitFirst bool
	found     []Measure
	last      unit  // of the quantity before, where units come first
	loose     []Per // a per that no quantity stood before: "per litre of water, 2 ml"
}

// measure reads a quantity at the current place, with all that it is reckoned on.
func (p *measuring) measure() bool {
	m, next, ok := p.quantity(p.at)
	if !ok {
		if p.lexemes[p.at].is == lexSign && strings.ContainsAny(p.lexemes[p.at].text, ".;!?।॥") {
			p.loose = nil
		}
		return false
	}
	start := p.at
	p.at = next
	m.At, m.End = p.lexemes[start].word, p.lexemes[next-1].word
	if p.lexemes[next-1].is != lexSign { // the word of a sign is the one after it
		m.End++
		if next < len(p.lexemes) { // "kilo 3.9" ends after the fraction
			m.End = max(m.End, p.lexemes[next].word)
		}
	}
	for perUnit(m.Unit) && p.onPer(&m) {
	}
	if p.inWhich(m, start) { // "2 ml of it in 1 litre of water", said the Indian way: the litre is the basis
		last := &p.found[len(p.found)-1]
		last.Per = append(last.Per, Per{m.Low, m.Unit})
		return true
	}
	if n := len(p.found); n > 0 && p.isBasis(p.found[n-1], start) { // "in 1 litre of water, 2 ml": the litre was the basis
		basis := p.found[n-1]
		m.Per = append([]Per{{basis.Low, basis.Unit}}, m.Per...)
		p.found = p.found[:n-1]
	}
	if len(p.loose) > 0 && m.Unit == "ml" && m.Low == m.High && len(m.Per) == 0 && p.inside() { // "for an acre, in 200 litres of water, 1 kg"
		p.loose = append(p.loose, Per{m.Low, m.Unit})
		return true
	}
	if (m.Unit == "g" || m.Unit == "ml") && len(p.loose) > 0 {
		m.Per, p.loose = append(p.loose, m.Per...), nil
	}
	p.found = append(p.found, m)
	return true
}

// lasting reports whether a unit is one of time.
func lasting(base string) bool { return base == "minute" || base == "month" }

// perUnit reports whether a quantity of the unit can be so much of something: lengths, times, warmth and shares are not.
func perUnit(base string) bool {
	return base != "m" && base != "celsius" && base != "percent" && !lasting(base)
}

// near is how many words may stand between a quantity and what it is reckoned on: "3 g of Mancozeb for 1 kg seed".
const near = 4

// inWhich reports whether a word such as the Hindi "in" stands after the quantity m, and shortly before it one that may be
// dissolved in it.
func (p *measuring) inWhich(m Measure, start int) bool {
	n := len(p.found)
	if n == 0 || m.Unit != "ml" || m.Low != m.High || len(m.Per) > 0 {
		return false
	}
	last := p.found[n-1]
	if last.Unit != "g" && last.Unit != "ml" || slices.ContainsFunc(last.Per, func(b Per) bool { return b.Unit == "ml" }) || p.lexemes[start].word-last.End > near {
		return false
	}
	return p.inside()
}

// inside reports whether a word such as the Hindi "in" stands at the current place, or after one or two words.
func (p *measuring) inside() bool {
	end := min(p.at+3, len(p.lexemes))
	return slices.ContainsFunc(p.lexemes[p.at:end], func(l lexeme) bool { return units.inside[l.text] })
}

// isBasis reports whether a word such as the Hindi "in" stands between the earlier quantity and the one at start, close by.
func (p *measuring) isBasis(earlier Measure, start int) bool {
	if len(earlier.Per) > 0 || earlier.Low != earlier.High || !material(earlier.Unit) {
		return false
	}
	for i := start - 1; i >= 0 && i >= start-near && p.lexemes[i].is == lexWord && p.lexemes[i].word >= earlier.End; i-- {
		if units.inside[p.lexemes[i].text] {
			return true
		}
	}
	return false
}

// material reports whether a unit is one of mass, volume or land.
func material(base string) bool {
	switch base {
	case "g", "ml", "m2", "acre", "bigha", "katha", "guntha", "cent":
		return true
	}
	return false
}

// onPer reads one "per litre", "/ 200 litres of water", "in 10 litres", "a plant" after the quantity, close by.
func (p *measuring) onPer(m *Measure) bool {
	for i := p.at; i < len(p.lexemes) && i <= p.at+near; i++ {
		l := p.lexemes[i]
		if l.is == lexNumber || l.is == lexSign && l.text != "/" && l.text != "(" && !p.abbreviates(i) {
			return false
		}
		if per, next, ok := p.perAt(i, i == p.at); ok {
			m.Per, p.at = append(m.Per, per), next
			return true
		}
	}
	return false
}

// abbreviates reports whether the point at i ends an abbreviated unit of an Indic script, and no sentence.
func (p *measuring) abbreviates(i int) bool {
	return i == p.at && p.has(i, ".") && p.lexemes[i].glued && !isASCII(p.lexemes[i-1].text)
}

// perAt reads what a quantity is reckoned on from a word that says so on; directly after the quantity the bare unit will do.
func (p *measuring) perAt(i int, directly bool) (Per, int, bool) {
	j := i
	for j < len(p.lexemes) && (units.per[p.lexemes[j].text]) {
		j++
	}
	if j >= len(p.lexemes) {
		return Per{}, 0, false
	}
	strict := j > i && slices.ContainsFunc(p.lexemes[i:j], func(l lexeme) bool { return certain[l.text] })
	if q, next, ok := p.quantity(j); ok && j > i && q.Low == q.High && (material(q.Unit) || strict && directly && lasting(q.Unit)) {
		return Per{q.Low, q.Unit}, next, true
	}
	if u, next, ok := p.unitAt(j); ok {
		if material(u.base) && (j > i || directly || dative(p.lexemes[j].text)) || strict && directly && lasting(u.base) {
			return Per{u.factor, u.base}, next, true
		}
	}
	if p.numberAt(j) && j+1 < len(p.lexemes) && strict && units.counted[p.lexemes[j+1].text] {
		return Per{p.lexemes[j].value, wordKey(p.lexemes[j+1].text)}, j + 2, true
	}
	if (strict || j > i && i <= p.at+1) && units.counted[p.lexemes[j].text] {
		return Per{1, wordKey(p.lexemes[j].text)}, j + 1, true
	}
	return Per{}, 0, false
}

// dative reports whether a Telugu word has the ending that says "for a", as in "for an acre".
func dative(w string) bool { return strings.HasSuffix(w, "కు") || strings.HasSuffix(w, "కి") }

// certain are the words that can only mean "for each": after them a time or a length will do as well.
var certain = set([]string{"per", "par", "every", "each", "kila", "प्रति", "हर", "prati", "/", "ప్రతి", "chaque"})

// loosePer reads a basis that stands before its quantity: "per hectare 50 kg", "प्रति लीटर पानी में 2 मिली".
func (p *measuring) loosePer() bool {
	if l := p.lexemes[p.at].text; !certain[l] && l != "kwa" && !dative(l) {
		return false
	}
	per, next, ok := p.perAt(p.at, false)
	if !ok || !material(per.Unit) && !units.counted[per.Unit] {
		return false
	}
	p.loose, p.at = append(p.loose, per), next
	return true
}

// quantity reads a number or a range with its unit, at i.
func (p *measuring) quantity(i int) (Measure, int, bool) {
	if u, next, ok := p.unitAt(i); p.unitFirst && ok && !p.numberAt(i-1) {
		if p.has(next, "ya") && p.numberAt(next+1) { // "saa ya 12"
			next++
		}
		if low, high, end, ok := p.rangeAt(next, true); ok {
			p.last = u
			m := scaled(low, high, u)
			m.Spelt = !p.numberAt(next)
			return m, end, true
		}
	}
	low, high, next, ok := p.rangeAt(i, false)
	if !ok {
		return Measure{}, 0, false
	}
	spelt := !p.numberAt(i) && !p.numberAt(i+1) && !p.numberAt(i+2)
	if p.unitFirst && p.has(i-1, sides...) && len(p.found) > 0 && p.found[len(p.found)-1].Unit == "m" { // "sm 75 kwa 30"
		return scaled(low, high, p.last), next, true
	}
	if u, ok := p.sharedUnit(next); ok { // "75 by 25 cm": the first shares the unit of the second
		return scaled(low, high, u), next, true
	}
	if u, end, ok := p.unitAt(next); ok && !(p.unitFirst && p.numberAt(end)) { // "wa tatu gramu 50": the grams are of the 50
		if p.formulation(next, end, u) {
			return Measure{Low: low, High: high, Factor: 1, Unit: "formulation"}, end, true
		}
		m := scaled(low, high, u)
		m.Spelt = spelt
		return m, end, true
	}
	return Measure{Low: low, High: high, Factor: 1}, next, p.lexemes[i].is == lexNumber
}

func scaled(low, high float64, u unit) Measure {
	return Measure{Low: low * u.factor, High: high * u.factor, Factor: u.factor, Unit: u.base}
}

// sides join length and width.
var sides = []string{"x", "by", "×", "*", "sur", "kwa", "गुणा"}

// sharedUnit gives the unit of the second of two numbers joined as length and width are.
func (p *measuring) sharedUnit(i int) (unit, bool) {
	if !p.has(i, sides...) || !p.numberAt(i+1) {
		return unit{}, false
	}
	_, _, next, ok := p.rangeAt(i+1, false)
	if !ok {
		return unit{}, false
	}
	u, _, ok := p.unitAt(next)
	return u, ok && u.base == "m"
}

// formulation reports whether grams name a formulation ("carbofuran 3G granules") and are no dose.
func (p *measuring) formulation(i, end int, u unit) bool {
	if u.base != "g" || u.factor != 1 || p.lexemes[i].text != "g" && p.lexemes[i].text != "జి" {
		return false
	}
	return end < len(p.lexemes) && (strings.HasPrefix(p.lexemes[end].text, "granul") || strings.HasPrefix(p.lexemes[end].text, "గుళిక"))
}

// rangeAt reads "20", "20 to 40", "20-40", "20 cm to 40 cm", "between 20 and 40", "1/2", "two". After a unit that came first
// (first) a number word will do; else it needs a unit after it.
func (p *measuring) rangeAt(i int, first bool) (low, high float64, next int, ok bool) {
	for open, middle := range units.rangePair {
		if n := len(strings.Fields(open)); p.texts(i, n) == open && p.numberAt(i+n) {
			if low, next = p.value(i + n); p.has(next, middle) && p.numberAt(next+1) {
				high, next = p.value(next + 1)
				return low, max(low, high), next, true
			}
		}
	}
	if !p.numberAt(i) && !(p.numberWordAt(i) && (first || p.hasUnit(p.afterNumber(i)) || p.wordRange(i))) {
		return 0, 0, 0, false
	}
	low, next = p.value(i)
	to := next
	own, end, twice := p.unitAt(next)
	if twice && end < len(p.lexemes) && units.between[p.lexemes[end].text] && p.lexemes[end].text != "or" {
		to = end // the unit is said twice
	}
	if to+1 < len(p.lexemes) && (units.between[p.lexemes[to].text] || p.has(to, "–", "—")) && (p.numberAt(to+1) || p.numberWordAt(to+1)) {
		v, end := p.value(to + 1)
		second, _, ok := p.unitAt(end)
		if v > low && !p.grade(end) && (to == next || ok && second == own) {
			return low, v, end, true
		}
	}
	return low, low, next, true
}

// wordRange reports whether a range of number words with a unit begins at i: "two or three weeks".
func (p *measuring) wordRange(i int) bool {
	next := p.afterNumber(i)
	return next+1 < len(p.lexemes) && units.between[p.lexemes[next].text] && (p.numberAt(next+1) || p.numberWordAt(next+1)) && p.hasUnit(p.afterNumber(next+1))
}

// grade reports whether a third number follows, as in the fertiliser 13-0-45.
func (p *measuring) grade(i int) bool { return p.has(i, "-", ":", "–") && p.numberAt(i+1) }

func (p *measuring) numberAt(i int) bool {
	return i >= 0 && i < len(p.lexemes) && p.lexemes[i].is == lexNumber
}

func (p *measuring) numberWordAt(i int) bool {
	if i < 0 || i >= len(p.lexemes) || p.lexemes[i].is != lexWord {
		return false
	}
	_, ok := units.numbers[p.lexemes[i].text]
	return ok
}

// unitAt reads the longest name of a unit at i.
func (p *measuring) unitAt(i int) (unit, int, bool) {
	for n := min(units.longest, len(p.lexemes)-i); n > 0; n-- {
		if u, ok := units.byName[p.texts(i, n)]; ok && !p.has(i+n, "'") { // "l'ombre" has no litre
			return u, i + n, true
		}
	}
	if p.has(i, "°") {
		return unit{"celsius", 1}, min(i+2, len(p.lexemes)), true
	}
	return unit{}, 0, false
}

func (p *measuring) hasUnit(i int) bool {
	_, _, ok := p.unitAt(i)
	return ok
}

// texts joins n lexemes from i, leaving out the points of abbreviations.
func (p *measuring) texts(i, n int) string {
	if i < 0 || i+n > len(p.lexemes) {
		return ""
	}
	out := make([]string, n)
	for k := range out {
		out[k] = p.lexemes[i+k].text
	}
	return strings.Join(out, " ")
}

func (p *measuring) has(i int, any ...string) bool {
	return i >= 0 && i < len(p.lexemes) && slices.Contains(any, p.lexemes[i].text)
}
