package rag

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"jembe/advisory"
)

// restore sets the word table and gives the vectors of all units, from the cache as far as it has them.
func (ix *Index) restore(ctx context.Context, o Options, docs []*advisory.Document, lexicon *advisory.Lexicon) ([]float32, error) {
	texts := ix.texts()
	if o.Cache == "" {
		ix.table = learnTable(docs, lexicon)
		return embedAll(ctx, o, texts)
	}
	fingerprint := o.Fingerprint
	if fingerprint == "" {
		fingerprint = contentFingerprint(docs, lexicon)
	}
	fingerprint = learnVersion + " " + fingerprint
	c, err := openCache(ctx, o.Cache)
	if err == nil {
		defer func() { _ = c.close() }() // what was committed stays
	}
	data, missing, stored := ix.recall(ctx, c, o.Embedder, texts, fingerprint)
	fresh := len(missing) == 0 && stored == len(texts) && ix.table != nil
	if ix.table == nil {
		ix.table = learnTable(docs, lexicon)
	}
	if err := embedMissing(ctx, o, texts, missing, data); err != nil {
		return nil, err
	}
	if c != nil && !fresh {
		_ = c.save(ctx, o.Embedder, texts, data, fingerprint, ix.table) // a full or read-only disk: the next start takes longer
	}
	return data, ctx.Err()
}

// recall takes the word table and the vectors of the texts from the cache, which may be nil. It gives the vectors, the texts without one,
// and how many texts the cache holds.
func (ix *Index) recall(ctx context.Context, c *cache, e Embedder, texts []string, fingerprint string) (data []float32, missing []int, stored int) {
	size := e.Size()
	data = make([]float32, len(texts)*size)
	places := make(map[string][]int, len(texts))
	for i, text := range texts {
		places[text] = append(places[text], i)
	}
	have := make([]bool, len(texts))
	if c != nil {
		ix.table, _ = c.table(ctx, fingerprint)                  // unreadable is as good as missing
		_ = c.vectors(ctx, e, func(text string, vector []byte) { // here too: what was read is sound
			stored++
			for _, i := range places[text] {
				for k := range size {
					data[i*size+k] = math.Float32frombits(binary.LittleEndian.Uint32(vector[4*k:]))
				}
				have[i] = true
			}
		})
	}
	for i := range texts {
		if !have[i] {
			missing = append(missing, i)
		}
	}
	return data, missing, stored
}

// embedBatch is the number of texts embedded at a time.
const embedBatch = 64

// embedAll embeds all texts.
func embedAll(ctx context.Context, o Options, texts []string) ([]float32, error) {
	data := make([]float32, len(texts)*o.Embedder.Size())
	all := make([]int, len(texts))
	for i := range all {
		all[i] = i
	}
	return data, embedMissing(ctx, o, texts, all, data)
}

// embedMissing embeds the texts at the given places into data, and checks what comes back.
func embedMissing(ctx context.Context, o Options, texts []string, missing []int, data []float32) error {
	size, done := o.Embedder.Size(), 0
	for places := range slices.Chunk(missing, embedBatch) {
		batch := make([]string, len(places))
		for k, i := range places {
			batch[k] = texts[i]
		}
		vs, err := o.Embedder.Embed(ctx, batch)
		if err != nil {
			return fmt.Errorf("embed with %s: %w", o.Embedder.Name(), err)
		}
		if len(vs) != len(batch) {
			return fmt.Errorf("embed with %s: %d vectors for %d texts", o.Embedder.Name(), len(vs), len(batch))
		}
		for k, i := range places {
			if len(vs[k]) != size {
				return fmt.Errorf("embed with %s: a vector of %d numbers, want %d", o.Embedder.Name(), len(vs[k]), size)
			}
			copy(data[i*size:], vs[k])
		}
		done += len(places)
		if o.Progress != nil {
			o.Progress(done, len(missing))
		}
	}
	return nil
}
