package advisory

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wording is a text cut once for all that reads it: its folded words, the keys by which they are compared, and its lexemes. Words and
// lexemes have the same positions.
type wording struct {
	folded      string
	words, keys []string
	lexemes     []lexeme
}

func wordingOf(text string) wording {
	folded := unspaced(text)
	w := wording{folded: folded, words: wordsOf(folded), lexemes: lexFolded(folded)}
	w.keys = keysOf(w.words)
	return w
}

// unspaced is a folded text in which figures stand together that French parts by fixed spaces, and Swahili words that have an
// apostrophe.
func unspaced(text string) string {
	if !isASCII(text) {
		text = fixedSpaces.Replace(text)
	}
	text = Fold(text)
	if strings.Contains(text, "ng'") {
		text = strings.ReplaceAll(text, "ng'", "ng")
	}
	return text
}

// wordsOf cuts a folded text into words.
func wordsOf(folded string) []string {
	out := make([]string, 0, len(folded)/5+1)
	start := -1
	for i, r := range folded {
		switch in := inWordRune(r); {
		case in && start < 0:
			start = i
		case !in && start >= 0:
			out, start = append(out, folded[start:i]), -1
		}
	}
	if start >= 0 {
		out = append(out, folded[start:])
	}
	return out
}

func keysOf(words []string) []string {
	keys := make([]string, len(words))
	for i, w := range words {
		keys[i] = wordKey(w)
	}
	return keys
}

// commonRunes is up to where the scripts of our languages lie, so that a table tells of their runes at once.
const commonRunes = 0x1400

var wordRunes = func() (t [commonRunes]bool) {
	for r := range rune(commonRunes) {
		t[r] = unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r)
	}
	return t
}()

// inWordRune reports whether a rune belongs to a word: letters, marks and digits do.
func inWordRune(r rune) bool {
	if r < commonRunes {
		return wordRunes[r]
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r)
}

// phraseIndex finds the phrases of many lists in one pass.
type phraseIndex struct {
	whole map[string][]listed // by their first key
	stems map[rune][]listed   // those whose first word is a stem, by its first letter
}

// listed is a phrase and the list that it is of.
type listed struct {
	phrase
	list string
}

// hit is a place at which a phrase of a list stands: a half-open range of word positions.
type hit struct {
	list    string
	at, end int
}

// indexPhrases indexes lists by their names.
func indexPhrases(lists map[string][]phrase) phraseIndex {
	x := phraseIndex{map[string][]listed{}, map[rune][]listed{}}
	for name, list := range lists {
		for _, p := range list {
			if len(p) == 0 {
				continue
			}
			if stem, ok := strings.CutSuffix(p[0], "*"); ok {
				first, _ := utf8.DecodeRuneInString(stem)
				x.stems[first] = append(x.stems[first], listed{p, name})
			} else {
				x.whole[p[0]] = append(x.whole[p[0]], listed{p, name})
			}
		}
	}
	return x
}

// find gives the hits in the order of the text; of a list the longest phrase at a place.
func (x *phraseIndex) find(w wording) hits {
	var out hits
	for i, key := range w.keys {
		from := len(out)
		first, _ := utf8.DecodeRuneInString(w.words[i])
		for _, group := range [][]listed{x.whole[key], x.stems[first]} {
			for _, l := range group {
				if l.at(w.words[i:], w.keys[i:]) {
					out = out.longest(from, hit{l.list, i, i + len(l.phrase)})
				}
			}
		}
	}
	return out
}

// hits are places of phrases in the order of the text.
type hits []hit

// longest adds a hit at the place where those from an index on stand, or lengthens that of the same list.
func (h hits) longest(from int, next hit) hits {
	for i := from; i < len(h); i++ {
		if h[i].list == next.list {
			h[i].end = max(h[i].end, next.end)
			return h
		}
	}
	return append(h, next)
}

// has reports whether a phrase of one of the lists stands wholly within a half-open range of word positions.
func (h hits) has(from, to int, lists ...string) bool {
	for _, x := range h {
		if x.at >= from && x.end <= to && slices.Contains(lists, x.list) {
			return true
		}
	}
	return false
}

// at reports whether a phrase of a list begins at a word position.
func (h hits) at(word int, list string) bool {
	return slices.ContainsFunc(h, func(x hit) bool { return x.at == word && x.list == list })
}
