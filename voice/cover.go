package voice

import (
	"slices"
	"strings"

	"jembe/advisory"
	"jembe/content"
)

// stretch is a part of a text that one voice says: recordings one after the other, or, without any, another voice.
type stretch struct {
	text  string
	units []content.Recording
}

// What a way of saying a text costs: a person's voice comes before any other, and few long recordings before many short ones.
const (
	unitCost  = 1
	otherCost = 1000
)

// spot is a place between two words of a text, with the best way to come there.
type spot struct {
	cost int // 0 at the start; -1: there is no way
	from int // the spot before
	unit *content.Recording
}

// cover parts a text into what recordings say and what is left. Recordings may span sentences, and several may make up one; what is
// left is always whole sentences.
func (s *repertoire) cover(lang advisory.Lang, text string) []stretch {
	words, ends := wordsOf(text)
	if len(words) == 0 {
		return nil
	}
	spots := make([]spot, len(words)+1)
	for i := range spots[1:] {
		spots[i+1].cost = -1
	}
	reach := func(to, from, cost int, unit *content.Recording) {
		if cost += spots[from].cost; spots[to].cost < 0 || cost < spots[to].cost {
			spots[to] = spot{cost, from, unit}
		}
	}
	sentence := 0 // where the next one begins
	for at := range words {
		if spots[at].cost >= 0 {
			for _, n := range s.lengths[lang] {
				if at+n > len(words) {
					continue
				}
				if unit, ok := s.units[lang][joined(words[at:at+n])]; ok {
					reach(at+n, at, unitCost, &unit)
				}
			}
		}
		if at == sentence {
			sentence = nextEnd(ends, at)
			if spots[at].cost >= 0 {
				reach(sentence, at, otherCost, nil)
			}
		}
	}
	return stretches(words, spots)
}

// stretches reads the best way back from its end. Neighbours that recordings say are parted at sentences, so that the first is heard
// soon; neighbours that they do not say are one.
func stretches(words []word, spots []spot) []stretch {
	var out []stretch
	for at := len(words); at > 0; at = spots[at].from {
		from := spots[at].from
		part := stretch{text: textOf(words[from:at])}
		if u := spots[at].unit; u != nil {
			part.units = []content.Recording{*u}
		}
		if n := len(out); n > 0 && (part.units == nil) == (out[n-1].units == nil) && (part.units == nil || !words[at-1].last) {
			out[n-1].text = part.text + " " + out[n-1].text
			out[n-1].units = append(part.units, out[n-1].units...)
			continue
		}
		out = append(out, part)
	}
	slices.Reverse(out)
	return out
}

// word is one of a text, as it is written and as a reader says it.
type word struct {
	written, said string
	last          bool // of its sentence
}

// wordsOf cuts a text into words, and tells after which a sentence ends. A mark that stands alone goes with the word before it.
func wordsOf(text string) (words []word, ends []int) {
	for _, sentence := range splitSentences(text) {
		for _, field := range strings.Fields(sentence) {
			said := strings.Join(content.SpokenWords(field), "")
			if said == "" && len(words) > 0 {
				words[len(words)-1].written += " " + field
				continue
			}
			if said != "" {
				words = append(words, word{written: field, said: said})
			}
		}
		if n := len(words); n > 0 && (len(ends) == 0 || ends[len(ends)-1] < n) {
			words[n-1].last = true
			ends = append(ends, n)
		}
	}
	return words, ends
}

// nextEnd is the first end of a sentence after a word.
func nextEnd(ends []int, at int) int {
	i, found := slices.BinarySearch(ends, at)
	if found {
		i++
	}
	return ends[i]
}

func joined(words []word) string {
	said := make([]string, len(words))
	for i, w := range words {
		said[i] = w.said
	}
	return strings.Join(said, " ")
}

func textOf(words []word) string {
	written := make([]string, len(words))
	for i, w := range words {
		written[i] = w.written
	}
	return strings.Join(written, " ")
}

// withLength adds a length, once, the longest first.
func withLength(lengths []int, n int) []int {
	at, found := slices.BinarySearchFunc(lengths, n, func(a, b int) int { return b - a })
	if found {
		return lengths
	}
	return slices.Insert(lengths, at, n)
}
