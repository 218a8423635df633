package advisory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// stream is a draft on its way from a model to the farmer's ear. What was said cannot be taken back, so a sentence is said only
// where the answer could end after it: with the cautions that are then due, all that was said passes the guard.
type stream struct {
	*ask
	u      Understanding
	best   Scored
	handed bool       // the generator gave its sentences one by one
	said   []Sentence // these passed
	due    []Sentence // cautions owed after what was said, as the passages have them
	failed error      // of the speaker
}

// errFell ends the writing of a draft of which a sentence fell.
var errFell = errors.New("a sentence fell at the guard")

// generate asks one generator, and reports whether its draft became the answer.
func (k *ask) generate(ctx context.Context, g Generator, u Understanding, best Scored) (bool, error) {
	s := &stream{ask: k, u: u, best: best}
	request := DraftRequest{Question: u.Text, Lang: best.Document.Lang, Passages: best.Passages}
	if k.q.Hear != nil {
		request.Each = func(next Sentence) error { return s.take(ctx, next) }
		if draft, whole := PreparedDraft(best.Document); len(Guard(draft, whole, k.standard(u, best))) == 0 {
			if err := s.open(ctx); err != nil { // some answer will follow, whatever the generators do
				return false, err
			}
		}
	}
	draft, err := g.Generate(ctx, request)
	switch {
	case s.failed != nil:
		return false, s.failed
	case err != nil && ctx.Err() != nil:
		return false, fmt.Errorf("generate: %w", ctx.Err())
	case err != nil && !errors.Is(err, errFell):
		k.setBack(err)
	}
	if len(s.said) > 0 { // it stands, whatever became of the rest
		k.settle(u, compose(u, best, Draft{Tier: Generated, Sentences: slices.Concat(s.said, s.due)}, best.Passages), best.Document)
		return true, nil
	}
	if err != nil || s.handed || len(draft.Sentences) == 0 {
		return false, nil
	}
	draft.Sentences = append(draft.Sentences, Owed(draft, best.Passages, k.standard(u, best))...)
	return k.pass(u, best, draft, best.Passages), nil
}

// take puts the next sentence of the draft before the guard, and says it where it passes.
func (s *stream) take(ctx context.Context, next Sentence) error {
	s.handed = true
	stage := time.Now()
	std := s.standard(s.u, s.best)
	draft := Draft{Tier: Generated, Sentences: append(slices.Clone(s.said), next)}
	due := Owed(draft, s.best.Passages, std)
	draft.Sentences = append(draft.Sentences, due...)
	rules := Guard(draft, s.best.Passages, std)
	s.answer.Timings.Guard += Milliseconds(stage)
	if len(rules) > 0 {
		s.fell(Generated, rules...)
		return errFell
	}
	if err := s.open(ctx); err != nil {
		return err
	}
	s.said, s.due = append(s.said, next), due
	s.failed = s.say(ctx, Speech{Lang: s.best.Document.Lang, Text: next.Text, Advice: true})
	return s.failed
}

// open says whom to call and the opening, once.
func (s *stream) open(ctx context.Context) error {
	if s.heard > 0 {
		return nil
	}
	help := s.Contacts.helpFor(s.u, Answer{Outcome: Answered}, s.best.Document)
	for _, part := range slices.Concat(help.before, opening(s.u, s.best)) {
		if s.failed = s.say(ctx, part); s.failed != nil {
			return s.failed
		}
	}
	return nil
}

// setBack records why a generator gave no draft.
func (k *ask) setBack(err error) {
	d := &DraftError{Tier: Generated, Setback: Failed}
	errors.As(err, &d)
	k.event.Fell = append(k.event.Fell, string(d.Tier)+":"+string(d.Setback))
}
