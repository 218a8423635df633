package hub

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// The dimensions by which questions are counted.
const (
	byAll     = "all"
	byLang    = "lang"
	byOutcome = "outcome"
	byReason  = "reason" // of what was not answered
	byChannel = "channel"
	byGender  = "gender"
	byDevice  = "device" // becomes the village when it is read
	byDay     = "day"
	byConcept = "concept"
	bySession = "session" // visits: the times that somebody came
)

// tallyEvery is how long an event may wait to be counted.
const tallyEvery = 15 * time.Second

// Most events and boxes of one transaction, so that taking in never waits long for counting.
const (
	tallyEvents = 5000
	tallyPlaces = 200
)

// cell is a place in the tables of counts; device "": of all boxes together.
type cell struct{ device, month, dimension, value string }

// counts of a cell.
type counts struct{ asked, gaps int64 }

// tally counts a number of events before they go into the table together.
type tally struct {
	now        time.Time
	cells      map[cell]*counts
	through    map[place][2]int64 // from, to
	unanswered []unanswered
	visits     map[visitAt]firstQuestion
	events     int
	anchors    map[int64]anchor // of the record being read, by boot
}

// anchor is what the clocks of a box and of the hub said at one moment.
type anchor struct{ mono, hub int64 }

// visitAt is a session of a box; its first question among those that are counted says when it was.
type visitAt struct{ device, session string }

type firstQuestion struct {
	place
	seq   int64
	month string
}

type unanswered struct {
	place
	seq                 int64
	day, lang, concepts string
}

