package edge

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"golang.org/x/sys/unix"

	"jembe/advisory"
	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// eventsKept is how long an event stays on the box at least, however safe it is at the hub.
const eventsKept = 30 * 24 * time.Hour

// forgotten gives through which seq the events of each epoch were deleted here.
func (s *Store) forgotten(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	err := s.with(ctx, func(db *sqlite.DB) error {
		rows, err := db.Read.QueryContext(ctx, `SELECT epoch, forgotten FROM sent`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var epoch string
			var seq int64
			if err := rows.Scan(&epoch, &seq); err != nil {
				return err
			}
			out[epoch] = seq
		}
		return rows.Err()
	})
	return out, s.explain(err)
}

// forget deletes events that are safe at the hub and older than 30 days, oldest first, and returns how many. While the clock is
// known to be wrong nothing is old. Whose words are still kept stays, and so does the last event: the chain goes on from it.
func (s *Store) forget(ctx context.Context) (n int64, err error) {
	wall, clock, err := s.Clock(ctx)
	if err != nil || clock == wire.ClockUnknown {
		return 0, err
	}
	err = s.with(ctx, func(db *sqlite.DB) error {
		tx, err := db.Write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		result, err := tx.ExecContext(ctx, `DELETE FROM events WHERE n < (SELECT min(keep) FROM (
				SELECT min(e.n) AS keep FROM events e LEFT JOIN sent s ON s.epoch = e.epoch WHERE e.seq > coalesce(s.safe, 0) OR e.known_ms > ?
				UNION ALL SELECT min(e.n) FROM events e JOIN words w ON w.epoch = e.epoch AND w.seq = e.seq
				UNION ALL SELECT max(n) FROM events))`, wall-eventsKept.Milliseconds())
		if err != nil {
			return err
		}
		if n, err = result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE sent SET forgotten = max(forgotten, coalesce((SELECT min(e.seq) - 1 FROM events e WHERE e.epoch = sent.epoch), 0))`)
		if err != nil {
			return err
		}
		return tx.Commit()
	})
	return n, s.explain(err)
}

// Spoken is what the box knows of its line to the office.
type Spoken struct {
	Waiting int64         `json:"waiting"`  // events that the hub is not known to have
	Ever    bool          `json:"spoken"`   // there was a contact
	Before  int64         `json:"spoke_ms"` // since the last contact; -1: never, or the clock does not tell
	Trouble advisory.Code `json:"trouble"`  // what kept the last try from success; "": nothing
}

// Spoken tells when the box last spoke with the hub, and what waits.
func (s *Store) Spoken(ctx context.Context) (Spoken, error) {
	out := Spoken{Before: -1}
	var hub, wall, mono int64
	var boot string
	err := s.with(ctx, func(db *sqlite.DB) error {
		return db.Read.QueryRowContext(ctx, `SELECT hub_ms, wall_ms, mono_ms, boot_id, trouble,
			(SELECT count(*) FROM events e LEFT JOIN sent s ON s.epoch = e.epoch WHERE e.seq > coalesce(s.through, 0)) FROM line`).
			Scan(&hub, &wall, &mono, &boot, &out.Trouble, &out.Waiting)
	})
	now := s.clock()
	out.Ever = hub > 0
	switch {
	case err != nil || hub == 0:
	case boot == bootID() && boot != "":
		out.Before = now.mono - mono
	case now.wall >= wall:
		out.Before = now.wall - wall
	}
	return out, s.explain(err)
}

// carried adds to what the line has carried today, and gives the day's sum. A day is the box's clock's.
func (s *Store) carried(ctx context.Context, bytes int64) (sum int64, err error) {
	day := s.day()
	err = s.with(ctx, func(db *sqlite.DB) error {
		return db.Write.QueryRowContext(ctx, `UPDATE line SET bytes = ?1 + CASE WHEN day = ?2 THEN bytes ELSE 0 END, day = ?2 RETURNING bytes`, bytes, day).Scan(&sum)
	})
	return sum, s.explain(err)
}

// day counts the days since 1970 by the box's clock.
func (s *Store) day() int64 { return s.clock().wall / (24 * time.Hour).Milliseconds() }

// recordHealth records how the box is, unless it has been recorded today.
func (s *Store) recordHealth(ctx context.Context, version string, packs []string) error {
	return s.commit(ctx, func(tx *sql.Tx) (mark, error) {
		h := advisory.Health{Version: version, FreeMB: freeMB(s.dir)}
		err := tx.QueryRowContext(ctx, `UPDATE line SET health_day = ?1 WHERE health_day <> ?1 RETURNING trouble`, s.day()).Scan(&h.Trouble)
		if errors.Is(err, sql.ErrNoRows) {
			return mark{}, nil
		}
		if err != nil {
			return mark{}, err
		}
		return s.add(ctx, tx, advisory.Event{Kind: advisory.KindHealth, Packs: packs, Health: &h})
	})
}

// freeMB gives the room on a folder's disk in MB; 0 where it is not known.
func freeMB(dir string) int64 {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0
	}
	return int64(uint64(st.Bavail) * uint64(st.Bsize) >> 20)
}

// troubled keeps why the hub could not be spoken with.
func (s *Store) troubled(ctx context.Context, code advisory.Code) error {
	return s.explain(s.with(ctx, func(db *sqlite.DB) error {
		_, err := db.Write.ExecContext(ctx, `UPDATE line SET trouble = ?`, code)
		return err
	}))
}
