package edge

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"jembe/advisory"
	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// wordsKept is how long words are kept; the keep tag of advisory.Event.Words says the same.
const wordsKept = 180 * 24 * time.Hour

// EraseWords erases the words kept with an answer, and their salt: the hash that stays in the event then says nothing; and what was
// sealed for a person. An event tells the hub to do the same. It returns NotFound when there is nothing of either.
func (s *Store) EraseWords(ctx context.Context, answer string) error {
	n, err := s.erase(ctx, func(tx *sql.Tx) (sql.Result, mark, error) {
		result, err := tx.ExecContext(ctx, `UPDATE escalations SET sealed = NULL, refused = 1 WHERE answer = ? AND NOT (sealed IS NULL AND refused = 1)`, answer)
		if err != nil {
			return nil, mark{}, err
		}
		sealed, err := result.RowsAffected()
		if err == nil {
			result, err = tx.ExecContext(ctx, `DELETE FROM words WHERE answer = ?`, answer)
		}
		if err != nil {
			return nil, mark{}, err
		}
		if n, err := result.RowsAffected(); err != nil || n+sealed == 0 {
			return result, mark{}, err
		}
		m, err := s.add(ctx, tx, advisory.Event{Kind: advisory.KindConsent, Answer: answer, Consent: &advisory.Consent{}})
		return driver.RowsAffected(1), m, err
	})
	if err == nil && n == 0 {
		return &advisory.Error{Code: advisory.NotFound, Hint: "no words are kept with that answer"}
	}
	return err
}

// EraseExpired erases the words that have been kept for 180 days, and returns how many there were; and escalations, replies and
// tickets whose time is over. While the clock is known to be wrong nothing is due.
func (s *Store) EraseExpired(ctx context.Context) (int64, error) {
	wall, clock, err := s.Clock(ctx)
	if err != nil || clock == wire.ClockUnknown {
		return 0, err
	}
	if err := errors.Join(s.eraseEscalations(ctx, wall), s.eraseTickets(ctx, wall)); err != nil {
		return 0, err
	}
	return s.erase(ctx, func(tx *sql.Tx) (sql.Result, mark, error) {
		result, err := tx.ExecContext(ctx, `DELETE FROM words WHERE expires_ms <= ?`, wall)
		return result, mark{}, err
	})
}

// Clock gives the wall time, Unix ms, and how far it is to be trusted next to the events.
func (s *Store) Clock(ctx context.Context) (wall int64, trust wire.Clock, err error) {
	at := s.clock()
	var known int64
	err = s.with(ctx, func(db *sqlite.DB) error {
		err := db.Read.QueryRowContext(ctx, `SELECT known_ms FROM events ORDER BY n DESC LIMIT 1`).Scan(&known)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	trust, _ = at.trust(known)
	return at.wall, trust, s.explain(err)
}

// erase commits what do deletes, then empties the write-ahead log, in which the erased text would stay readable.
func (s *Store) erase(ctx context.Context, do func(*sql.Tx) (sql.Result, mark, error)) (n int64, err error) {
	err = s.with(ctx, func(db *sqlite.DB) error {
		tx, err := db.Write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		result, m, err := do(tx)
		if err != nil {
			return fmt.Errorf("erase words: %w", err)
		}
		if n, err = result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		if m != (mark{}) {
			m.advance(s.dir)
		}
		_, err = db.Write.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
		return err
	})
	return n, s.explain(err)
}
