package advisory

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// speller mends the spelling of first-time writers: a word that nobody knows becomes the nearest word of the lexicon's names.
type speller struct {
	known map[string]bool     // folded words that are no mistakes: of the names, of the content, and function words
	stems map[string]bool     // their Swahili stems
	names map[rune][]nameWord // by first letter, which first-time writers get right
}

type nameWord struct {
	word   string
	length int // in characters
}

// newSpeller learns the words of names, and takes the words of texts as known.
func newSpeller(concepts []Concept, texts []string) *speller {
	s := &speller{known: map[string]bool{}, stems: map[string]bool{}, names: map[rune][]nameWord{}}
	for _, c := range concepts {
		for _, names := range c.Names {
			for _, name := range names {
				for _, w := range Words(name) {
					s.addName(w)
				}
			}
		}
	}
	for _, words := range functionWords {
		for _, w := range words {
			s.known[w] = true
		}
	}
	for _, text := range texts {
		for _, w := range Words(text) {
			s.known[w] = true
		}
	}
	for w := range s.known {
		s.stems[SwahiliStem(w)] = true
	}
	return s
}

// formOf gives a Swahili word that is a form of a known one; "" for another.
func (s *speller) formOf(w string) string {
	if stem := SwahiliStem(w); stem == w || !s.stems[stem] {
		return ""
	}
	return w
}

// with gives a speller that knows the words of further names as well.
func (s *speller) with(names []string) *speller {
	out := &speller{known: maps.Clone(s.known), stems: s.stems, names: map[rune][]nameWord{}}
	for first, list := range s.names {
		out.names[first] = slices.Clip(list)
	}
	for _, name := range names {
		for _, w := range Words(name) {
			out.addName(w)
		}
	}
	return out
}

func (s *speller) addName(w string) {
	if s.known[w] {
		return
	}
	s.known[w] = true
	if n := utf8.RuneCountInString(w); n >= shortest {
		first, _ := utf8.DecodeRuneInString(w)
		s.names[first] = append(s.names[first], nameWord{w, n})
	}
}

// Words of fewer characters are too like one another to be mended; from the long ones on two mistakes are mended, below one.
const (
	shortest = 5
	long     = 8
)

// mend gives the text with its unknown words mended, but for those that read knows how to read, and which of its words are guesses: two
// letters away from what was written. A text without any is given back as it is. read may be nil.
func (s *speller) mend(text string, read func(string) string) (mended string, guessed []string) {
	words := Words(text)
	changed := false
	for i, w := range words {
		better, letters := s.nearest(w)
		if better == "" || read != nil && read(w) != "" {
			continue
		}
		if words[i], changed = better, true; letters > 1 {
			guessed = append(guessed, better)
		}
	}
	if !changed {
		return text, nil
	}
	return strings.Join(words, " "), guessed
}

// nearest gives the one name's word that is nearest to an unknown word, and how many letters differ; "" if the word is known, or none or
// several are near.
func (s *speller) nearest(w string) (string, int) {
	n := utf8.RuneCountInString(w)
	if n < shortest || s.known[w] || s.known[wordKey(w)] {
		return "", 0
	}
	allowed := 1
	if n >= long {
		allowed = 2
	}
	first, _ := utf8.DecodeRuneInString(w)
	best, found := allowed+1, ""
	for _, name := range s.names[first] {
		if name.length-n > allowed || n-name.length > allowed {
			continue
		}
		switch d := levenshtein.ComputeDistance(w, name.word); {
		case d < best:
			best, found = d, name.word
		case d == best && wordKey(found) != wordKey(name.word):
			found = ""
		}
	}
	return found, best
}
