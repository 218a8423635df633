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
	folded, ok := foldCommon(text)
	if !ok {
		folded = foldAny(text)
	}
	if strings.Contains(folded, virama) {
		folded = nasals.Replace(folded)
	}
	return norm.NFC.String(folded)
}

// foldAny is Fold but for the nasals and the composing of what is left.
func foldAny(text string) string {
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
	return b.String()
}

// foldedRunes are the runes of our scripts that fold to the same whatever stands beside them, made with the slow way; "" for the others.
var foldedRunes = func() (t [commonRunes]string) {
	for r := range rune(commonRunes) {
		lone := norm.NFKD.PropertiesString(string(r))
		if lone.CCC() == 0 || r == '\u094d' {
			t[r] = norm.NFC.String(foldAny(string(r)))
		}
	}
	return t
}()

// firstForeign is the first letter behind the Latin ones.
const firstForeign = 0x370

// foldCommon folds a text in which each rune folds by itself: false where one does not.
func foldCommon(text string) (string, bool) {
	var b strings.Builder
	b.Grow(len(text))
	before := ' '
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(unicode.ToLower(r))
		case r == '’' || r == '‘':
			b.WriteByte('\'')
		case r == '–' || r == '—' || r == '“' || r == '”' || r == '•':
			b.WriteRune(r)
		case r == '\u200c' || r == '\u200d': // joiners
		case r >= commonRunes || foldedRunes[r] == "" || before < firstForeign && unicode.Is(unicode.Mn, r):
			return "", false
		default:
			b.WriteString(foldedRunes[r])
		}
		before = r
	}
	return b.String(), true
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