// keepCounting counts what comes in until the context ends.
func (h *Hub) keepCounting(ctx context.Context) {
	for {
		if _, err := h.Count(ctx); err != nil && ctx.Err() == nil {
			h.Log.Error("count the events", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(tallyEvery):
		}
	}
}

// Count brings the figures up to date and gives how many events it counted. Each is counted once, whenever the program ends.
func (h *Hub) Count(ctx context.Context) (events int, err error) {
	if err := h.forgetBrokenCounts(ctx); err != nil {
		return 0, fmt.Errorf("counts: %w", err)
	}
	for {
		t := &tally{now: h.clock(), cells: map[cell]*counts{}, through: map[place][2]int64{}, visits: map[visitAt]firstQuestion{}}
		if err := t.gather(ctx, h.db.Read); err != nil {
			return events, fmt.Errorf("counts: %w", err)
		}
		if len(t.through) == 0 {
			return events, nil
		}
		if err := t.save(ctx, h.db.Write); err != nil {
			return events, fmt.Errorf("counts: %w", err)
		}
		events += t.events
	}
}

// forgetBrokenCounts begins anew when more was counted than there is: the hub came back from an older backup.
func (h *Hub) forgetBrokenCounts(ctx context.Context) error {
	var n int
	err := h.db.Read.QueryRowContext(ctx, `SELECT count(*) FROM tallied t LEFT JOIN epochs e ON e.device = t.device AND e.epoch = t.epoch
		WHERE e.through IS NULL OR e.through < t.through`).Scan(&n)
	if err != nil || n == 0 {
		return err
	}
	tx, err := h.db.Write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, table := range []string{"tally", "tally_boxes", "tallied", "tallied_sessions", "unanswered"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// gather counts events of records that have grown, as many as one transaction may hold.
func (t *tally) gather(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, `SELECT e.device, e.epoch, COALESCE(t.through, 0) FROM epochs e
		LEFT JOIN tallied t ON t.device = e.device AND t.epoch = e.epoch
		WHERE e.through > COALESCE(t.through, 0) ORDER BY e.device, e.epoch LIMIT $1`, tallyPlaces)
	if err != nil {
		return err
	}
	defer rows.Close()
	var grown []place
	for rows.Next() {
		var at place
		var from int64
		if err := rows.Scan(&at.device, &at.epoch, &from); err != nil {
			return err
		}
		grown = append(grown, at)
		t.through[at] = [2]int64{from, from}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, at := range grown {
		if t.events >= tallyEvents {
			delete(t.through, at)
			continue
		}
		if err := t.read(ctx, db, at); err != nil {
			return err
		}
	}
	return nil
}

func (t *tally) read(ctx context.Context, db *sql.DB, at place) error {
	from := t.through[at][0]
	if err := t.readAnchors(ctx, db, at); err != nil {
		return err
	}
	rows, err := db.QueryContext(ctx, `SELECT seq, kind, body FROM events WHERE device = $1 AND epoch = $2 AND seq > $3 ORDER BY seq LIMIT $4`,
		at.device, at.epoch, from, tallyEvents)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var kind string
		var body []byte
		if err := rows.Scan(&seq, &kind, &body); err != nil {
			return err
		}
		t.through[at] = [2]int64{from, seq}
		t.events++
		if kind != string(advisory.KindQuestion) {
			continue
		}
		if e, err := wire.Parse(body); err == nil { // it was read when it came in; what cannot be read now must not stop the rest
			t.question(at, e)
		}
	}
	if t.through[at][1] == from {
		delete(t.through, at)
	}
	return rows.Err()
}

func (t *tally) readAnchors(ctx context.Context, db *sql.DB, at place) error {
	t.anchors = map[int64]anchor{}
	rows, err := db.QueryContext(ctx, `SELECT boot, mono_ms, hub_ms FROM anchors WHERE device = $1 AND epoch = $2`, at.device, at.epoch)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var boot int64
		var a anchor
		if err := rows.Scan(&boot, &a.mono, &a.hub); err != nil {
			return err
		}
		t.anchors[boot] = a
	}
	return rows.Err()
}

// save adds the counts to the table, together with how far they go.
func (t *tally) save(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for at, n := range t.through {
		res, err := tx.ExecContext(ctx, `INSERT INTO tallied (device, epoch, through) VALUES ($1, $2, $3)
			ON CONFLICT (device, epoch) DO UPDATE SET through = excluded.through WHERE tallied.through = $4`, at.device, at.epoch, n[1], n[0])
		if err := oneRow(res, err, errors.New("another program counts these events too")); err != nil {
			return err
		}
	}
	prepared := preparing(tx)
	if err := t.saveVisits(ctx, prepared); err != nil {
		return err
	}
	for key, n := range t.cells {
		if err := key.add(ctx, prepared, *n); err != nil {
			return err
		}
	}
	for _, u := range t.unanswered {
		if _, err := tx.ExecContext(ctx, `INSERT INTO unanswered (device, epoch, seq, day, lang, concepts) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (device, epoch, seq) DO NOTHING`, u.device, u.epoch, u.seq, u.day, u.lang, u.concepts); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// add adds counts to the table of all boxes, or to that of one.
func (c cell) add(ctx context.Context, tx *transaction, n counts) error {
	if c.device == "" {
		_, err := tx.ExecContext(ctx, `INSERT INTO tally (month, dimension, value, asked, gaps) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (month, dimension, value) DO UPDATE SET asked = tally.asked + excluded.asked, gaps = tally.gaps + excluded.gaps`,
			c.month, c.dimension, c.value, n.asked, n.gaps)
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO tally_boxes (device, month, dimension, value, asked, gaps) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (device, month, dimension, value) DO UPDATE SET asked = tally_boxes.asked + excluded.asked, gaps = tally_boxes.gaps + excluded.gaps`,
		c.device, c.month, c.dimension, c.value, n.asked, n.gaps)
	return err
}

// saveVisits counts the visits that were not counted before.
func (t *tally) saveVisits(ctx context.Context, tx *transaction) error {
	for v, first := range t.visits {
		res, err := tx.ExecContext(ctx, `INSERT INTO tallied_sessions (device, session, epoch, seq) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			v.device, v.session, first.epoch, first.seq)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n > 0 {
			t.count(v.device, first.month, bySession, "", false)
		}
	}
	return nil
}
