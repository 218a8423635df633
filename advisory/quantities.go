package advisory

import (
	"slices"
	"strings"
)

// What stands here reads a number or a range with its unit, in figures or words.

// quantity reads a number or a range with its unit, at i.
func (p *measuring) quantity(i int) (Measure, int, bool) {
	if u, next, ok := p.unitAt(i); p.unitFirst && ok && (!p.numberAt(i-1) || i == p.taken) {
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
	if !p.has(i, sides...) || !p.numberAt(i+1) && !p.numberWordAt(i+1) {
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
	if low, high, next, ok = p.between(i); ok {
		return low, high, next, ok
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

// between reads "between 20 and 40", "entre 4 et dix".
func (p *measuring) between(i int) (low, high float64, next int, ok bool) {
	for _, pair := range units.pairs {
		n := len(pair.open)
		if !p.starts(i, pair.open) || !p.numberAt(i+n) && !p.numberWordAt(i+n) {
			continue
		}
		if low, next = p.value(i + n); p.has(next, pair.middle) && (p.numberAt(next+1) || p.numberWordAt(next+1)) {
			high, next = p.value(next + 1)
			return low, max(low, high), next, true
		}
	}
	return 0, 0, 0, false
}

// starts reports whether the lexemes from i on are these.
func (p *measuring) starts(i int, texts []string) bool {
	if i < 0 || i+len(texts) > len(p.lexemes) {
		return false
	}
	for k, t := range texts {
		if p.lexemes[i+k].text != t {
			return false
		}
	}
	return true
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
	if i < 0 || i >= len(p.lexemes) {
		return unit{}, 0, false
	}
	for _, u := range units.byFirst[p.lexemes[i].text] {
		if p.starts(i, u.name) && !p.has(i+len(u.name), "'") { // "l'ombre" has no litre
			return u.unit, i + len(u.name), true
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

func (p *measuring) has(i int, any ...string) bool {
	return i >= 0 && i < len(p.lexemes) && slices.Contains(any, p.lexemes[i].text)
}
