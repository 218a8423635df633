package advisory

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a text into the form in which words are compared, in questions and content alike: lower case, Latin letters
// without accents, Devanagari without nukta and with one nasal sign, Ethiopic letters of one sound as one, no joiners and no Arabic
// vowel signs. Words of Indic and Ethiopic scripts keep their vowel signs.
func Fold(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	latin := false // the last base letter was Latin, so a following accent goes
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Cf, r): // joiners, soft hyphen, byte order mark and all else that is not seen
		case r == '\u093c' || r >= '\u064b' && r <= '\u0652': // nukta; harakat
		case r == '\u0901': // chandrabindu, written as anusvara by most
			b.WriteRune('\u0902')
		case unicode.Is(unicode.Mn, r) && latin:
		case unicode.IsLetter(r):
			latin = unicode.Is(unicode.Latin, r)
			b.WriteRune(ethiopic(unicode.ToLower(r)))
		case r == 'ʼ' || r == '’' || r == '‘':
			b.WriteByte('\'')
		default:
			if !unicode.Is(unicode.M, r) {
				latin = false
			}
			b.WriteRune(r)
		}
	}
	folded := b.String()
	if strings.Contains(folded, virama) {
		folded = nasals.Replace(folded)
	}
	return norm.NFC.String(folded)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

const virama = "\u094d" // joins two Devanagari consonants

// nasals writes a nasal consonant before one of its own row as anusvara, the commoner spelling of Hindi today: हिन्दी is हिंदी.
var nasals = func() *strings.Replacer {
	rows := map[string]string{"ङ": "कखगघ", "ञ": "चछजझ", "ण": "टठडढ", "न": "तथदध", "म": "पफबभ"}
	var pairs []string
	for nasal, row := range rows {
		for _, r := range row {
			pairs = append(pairs, nasal+virama+string(r), "\u0902"+string(r))
		}
	}
	return strings.NewReplacer(pairs...)
}()

// ethiopic gives one letter for those that Amharic sounds alike and people write either way: ሀ for ሐ and ኀ, ሰ for ሠ, አ for ዐ, ጸ for
// ፀ, in each order; and the first order of ሀ and አ for the fourth, which sounds the same.
func ethiopic(r rune) rune {
	switch {
	case r < 'ሀ' || r > '፟':
		return r
	case r >= 'ሐ' && r <= 'ሖ':
		r += 'ሀ' - 'ሐ'
	case r >= 'ኀ' && r <= 'ኆ':
		r += 'ሀ' - 'ኀ'
	case r >= 'ሠ' && r <= 'ሧ':
		r += 'ሰ' - 'ሠ'
	case r >= 'ዐ' && r <= 'ዖ':
		r += 'አ' - 'ዐ'
	case r >= 'ፀ' && r <= 'ፆ':
		r += 'ጸ' - 'ፀ'
	}
	switch r {
	case 'ሃ':
		return 'ሀ'
	case 'ኣ':
		return 'አ'
	}
	return r
}

// Words cuts a text into its folded words: runs of letters, marks and digits. An apostrophe parts words ("l'eau" is two),
// but for the Swahili ng'.
func Words(text string) []string {
	return wordsOf(strings.ReplaceAll(Fold(text), "ng'", "ng"))
}
