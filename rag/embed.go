package rag

import (
	"context"
	"math"

	"jembe/advisory"
)

// Embedder turns texts into vectors whose cosine tells how alike they are. It must be safe for concurrent use.
type Embedder interface {
	// Name names the model; vectors of different names are never compared.
	Name() string
	// Size is the number of dimensions of a vector.
	Size() int
	// Embed gives a vector of Size numbers for each text, in order. A vector of zeros means that the text says nothing.
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// HashedGrams is the embedder that is always there: it needs no model, no download and no network. It folds the character n-grams of
// a text into a vector by a hash with a random sign (Weinberger et al. 2009), so likeness is likeness of spelling: it forgives typing
// errors and endings, and knows nothing of meaning.
type HashedGrams struct{}

// hashedSize balances collisions of n-grams against memory: 512 bytes a passage.
const hashedSize = 128

// Name implements Embedder; it changes when the vectors do.
func (HashedGrams) Name() string { return "hashed-grams-1" }

// Size implements Embedder.
func (HashedGrams) Size() int { return hashedSize }

// Embed implements Embedder.
func (HashedGrams) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out[i] = hashedVector(text)
	}
	return out, nil
}

func hashedVector(text string) []float32 {
	counts := map[string]int{}
	for _, w := range advisory.Words(text) {
		if !allStopWords[w] {
			counts[w]++
		}
	}
	v := make([]float32, hashedSize)
	for w, n := range counts {
		weight := float32(1 + math.Log(float64(n)))
		gramHashes(w, func(h uint32) {
			if h&1 == 0 {
				v[h>>1%hashedSize] += weight
			} else {
				v[h>>1%hashedSize] -= weight
			}
		})
	}
	normalise(v)
	return v
}

// normalise brings a vector to length 1 and reports whether it could: zeros stay zeros.
func normalise(v []float32) bool {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 || math.IsNaN(sum) || math.IsInf(sum, 0) {
		clear(v)
		return false
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= scale
	}
	return true
}
