// Package advisorytest holds test doubles of the advisory contracts: plain data that stands in for ears, voice, search and
// record where a test is about something else. Nothing here is used by the product.
package advisorytest

import (
	"context"
	"sync"
	"time"

	"jembe/advisory"
)

// Ears is a Transcriber double that always hears the same.
type Ears struct {
	Transcript advisory.Transcript
	Err        error
}

// Transcribe gives the Transcript, or Err.
func (e Ears) Transcribe(context.Context, []byte, advisory.Lang) (advisory.Transcript, error) {
	return e.Transcript, e.Err
}

// Finder is a Retriever double: it finds the matches that stand under the text of the query, or under its document id.
type Finder map[string][]advisory.Match

// Retrieve gives the matches of q.Document or q.Text, at most q.Limit.
func (f Finder) Retrieve(_ context.Context, q advisory.Query) ([]advisory.Match, error) {
	found := f[q.Text]
	if q.Document != "" {
		found = f[q.Document]
	}
	return found[:min(len(found), q.Limit)], nil
}

// Writer is a Generator double that always gives the same draft.
type Writer struct {
	Draft advisory.Draft
	Err   error
}

// Generate gives the Draft, or Err.
func (w Writer) Generate(context.Context, advisory.DraftRequest) (advisory.Draft, error) {
	return w.Draft, w.Err
}

// Teller is a Generator double that gives these sentences one by one where somebody wants them so, as a model does.
type Teller []advisory.Sentence

// Generate gives the sentences.
func (t Teller) Generate(_ context.Context, r advisory.DraftRequest) (advisory.Draft, error) {
	for _, s := range t {
		if r.Each == nil {
			break
		}
		if err := r.Each(s); err != nil {
			return advisory.Draft{}, err
		}
	}
	return advisory.Draft{Tier: advisory.Generated, Sentences: t}, nil
}

// Mouth is a Speaker double: one piece of "sound" that holds the text, for the languages it has.
type Mouth []advisory.Lang

// Speak gives the text as bytes.
func (m Mouth) Speak(_ context.Context, s advisory.Speech) ([]advisory.Sound, error) {
	for _, l := range m {
		if l == s.Lang {
			return []advisory.Sound{{WAV: []byte(s.Text), Duration: time.Second}}, nil
		}
	}
	return nil, &advisory.Error{Code: advisory.NoVoice}
}

// Notebook is a Recorder double that keeps events in memory.
type Notebook struct {
	Err error // given instead of keeping

	mu     sync.Mutex
	events []advisory.Event
}

// Record keeps the event, or gives Err.
func (n *Notebook) Record(_ context.Context, e advisory.Event) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.Err == nil {
		n.events = append(n.events, e)
	}
	return n.Err
}

// Events gives what was kept, oldest first.
func (n *Notebook) Events() []advisory.Event {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]advisory.Event(nil), n.events...)
}
