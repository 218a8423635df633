package edge

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"os"
	"sync"

	"jembe/advisory"
	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store keeps the box's events, and the words that farmers allow to be kept, in <data>/jembe.db. It is an
// advisory.Recorder, for any number of goroutines and processes at once. A Store that cannot open its database tries again
// at each call: answering goes on meanwhile.
type Store struct {
	dir   string
	clock func() moment // a test may stand in for the machine's clocks

	mu      sync.RWMutex // held for reading while the database is used
	db      *sqlite.DB   // nil: not open
	use     *os.File     // the key file, locked (shared) as long as db is open
	ballast bool         // stands
	aside   string       // where a damaged database was moved; "" if none was
}

// OpenStore gives the Store of a data folder, which is made when there is none. What is wrong with it is told at once, as an
// *advisory.Error with a hint (DiskFull; Internal for a folder that cannot be written); the Store comes along all the same,
// and opens as soon as it can.
func OpenStore(ctx context.Context, dir string) (*Store, error) {
	s := &Store{dir: dir, clock: now}
	return s, s.Check(ctx)
}

// Check reports whether events can be kept now, opening the database if need be; errors as of OpenStore.
func (s *Store) Check(ctx context.Context) error {
	return s.explain(s.with(ctx, func(*sqlite.DB) error { return nil }))
}

// Close closes the database. A later call opens it again.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shut()
}

// MovedAside gives the path to which a damaged database was moved since the Store was made; "" if none was.
func (s *Store) MovedAside() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.aside
}

// Record commits the event to the disk before it returns nil. Words go into a record of their own, redacted, and only with
// the event's consent. Errors are *advisory.Error with a hint: DiskFull, Busy, Internal.
func (s *Store) Record(ctx context.Context, e advisory.Event) error {
	return s.commit(ctx, func(tx *sql.Tx) (mark, error) { return s.add(ctx, tx, e) })
}

// commit keeps an event that do adds, with whatever else it writes, and moves the mark to it. The zero mark means that there was
// nothing to add: then nothing is kept. Errors as of Record.
func (s *Store) commit(ctx context.Context, do func(tx *sql.Tx) (mark, error)) error {
	return s.explain(s.with(ctx, func(db *sqlite.DB) error {
		tx, err := db.Write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		m, err := do(tx)
		if err != nil || m == (mark{}) {
			return err
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		m.advance(s.dir)
		return nil
	}))
}

// add puts the event at the end of the chain.
func (s *Store) add(ctx context.Context, tx *sql.Tx, e advisory.Event) (mark, error) {
	w := wire.Event{Event: e}
	if err := tx.QueryRowContext(ctx, `SELECT device, epoch, boot FROM box`).Scan(&w.Device, &w.Epoch, &w.Boot); err != nil {
		return mark{}, fmt.Errorf("read box: %w", err)
	}
	prev, known, err := s.last(ctx, tx, &w)
	if err != nil {
		return mark{}, fmt.Errorf("read last event: %w", err)
	}
	at := s.clock()
	w.Wall, w.Mono = at.wall, at.mono
	w.Clock, known = at.trust(known)
	words, salt := "", make([]byte, wire.SaltBytes)
	if e.Words != "" && e.Consent != nil && e.Consent.Words {
		rand.Read(salt) // never fails
		words = Redact(e.Words)
		w.WordsHash = wire.HashWords(salt, words)
	}
	body, err := wire.Canonical(w)
	if err == nil {
		err = count(ctx, tx, w)
	}
	if err != nil {
		return mark{}, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO events (epoch, seq, prev, known_ms, body) VALUES (?, ?, ?, ?, ?)`,
		w.Epoch, w.Seq, prev[:], known, string(body))
	if err == nil && words != "" {
		_, err = tx.ExecContext(ctx, `INSERT INTO words (epoch, seq, answer, salt, words, expires_ms) VALUES (?, ?, ?, ?, ?, ?)`,
			w.Epoch, w.Seq, w.Answer, salt, words, known+wordsKept.Milliseconds())
	}
	return mark{w.Epoch, w.Seq}, err
}

// last gives w the number after the last event of its epoch, and returns that event's hash and the latest known time.
func (s *Store) last(ctx context.Context, tx *sql.Tx, w *wire.Event) (hash wire.Hash, known int64, err error) {
	var epoch string
	var seq int64
	var prev, body []byte
	err = tx.QueryRowContext(ctx, `SELECT epoch, seq, prev, known_ms, body FROM events ORDER BY n DESC LIMIT 1`).
		Scan(&epoch, &seq, &prev, &known, &body)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return hash, 0, err
	}
	if w.Seq = 1; epoch == w.Epoch {
		w.Seq = seq + 1
		copy(hash[:], prev)
		hash = wire.Link(hash, body)
	}
	return hash, known, nil
}

// with runs do with the open database. One that turns out to be damaged is moved aside, and do runs again with a new one.
func (s *Store) with(ctx context.Context, do func(*sqlite.DB) error) error {
	err := s.try(ctx, do)
	if !sqlite.IsCorrupt(err) {
		return err
	}
	s.mu.Lock()
	err = errors.Join(s.shut(), s.open(ctx, true))
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return s.try(ctx, do)
}

func (s *Store) try(ctx context.Context, do func(*sqlite.DB) error) error {
	s.mu.RLock()
	if s.db == nil || !s.ballast {
		s.mu.RUnlock()
		s.mu.Lock()
		err := s.open(ctx, false)
		s.mu.Unlock()
		if err != nil {
			return err
		}
		s.mu.RLock()
	}
	defer s.mu.RUnlock()
	if s.db == nil { // closed in between
		return sql.ErrConnDone
	}
	return do(s.db)
}

// explain makes an error of the database one that an operator can act on.
func (s *Store) explain(err error) error {
	known := (*advisory.Error)(nil)
	switch {
	case err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	case isFull(err):
		return &advisory.Error{Code: advisory.DiskFull, Hint: "free some space on the disk that holds " + s.dir, Err: err}
	case sqlite.IsBusy(err):
		return &advisory.Error{Code: advisory.Busy, Hint: "another program keeps the database locked", Err: err}
	case sqlite.IsReadOnly(err) || isReadOnly(err):
		return &advisory.Error{Code: advisory.Internal, Hint: folderHint(s.dir), Err: err}
	}
	return &advisory.Error{Code: advisory.Internal, Hint: "see jembe doctor", Err: err}
}
