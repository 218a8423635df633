package rag

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"jembe/advisory"
)

// EmbeddedDocuments is what EmbedDocuments made.
type EmbeddedDocuments struct {
	Name    string // of the file within a pack's vectors folder; it changes with the model
	File    []byte // see Vectors
	Texts   int    // that have a vector
	LeftOut int    // too long for the model: found by their words
	Size    int    // dimensions
}

// unsafeInName are the signs of a model's name that a file of a pack cannot have in its own.
var unsafeInName = regexp.MustCompile(`[^0-9A-Za-z_-]+`)

// VectorFile gives the name of the file in which a pack carries the vectors of a model: the model, and the beginning of its digest.
func VectorFile(m Model) string {
	name := unsafeInName.ReplaceAllString(m.Name, "-")
	return name[:min(60, len(name))] + "." + m.Digest[:min(12, len(m.Digest))] + ".bin"
}

// EmbedDocuments makes the vectors of all texts by which the documents are found, to be carried in a pack. progress may be nil.
func EmbedDocuments(ctx context.Context, e *ModelEmbedder, docs []*advisory.Document, progress Progress) (EmbeddedDocuments, error) {
	header := vectorHeader{Model: e.model.Name, Digest: e.model.Digest}
	var texts []string
	for _, d := range docs {
		us := units(d)
		header.Documents = append(header.Documents, vectorDocument{d.ID, d.Lang, len(us)})
		for _, u := range us {
			texts = append(texts, u.searched())
		}
	}
	out := EmbeddedDocuments{Name: VectorFile(e.model)}
	var vectors [][]float32
	for batch := range slices.Chunk(texts, embedBatch) {
		vs, err := e.embedFitting(ctx, batch)
		if err != nil {
			return out, err
		}
		for _, v := range vs {
			switch {
			case v == nil || !normalise(v):
				out.LeftOut++
				v = nil
			case header.Size == 0:
				header.Size = len(v)
			case len(v) != header.Size:
				return out, fmt.Errorf("embed: vectors of %d and of %d numbers", header.Size, len(v))
			}
			vectors = append(vectors, v)
		}
		if progress != nil {
			progress(len(vectors), len(texts))
		}
	}
	if header.Size == 0 {
		return out, errors.New("embed: the model gave no vector for any text")
	}
	out.Texts, out.Size = len(texts)-out.LeftOut, header.Size
	var err error
	out.File, err = encodeVectors(header, texts, vectors)
	return out, err
}

// embedFitting embeds a batch, and gives nil for a text that the model cannot take in whole.
func (e *ModelEmbedder) embedFitting(ctx context.Context, texts []string) ([][]float32, error) {
	vectors, err := e.Embed(ctx, texts)
	if err == nil || !tooLong(err) {
		return vectors, err
	}
	if len(texts) == 1 {
		return [][]float32{nil}, nil
	}
	first, err := e.embedFitting(ctx, texts[:len(texts)/2])
	if err != nil {
		return nil, err
	}
	second, err := e.embedFitting(ctx, texts[len(texts)/2:])
	return append(first, second...), err
}
