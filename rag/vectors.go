package rag

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/philippgille/chromem-go"
)

// vectors finds units by their embeddings. chromem-go searches them, in memory only; the numbers are shared with it, not copied.
type vectors struct {
	size int
	data []float32 // unit u's vector is data[u*size:(u+1)*size], of length 1 or all zeros
	col  *chromem.Collection
}

// newVectors takes the vectors of all units, one after the other, and brings each to length 1.
func newVectors(size int, data []float32) (*vectors, error) {
	if size < 1 || len(data)%size != 0 {
		return nil, fmt.Errorf("make vectors: %d numbers do not divide into vectors of %d", len(data), size)
	}
	refuse := func(context.Context, string) ([]float32, error) {
		return nil, errors.New("the collection embeds nothing itself")
	}
	col, err := chromem.NewDB().CreateCollection("units", nil, refuse)
	if err != nil {
		return nil, fmt.Errorf("make vectors: %w", err)
	}
	v := &vectors{size: size, data: data, col: col}
	for u := range len(data) / size {
		if !normalise(v.of(u)) {
			continue // chromem-go would divide by zero and keep NaN
		}
		if err := col.AddDocument(context.Background(), chromem.Document{ID: strconv.Itoa(u), Embedding: v.of(u)}); err != nil {
			return nil, fmt.Errorf("make vectors: %w", err)
		}
	}
	return v, nil
}

func (v *vectors) of(u int) []float32 { return v.data[u*v.size : (u+1)*v.size : (u+1)*v.size] }

// nearest gives the n units nearest to a query of length 1, in no particular order.
func (v *vectors) nearest(ctx context.Context, query []float32, n int) ([]int, error) {
	n = min(n, v.col.Count()) // chromem-go fails when asked for more than it has, or for none
	if n < 1 {
		return nil, nil
	}
	results, err := v.col.QueryEmbedding(ctx, query, n, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("search vectors: %w", err)
	}
	units := make([]int, 0, len(results))
	for _, r := range results {
		u, err := strconv.Atoi(r.ID)
		if err != nil {
			return nil, fmt.Errorf("search vectors: %w", err)
		}
		units = append(units, u)
	}
	return units, nil
}

// cosine is the likeness of a unit to a query of length 1.
func (v *vectors) cosine(u int, query []float32) float64 {
	sum := float32(0)
	for i, x := range v.of(u) {
		sum += x * query[i]
	}
	return float64(sum)
}
