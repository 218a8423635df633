package rag

import (
	"cmp"
	"context"
	"slices"

	"jembe/advisory"
)

// The weights of the linear fusion, each of a signal between 0 and about 1. Character n-grams mend spelling and endings; vectors of
// spelling add little to them.
const (
	gramWeight     = 0.5
	questionWeight = 0.1
	conceptWeight  = 1.2
	vectorWeight   = 0.06
)

const (
	candidates   = 60  // documents whose signals are worked out in full
	nearestUnits = 100 // units taken from the vectors
	maxPassages  = 4   // passages of a match
)

// found is a group with the variant in which the question is best found.
type found struct {
	group int32
	variant
	base float32 // words and n-grams
	rank float32 // base and concepts: what decides who is judged
}

// judged is a group with its signals.
type judged struct {
	found
	match advisory.Match
}

// Retrieve implements advisory.Retriever. When the model of meaning is away, vectors of spelling stand in for its own.
func (ix *Index) Retrieve(ctx context.Context, q advisory.Query) ([]advisory.Match, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if q.Answer == "" {
		q.Answer = q.Lang
	}
	asked := ix.ask(q)
	tallies := make([]*tally, len(ix.shards))
	for i, s := range ix.shards {
		tallies[i] = s.score(asked.slots(ix, s))
		s.scoreGrams(asked.content(s), tallies[i])
	}
	shares := ix.concepts.shares(q.Concepts)
	query := ix.embed(ctx, ix.concepts.lexicon.Native(q.Text, q.Lang))
	worth, err := ix.candidates(ctx, q, tallies, shares, query)
	if err != nil {
		return nil, err
	}
	list := make([]judged, len(worth))
	for i, f := range worth {
		list[i] = judged{f, ix.judge(f, tallies[f.shard], shares[f.group], query)}
		list[i].match.Foreign = q.Lang != "" && ix.shards[f.shard].lang != q.Lang
	}
	slices.SortFunc(list, func(a, b judged) int {
		return cmp.Or(cmp.Compare(b.match.Score, a.match.Score), cmp.Compare(a.group, b.group))
	})
	list = list[:min(len(list), max(1, q.Limit))]
	out := make([]advisory.Match, len(list))
	for i, f := range list {
		v := ix.best(f.found, q.Answer)
		f.match.About = ix.about[f.group]
		f.match.Document = ix.shards[v.shard].docs[v.doc].doc
		f.match.Passages = ix.passages(v, tallies[v.shard])
		out[i] = f.match
	}
	return out, nil
}

// candidates gives the groups worth judging: the best by words, n-grams and concepts, and those of the nearest vectors.
func (ix *Index) candidates(ctx context.Context, q advisory.Query, tallies []*tally, shares map[int32]float32, query queryVectors) ([]found, error) {
	all := make([]found, len(ix.groups))
	for g, variants := range ix.groups {
		all[g] = found{group: int32(g), variant: variants[0], base: -1} // any base is better
		for _, v := range variants {
			base := tallies[v.shard].base(v.doc)
			own := ix.shards[v.shard].lang == q.Lang
			if base > all[g].base || own && base == all[g].base {
				all[g].variant, all[g].base = v, base
			}
		}
	}
	near := make([]bool, len(all))
	units, err := ix.nearest(ctx, query)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		near[ix.groupOf(u)] = true
	}
	order := make([]found, 0, len(all))
	for g, f := range all {
		f.rank = f.base + conceptWeight*shares[int32(g)]
		if q.Document != "" {
			if ix.shards[f.shard].docs[f.doc].doc.ID == q.Document {
				return []found{f}, nil
			}
			continue
		}
		if f.rank > 0 || near[g] {
			order = append(order, f)
		}
	}
	slices.SortFunc(order, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(a.group, b.group))
	})
	list := order[:min(candidates, len(order))]
	for _, f := range order[len(list):] {
		if near[f.group] {
			list = append(list, f)
		}
	}
	return list, nil
}

// groupOf gives the group of a unit of the vectors.
func (ix *Index) groupOf(u int) int32 {
	i, exact := slices.BinarySearch(ix.offsets, u)
	if !exact {
		i--
	}
	s := ix.shards[i]
	return s.docs[s.units[u-ix.offsets[i]].doc].group
}

// base is the fused score of words and n-grams in a document.
func (t *tally) base(doc int32) float32 {
	return share(t.words[doc], t.total) + gramWeight*share(t.grams[doc], t.ngram)
}

func share(part, whole float32) float32 {
	if whole <= 0 {
		return 0
	}
	return part / whole
}

// judge works out the signals of a candidate.
func (ix *Index) judge(f found, t *tally, concepts float32, query queryVectors) advisory.Match {
	s := ix.shards[f.shard]
	d := s.docs[f.doc]
	var m advisory.Match
	m.Words = float64(share(t.words[f.doc], t.total) / (k1 + 1))
	m.Coverage = min(1, float64(share(t.cover[f.doc], t.total)))
	m.Concepts = min(1, float64(concepts))
	for u := d.first; u < d.end; u++ {
		if s.units[u].kind < answerUnit {
			m.Question = max(m.Question, float64(share(t.units[u], s.units[u].norm*t.norm)))
		}
	}
	m.Question = min(1, m.Question)
	m.Vector = ix.likeness(f.group, query)
	m.Score = float64(f.base) + questionWeight*m.Question + conceptWeight*m.Concepts + vectorWeight*m.Vector
	return m
}

// best gives the variant to answer from: in the asker's language, else in English, else the one that was found.
func (ix *Index) best(f found, lang advisory.Lang) variant {
	for _, want := range []advisory.Lang{lang, "en"} {
		for _, v := range ix.groups[f.group] {
			if ix.shards[v.shard].lang == want {
				return v
			}
		}
	}
	return f.variant
}

// passages gives the best passages of a variant, at most maxPassages; those that the question finds equally stay in order.
func (ix *Index) passages(v variant, t *tally) []advisory.Passage {
	s := ix.shards[v.shard]
	d := s.docs[v.doc]
	var out []advisory.Passage
	for u := d.first; u < d.end; u++ {
		if unit := s.units[u]; unit.kind >= answerUnit {
			out = append(out, advisory.Passage{
				Document: d.doc, Section: unit.section, Text: unit.text, Score: float64(share(t.units[u], t.total*(k1+1))),
			})
		}
	}
	slices.SortStableFunc(out, func(a, b advisory.Passage) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(maxPassages, len(out))]
}
