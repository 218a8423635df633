package advisory

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
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
func lex(text string) []lexeme { return lexFolded(unspaced(text)) }

func lexFolded(s string) []lexeme {
	out := make([]lexeme, 0, len(s)/4+1)
	word, inWord, space := -1, false, true
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		if unicode.IsSpace(c) {
			i, inWord, space = i+size, false, true
			continue
		}
		if !inWordRune(c) {
			out = append(out, lexeme{text: s[i : i+size], is: lexSign, word: word + 1, glued: !space})
			i, inWord, space = i+size, false, false
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
			i, l.value, parts = number(s, i, &l)
			word += parts
		} else {
			end := strings.IndexFunc(s[i:], func(r rune) bool { return !inWordRune(r) || unicode.IsDigit(r) })
			if end < 0 {
				end = len(s) - i
			}
			l.text, i = s[i:i+end], i+end
		}
		out, space = append(out, l), false
	}
	return out
}

// number reads the number that starts at i: where it ends, its value, and how many points or commas part it.
func number(s string, i int, l *lexeme) (end int, value float64, parts int) {
	var b strings.Builder
	for i < len(s) {
		c, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case unicode.IsDigit(c):
			b.WriteRune('0' + Digit(c))
		case (c == '.' || c == ',') && digitsAt(s[i+1:]) > 0:
			parts++
			if c == ',' && digitsAt(s[i+1:]) == 3 && !strings.HasPrefix(b.String(), "0") { // thousands
				break
			}
			b.WriteByte('.')
		default:
			l.text = b.String()
			return i, decimal(l.text), parts
		}
		i += size
	}
	l.text = b.String()
	return i, decimal(l.text), parts
}

// digitsAt is how many digits a text starts with.
func digitsAt(s string) (n int) {
	for _, r := range s {
		if !unicode.IsDigit(r) {
			break
		}
		n++
	}
	return n
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
	if r < utf8.RuneSelf {
		return r - '0'
	}
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
