package hub

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"jembe/advisory"
	"jembe/edge/wire"
)

// kindRejected is the kind of a row whose line can never be read as an event; its body is the raw bytes in base64.
const kindRejected = "rejected"

// Export writes the events as JSON lines by device, epoch and seq: the canonical bytes of each, as the box made them. A line that
// could never be read stands there as its device, epoch, seq and kind "rejected", so that nothing seems to be missing.
func (h *Hub) Export(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	err := h.db.snapshot(ctx, func(tx *sql.Tx) error {
		return each(ctx, tx, func(r row) error {
			body := r.body
			if r.kind == kindRejected {
				body = fmt.Appendf(nil, `{"device":%q,"epoch":%q,"seq":%d,"kind":%q}`, r.device, r.epoch, r.seq, r.kind)
			}
			_, err := out.Write(append(body, '\n'))
			return err
		})
	})
	return errors.Join(err, out.Flush())
}

// row is a line of the record as it is kept.
type row struct {
	device, epoch, kind string
	seq                 int64
	body                []byte
}

// line gives the bytes as the box sent them.
func (r row) line() ([]byte, error) {
	if r.kind == kindRejected {
		return base64.StdEncoding.DecodeString(string(r.body))
	}
	return r.body, nil
}

// each calls do with every row by device, epoch and seq.
func each(ctx context.Context, tx *sql.Tx, do func(row) error) error {
	rows, err := tx.QueryContext(ctx, `SELECT device, epoch, seq, kind, body FROM events ORDER BY device, epoch, seq`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.device, &r.epoch, &r.seq, &r.kind, &r.body); err != nil {
			return err
		}
		if err := do(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// place is an epoch of a device.
type place struct{ device, epoch string }

// Verified is what Verify found.
type Verified struct {
	Devices  int `json:"devices"`
	Epochs   int `json:"epochs"`
	Events   int `json:"events"`
	Rejected int `json:"rejected"` // lines that could never be read
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
	through, head := map[place]int64{}, map[place]wire.Hash{}
	err = each(ctx, tx, func(r row) error {
		at := place{r.device, r.epoch}
		line, err := r.line()
		if err != nil || r.seq != through[at]+1 {
			return damaged("the record of %s, epoch %s, breaks at event %d", r.device, r.epoch, through[at]+1)
		}
		if v.Events++; r.kind == kindRejected {
			v.Rejected++
		}
		through[at], head[at] = r.seq, wire.Link(head[at], line)
		return nil
	})
	if err != nil {
		return v, err
	}
	known, err := epochs(ctx, tx)
	if err != nil {
		return v, err
	}
	for at, e := range known {
		if through[at] != e.through || head[at] != e.head {
			return v, damaged("the record of %s, epoch %s, is said to be complete through %d, and is not", at.device, at.epoch, e.through)
		}
	}
	for at := range through {
		if _, ok := known[at]; !ok {
			return v, damaged("the record of %s, epoch %s, is in no table of epochs", at.device, at.epoch)
		}
	}
	v.Epochs = len(known)
	return v, tx.QueryRowContext(ctx, `SELECT count(*) FROM devices`).Scan(&v.Devices)
}

// epoch is how far the record of one epoch has come.
type epoch struct {
	through int64
	head    wire.Hash
	safe    int64
}

func epochs(ctx context.Context, tx *sql.Tx) (map[place]epoch, error) {
	rows, err := tx.QueryContext(ctx, `SELECT device, epoch, through, head, safe FROM epochs`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[place]epoch{}
	for rows.Next() {
		var at place
		var e epoch
		var head []byte
		if err := rows.Scan(&at.device, &at.epoch, &e.through, &head, &e.safe); err != nil {
			return nil, err
		}
		copy(e.head[:], head)
		out[at] = e
	}
	return out, rows.Err()
}

func damaged(format string, args ...any) error {
	return &advisory.Error{Code: advisory.Internal, Err: fmt.Errorf(format, args...),
		Hint: "restore the latest backup into a new data folder; the boxes send again what it lacks"}
}
