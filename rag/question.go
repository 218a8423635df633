package rag

import (
	"cmp"
	"slices"

	"jembe/advisory"
)

// How well a word stands for a word of the question that it does not share its stem with.
const (
	sameSpelling = 0.5 // in another language, where the question's own language has the word too
	sameConcept  = 0.8 // a name of the same concept
	translation  = 0.9 // the likeliest translation
)

// asked is a question made ready to be looked for in every language.
type asked struct {
	lang  advisory.Lang
	stop  map[string]bool
	words []string              // all its words, folded
	own   []string              // the same in the script of the language, see advisory.Lexicon.Native
	named [][]*advisory.Concept // word -> the concepts it helps to name
}

// ask reads a question.
func (ix *Index) ask(q advisory.Query) *asked {
	lexicon := ix.concepts.lexicon
	a := &asked{lang: q.Lang, stop: stopWords[q.Lang], words: advisory.Words(q.Text), own: advisory.Words(lexicon.Native(q.Text, q.Lang))}
	a.named = make([][]*advisory.Concept, len(a.words))
	for _, m := range lexicon.Find(q.Text, q.Lang) {
		for i := m.At; i < m.End; i++ {
			a.named[i] = append(a.named[i], m.Concept)
		}
	}
	return a
}

// in gives the words as the shard writes them: those of the question's own language in its script.
func (a *asked) in(s *shard) []string {
	if s.lang == a.lang {
		return a.own
	}
	return a.words
}

// stops reports whether word i is a stop word of the question's language or the shard's, as it was typed or as it is read.
func (a *asked) stops(i int, s *shard) bool {
	return a.stop[a.words[i]] || a.stop[a.own[i]] || s.analyzer.stop[a.words[i]]
}

// content gives the words that are stop words neither of the question's language nor of the shard's.
func (a *asked) content(s *shard) []string {
	var out []string
	for i, w := range a.in(s) {
		if !a.stops(i, s) {
			out = append(out, w)
		}
	}
	return out
}

// slots gives the words of the question with the terms of the shard that stand for them.
func (a *asked) slots(ix *Index, s *shard) []slot {
	var out []slot
	at := map[string]int{}
	for i, w := range a.in(s) {
		if a.stop[a.words[i]] || a.stop[a.own[i]] || s.analyzer.stop[w] && len(a.named[i]) == 0 {
			continue
		}
		stem := s.analyzer.stem(w)
		if j, ok := at[stem]; ok {
			out[j].repeats++
			continue
		}
		at[stem] = len(out)
		out = append(out, slot{repeats: 1, alts: a.alts(ix, s, i)})
	}
	return out
}

// alts gives the terms of a shard that stand for word i: itself and its kin, its translations, and the names of what it names.
func (a *asked) alts(ix *Index, s *shard, i int) []alt {
	best := map[int32]float32{}
	add := func(list []alt) {
		for _, x := range list {
			best[x.term] = max(best[x.term], x.p)
		}
	}
	if a.lang == "" || a.lang == s.lang {
		add(s.family(a.own[i], 1))
	} else {
		p := float32(1)
		if ix.knows(a.lang, a.own[i]) {
			p = sameSpelling
		}
		add(s.family(a.words[i], p))
		for _, tr := range ix.table.of(a.lang, s.lang, analyzerFor(a.lang).stem(a.own[i])) {
			add(s.kin(tr.Stem, "", 0, translation*tr.P))
		}
	}
	for _, c := range a.named[i] {
		for _, name := range c.Names[s.lang] {
			if words := s.analyzer.content(name); len(words) == 1 { // one word of a longer name says something else
				add(s.family(words[0], sameConcept))
			}
		}
	}
	out := make([]alt, 0, len(best))
	for t, p := range best {
		out = append(out, alt{t, min(1, p)})
	}
	slices.SortFunc(out, func(a, b alt) int { return cmp.Compare(a.term, b.term) }) // sums of floats want one order
	return out
}

// knows reports whether the documents of a language use the word.
func (ix *Index) knows(lang advisory.Lang, word string) bool {
	for _, s := range ix.shards {
		if s.lang == lang {
			_, ok := s.families[s.analyzer.stem(word)]
			return ok
		}
	}
	return false
}
