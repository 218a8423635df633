package edge

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"jembe/advisory"
	"jembe/edge/wire"
)

// ForkFound is the cause of a health event: the record of another box, such as a copy of this one's card, stands in this one's
// place at the hub, and what was not confirmed was recorded again.
const ForkFound advisory.Reason = "fork_found"

// void reports whether an order does not hold for this record: it was given before the last contact (stale), or because this box's
// record ended, which by now goes on, or to a twin of this box, whose record is another there. On a stick all three come, and the hub
// may have got what they speak of. What waits goes out as ever, and the hub holds it against what it has.
func void(ctx context.Context, tx *sql.Tx, order *wire.Begin, stale bool) (bool, error) {
	switch {
	case order == nil || stale:
		return order != nil, nil
	case order.Ended:
		var goesOn bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM events WHERE epoch = ? AND seq >= ?)`, order.Epoch, order.From).Scan(&goesOn)
		return goesOn, err
	}
	head, known, err := chainAt(ctx, tx, order.Epoch, order.From)
	return known && len(order.Found) > 0 && !bytes.Equal(head[:wire.BeforeBytes], order.Found), err
}

// recordAgain commits tx with the events of an epoch, from a seq on, in a new epoch instead, which is the current one from then on: at
// the end of another they would stand behind what was recorded later. Times stay as they were.
func (s *Store) recordAgain(ctx context.Context, tx *sql.Tx, order wire.Begin) error {
	var current string
	if err := tx.QueryRowContext(ctx, `SELECT epoch FROM box`).Scan(&current); err != nil {
		return err
	}
	bodies, err := bodiesFrom(ctx, tx, order)
	if err != nil {
		return err
	}
	if len(bodies) == 0 && order.Epoch != current { // nothing more will be recorded there
		return tx.Commit()
	}
	m := mark{epoch: newEpoch()}
	if err := m.announce(s.dir); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE box SET epoch = ?`, m.epoch); err != nil {
		return err
	}
	if _, err := s.add(ctx, tx, advisory.Event{Kind: advisory.KindHealth, Reason: ForkFound}); err != nil {
		return err
	}
	for _, body := range bodies {
		if err := s.moveEvent(ctx, tx, body, m.epoch); err != nil {
			return fmt.Errorf("record again: %w", err)
		}
	}
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM events WHERE epoch = ?`, m.epoch).Scan(&m.seq); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return m.begun(s.dir)
}

func bodiesFrom(ctx context.Context, tx *sql.Tx, order wire.Begin) ([][]byte, error) {
	rows, err := tx.QueryContext(ctx, `SELECT body FROM events WHERE epoch = ? AND seq >= ? ORDER BY seq`, order.Epoch, order.From)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][]byte
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		out = append(out, body)
	}
	return out, rows.Err()
}

// moveEvent puts an event, with its words, at the end of the record as one of another epoch.
func (s *Store) moveEvent(ctx context.Context, tx *sql.Tx, body []byte, epoch string) error {
	e, err := wire.Parse(body)
	if err != nil {
		return err
	}
	was := e
	e.Epoch = epoch
	prev, known, err := s.last(ctx, tx, &e)
	if err != nil {
		return err
	}
	if body, err = wire.Canonical(e); err != nil {
		return err
	}
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO events (epoch, seq, prev, known_ms, body) VALUES (?, ?, ?, ?, ?)`, []any{e.Epoch, e.Seq, prev[:], known, string(body)}},
		{`UPDATE words SET epoch = ?, seq = ? WHERE epoch = ? AND seq = ?`, []any{e.Epoch, e.Seq, was.Epoch, was.Seq}},
		{`DELETE FROM events WHERE epoch = ? AND seq = ?`, []any{was.Epoch, was.Seq}},
	} {
		if _, err := tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return err
		}
	}
	return nil
}
