package rag

import (
	"context"
	"fmt"
	"time"

	"github.com/ollama/ollama/api"

	"jembe/advisory"
)

// ModelEmbedder is an Embedder on an Ollama server. Its vectors know of meaning, as the embedded ones do not.
type ModelEmbedder struct {
	client *api.Client
	model  Model
	size   int
}

// embedTime is how long one batch may take; the question's own vector is one of them, and words alone find without it.
const (
	embedTime      = 2 * time.Minute
	embedQueryTime = 2 * time.Second
)

// NewModelEmbedder asks the server for the model and for the size of its vectors.
func NewModelEmbedder(ctx context.Context, address, model string) (*ModelEmbedder, error) {
	models, err := Models(ctx, address)
	if err != nil {
		return nil, err
	}
	found, ok := FindModel(models, model)
	if !ok || found.Remote {
		return nil, &advisory.Error{Code: advisory.NotFound, Hint: fmt.Sprintf("the model %s is not installed on %s; see jembe models list", model, address)}
	}
	client, err := newClient(address)
	if err != nil {
		return nil, err
	}
	e := &ModelEmbedder{client: client, model: found}
	probe, err := e.embed(ctx, []string{"maize"}, embedTime)
	if err != nil {
		return nil, err
	}
	e.size = len(probe[0])
	return e, nil
}

// Name implements Embedder: vectors of another version of the model are others.
func (e *ModelEmbedder) Name() string { return e.model.Name + " " + e.model.Digest }

// Size implements Embedder.
func (e *ModelEmbedder) Size() int { return e.size }

// Embed implements Embedder.
func (e *ModelEmbedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	limit := embedTime
	if len(texts) == 1 {
		limit = embedQueryTime
	}
	return e.embed(ctx, texts, limit)
}

// embed sends the texts in one call. A text that is too long for the model is an error rather than cut unseen.
func (e *ModelEmbedder) embed(ctx context.Context, texts []string, limit time.Duration) ([][]float32, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	whole := false
	r, err := e.client.Embed(ctx, &api.EmbedRequest{
		Model: e.model.Name, Input: texts, Truncate: &whole, KeepAlive: &api.Duration{Duration: keepLoaded},
	})
	if err != nil {
		return nil, fmt.Errorf("embed: %w", err)
	}
	if len(r.Embeddings) != len(texts) {
		return nil, fmt.Errorf("embed: %d vectors for %d texts", len(r.Embeddings), len(texts))
	}
	return r.Embeddings, nil
}
