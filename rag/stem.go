package rag

import (
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"

	"jembe/advisory"
)

// stemmers bring the folded words of a language to the form they share with their inflections.
var stemmers = map[advisory.Lang]func(string) string{
	"en": func(w string) string { return snowball(w, english.Stem) },
	"fr": frenchStem,
	"hi": hindiStem,
	"sw": advisory.SwahiliStem,
	"te": func(w string) string { return truncate(w, 6) },
	"am": func(w string) string { return truncate(w, 3) },
}

// snowball runs a Porter stemmer (snowballstem.org) on one word.
func snowball(word string, stem func(*snowballstem.Env) bool) string {
	env := snowballstem.NewEnv(word)
	stem(env)
	return env.Current()
}

// hindiSuffixes are the inflections of Hindi nouns, adjectives and verbs, longest first (the list of Ramanathan and Rao, "A lightweight
// stemmer for Hindi", 2003), in folded spelling.
var hindiSuffixes = []string{
	"ाएंगी", "ाएंगे", "ाऊंगी", "ाऊंगा", "ाइयां", "ाइयों", "ाइयां",
	"ाएगी", "ाएगा", "ाओगी", "ाओगे", "एंगी", "ेंगी", "एंगे", "ेंगे", "ूंगी", "ूंगा", "ातीं", "नाओं", "नाएं", "ताओं", "ताएं", "ियाँ", "ियों", "ियां",
	"ाकर", "ाइए", "ाईं", "ाया", "ेगी", "ेगा", "ोगी", "ोगे", "ाने", "ाना", "ाते", "ाती", "ाता", "तीं", "ाओं", "ाएं", "ुओं", "ुएं", "ुआं",
	"कर", "ाओ", "िए", "ाई", "ाए", "ने", "नी", "ना", "ते", "ीं", "ती", "ता", "ाँ", "ां", "ों", "ें",
	"ो", "े", "ू", "ु", "ी", "ि", "ा",
}

func hindiStem(word string) string {
	for _, s := range hindiSuffixes {
		if rest, ok := strings.CutSuffix(word, s); ok && utf8.RuneCountInString(rest) >= 2 && !strings.HasSuffix(rest, "\u094d") { // a virama joins to what was cut
			return rest
		}
	}
	return word
}

// frenchStem takes off the plural and the commonest ending of adjective and verb (after Savoy's light stemmer, 1999). The full
// Porter stemmer finds no more, and needs the accents that folding takes away.
func frenchStem(word string) string {
	if len(word) <= 4 {
		return word
	}
	if rest, ok := strings.CutSuffix(word, "aux"); ok {
		return rest + "al"
	}
	word = strings.TrimSuffix(strings.TrimSuffix(word, "s"), "x")
	if len(word) > 4 {
		word = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(word, "e"), "r"), "e")
	}
	return word
}

// truncate keeps the first n runes: where words grow by long chains of endings, their beginning tells the stem (McNamee and
// Mayfield 2004 find the same for n-grams of fixed length).
func truncate(word string, n int) string {
	for i := range word {
		if n == 0 {
			return word[:i]
		}
		n--
	}
	return word
}
