package advisory

import (
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
)

// What stands here finds names that are written so that people read them and a search does not: in parts, in letters of another
// script that look alike, by the consonants of a script that writes vowels as signs.

// lookalikes are letters that are read as Latin ones.
var lookalikes = strings.NewReplacer("а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "у", "y", "х", "x", "і", "i", "ј", "j", "ѕ", "s", "һ", "h", "ԁ", "d", "м", "m", "т", "t", "к", "k", "в", "b", "н", "h",
	"А", "a", "Е", "e", "О", "o", "Р", "p", "С", "c", "У", "y", "Х", "x", "І", "i", "Н", "h", "К", "k", "М", "m", "Т", "t", "В", "b",
	"ο", "o", "α", "a", "ν", "v", "ρ", "p", "ι", "i", "υ", "u", "κ", "k", "Ο", "o", "Α", "a", "Ε", "e", "Η", "h", "Ι", "i", "Κ", "k", "Μ", "m", "Ν", "n", "Ρ", "p", "Τ", "t")

// lookalike reports whether a text holds letters that are read as Latin ones.
func lookalike(text string) bool {
	return !isASCII(text) && strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Greek, unicode.Cyrillic) })
}

const (
	leastLetters   = 4 // pieces of one or two Latin letters that may be parts of a name
	leastSyllables = 3 // ... of one or two consonants of another script
	mostPieces     = 16
)

// parted gives the chemical whose name is spelt out from words[i] on ("m o n o c r o t o p h o s", "p-a-r-a-q-u-a-t"), the longest
// one, and where it ends.
func (t *chemicalTable) parted(words []string, i int) (found *Chemical, end int) {
	latin := isASCII(words[i])
	least := leastSyllables
	if latin {
		least = leastLetters
	}
	stop := i
	for stop < len(words) && stop-i < mostPieces && isASCII(words[stop]) == latin && isPiece(words[stop]) {
		stop++
	}
	for j := i + least; j <= stop; j++ {
		if c := t.whole(strings.Join(words[i:j], "")); c != nil {
			found, end = c, j
		}
	}
	return found, end
}

// pair gives the chemical whose name is the first two words, written apart: "mono crotophos", "chlor pyriphos". In other scripts only
// those on a list, by their consonants.
func (t *chemicalTable) pair(words []string) *Chemical {
	if len(words) < 2 {
		return nil
	}
	a, b := words[0], words[1]
	if isASCII(a) && isASCII(b) {
		if len(a) > 3 && len(b) > 3 {
			return t.bySound[sound(a+b)]
		}
		return nil
	}
	if soundLength(a) < 2 || soundLength(b) < 2 || soundLength(a)+soundLength(b) <= leastConsonants {
		return nil
	}
	if s := consonants(sound(latinised(a + b))); len(s) > leastConsonants {
		if c := t.skeletons[s]; c != nil && len(c.Lists) > 0 {
			return c
		}
	}
	return nil
}

// soundLength is how many Latin letters write a word.
func soundLength(w string) (n int) {
	for _, r := range w {
		n += len(latinSound(r))
	}
	return n
}

// whole gives the chemical of that one word.
func (t *chemicalTable) whole(word string) *Chemical {
	for _, n := range t.byFirst[word] {
		if len(n.words) == 1 {
			return n.chemical
		}
	}
	if isASCII(word) {
		return t.bySound[sound(word)]
	}
	if s := consonants(sound(latinised(word))); len(s) > leastConsonants { // short words in a row can have six by chance
		return t.skeletons[s]
	}
	return nil
}

// farthest is by how many letters a word, as it is heard, may differ from the name of a chemical on a list and still be taken for it
// where a word is to get another meaning: borrowed words take vowels of their language ("parakwati").
const farthest = 2

// nearListed reports whether one of the words, or all of them together, could be read as a chemical that stands on a list.
func (t *chemicalTable) nearListed(words []string) bool {
	for _, w := range append([]string{strings.Join(words, "")}, words...) {
		s := sound(w)
		if !isASCII(w) || len(s) < shortestChemical {
			continue
		}
		for _, names := range t.single {
			for _, n := range names {
				if len(n.chemical.Lists) > 0 && abs(len(n.sound)-len(s)) <= farthest && levenshtein.ComputeDistance(s, n.sound) <= farthest {
					return true
				}
			}
		}
	}
	return false
}

// isPiece reports whether a word is short enough to be a letter or syllable of one that was taken apart.
func isPiece(w string) bool {
	if isASCII(w) {
		return len(w) <= 2 && !isNumeral(w)
	}
	n := soundLength(w)
	return n > 0 && n <= 2
}

// bySkeleton gives the chemical that has these consonants; where it stands on a list and has many of them, one may be missing, too
// many or another.
func (t *chemicalTable) bySkeleton(s string) *Chemical {
	if len(s) < leastConsonants {
		return nil
	}
	if c := t.skeletons[s]; c != nil {
		return c
	}
	for _, known := range t.sorted {
		c := t.skeletons[known]
		if len(known) > leastConsonants && len(c.Lists) > 0 && abs(len(known)-len(s)) <= 1 && known[0] == s[0] && levenshtein.ComputeDistance(known, s) == 1 {
			return c
		}
	}
	return nil
}

// ethiopicLetters are the sounds of the rows of the Ethiopic script, eight letters to a row.
var ethiopicLetters = []string{"h", "l", "h", "m", "s", "r", "s", "s", "k", "k", "k", "k", "b", "v", "t", "c", "h", "h", "n", "n", "", "k", "k", "k", "k",
	"v", "", "s", "s", "i", "d", "d", "j", "g", "g", "g", "t", "c", "p", "s", "s", "f", "p"}

// ethiopicSound gives the consonant of an Ethiopic letter.
func ethiopicSound(r rune) string {
	if row := int(r-0x1200) / 8; r >= 0x1200 && row < len(ethiopicLetters) {
		return ethiopicLetters[row]
	}
	return ""
}
