package kiosktest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"
)

// Clock is time that passes only when it is told to.
type Clock struct {
	mu      sync.Mutex
	now     time.Duration
	waiting []waiting
	asked   map[time.Duration]int
}

type waiting struct {
	until time.Duration
	rings chan time.Time
}

// After rings once so much time has passed.
func (c *Clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked == nil {
		c.asked = map[time.Duration]int{}
	}
	c.asked[d]++
	rings := make(chan time.Time, 1)
	c.waiting = append(c.waiting, waiting{c.now + d, rings})
	return rings
}

// Pass lets time pass.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now += d
	c.waiting = slices.DeleteFunc(c.waiting, func(w waiting) bool {
		due := w.until <= c.now
		if due {
			w.rings <- time.Time{}
		}
		return due
	})
}

// Asked is how often somebody asked for this much time.
func (c *Clock) Asked(d time.Duration) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked[d]
}

// AwaitAsked waits until somebody has asked for this much time more often than before.
func (c *Clock) AwaitAsked(t testing.TB, d time.Duration, before int) {
	t.Helper()
	Await(t, "somebody who waits "+d.String(), func() bool { return c.Asked(d) > before })
}

// Run lets time pass by itself, faster than it does, until the context ends: a step every millisecond.
func (c *Clock) Run(ctx context.Context, step time.Duration) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-tick.C:
			c.Pass(step)
		case <-ctx.Done():
		}
	}
}
