package hub

import (
	"context"
	"database/sql"
	"fmt"

	"jembe/advisory"
	"jembe/edge/wire"
)

// place is an epoch of a device.
type place struct{ device, epoch string }

// Verified is what Verify found.
type Verified struct {
	Devices  int `json:"devices"`
	Epochs   int `json:"epochs"`
	Events   int `json:"events"`
	Rejected int `json:"rejected"` // lines that could never be read
	Repeated int `json:"repeated"` // lines whose event counts in another epoch
}

// Verify recomputes the chain of every epoch, and compares it with how far the hub says it has come.
func (h *Hub) Verify(ctx context.Context) (v Verified, err error) {
	err = h.db.snapshot(ctx, func(tx *sql.Tx) error {
		v, err = verify(ctx, tx)
		return err
	})
	return v, err
}

func verify(ctx context.Context, tx *sql.Tx) (v Verified, err error) {
	known, err := epochs(ctx, tx)
	if err != nil {
		return v, err
	}
	c := newChains()
	for at, e := range known {
		c.begin(at, e)
	}
	if err := each(ctx, tx, c.add); err != nil {
		return v, err
	}
	v.Events, v.Rejected, v.Repeated, v.Epochs = c.events, c.rejected, c.repeated, len(known)
	if err := c.compare(known); err != nil {
		return v, err
	}
	return v, tx.QueryRowContext(ctx, `SELECT count(*) FROM devices`).Scan(&v.Devices)
}

// extent is how far the record of one epoch has come, and from where on it is still kept.
type extent struct {
	through    int64
	head       wire.Hash
	erased     int64     // through which its days were over; 0: nothing was erased
	erasedHead wire.Hash // of the chain there
}

func epochs(ctx context.Context, tx *sql.Tx) (map[place]extent, error) {
	rows, err := tx.QueryContext(ctx, `SELECT device, epoch, through, head, erased, erased_head FROM epochs`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[place]extent{}
	for rows.Next() {
		var at place
		var e extent
		var head, erasedHead []byte
		if err := rows.Scan(&at.device, &at.epoch, &e.through, &head, &e.erased, &erasedHead); err != nil {
			return nil, err
		}
		copy(e.head[:], head)
		copy(e.erasedHead[:], erasedHead)
		out[at] = e
	}
	return out, rows.Err()
}

func damaged(format string, args ...any) error {
	return &advisory.Error{Code: advisory.Internal, Err: fmt.Errorf(format, args...),
		Hint: "restore the latest backup into a new data folder; the boxes send again what it lacks"}
}

// chains recomputes the chain of every epoch from its lines, which come in order, beginning where what is older was erased.
type chains struct {
	at                         map[place]extent
	events, rejected, repeated int
}

func newChains() *chains { return &chains{at: map[place]extent{}} }

// begin tells where the lines of an epoch begin. It comes before them.
func (c *chains) begin(at place, e extent) {
	if e.erased > 0 {
		c.at[at] = extent{through: e.erased, head: e.erasedHead}
	}
}

func (c *chains) add(r row) error {
	at := place{r.device, r.epoch}
	e := c.at[at]
	line, err := r.line()
	if err != nil || r.seq != e.through+1 {
		return damaged("the record of %s, epoch %s, breaks at event %d", r.device, r.epoch, e.through+1)
	}
	c.events++
	switch r.kind {
	case kindRejected:
		c.rejected++
	case kindRepeated:
		c.repeated++
	}
	c.at[at] = extent{through: r.seq, head: wire.Link(e.head, line)}
	return nil
}

// compare holds what was recomputed against how far the hub says that each epoch has come.
func (c *chains) compare(known map[place]extent) error {
	for at, e := range known {
		if c.at[at].through != e.through || c.at[at].head != e.head {
			return damaged("the record of %s, epoch %s, is said to be complete through %d, and is not", at.device, at.epoch, e.through)
		}
	}
	for at := range c.at {
		if _, ok := known[at]; !ok {
			return damaged("the record of %s, epoch %s, is in no table of epochs", at.device, at.epoch)
		}
	}
	return nil
}
