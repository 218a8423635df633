package rag

import (
	"context"
	"fmt"
)

// meaning is the vectors that a model made of the index's units elsewhere, and the model that makes those of questions.
type meaning struct {
	model *ModelEmbedder
	near  *vectors // of the units that have one
	units []int    // of near's -> of the index
	rows  []int32  // of the index's units -> of near, -1 where there is none
}

// newMeaning takes the vectors of the texts from the files of the model's very version; nil where there are none.
func newMeaning(model *ModelEmbedder, files []*Vectors, texts []string) (*meaning, error) {
	m := &meaning{model: model, rows: make([]int32, len(texts))}
	var data []float32
	size := 0
	for i, text := range texts {
		m.rows[i] = -1
		for _, f := range files {
			if f.header.Digest != model.model.Digest {
				continue
			}
			if v := f.of(text); v != nil && (size == 0 || len(v) == size) {
				size = len(v)
				m.rows[i] = int32(len(m.units))
				m.units, data = append(m.units, i), append(data, v...)
				break
			}
		}
	}
	if len(m.units) == 0 {
		return nil, nil
	}
	var err error
	if m.near, err = newVectors(size, data); err != nil {
		return nil, fmt.Errorf("take up the vectors of %s: %w", model.model.Name, err)
	}
	return m, nil
}

// question gives the vector of a question, nil where the model gives none in time.
func (m *meaning) question(ctx context.Context, text string) []float32 {
	v, err := m.model.Question(ctx, text)
	if err != nil || len(v) != m.near.size || !normalise(v) {
		return nil
	}
	return v
}

// nearest gives the n units of the index nearest to a question's vector.
func (m *meaning) nearest(ctx context.Context, query []float32, n int) ([]int, error) {
	rows, err := m.near.nearest(ctx, query, n)
	for i, row := range rows {
		rows[i] = m.units[row]
	}
	return rows, err
}

// queryVectors are a question's; each may be nil.
type queryVectors struct{ spelling, meaning []float32 }

// embed gives the question's vectors: that of the model where it has one in time, and that of spelling.
func (ix *Index) embed(ctx context.Context, text string) queryVectors {
	var q queryVectors
	if ix.meaning != nil {
		q.meaning = ix.meaning.question(ctx, text)
	}
	vs, err := ix.embedder.Embed(ctx, []string{text})
	if err == nil && len(vs) == 1 && len(vs[0]) == ix.vectors.size && normalise(vs[0]) {
		q.spelling = vs[0]
	}
	return q
}

// nearest gives the units nearest to a question, by meaning and by spelling.
func (ix *Index) nearest(ctx context.Context, q queryVectors) ([]int, error) {
	var out []int
	if q.meaning != nil {
		units, err := ix.meaning.nearest(ctx, q.meaning, nearestUnits)
		if err != nil {
			return nil, err
		}
		out = units
	}
	if q.spelling == nil {
		return out, nil
	}
	units, err := ix.vectors.nearest(ctx, q.spelling, nearestUnits)
	return append(out, units...), err
}

// likeness is that of the most alike unit of a group to a question, 0 to 1: by meaning where the group's texts have vectors of the
// model and the question has one too, else by spelling.
func (ix *Index) likeness(group int32, q queryVectors) float64 {
	best, known := 0.0, false
	ix.eachUnit(group, func(u int) {
		if q.meaning != nil && ix.meaning.rows[u] >= 0 {
			best, known = max(best, ix.meaning.near.cosine(int(ix.meaning.rows[u]), q.meaning)), true
		}
	})
	if !known && q.spelling != nil {
		ix.eachUnit(group, func(u int) { best = max(best, ix.vectors.cosine(u, q.spelling)) })
	}
	return min(1, best)
}

// eachUnit calls do with every unit of a group.
func (ix *Index) eachUnit(group int32, do func(u int)) {
	for _, v := range ix.groups[group] {
		doc := ix.shards[v.shard].docs[v.doc]
		for u := doc.first; u < doc.end; u++ {
			do(ix.offsets[v.shard] + int(u))
		}
	}
}
