package edge

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// Export writes the events as JSON lines in the order in which they were recorded: the canonical bytes of each, without words.
func (s *Store) Export(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	err := s.each(ctx, func(_ wire.Hash, body []byte) error {
		_, err := out.Write(append(body, '\n'))
		return err
	})
	return errors.Join(err, out.Flush())
}

// Verify reads the whole database: SQLite's own check of its pages and indexes, then the chain of each epoch. It takes
// about a second for a hundred megabytes.
func (s *Store) Verify(ctx context.Context) error {
	var verdict string
	err := s.with(ctx, func(db *sqlite.DB) error {
		return db.Read.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict)
	})
	if err != nil {
		return s.explain(err)
	}
	if verdict != "ok" {
		return fmt.Errorf("damaged database: %s", verdict)
	}
	forgotten, err := s.forgotten(ctx)
	if err != nil {
		return err
	}
	var epoch string
	var seq int64
	var hash wire.Hash
	return s.each(ctx, func(prev wire.Hash, body []byte) error {
		e, err := wire.Parse(body)
		if err != nil {
			return err
		}
		if e.Epoch != epoch {
			epoch, seq, hash = e.Epoch, 0, wire.Hash{}
			if e.Seq > 1 && e.Seq <= forgotten[epoch]+1 {
				seq, hash = e.Seq-1, prev
			}
		}
		if e.Seq != seq+1 || prev != hash {
			return fmt.Errorf("the chain of epoch %s breaks at event %d", e.Epoch, seq+1)
		}
		seq, hash = e.Seq, wire.Link(prev, body)
		return nil
	})
}

// each calls do with every event in order, as it stands in the database at one moment.
func (s *Store) each(ctx context.Context, do func(prev wire.Hash, body []byte) error) error {
	err := s.with(ctx, func(db *sqlite.DB) error {
		rows, err := db.Read.QueryContext(ctx, `SELECT prev, body FROM events ORDER BY n`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var prev, body []byte
			if err := rows.Scan(&prev, &body); err != nil {
				return err
			}
			var hash wire.Hash
			copy(hash[:], prev)
			if err := do(hash, body); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	return s.explain(err)
}
