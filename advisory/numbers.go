package advisory

import "math"

// articles may stand between a number word and its unit: "half a litre", "nusu ya lita", "un demi-litre".
var articles = set([]string{"a", "an", "of", "ya", "de", "-", "un", "une"})

func (p *measuring) afterWord(i int) int {
	i++
	for i < len(p.lexemes) && articles[p.lexemes[i].text] {
		i++
	}
	return i
}

// single gives the number that one word or figure at i is, a fraction as one, and where it ends.
func (p *measuring) single(i int) (float64, int) {
	l := p.lexemes[i]
	if l.is != lexNumber {
		return units.numbers[l.text], p.afterWord(i)
	}
	if i+2 < len(p.lexemes) && p.has(i+1, "/", "⁄") && p.lexemes[i+2].is == lexNumber {
		if below := p.lexemes[i+2].value; l.value >= 1 && l.value < below && below <= 10 && below == math.Trunc(below) {
			return l.value / below, i + 3
		}
	}
	return l.value, i + 1
}

// value gives the number at i and where it ends: "3", "1/2", "three hundred", "3 hundred", "cent cinquante", "mia tatu".
func (p *measuring) value(i int) (float64, int) {
	v, next := p.single(i)
	if p.unitFirst && v >= 100 && p.numberWordAt(next) && units.numbers[p.lexemes[next].text] < 10 && p.numberWordAt(i) {
		times, end := p.single(next) // "mia tatu": the hundred comes first
		return v * times, end
	}
	for p.numberWordAt(next) && units.numbers[p.lexemes[next].text] >= 100 && v >= 1 {
		times, end := p.single(next)
		v, next = v*times, end
	}
	if v < 100 || p.numberAt(i) && !p.numberWordAt(i+1) {
		return v, next
	}
	rest := next
	if p.has(rest, "and", "et", "na", "aur", "और") {
		rest++
	}
	if p.numberWordAt(rest) {
		if more, end := p.single(rest); more >= 1 && more < 100 {
			return v + more, end
		}
	}
	return v, next
}

// afterNumber is where the number ends that begins at i.
func (p *measuring) afterNumber(i int) int {
	_, next := p.value(i)
	return next
}
