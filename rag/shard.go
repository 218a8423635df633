package rag

import (
	"cmp"
	"math"
	"slices"

	"jembe/advisory"
)

// gramBuckets is the number of buckets into which character n-grams are hashed; with the 100,000 or so of a large library few
// share one.
const gramBuckets = 1 << 18

// shard is the inverted index of the documents of one language. Each language counts its own frequencies, so that the words of a
// few translated documents are not taken for rare. It is read-only once built.
type shard struct {
	lang     advisory.Lang
	analyzer analyzer
	docs     []shardDoc
	units    []shardUnit
	names    []string          // term -> word; the words of one stem stand together
	families map[string]family // stem -> its words
	words    postings          // terms in units
	grams    postings          // hashed n-grams in documents
	unitMean float32           // mean length of a passage, in terms
	docMean  float32           // mean length of a document, in terms
	gramMean float32           // mean length of a document, in n-grams
}

// family is the half-open range of terms that share a stem.
type family struct{ first, end int32 }

// shardDoc is one document; lengths are in terms and n-grams.
type shardDoc struct {
	doc           *advisory.Document
	group         int32 // the documents of one id, in every language
	first, end    int32 // its units
	terms, ngrams float32
}

type shardUnit struct {
	unit
	doc   int32
	terms float32 // length
	norm  float32 // length of the vector of its terms' idf
}

// idf is the rarity of what stands in n of the shard's documents (Robertson and Sparck Jones, kept above 0 as in Lucene).
func (s *shard) idf(n int) float64 {
	return math.Log(1 + (float64(len(s.docs)-n)+0.5)/(float64(n)+0.5))
}

// shardBuilder collects the documents of one language, then makes the shard.
type shardBuilder struct {
	shard
	lexicon   *advisory.Lexicon
	terms     map[string]int32 // word -> term, -1 for a stop word
	wordGrams [][]uint32       // term -> its n-grams
	unitTerms [][]uint32       // unit -> term<<8|count
	docGrams  [][]uint32       // document -> n-gram<<8|count
	counter   counter
	gramCount counter
}

func newShardBuilder(lang advisory.Lang, lexicon *advisory.Lexicon) *shardBuilder {
	return &shardBuilder{shard: shard{lang: lang, analyzer: analyzerFor(lang)}, lexicon: lexicon, terms: map[string]int32{}}
}

// add takes in a document with its units.
func (b *shardBuilder) add(d *advisory.Document, group int32, us []unit) {
	doc := shardDoc{doc: d, group: group, first: int32(len(b.units))}
	for _, u := range us {
		n := float32(0)
		for _, w := range advisory.Words(u.searched()) {
			t := b.term(w)
			if t < 0 {
				continue
			}
			n++
			b.counter.add(uint32(t))
			for _, g := range b.wordGrams[t] {
				b.gramCount.add(g)
			}
			doc.ngrams += float32(len(b.wordGrams[t]))
		}
		doc.terms += n
		b.units = append(b.units, shardUnit{unit: u, doc: int32(len(b.docs)), terms: n})
		b.unitTerms = append(b.unitTerms, b.counter.take())
	}
	doc.end = int32(len(b.units))
	b.docGrams = append(b.docGrams, b.gramCount.take())
	b.docs = append(b.docs, doc)
}

// term gives the number of a word, new or known, or -1 for a stop word. A word typed in another script than its language's is the
// word it stands for.
func (b *shardBuilder) term(word string) int32 {
	if t, ok := b.terms[word]; ok {
		return t
	}
	t := int32(-1)
	if native := b.lexicon.Native(word, b.lang); native != word && !b.analyzer.stop[word] {
		t = b.term(native)
	} else if !b.analyzer.stop[word] {
		t = int32(len(b.names))
		b.names = append(b.names, word)
		var grams []uint32
		gramHashes(word, func(h uint32) { grams = append(grams, h%gramBuckets) })
		b.wordGrams = append(b.wordGrams, grams)
	}
	b.terms[word] = t
	return t
}

// build makes the shard; the builder is of no use afterwards.
func (b *shardBuilder) build() *shard {
	b.sortTerms()
	s := b.shard // a copy, so that what only the builder needs can go
	s.words = newPostings(len(s.names), b.unitTerms)
	s.grams = newPostings(gramBuckets, b.docGrams)
	s.measure(b.unitTerms)
	return &s
}

// sortTerms numbers the terms anew so that the words of one stem stand together.
func (b *shardBuilder) sortTerms() {
	s := &b.shard
	stems, order := make([]string, len(s.names)), make([]int32, len(s.names))
	for i, w := range s.names {
		stems[i], order[i] = s.analyzer.stem(w), int32(i)
	}
	slices.SortFunc(order, func(x, y int32) int {
		return cmp.Or(cmp.Compare(stems[x], stems[y]), cmp.Compare(s.names[x], s.names[y]))
	})
	s.families = make(map[string]family, len(order))
	names, renamed := make([]string, len(order)), make([]uint32, len(order))
	for now, old := range order {
		names[now], renamed[old] = s.names[old], uint32(now)
		f, ok := s.families[stems[old]]
		if !ok {
			f.first = int32(now)
		}
		f.end = int32(now) + 1
		s.families[stems[old]] = f
	}
	s.names = names
	for _, terms := range b.unitTerms {
		for i, t := range terms {
			terms[i] = renamed[t>>8]<<8 | t&255
		}
	}
}

// measure sets the mean lengths, and the norms of the units.
func (s *shard) measure(places [][]uint32) {
	idf := make([]float32, len(s.names))
	for _, f := range s.families {
		rare := float32(s.idf(s.df(s.words.list[s.words.start[f.first]:s.words.start[f.end]])))
		for t := f.first; t < f.end; t++ {
			idf[t] = rare
		}
	}
	passages := 0
	for i := range s.units {
		u := &s.units[i]
		if u.kind >= answerUnit {
			passages++
			s.unitMean += u.terms
		}
		for _, e := range places[i] {
			u.norm += idf[e>>8] * idf[e>>8]
		}
		u.norm = float32(math.Sqrt(float64(u.norm)))
	}
	for _, d := range s.docs {
		s.docMean += d.terms
		s.gramMean += d.ngrams
	}
	s.unitMean = max(1, s.unitMean/float32(max(1, passages)))
	s.docMean = max(1, s.docMean/float32(len(s.docs)))
	s.gramMean = max(1, s.gramMean/float32(len(s.docs)))
}

// df is the number of documents in which postings by unit stand.
func (s *shard) df(list []uint32) int {
	docs := make([]int32, 0, len(list))
	for _, p := range list {
		docs = append(docs, s.units[p>>8].doc)
	}
	slices.Sort(docs)
	return len(slices.Compact(docs))
}
