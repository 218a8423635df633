package rag

import (
	"jembe/advisory"
)

// analyzer turns the texts of one language into the terms by which they are found: folded words without stop words, brought to
// their stem. It is read-only and safe for concurrent use.
type analyzer struct {
	stop map[string]bool
	stem func(string) string
}

// analyzerFor gives the analyzer of a language; one we have no rules for keeps all its words as they are.
func analyzerFor(lang advisory.Lang) analyzer {
	a := analyzer{stop: stopWords[lang], stem: stemmers[lang]}
	if a.stem == nil {
		a.stem = func(w string) string { return w }
	}
	return a
}

// content gives the words of a text that are no stop words, or all of them where nothing else remains.
func (a analyzer) content(text string) []string {
	words := advisory.Words(text)
	kept := make([]string, 0, len(words))
	for _, w := range words {
		if !a.stop[w] {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		return words
	}
	return kept
}

// terms gives the stems of the content words of a text, in order.
func (a analyzer) terms(text string) []string {
	words := a.content(text)
	for i, w := range words {
		words[i] = a.stem(w)
	}
	return words
}
