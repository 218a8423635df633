package edge

import (
	"context"
	"database/sql"
	"time"

	"jembe/advisory"
	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// account is what was asked at this box, what became of it, and what came since: true figures, small ones too, which leave this
// package only as a VillageReport tells them.
type account struct {
	counts    map[string]int64
	words     int64 // questions of which the words are kept at this time
	waiting   int64 // questions that the office is not known to have
	documents []seenDocument
	enrolled  bool
	line      Spoken
	now       time.Time // zero: the clock does not tell
}

// account reads it as it stands at one moment.
func (s *Store) account(ctx context.Context) (a account, err error) {
	m, err := ReadMembership(s.dir)
	if err != nil {
		return a, err
	}
	a.enrolled = m != nil
	wall, trust, err := s.Clock(ctx)
	if err != nil {
		return a, err
	}
	if trust != wire.ClockUnknown {
		a.now = time.UnixMilli(wall)
	}
	if a.line, err = s.Spoken(ctx); err != nil {
		return a, err
	}
	return a, s.explain(s.with(ctx, func(db *sqlite.DB) error {
		if a.documents, err = seenDocuments(ctx, db.Read); err != nil {
			return err
		}
		tx, err := db.Read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if a.counts, err = countsOf(ctx, tx, ""); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM words),
			(SELECT count(*) FROM events e LEFT JOIN sent s ON s.epoch = e.epoch WHERE e.seq > coalesce(s.through, 0) AND e.body ->> 'kind' = ?)`,
			string(advisory.KindQuestion)).Scan(&a.words, &a.waiting)
	}))
}
