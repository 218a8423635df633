package rag

import (
	"context"
	"errors"
)

// errFull says that as many wait as may.
var errFull = errors.New("others wait already")

// turns lets one at a time through, and a few wait.
type turns struct {
	inside chan struct{} // who runs or waits
	turn   chan struct{} // who runs
}

// newTurns makes turns for which at most waiting may wait.
func newTurns(waiting int) turns {
	return turns{make(chan struct{}, 1+max(0, waiting)), make(chan struct{}, 1)}
}

// take waits for a turn and gives what ends it. It fails at once where others wait already, and with the context.
func (t turns) take(ctx context.Context) (leave func(), err error) {
	select {
	case t.inside <- struct{}{}:
	default:
		return nil, errFull
	}
	select {
	case t.turn <- struct{}{}:
		return func() { <-t.turn; <-t.inside }, nil
	case <-ctx.Done():
		<-t.inside
		return nil, errFull
	}
}
