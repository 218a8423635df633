package rag

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/ollama/ollama/api"

	"jembe/advisory"
)

// ModelEmbedder makes vectors with a model on an Ollama server. They know of meaning, as those of spelling do not. It is safe for
// concurrent use.
type ModelEmbedder struct {
	client *api.Client
	model  Model
	away   atomic.Bool // it failed on a question, and did not answer since
}

const (
	embedTime    = 2 * time.Minute // for one batch, or to load the model
	questionTime = time.Second     // for a question's own vector: it is found without one, too
)

// errModelAway says that a model failed a moment ago, so that nobody waits for it.
var errModelAway = errors.New("the model is away")

// NewModelEmbedder asks the server which version of the model is installed.
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
	return &ModelEmbedder{client: client, model: found}, nil
}

// Model gives the model.
func (e *ModelEmbedder) Model() Model { return e.model }

// Embed gives the vector of each text, in order, in one call. A text that is too long for the model is an error rather than cut
// unseen, see tooLong.
func (e *ModelEmbedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	return e.embed(ctx, texts, embedTime)
}

// Question gives the vector of a question, soon or not at all. After a failure it fails at once, until Warm has succeeded: the next
// farmer shall not wait for nothing.
func (e *ModelEmbedder) Question(ctx context.Context, text string) ([]float32, error) {
	if e.away.Load() {
		return nil, errModelAway
	}
	vectors, err := e.embed(ctx, []string{text}, questionTime)
	if err != nil {
		if ctx.Err() == nil && !tooLong(err) { // it is the model's failure, and not the asker's leaving
			e.away.Store(true)
		}
		return nil, err
	}
	return vectors[0], nil
}

// Warm has the server load the model, and keep it for another while.
func (e *ModelEmbedder) Warm(ctx context.Context) error {
	_, err := e.embed(ctx, []string{"maize"}, embedTime)
	e.away.Store(err != nil)
	return err
}

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

// tooLong reports whether the server refused texts, which it does when one is longer than the model can read.
func tooLong(err error) bool {
	var status api.StatusError
	return errors.As(err, &status) && status.StatusCode == http.StatusBadRequest
}
