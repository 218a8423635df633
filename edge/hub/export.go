package hub

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
)

// kindRejected is the kind of a row whose line can never be read as an event; its body is the raw bytes in base64.
const kindRejected = "rejected"

// Export writes the events as JSON lines by device, epoch and seq: the canonical bytes of each, as the box made them. A line that
// could never be read stands there as its device, epoch, seq and kind "rejected", and one whose event counts elsewhere with kind
// "repeated", so that nothing seems to be missing.
func (h *Hub) Export(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	err := h.db.snapshot(ctx, func(tx *sql.Tx) error {
		return each(ctx, tx, func(r row) error {
			body := r.body
			if r.kind == kindRejected || r.kind == kindRepeated {
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
