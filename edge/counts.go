package edge

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"jembe/advisory"
	"jembe/edge/wire"
)

// The names of what is counted.
const (
	countEvents    = "events" // all: where there is none of it nothing was counted yet
	countQuestions = "questions"
	countSpoken    = "spoken" // questions asked by voice
	countAnswered  = "answered"
	countGaps      = "gaps"      // questions without an answer, see advisory.Event.Gap
	countGap       = "gap/"      // and the concept of such a question
	countHelped    = "helped"    // answers of which the last rating says so
	countUnhelpful = "unhelpful" // the others that were rated
	countPersons   = "persons"   // times that a person was asked for
	countReplies   = "replies"   // of persons
	countSince     = "since_ms"  // no count: Unix ms of the first question; 0: the clock did not tell
)

// counting is what events add to the counts.
type counting map[string]int64

// add counts an event; before is how its answer was rated before it.
func (c counting) add(e wire.Event, before advisory.Rating) {
	c[countEvents]++
	switch e.Kind {
	case advisory.KindQuestion:
		c.question(e)
	case advisory.KindEscalation:
		c[countPersons]++
	case advisory.KindRating:
		c[ratingCounts[e.Rating]]++
		if before != "" {
			c[ratingCounts[before]]--
		}
	}
}

func (c counting) question(e wire.Event) {
	if _, known := c[countSince]; !known {
		c[countSince] = 0
		if e.Clock != wire.ClockUnknown {
			c[countSince] = e.Wall
		}
	}
	c[countQuestions]++
	if e.Channel == advisory.ByVoice {
		c[countSpoken]++
	}
	if e.Outcome == advisory.Answered {
		c[countAnswered]++
	}
	if !e.Gap() {
		return
	}
	c[countGaps]++
	for _, concept := range slices.Compact(slices.Sorted(slices.Values(e.Concepts))) {
		c[countGap+concept]++
	}
}

var ratingCounts = map[advisory.Rating]string{advisory.ThumbUp: countHelped, advisory.ThumbDown: countUnhelpful}

// keep adds these to the counts on the disk. When the first question was asked stays as it is.
func (c counting) keep(ctx context.Context, tx *sql.Tx) error {
	for name, n := range c {
		if n == 0 && name != countSince {
			continue
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO counts (name, n) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET n = n + excluded.n WHERE name <> ?3`, name, n, countSince)
		if err != nil {
			return fmt.Errorf("count %s: %w", name, err)
		}
	}
	return nil
}

// count counts an event that is about to be put at the end of the chain. One that is recorded again (fork.go) was counted before.
func count(ctx context.Context, tx *sql.Tx, e wire.Event) error {
	c, before := counting{}, advisory.Rating("")
	if e.Kind == advisory.KindRating {
		var err error
		if before, err = ratingBefore(ctx, tx, e.Answer); err != nil {
			return err
		}
	}
	c.add(e, before)
	return c.keep(ctx, tx)
}

// ratingBefore gives how an answer was rated last; "" where it was not. Only the latest few answers can be rated, so that of a long
// record the end is looked through.
func ratingBefore(ctx context.Context, tx *sql.Tx, answer string) (r advisory.Rating, err error) {
	err = tx.QueryRowContext(ctx, `SELECT body ->> 'rating' FROM events WHERE n > (SELECT max(n) FROM events) - 1000
		AND body ->> 'kind' = ? AND body ->> 'answer' = ? ORDER BY n DESC LIMIT 1`, string(advisory.KindRating), answer).Scan(&r)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return r, err
}

// countPast counts the events of a record that is older than the counts.
func countPast(ctx context.Context, tx *sql.Tx) error {
	var due bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM events) AND NOT EXISTS (SELECT 1 FROM counts WHERE name = ?)`, countEvents).Scan(&due)
	if err != nil || !due {
		return err
	}
	var replies int64
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM replies`).Scan(&replies); err != nil {
		return err
	}
	c := counting{countReplies: replies}
	rows, err := tx.QueryContext(ctx, `SELECT body FROM events ORDER BY n`)
	if err != nil {
		return err
	}
	defer rows.Close()
	ratings := map[string]advisory.Rating{}
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return err
		}
		e, err := wire.Parse(body)
		if err != nil {
			return err
		}
		c.add(e, ratings[e.Answer])
		if e.Kind == advisory.KindRating {
			ratings[e.Answer] = e.Rating
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return c.keep(ctx, tx)
}
