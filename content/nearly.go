package content

import (
	"slices"

	"jembe/advisory"
)

const (
	nearlySame = 0.85 // share of words in common from which two questions are one
	fewWords   = 4    // questions of fewer words are like many others
	commonWord = 60   // questions with one word, above which it tells nothing
)

// asking is a question with its words, each once.
type asking struct {
	doc   *Document
	text  string
	words []string
}

// nearly tells of questions of two documents that differ by hardly a word: neither document could be chosen by them.
func (c *checker) nearly(docs []*Document) {
	byWord := map[string][]int{} // language and word -> questions
	var all []asking
	for _, d := range docs {
		for _, q := range d.Questions {
			words := advisory.Words(q)
			slices.Sort(words)
			words = slices.Compact(words)
			if len(words) < fewWords {
				continue
			}
			for _, w := range words {
				key := string(d.Lang) + " " + w
				byWord[key] = append(byWord[key], len(all))
			}
			all = append(all, asking{d, q, words})
		}
	}
	for i, a := range all {
		seen := map[int]bool{}
		for _, w := range a.words {
			others := byWord[string(a.doc.Lang)+" "+w]
			if len(others) > commonWord {
				continue
			}
			for _, k := range others {
				if b := all[k]; k < i && !seen[k] && b.doc != a.doc {
					seen[k] = true
					if n := inBoth(a.words, b.words); n < len(a.words)+len(b.words)-n && float64(n) >= nearlySame*float64(len(a.words)+len(b.words)-n) {
						c.say(a.doc, "questions", "the question %q is nearly that of %s, %q", a.text, b.doc.path, b.text)
					}
				}
			}
		}
	}
}

// inBoth counts the words that two sorted lists have in common.
func inBoth(a, b []string) (n int) {
	for _, w := range a {
		if _, ok := slices.BinarySearch(b, w); ok {
			n++
		}
	}
	return n
}
