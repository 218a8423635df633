package rag

import (
	"math"
)

// BM25's constants: how soon repeats stop counting, how much length weighs (Robertson and Zaragoza 2009).
const (
	k1 = 1.2
	b  = 0.75
)

// slot is one word of a question, with the terms of a shard by which it may be met.
type slot struct {
	repeats int
	alts    []alt
}

// alt is a term that may stand for a word of the question.
type alt struct {
	term int32
	p    float32 // how well it stands for the word, 0 to 1
}

// tally is what a question finds in a shard.
type tally struct {
	words []float32 // by document: BM25 of the slots
	cover []float32 // by document: weight of the slots that occur
	grams []float32 // by document: BM25 of the n-grams
	units []float32 // by unit: BM25 in an answer or passage, else the product of the vectors of idf
	total float32   // weight of all slots: what cover can reach
	ngram float32   // weight of all n-grams
	norm  float32   // length of the question's vector of idf
}

// verbosity is the power of idf for a question of n different words: 1 up to 8 words, rising to 2.5 at 38, because a long message has
// many words that are not its topic.
func verbosity(n int) float64 { return 1 + min(1.5, max(0, float64(n-8)/20)) }

// scratch holds one slot's finds while its alternatives are gathered.
type scratch struct {
	docTF, docP, unitTF, unitP []float32
	docs, units                []int32
}

// score finds the slots in the documents and units.
func (s *shard) score(slots []slot) *tally {
	t := &tally{
		words: make([]float32, len(s.docs)), cover: make([]float32, len(s.docs)),
		grams: make([]float32, len(s.docs)), units: make([]float32, len(s.units)),
	}
	g := &scratch{
		docTF: make([]float32, len(s.docs)), docP: make([]float32, len(s.docs)),
		unitTF: make([]float32, len(s.units)), unitP: make([]float32, len(s.units)),
	}
	power := verbosity(len(slots))
	for _, sl := range slots {
		s.gather(sl, g)
		idf := s.idf(len(g.docs))
		t.norm += float32(idf * idf)
		weight := float32(math.Pow(idf, power)) * float32(sl.repeats)
		t.total += weight
		s.settle(g, t, weight, float32(idf))
	}
	t.norm = float32(math.Sqrt(float64(t.norm)))
	return t
}

// gather adds up how often each document and unit has the slot's alternatives.
func (s *shard) gather(sl slot, g *scratch) {
	for _, a := range sl.alts {
		last := int32(-1)
		for _, e := range s.words.of(a.term) {
			u := int32(e >> 8)
			d := s.units[u].doc
			tf := a.p * float32(e&255)
			if g.docTF[d] == 0 {
				g.docs = append(g.docs, d)
			}
			g.docTF[d] += tf
			if d != last {
				g.docP[d] += a.p
				last = d
			}
			if g.unitTF[u] == 0 {
				g.units = append(g.units, u)
			}
			g.unitTF[u] += tf
			g.unitP[u] += a.p
		}
	}
}

// settle moves one slot's finds into the tally.
func (s *shard) settle(g *scratch, t *tally, weight, idf float32) {
	for _, d := range g.docs {
		t.words[d] += weight * saturate(g.docTF[d], s.docs[d].terms/s.docMean)
		t.cover[d] += weight * min(1, g.docP[d])
		g.docTF[d], g.docP[d] = 0, 0
	}
	for _, u := range g.units {
		if unit := &s.units[u]; unit.kind >= answerUnit {
			t.units[u] += weight * saturate(g.unitTF[u], unit.terms/s.unitMean)
		} else {
			t.units[u] += idf * idf * min(1, g.unitP[u])
		}
		g.unitTF[u], g.unitP[u] = 0, 0
	}
	g.docs, g.units = g.docs[:0], g.units[:0]
}

// saturate is BM25's weight of a count in a text whose length is given in mean lengths; it stays below k1+1.
func saturate(tf, length float32) float32 {
	return tf * (k1 + 1) / (tf + k1*(1-b+b*length))
}

// scoreGrams finds the n-grams of the words in the documents.
func (s *shard) scoreGrams(words []string, t *tally) {
	counts, order := map[uint32]int{}, []uint32(nil) // sums of floats want one order
	for _, w := range words {
		gramHashes(w, func(h uint32) {
			g := h % gramBuckets
			if counts[g]++; counts[g] == 1 {
				order = append(order, g)
			}
		})
	}
	power := verbosity(len(words))
	for _, g := range order {
		n, list := counts[g], s.grams.of(int32(g))
		weight := float32(math.Pow(s.idf(len(list)), power) * float64(n))
		t.ngram += weight
		for _, e := range list {
			d := e >> 8
			t.grams[d] += weight * saturate(float32(e&255), s.docs[d].ngrams/s.gramMean)
		}
	}
}

// kinship is how well a word stands for another of the same stem.
const kinship = 0.65

// family gives the terms of the word's stem: the word itself stands for it with p, the others less.
func (s *shard) family(word string, p float32) []alt {
	return s.kin(s.analyzer.stem(word), word, p, p*kinship)
}

// kin gives the terms of a stem: the word itself, if it is among them, with p, the others with q.
func (s *shard) kin(stem, word string, p, q float32) []alt {
	f := s.families[stem]
	out := make([]alt, 0, f.end-f.first)
	for t := f.first; t < f.end; t++ {
		if s.names[t] == word {
			out = append(out, alt{t, p})
		} else {
			out = append(out, alt{t, q})
		}
	}
	return out
}
