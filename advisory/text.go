package advisory

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a text into the form in which words are compared, in questions and content alike: lower case, Latin letters
// without accents, Devanagari without nukta and with one nasal sign, no joiners and no Arabic vowel signs. Words of Indic and
// Ethiopic scripts keep their vowel signs.
func Fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	latin := false // the last base letter was Latin, so a following accent goes
	for _, r := range norm.NFKD.String(text) {
		switch {
		case r == '\u200c' || r == '\u200d' || r == '\u00ad' || r == '\ufeff': // joiners, soft hyphen, byte order mark
		case r == '\u093c' || r >= '\u064b' && r <= '\u0652': // nukta; harakat
		case r == '\u0901': // chandrabindu, written as anusvara by most
			b.WriteRune('\u0902')
		case unicode.Is(unicode.Mn, r) && latin:
		case unicode.IsLetter(r):
			latin = unicode.Is(unicode.Latin, r)
			b.WriteRune(unicode.ToLower(r))
		case r == 'ʼ' || r == '’' || r == '‘':
			b.WriteByte('\'')
		default:
			if !unicode.Is(unicode.M, r) {
				latin = false
			}
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// Words cuts a text into its folded words: runs of letters, marks and digits. An apostrophe parts words ("l'eau" is two),
// but for the Swahili ng'.
func Words(text string) []string {
	folded := strings.ReplaceAll(Fold(text), "ng'", "ng")
	return strings.FieldsFunc(folded, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r)
	})
}
