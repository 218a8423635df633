package advisory

import (
	"slices"
	"strings"
)

// What stands here finds what a quantity is reckoned on: "per litre", "for 1 kg of seed", before it or after it.

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
	if slices.ContainsFunc(p.lexemes[p.at:next], func(l lexeme) bool { return l.is == lexNumber }) {
		p.unbound = append(p.unbound, Measure{Low: per.Value, High: per.Value, Factor: 1, Unit: per.Unit, At: p.lexemes[p.at].word, End: p.lexemes[next-1].word + 1})
	}
	p.loose, p.at, p.taken = append(p.loose, per), next, next
	return true
}
