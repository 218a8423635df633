package voice

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
)

// order of the language model: trigrams, the most that PocketSphinx reads.
const order = 3

// The marks for the beginning and the end of a sentence in an ARPA file.
const (
	sentenceStart = "<s>"
	sentenceEnd   = "</s>"
)

// ngrams is a language model with Witten-Bell smoothing (Chen and Goodman 1998, section 2.6), interpolated:
//
//	p(w|h) = (c(h w) + t(h) p(w|h')) / (c(h) + t(h))
//
// where h' is h without its first word, c counts occurrences and t different successors.
type ngrams struct {
	counts  [order + 1]map[string]float64 // by length; words joined by a space
	follows map[string]*successors        // of a context of 0 to order-1 words
}

type successors struct{ tokens, types float64 }

// countNgrams counts over sentences of words.
func countNgrams(sentences [][]string) *ngrams {
	m := &ngrams{follows: map[string]*successors{}}
	for n := range m.counts {
		m.counts[n] = map[string]float64{}
	}
	for _, s := range sentences {
		words := append(append([]string{sentenceStart}, s...), sentenceEnd)
		for n := 1; n <= order; n++ {
			for i := 0; i+n <= len(words); i++ {
				m.counts[n][strings.Join(words[i:i+n], " ")]++
			}
		}
	}
	delete(m.counts[1], sentenceStart) // it is never predicted
	for n := 1; n <= order; n++ {
		for gram, count := range m.counts[n] {
			context, _ := cutLast(gram)
			s := m.follows[context]
			if s == nil {
				s = &successors{}
				m.follows[context] = s
			}
			s.tokens += count
			s.types++
		}
	}
	return m
}

// probability of the last word of a gram of n words after the words before it.
func (m *ngrams) probability(gram string, n int) float64 {
	context, _ := cutLast(gram)
	s := m.follows[context]
	lower := 1 / float64(len(m.counts[1])) // below the unigrams every word is as likely
	if n > 1 {
		_, shorter, _ := strings.Cut(gram, " ")
		lower = m.probability(shorter, n-1)
	}
	if s == nil {
		return lower
	}
	return (m.counts[n][gram] + s.types*lower) / (s.tokens + s.types)
}

// backoff is the weight with which a gram, as a context, hands on to its shorter context.
func (m *ngrams) backoff(gram string) float64 {
	s := m.follows[gram]
	if s == nil {
		return 1
	}
	return s.types / (s.tokens + s.types)
}

// writeARPA writes the model in the ARPA format of the CMU-Cambridge toolkit; probabilities as common logarithms.
func (m *ngrams) writeARPA(to io.Writer) error {
	w := bufio.NewWriter(to)
	fmt.Fprintf(w, "\\data\\\nngram 1=%d\n", len(m.counts[1])+1)
	for n := 2; n <= order; n++ {
		fmt.Fprintf(w, "ngram %d=%d\n", n, len(m.counts[n]))
	}
	for n := 1; n <= order; n++ {
		fmt.Fprintf(w, "\n\\%d-grams:\n", n)
		if n == 1 {
			fmt.Fprintf(w, "-99 %s %.4f\n", sentenceStart, math.Log10(m.backoff(sentenceStart)))
		}
		for _, gram := range slices.SortedFunc(maps.Keys(m.counts[n]), cmp.Compare[string]) {
			fmt.Fprintf(w, "%.4f %s", math.Log10(m.probability(gram, n)), gram)
			if n < order {
				fmt.Fprintf(w, " %.4f", math.Log10(m.backoff(gram)))
			}
			fmt.Fprintln(w)
		}
	}
	fmt.Fprintf(w, "\n\\end\\\n")
	return w.Flush()
}

// words of the model, without the marks.
func (m *ngrams) words() []string {
	words := slices.Sorted(maps.Keys(m.counts[1]))
	return slices.DeleteFunc(words, func(w string) bool { return w == sentenceEnd })
}

// cutLast parts the last word from the words before it.
func cutLast(gram string) (before, last string) {
	if i := strings.LastIndexByte(gram, ' '); i >= 0 {
		return gram[:i], gram[i+1:]
	}
	return "", gram
}
