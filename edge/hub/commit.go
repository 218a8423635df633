package hub

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// Bounds of a group of pushes that are committed together: one wait for the disk serves them all.
const (
	maxGroup   = 64
	commitTime = 30 * time.Second
)

// push is a batch on its way into the record.
type push struct {
	*arrival
	reply wire.Reply
	err   error
	done  chan struct{}
}

// committer gathers the pushes that come while the one before is committed.
type committer struct {
	mu      sync.Mutex
	waiting []*push
	running bool
	ended   sync.WaitGroup
}

// ingest commits a batch, together with those of others that wait, and gives the reply. It returns early when nobody waits any
// more; the batch is committed all the same.
func (h *Hub) ingest(ctx context.Context, a *arrival) (wire.Reply, error) {
	p := &push{arrival: a, done: make(chan struct{})}
	c := &h.committer
	c.mu.Lock()
	c.waiting = append(c.waiting, p)
	if !c.running {
		c.running = true
		c.ended.Go(h.commitWaiting)
	}
	c.mu.Unlock()
	select {
	case <-p.done:
		return p.reply, p.err
	case <-ctx.Done():
		return wire.Reply{}, &advisory.Error{Code: advisory.Busy, Err: ctx.Err()}
	}
}

// commitWaiting commits groups until nobody waits.
func (h *Hub) commitWaiting() {
	c := &h.committer
	for {
		c.mu.Lock()
		n := min(len(c.waiting), maxGroup)
		group := slices.Clone(c.waiting[:n])
		c.waiting = c.waiting[n:]
		c.running = n > 0
		c.mu.Unlock()
		if n == 0 {
			return
		}
		h.commit(group)
		for _, p := range group {
			close(p.done)
		}
	}
}

// commit commits a group in one transaction. When that fails each goes alone, so that none fails by another's fault.
func (h *Hub) commit(group []*push) {
	// In one order, so that two hubs on one PostgreSQL do not wait for each other in a circle.
	slices.SortStableFunc(group, func(a, b *push) int { return strings.Compare(a.Device, b.Device) })
	ctx, cancel := context.WithTimeout(context.Background(), commitTime)
	defer cancel()
	err := h.db.write(ctx, func(tx *sql.Tx) error {
		prepared := preparing(tx)
		for _, p := range group {
			if p.reply, p.err = h.take(ctx, prepared, p.arrival); p.err != nil {
				return p.err
			}
		}
		return nil
	})
	if err == nil {
		return
	}
	if len(group) == 1 {
		group[0].reply, group[0].err = wire.Reply{}, h.storeError(err)
		return
	}
	for _, p := range group {
		h.commit([]*push{p})
	}
}
