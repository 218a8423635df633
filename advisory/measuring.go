package advisory

import "strings"

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
	p.unbind()
	return p.found
}

// unbind ends a sentence: a basis of which nothing was reckoned is no basis.
func (p *measuring) unbind() {
	p.found = append(p.found, p.unbound...)
	p.loose, p.unbound = nil, nil
}

// measuring goes through the lexemes of a text.
type measuring struct {
	lexemes   []lexeme
	at        int
	unitFirst bool
	found     []Measure
	last      unit      // of the quantity before, where units come first
	loose     []Per     // a per that no quantity stood before: "per litre of water, 2 ml"
	unbound   []Measure // the loose ones that have a number: quantities of their own if none follows that they are the basis of
	taken     int       // lexemes that belong to what was read before
}

// measure reads a quantity at the current place, with all that it is reckoned on.
func (p *measuring) measure() bool {
	m, next, ok := p.quantity(p.at)
	if !ok {
		if p.lexemes[p.at].is == lexSign && strings.ContainsAny(p.lexemes[p.at].text, ".;!?।॥") {
			p.unbind()
		}
		return false
	}
	start := p.at
	p.at, p.taken = next, next
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
		m.Per, p.loose, p.unbound = append(p.loose, m.Per...), nil, nil
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
