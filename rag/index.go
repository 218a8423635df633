package rag

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"jembe/advisory"
)

// Progress hears how far a long job is: done of total, in any unit of work. It may be nil.
type Progress func(done, total int)

// Options are the choices of Open. The zero value is the embedded embedder, in memory only.
type Options struct {
	Embedder    Embedder // of spelling; nil: HashedGrams
	Cache       string   // directory for what is kept between starts; "" keeps nothing
	Fingerprint string   // changes with the documents and the lexicon; "" reads them through to find out
	Progress    Progress // of embedding

	Meaning *ModelEmbedder // makes the vectors of questions; nil: found by spelling alone
	Vectors []*Vectors     // that it made of texts elsewhere; those of another version are not used, and no text is embedded here
}

// Index finds documents. It is read-only once built and safe for concurrent use.
type Index struct {
	shards   []*shard
	offsets  []int       // shard -> its first unit among the vectors
	groups   [][]variant // the documents of one id, in the order given
	concepts *concepts
	about    [][]string // group -> concepts it is clearly about
	table    *wordTable
	embedder Embedder
	vectors  *vectors
	meaning  *meaning // nil where there is none
}

// variant is one language of a document.
type variant struct{ shard, doc int32 }

// Open makes the index of the documents; of two with the same id and language the later replaces the earlier. With a cache only
// what is new is embedded, and the words of translations are learnt only when a document or the lexicon changed. A cache that
// cannot be read or written costs time, never an answer. Errors are those of the embedder, and the context's.
func Open(ctx context.Context, docs []*advisory.Document, lexicon *advisory.Lexicon, o Options) (*Index, error) {
	if o.Embedder == nil {
		o.Embedder = HashedGrams{}
	}
	docs = latest(docs)
	ix := &Index{embedder: o.Embedder}
	ix.fill(docs, lexicon)
	data, err := ix.restore(ctx, o, docs, lexicon)
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	if ix.vectors, err = newVectors(o.Embedder.Size(), data); err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	if o.Meaning != nil {
		if ix.meaning, err = newMeaning(o.Meaning, o.Vectors, ix.texts()); err != nil {
			return nil, fmt.Errorf("open index: %w", err)
		}
	}
	return ix, nil
}

// With gives the index with another lexicon for what is asked: that of its documents with local words. It shares all else, and costs
// nothing.
func (ix *Index) With(lexicon *advisory.Lexicon) *Index {
	out, about := *ix, *ix.concepts
	about.lexicon = lexicon
	out.concepts = &about
	return &out
}

// Meant tells how many of the index's texts have a vector of the model, and how many there are.
func (ix *Index) Meant() (texts, of int) {
	if ix.meaning != nil {
		texts = len(ix.meaning.units)
	}
	return texts, len(ix.vectors.data) / ix.vectors.size
}

// latest drops the documents that a later one of the same id and language replaces.
func latest(docs []*advisory.Document) []*advisory.Document {
	type key struct {
		id   string
		lang advisory.Lang
	}
	at := map[key]int{}
	out := make([]*advisory.Document, 0, len(docs))
	for _, d := range docs {
		k := key{d.ID, d.Lang}
		if i, ok := at[k]; ok {
			out[i] = d
			continue
		}
		at[k] = len(out)
		out = append(out, d)
	}
	return out
}

// fill makes the shards, the groups and what they are about.
func (ix *Index) fill(docs []*advisory.Document, lexicon *advisory.Lexicon) {
	builders := map[advisory.Lang]*shardBuilder{}
	groupOf := map[string]int32{}
	for _, d := range docs {
		if _, ok := groupOf[d.ID]; !ok {
			groupOf[d.ID] = int32(len(groupOf))
		}
	}
	ix.concepts = newConcepts(lexicon, len(groupOf))
	for _, d := range docs {
		us := units(d)
		if builders[d.Lang] == nil {
			builders[d.Lang] = newShardBuilder(d.Lang, lexicon)
		}
		builders[d.Lang].add(d, groupOf[d.ID], us)
		ix.concepts.add(d, groupOf[d.ID], us)
	}
	ix.concepts.widen()
	ix.about = ix.concepts.clearlyAbout()
	for lang, b := range builders {
		ix.shards = append(ix.shards, b.build())
		delete(builders, lang) // what it held can go before the next one is built
	}
	slices.SortFunc(ix.shards, func(a, b *shard) int { return cmp.Compare(a.lang, b.lang) })
	ix.groups = make([][]variant, len(groupOf))
	units := 0
	for i, s := range ix.shards {
		ix.offsets = append(ix.offsets, units)
		units += len(s.units)
		for d := range s.docs {
			g := s.docs[d].group
			ix.groups[g] = append(ix.groups[g], variant{int32(i), int32(d)})
		}
	}
}

// texts gives the searched text of every unit, in the order of the vectors.
func (ix *Index) texts() []string {
	var out []string
	for _, s := range ix.shards {
		for _, u := range s.units {
			out = append(out, ix.concepts.lexicon.Native(u.searched(), s.lang))
		}
	}
	return out
}
