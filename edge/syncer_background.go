package edge

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// The background's pace.
const (
	settled   = 15 * time.Minute // before the hub is asked for news
	eager     = time.Minute      // before new events are sent
	shortest  = 5 * time.Second
	longest   = 15 * time.Minute
	lookAgain = 10 * time.Second // for an enrolment by another process
	sameError = time.Hour        // the same error is told again
)

// Run speaks with the hub in the background until the context ends. After a failure it waits for a random part of a time that
// doubles, so that boxes whose network comes back at once do not come at once.
func (s *Syncer) Run(ctx context.Context) {
	told := &teller{log: s.Log}
	wait := rand.N(shortest)
	for tries := 0; pause(ctx, wait); {
		err := s.inBackground(ctx)
		switch told.tell(err); {
		case errors.Is(err, errNotEnrolled):
			tries, wait = 0, lookAgain
		case err != nil:
			wait = rand.N(min(longest, shortest<<min(tries, 16)))
			tries++
		default:
			tries, wait = 0, s.idle(ctx)
		}
	}
}

// inBackground records the day's health, and makes a contact as far as the day's budget goes.
func (s *Syncer) inBackground(ctx context.Context) error {
	if m, err := ReadMembership(s.Store.dir); err != nil || m == nil {
		return errors.Join(err, errNotEnrolled)
	}
	var packs []string
	if s.Packs != nil {
		packs = s.Packs()
	}
	if err := s.Store.recordHealth(ctx, s.Version, packs); err != nil {
		return err
	}
	left, err := s.left(ctx)
	if err != nil || left < 0 {
		return err
	}
	_, err = s.contact(ctx, left)
	return err
}

// idle waits while nothing is to be sent, at most for the time after which the hub is asked for news, and gives what is left to wait.
func (s *Syncer) idle(ctx context.Context) time.Duration {
	for waited := eager; waited < settled && pause(ctx, eager); waited += eager {
		if spoken, err := s.Store.Spoken(ctx); err == nil && spoken.Waiting > 0 {
			break
		}
	}
	return 0
}

// left gives the bytes that may pass today: 0 for as many as it takes, less than 0 for none.
func (s *Syncer) left(ctx context.Context) (int64, error) {
	if s.Budget == 0 {
		return 0, nil
	}
	used, err := s.Store.carried(ctx, 0)
	if left := s.Budget - used; left > 0 {
		return left, err
	}
	return -1, err
}

// pause waits; false when the context has ended.
func pause(ctx context.Context, wait time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(wait):
		return true
	}
}

// teller logs the same kind of error once an hour, and when it is over.
type teller struct {
	log   *slog.Logger
	code  advisory.Code
	at    time.Time
	times int
}

func (t *teller) tell(err error) {
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(err, errNotEnrolled):
	case err == nil && t.times > 0:
		t.log.Info("the office's hub answers again", "failed", t.times)
		*t = teller{log: t.log}
	case err != nil:
		if code := wire.AsError(err).Code; code != t.code || time.Since(t.at) >= sameError {
			t.log.Warn("cannot speak with the office's hub", "error", err, "failed before", t.times)
			t.code, t.at = code, time.Now()
		}
		t.times++
	}
}
