package rag

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"github.com/ollama/ollama/api"

	"jembe/advisory"
)

// WriterConfig says which model writes, and how much is asked of it. A zero limit is the default one.
type WriterConfig struct {
	URL     string        // of the Ollama server, such as http://127.0.0.1:11434
	Model   string        // its name there, such as gemma3:1b
	Prompt  int           // most tokens of a prompt, about; 400: more takes a small board longer to read than a farmer waits
	Tokens  int           // most tokens of an answer; 320
	First   time.Duration // until the first word, waiting for others included; 20 s
	Whole   time.Duration // until the last; 60 s
	Waiting int           // how many may wait for the one that writes; 2, none when negative
}

// withDefaults fills in the limits that were not set.
func (c WriterConfig) withDefaults() WriterConfig {
	c.Prompt, c.Tokens = cmp.Or(c.Prompt, 400), cmp.Or(c.Tokens, 320)
	c.First, c.Whole = cmp.Or(c.First, 20*time.Second), cmp.Or(c.Whole, time.Minute)
	c.Waiting = cmp.Or(c.Waiting, 2)
	return c
}

// Writer drafts with a model on an Ollama server, one draft at a time. It implements advisory.Generator with the tier Generated;
// its errors are *advisory.DraftError, but for those of DraftRequest.Each.
type Writer struct {
	config    WriterConfig
	client    *api.Client
	turns     turns
	estimated atomic.Int64
	counted   atomic.Int64
}

// NewWriter makes a Writer; it dials nothing yet.
func NewWriter(c WriterConfig) (*Writer, error) {
	client, err := newClient(c.URL)
	if err != nil {
		return nil, err
	}
	c = c.withDefaults()
	return &Writer{config: c, client: client, turns: newTurns(c.Waiting)}, nil
}

// PromptTokens gives the length of the last prompt that a model read, as it was estimated and as the model counted it.
func (w *Writer) PromptTokens() (estimated, counted int) {
	return int(w.estimated.Load()), int(w.counted.Load())
}

// Generate implements advisory.Generator.
func (w *Writer) Generate(ctx context.Context, r advisory.DraftRequest) (advisory.Draft, error) {
	p, err := newPrompt(r, w.config.Prompt)
	if err != nil || len(p.passages) == 0 {
		return advisory.Draft{}, err
	}
	draft := advisory.Draft{Tier: advisory.Generated}
	var refused error
	err = w.write(ctx, p, func(s advisory.Sentence) error {
		draft.Sentences = append(draft.Sentences, s)
		if r.Each != nil {
			refused = r.Each(s)
		}
		return refused
	})
	switch {
	case refused != nil:
		return advisory.Draft{}, refused
	case err != nil:
		return advisory.Draft{}, &advisory.DraftError{Tier: advisory.Generated, Setback: setbackOf(err), Err: err}
	}
	return draft, nil
}

// write has the model write when it is its turn, and gives each sentence to the function as it comes.
func (w *Writer) write(ctx context.Context, p prompt, each func(advisory.Sentence) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, w.config.Whole, errSlow)
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	first := time.AfterFunc(w.config.First, func() { stop(errSlow) })
	defer first.Stop()
	leave, err := w.turns.take(ctx)
	if err != nil {
		return err
	}
	defer leave()
	from, to := io.Pipe()
	read := make(chan error, 1)
	go func() {
		err := readDraft(from, p.passages, each)
		from.CloseWithError(err) // what writes is told, and ends
		read <- err
	}()
	err = w.chat(ctx, p, func(text string) error {
		first.Stop()
		_, err := io.WriteString(to, text)
		return err
	})
	to.CloseWithError(err)
	if readErr := <-read; err == nil {
		err = readErr
	}
	return err
}

// maxWritten is the most bytes of a draft, whatever the server's own limit makes of it.
const maxWritten = 16 << 10

// chat sends the prompt, and hands over what comes back piece by piece. A stream that was cut off ends without an error of the
// client's, so only one that says it is done has ended well.
func (w *Writer) chat(ctx context.Context, p prompt, hand func(string) error) error {
	var last api.ChatResponse
	written := 0
	err := w.client.Chat(ctx, w.request(p), func(r api.ChatResponse) error {
		last = r
		if r.Message.Content == "" {
			return nil
		}
		if written += len(r.Message.Content); written > maxWritten {
			return errEndless
		}
		return hand(r.Message.Content)
	})
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return err
	case !last.Done:
		return errCut
	}
	w.estimated.Store(int64(p.tokens))
	w.counted.Store(int64(last.PromptEvalCount))
	if last.DoneReason == "length" {
		return errEndless
	}
	return nil
}

// keepLoaded is how long the model stays in memory after a question: reading it from a card takes longer than answering.
const keepLoaded = time.Hour

// request is the call of the server.
func (w *Writer) request(p prompt) *api.ChatRequest {
	no := false
	return &api.ChatRequest{
		Model:     w.config.Model,
		Messages:  []api.Message{{Role: "system", Content: p.system}, {Role: "user", Content: p.user}},
		Format:    []byte(draftSchema),
		KeepAlive: &api.Duration{Duration: keepLoaded},
		Think:     &api.ThinkValue{Value: false},
		Truncate:  &no, // a prompt that does not fit is an error, not another question
		Shift:     &no,
		Options: map[string]any{
			"temperature": 0, "num_predict": w.config.Tokens, "num_ctx": 2*w.config.Prompt + w.config.Tokens,
		},
	}
}

// Loaded reports whether the server has the model in memory, so that it can begin to write at once.
func (w *Writer) Loaded(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	running, err := w.client.ListRunning(ctx)
	if err != nil {
		return false, fmt.Errorf("ask what is loaded: %w", err)
	}
	return slices.ContainsFunc(running.Models, func(m api.ProcessModelResponse) bool { return m.Name == fullName(w.config.Model) }), nil
}

// Warm has the server load the model, or keep it for another while, so that no question need wait for it.
func (w *Writer) Warm(ctx context.Context) error {
	request := w.request(prompt{})
	request.Messages = nil
	return w.client.Chat(ctx, request, func(api.ChatResponse) error { return nil })
}

// What can befall a draft besides the client's own errors.
var (
	errSlow    = errors.New("the model took too long")
	errCut     = errors.New("the model broke off")
	errEndless = errors.New("the model came to no end")
)
