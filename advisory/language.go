package advisory

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
)

// scripts tells the language of a text written in a script that one of the languages we may meet has to itself.
// Devanagari is read as Hindi: no other language of that script is offered.
var scripts = []struct {
	table *unicode.RangeTable
	lang  Lang
}{
	{unicode.Devanagari, "hi"}, {unicode.Ethiopic, "am"}, {unicode.Telugu, "te"}, {unicode.Kannada, "kn"}, {unicode.Tamil, "ta"},
	{unicode.Bengali, "bn"}, {unicode.Gujarati, "gu"}, {unicode.Gurmukhi, "pa"}, {unicode.Malayalam, "ml"}, {unicode.Oriya, "or"},
	{unicode.Arabic, "ar"}, {unicode.Cyrillic, "ru"}, {unicode.Han, "zh"},
}

// The file holds the words that only join others (the, ya, des, mein): they give a language away and carry no topic.
//
//go:embed function_words.json
var functionWordFile []byte

var functionWords = loadFunctionWords()

// functionSets are the function words as sets.
var functionSets = func() map[Lang]map[string]bool {
	out := map[Lang]map[string]bool{}
	for lang, words := range functionWords {
		out[lang] = map[string]bool{}
		for _, w := range words {
			out[lang][w] = true
		}
	}
	return out
}()

func loadFunctionWords() map[Lang][]string {
	var out map[Lang][]string
	if err := json.Unmarshal(functionWordFile, &out); err != nil {
		panic(err)
	}
	return out
}

// DetectLang tells the language of a text from its script, else from its function words and the names of things in it;
// Hindi in Latin letters is Hindi. With nothing to go by it is the fallback; so it is where that is a language of a pack, whose
// function words nobody has given.
func DetectLang(text string, fallback Lang, lex *Lexicon) Lang {
	if fallback != "" && functionWords[fallback] == nil {
		return fallback
	}
	counts := map[Lang]int{}
	for _, r := range text {
		for _, s := range scripts {
			if unicode.Is(s.table, r) {
				counts[s.lang]++
			}
		}
	}
	if best := most(counts); best != "" {
		return best
	}
	for _, w := range Words(text) {
		for lang, words := range functionWords {
			if slices.Contains(words, w) {
				counts[lang] += 2 // a thing's name is borrowed more easily than a function word
			}
		}
	}
	lex.countLangs(text, counts)
	best := most(counts)
	if best == "" || counts[fallback] == counts[best] {
		return fallback
	}
	return best
}

// most gives the language counted most often, the first by code of equals; "" if none was counted.
func most(counts map[Lang]int) (best Lang) {
	for lang, n := range counts {
		if n > counts[best] || n == counts[best] && n > 0 && lang < best {
			best = lang
		}
	}
	return best
}

// ParseLang reads a language tag ("sw", "sw-KE", "FR_fr"); ok is false when the box has no texts in that language.
// The empty tag is the empty Lang, and ok.
func ParseLang(tag string) (lang Lang, ok bool) {
	primary, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	lang = Lang(strings.ToLower(primary))
	return lang, tag == "" || catalog(lang) != nil
}
