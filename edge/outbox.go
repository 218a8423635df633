package edge

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"slices"

	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// outgoing gives the next lines that the hub is not known to have, at most so many, oldest epoch first; with none, the place after
// the current epoch's end. What lies before ahead, by epoch, is passed over: it is on its way. The header is whole but for what the
// Syncer knows.
func (s *Store) outgoing(ctx context.Context, most int, ahead map[string]int64) (b wire.Batch, err error) {
	err = s.with(ctx, func(db *sqlite.DB) error {
		tx, err := db.Read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // all of it at one moment
		if err != nil {
			return err
		}
		defer tx.Rollback()
		at := s.clock()
		b = wire.Batch{Header: wire.Header{Wall: at.wall, Mono: at.mono}}
		if err := tx.QueryRowContext(ctx, `SELECT device, epoch, boot FROM box`).Scan(&b.Device, &b.Epoch, &b.Boot); err != nil {
			return err
		}
		through, last, err := nextEpoch(ctx, tx, &b, ahead)
		if err != nil {
			return err
		}
		return fillBatch(ctx, tx, &b, through, last, most)
	})
	return b, s.explain(err)
}

// nextEpoch finds the oldest epoch of which lines wait, and gives how far it has come and where it ends; with none the current one's.
func nextEpoch(ctx context.Context, tx *sql.Tx, b *wire.Batch, ahead map[string]int64) (through, last int64, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT e.epoch, coalesce(s.through, 0), max(e.seq) FROM events e LEFT JOIN sent s ON s.epoch = e.epoch
		GROUP BY e.epoch ORDER BY min(e.n)`)
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var epoch string
		var sent, end int64
		if err := rows.Scan(&epoch, &sent, &end); err != nil {
			return 0, 0, err
		}
		sent = max(sent, ahead[epoch])
		if epoch == b.Epoch {
			through, last = sent, end
		}
		if end > sent {
			b.Epoch = epoch
			return sent, end, nil
		}
	}
	return through, last, rows.Err()
}

// fillBatch reads the lines of the batch's epoch that come next.
func fillBatch(ctx context.Context, tx *sql.Tx, b *wire.Batch, through, last int64, most int) error {
	head, known, err := chainAt(ctx, tx, b.Epoch, through)
	if err != nil {
		return err
	}
	if b.First = through + 1; known {
		b.Before = head[:wire.BeforeBytes]
	}
	rows, err := tx.QueryContext(ctx, `SELECT e.body, coalesce(w.words, ''), w.salt FROM events e LEFT JOIN words w ON w.epoch = e.epoch AND w.seq = e.seq
		WHERE e.epoch = ? AND e.seq > ? ORDER BY e.seq LIMIT ?`, b.Epoch, through, most)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var l wire.Line
		if err := rows.Scan(&l.Body, &l.Words, &l.Salt); err != nil {
			return err
		}
		b.Lines = append(b.Lines, l)
	}
	b.Waiting = last - through - int64(len(b.Lines))
	return rows.Err()
}

// chainAt gives the hash of an epoch's chain at a seq; not known where the events on both sides have been deleted.
func chainAt(ctx context.Context, tx *sql.Tx, epoch string, seq int64) (hash wire.Hash, known bool, err error) {
	if seq == 0 {
		return wire.Hash{}, true, nil
	}
	var prev, body []byte
	err = tx.QueryRowContext(ctx, `SELECT prev FROM events WHERE epoch = ? AND seq = ?`, epoch, seq+1).Scan(&prev)
	if err == nil {
		return wire.Hash(prev), true, nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.QueryRowContext(ctx, `SELECT prev, body FROM events WHERE epoch = ? AND seq = ?`, epoch, seq).Scan(&prev, &body)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return wire.Hash{}, false, nil
	}
	if err != nil {
		return wire.Hash{}, false, err
	}
	return wire.Link(wire.Hash(prev), body), true, nil
}

// confirm takes in what the hub said to the batch that began at a place, in one transaction: how far each epoch has come, and the
// order to record again. What a stick brought answers a batch that is not known, the zero place.
func (s *Store) confirm(ctx context.Context, asked place, r wire.Reply) error {
	err := s.with(ctx, func(db *sqlite.DB) error {
		tx, err := db.Write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		var spoke int64
		if err := tx.QueryRowContext(ctx, `SELECT hub_ms FROM line`).Scan(&spoke); err != nil {
			return err
		}
		stale := asked == (place{}) && r.Time <= spoke // a stick may bring what is long out of date
		gone, err := unnamed(ctx, tx, r.Epochs)
		if err != nil {
			return err
		}
		told := slices.Concat(r.Epochs, gone)
		if void, err := void(ctx, tx, r.Begin, stale); err != nil {
			return err
		} else if void {
			told = slices.DeleteFunc(told, func(p wire.Progress) bool { return p.Epoch == r.Begin.Epoch })
			r.Begin = nil
		}
		for _, p := range told {
			begin, err := settleProgress(ctx, tx, p, asked, stale, r.Begin != nil)
			if err != nil {
				return err
			}
			if begin > 0 {
				r.Begin = &wire.Begin{Epoch: p.Epoch, From: begin}
			}
		}
		if at := s.clock(); !stale {
			_, err = tx.ExecContext(ctx, `UPDATE line SET hub_ms = ?, wall_ms = ?, mono_ms = ?, boot_id = ?, trouble = ''`, r.Time, at.wall, at.mono, bootID())
		}
		if err != nil {
			return err
		}
		if r.Begin != nil {
			return s.recordAgain(ctx, tx, *r.Begin)
		}
		return tx.Commit()
	})
	return s.explain(err)
}

// place is where a batch begins.
type place struct {
	epoch string
	seq   int64
}

// unnamed gives the epochs of this device of which the hub had lines, and that its reply does not name: a reply names all that the hub
// has anything of, so it came back from a backup that is older than they are.
func unnamed(ctx context.Context, tx *sql.Tx, named []wire.Progress) ([]wire.Progress, error) {
	rows, err := tx.QueryContext(ctx, `SELECT epoch FROM sent WHERE through > 0
		AND EXISTS (SELECT 1 FROM events e, box WHERE e.epoch = sent.epoch AND e.body ->> 'device' = box.device)`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []wire.Progress
	for rows.Next() {
		p := wire.Progress{Head: make([]byte, wire.BeforeBytes)}
		if err := rows.Scan(&p.Epoch); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(named, func(n wire.Progress) bool { return n.Epoch == p.Epoch }) {
			out = append(out, p)
		}
	}
	return out, rows.Err()
}

// settleProgress moves the cursor of an epoch, backwards too, to where the hub's chain is known to be the box's. Where it is another,
// the box sends again from its oldest line, and the hub finds the place. Where that is no help, or the hub lacks what the box has
// deleted, it gives the seq from which on the box must record again; else 0. Where another order stands already (ordered), it leaves
// such an epoch to the next reply: from a cursor among deleted lines, what is left would go out under their numbers. What is stale
// moves the cursor only on.
func settleProgress(ctx context.Context, tx *sql.Tx, p wire.Progress, asked place, stale, ordered bool) (begin int64, err error) {
	var before, oldest, last int64
	err = tx.QueryRowContext(ctx, `SELECT coalesce((SELECT through FROM sent WHERE epoch = ?1), 0), coalesce(min(seq), 0), coalesce(max(seq), 0)
		FROM events WHERE epoch = ?1`, p.Epoch).Scan(&before, &oldest, &last)
	if err != nil || last == 0 || stale && (p.Again || p.Through < before) {
		return 0, err // with no line it is an epoch that went with a damaged database
	}
	through := before
	if p.Through <= last {
		through = p.Through
	}
	head, known, err := chainAt(ctx, tx, p.Epoch, through)
	switch {
	case err != nil:
		return 0, err
	case p.Again || known && through == p.Through && !bytes.Equal(head[:wire.BeforeBytes], p.Head):
		if through = oldest - 1; asked.epoch == p.Epoch && asked.seq <= oldest {
			begin = oldest
		}
	case oldest > through+1: // it was deleted here, and is gone there
		begin = oldest
	}
	if begin > 0 && ordered {
		return 0, nil
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO sent (epoch, through, safe) VALUES (?1, ?2, ?3) ON CONFLICT (epoch) DO UPDATE SET through = ?2, safe = ?3`,
		p.Epoch, through, min(p.Safe, through))
	return begin, err
}
