package hub

import (
	"context"
	"crypto/sha256"
	"slices"

	"jembe/edge/wire"
)

// kindRepeated is the kind of a row whose event the hub has in another epoch of the same box, where it counts. Its body is the line as
// it came, so that the chain goes on.
//
// A box records again what stands in the place of another record, and a copy of its card does the same with what is on both. A hub that
// came back from a backup may get the one in its first place, and the other where it was recorded again.
const kindRepeated = "repeated"

// findRepeated gives lines with those marked whose event is known from another epoch, and keeps that the others are known from here on.
// Events are the same when all but their place is: times to the millisecond, and the answer's random id. Of a box with one epoch
// nothing is looked up or kept.
func (r *record) findRepeated(ctx context.Context, tx *transaction, lines []entry) ([]entry, error) {
	var others bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM epochs WHERE device = $1 AND epoch <> $2)`, r.device, r.epoch).Scan(&others)
	if err != nil || !others {
		return lines, err
	}
	if err := r.learnKnown(ctx, tx); err != nil {
		return nil, err
	}
	lines = slices.Clone(lines) // the batch may be taken anew, in another transaction
	for i, e := range lines {
		if e.kind == kindRejected {
			continue
		}
		result, err := tx.ExecContext(ctx, `INSERT INTO known (device, content, epoch) VALUES ($1, $2, $3)
			ON CONFLICT (device, content) DO UPDATE SET epoch = excluded.epoch WHERE known.epoch = excluded.epoch`,
			r.device, contentOf(r.place, e.seq, e.line.Body), r.epoch)
		if err != nil {
			return nil, err
		}
		if n, err := result.RowsAffected(); err != nil {
			return nil, err
		} else if n == 0 {
			lines[i] = entry{line: e.line, seq: e.seq, kind: kindRepeated, body: e.body}
		}
	}
	return lines, nil
}

// learnKnown takes in what a box has sent before its second epoch began.
func (r *record) learnKnown(ctx context.Context, tx *transaction) error {
	var learnt bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM known WHERE device = $1)`, r.device).Scan(&learnt)
	if err != nil || learnt {
		return err
	}
	rows, err := tx.QueryContext(ctx, `SELECT epoch, seq, body FROM events WHERE device = $1 AND kind <> $2 ORDER BY epoch, seq`, r.device, kindRejected)
	if err != nil {
		return err
	}
	defer rows.Close()
	var known [][]any
	for rows.Next() {
		at := place{device: r.device}
		var seq int64
		var body []byte
		if err := rows.Scan(&at.epoch, &seq, &body); err != nil {
			return err
		}
		known = append(known, []any{r.device, contentOf(at, seq, body), at.epoch})
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close() // SQLite writes on the same connection
	return tx.insert(ctx, `INSERT INTO known (device, content, epoch) VALUES `, ` ON CONFLICT DO NOTHING`, known)
}

func contentOf(at place, seq int64, line []byte) []byte {
	sum := sha256.Sum256(wire.Content(at.device, at.epoch, seq, line))
	return sum[:16]
}
