package advisory

import (
	"strconv"
	"strings"
	"unicode"
)

// lexeme is a number, a word or a sign of a text, as measures are read from them.
type lexeme struct {
	text  string  // folded
	value float64 // of a number
	is    lexKind
	word  int  // position among the Words of the text
	glued bool // no space before it
}

type lexKind int

const (
	lexWord lexKind = iota
	lexNumber
	lexSign
)

// fixedSpaces joins thousands that French parts by a no-break space, before folding makes it a common one.
var fixedSpaces = strings.NewReplacer("\u202f", "", "\u00a0", "")

// lex cuts a text into numbers (native digits folded; 1,5 is 1.5; 1,000 is a thousand), words and signs. "2ml" is two lexemes.
func lex(text string) []lexeme {
	r := []rune(strings.ReplaceAll(Fold(fixedSpaces.Replace(text)), "ng'", "ng"))
	var out []lexeme
	word, inWord, space := -1, false, true
	for i := 0; i < len(r); {
		c := r[i]
		if unicode.IsSpace(c) {
			i, inWord, space = i+1, false, true
			continue
		}
		if !inWordRune(c) {
			out = append(out, lexeme{text: string(c), is: lexSign, word: word + 1, glued: !space})
			i, inWord, space = i+1, false, false
			continue
		}
		if !inWord {
			word++
		}
		inWord = true
		l := lexeme{word: word, glued: !space}
		if unicode.IsDigit(c) {
			l.is = lexNumber
			var parts int
			i, l.value, parts = number(r, i, &l)
			word += parts
		} else {
			j := i
			for j < len(r) && inWordRune(r[j]) && !unicode.IsDigit(r[j]) {
				j++
			}
			l.text, i = string(r[i:j]), j
		}
		out, space = append(out, l), false
	}
	return out
}

func inWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) }

// number reads the number that starts at i: where it ends, its value, and how many points or commas part it.
func number(r []rune, i int, l *lexeme) (end int, value float64, parts int) {
	var b strings.Builder
	for i < len(r) {
		switch {
		case unicode.IsDigit(r[i]):
			b.WriteRune('0' + Digit(r[i]))
		case (r[i] == '.' || r[i] == ',') && i+1 < len(r) && unicode.IsDigit(r[i+1]):
			parts++
			if r[i] == ',' && thousands(r[i+1:]) && !strings.HasPrefix(b.String(), "0") {
				break
			}
			b.WriteByte('.')
		default:
			l.text = b.String()
			return i, decimal(l.text), parts
		}
		i++
	}
	l.text = b.String()
	return i, decimal(l.text), parts
}

// thousands reports whether exactly three digits follow.
func thousands(r []rune) bool {
	n := 0
	for n < len(r) && unicode.IsDigit(r[n]) {
		n++
	}
	return n == 3
}

// decimal is the value of digits with a point; of a date such as 12.5.2027 only what stands before the second point.
func decimal(s string) float64 {
	if first, rest, ok := strings.Cut(s, "."); ok {
		rest, _, _ = strings.Cut(rest, ".")
		s = first + "." + rest
	}
	v, _ := strconv.ParseFloat(s, 64) // digits only: it cannot fail but by range, and then it is infinite
	return v
}

// Digit gives the value of a decimal digit of any script: Unicode lays each script's ten digits out in order from a zero
// whose code point leaves the same remainder within its range.
func Digit(r rune) rune {
	for _, rng := range unicode.Nd.R16 {
		if r >= rune(rng.Lo) && r <= rune(rng.Hi) {
			return (r - rune(rng.Lo)) % 10
		}
	}
	for _, rng := range unicode.Nd.R32 {
		if r >= rune(rng.Lo) && r <= rune(rng.Hi) {
			return (r - rune(rng.Lo)) % 10
		}
	}
	return 0
}
