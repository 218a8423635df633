package hub

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"jembe/edge/wire"
)

// How long the hub keeps things, by its own clock since they came; what the keep tags of the fields of advisory.Event and wire.Event
// say. What a farmer let go to a person, and the replies to it, are words.
const (
	wordsKept  = 180 * 24 * time.Hour
	eventsKept = 730 * 24 * time.Hour
)

// eraseAtOnce is how many rows of one kind one transaction erases, so that taking in never waits long.
const eraseAtOnce = 1000

// retained is what one round has erased.
type retained struct{ words, said, replies, events, escalations, quarantined int64 }

// String tells the counts for the audit log; "" where nothing was due.
func (r retained) String() string {
	var out []string
	for _, c := range []struct {
		what string
		n    int64
	}{{"words", r.words}, {"said to a person", r.said}, {"replies", r.replies}, {"events", r.events}, {"escalations", r.escalations}, {"quarantined", r.quarantined}} {
		if c.n > 0 {
			out = append(out, fmt.Sprintf("%s %d", c.what, c.n))
		}
	}
	return strings.Join(out, ", ")
}

// retain erases what has been kept for its days. Figures stay: they are counts; what was said of an advice
// goes with its event. The chain of an epoch goes on from the hash of the last
// line that was erased.
func (h *Hub) retain(ctx context.Context) error {
	now := h.now()
	var out retained
	err := h.retainEpochs(ctx, now, &out)
	if err == nil {
		err = h.retainEscalations(ctx, now, &out)
	}
	if told := out.String(); told != "" { // what was erased until it failed is erased
		err = errors.Join(err, h.staff.note(ctx, CommandLine().did("erased by age", told)), h.emptyLog(ctx))
	}
	return err
}

// emptyLog empties the write-ahead log of SQLite, in which the erased text would stay readable.
func (h *Hub) emptyLog(ctx context.Context) error {
	if h.Database != "" {
		return nil
	}
	_, err := h.db.Write.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

// retainEpochs erases words and events, from the oldest on in each epoch. What is not counted yet stays.
func (h *Hub) retainEpochs(ctx context.Context, now int64, out *retained) error {
	rows, err := h.db.Read.QueryContext(ctx, `SELECT e.device, e.epoch, e.erased, e.unsaid, COALESCE(t.through, 0) FROM epochs e
		LEFT JOIN tallied t ON t.device = e.device AND t.epoch = e.epoch WHERE e.through > e.erased ORDER BY e.device, e.epoch`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var all []aging
	for rows.Next() {
		var a aging
		if err := rows.Scan(&a.device, &a.epoch, &a.erased, &a.unsaid, &a.counted); err != nil {
			return err
		}
		all = append(all, a)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, a := range all {
		for _, step := range []func(context.Context, *Hub, int64, *retained) (more bool, err error){a.unsay, a.erase} {
			for more := true; more; {
				if more, err = step(ctx, h, now, out); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// aging is an epoch of which the oldest is erased.
type aging struct {
	place
	erased, unsaid, counted int64 // seq through which
}

// unsay erases words that are due among the next lines.
func (a *aging) unsay(ctx context.Context, h *Hub, now int64, out *retained) (more bool, err error) {
	from := max(a.unsaid, a.erased)
	due, more, err := h.due(ctx, a.place, from, now-wordsKept.Milliseconds())
	if err != nil || len(due) == 0 {
		return false, err
	}
	to := due[len(due)-1].seq
	err = h.db.write(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE epochs SET unsaid = $1 WHERE device = $2 AND epoch = $3 AND unsaid = $4`, to, a.device, a.epoch, a.unsaid)
		if err := oneRow(res, err, errOtherUpkeep); err != nil {
			return err
		}
		if err := between(ctx, tx, `DELETE FROM words`, a.place, from, to, &out.words); err != nil {
			return err
		}
		return between(ctx, tx, `DELETE FROM unanswered`, a.place, from, to, new(int64))
	})
	a.unsaid = to
	return more, err
}

// erase erases events that are due and counted among the next lines, and keeps the hash of the chain there.
func (a *aging) erase(ctx context.Context, h *Hub, now int64, out *retained) (more bool, err error) {
	due, more, err := h.due(ctx, a.place, a.erased, now-eventsKept.Milliseconds())
	for n := len(due); n > 0 && due[n-1].seq > a.counted; n-- {
		due, more = due[:n-1], false
	}
	if err != nil || len(due) == 0 {
		return false, err
	}
	to := due[len(due)-1].seq
	err = h.db.write(ctx, func(tx *sql.Tx) error {
		var head []byte
		if err := tx.QueryRowContext(ctx, `SELECT erased_head FROM epochs WHERE device = $1 AND epoch = $2`, a.device, a.epoch).Scan(&head); err != nil {
			return err
		}
		var hash wire.Hash
		copy(hash[:], head)
		for _, r := range due {
			line, err := r.line()
			if err != nil {
				return err
			}
			hash = wire.Link(hash, line)
		}
		res, err := tx.ExecContext(ctx, `UPDATE epochs SET erased = $1, erased_head = $2 WHERE device = $3 AND epoch = $4 AND erased = $5`,
			to, hash[:], a.device, a.epoch, a.erased)
		if err := oneRow(res, err, errOtherUpkeep); err != nil {
			return err
		}
		if err := between(ctx, tx, `DELETE FROM events`, a.place, a.erased, to, &out.events); err != nil {
			return err
		}
		return errors.Join(between(ctx, tx, `DELETE FROM tallied_sessions`, a.place, a.erased, to, new(int64)),
			between(ctx, tx, `DELETE FROM followups`, a.place, a.erased, to, new(int64)))
	})
	a.erased = to
	return more, err
}

var errOtherUpkeep = errors.New("another program erases here too")

// between carries out a DELETE on the rows of an epoch after from up to and with to, and adds their number.
func between(ctx context.Context, tx *sql.Tx, delete string, at place, from, to int64, n *int64) error {
	res, err := tx.ExecContext(ctx, delete+` WHERE device = $1 AND epoch = $2 AND seq > $3 AND seq <= $4`, at.device, at.epoch, from, to)
	if err != nil {
		return err
	}
	gone, err := res.RowsAffected()
	*n += gone
	return err
}

// due gives the next lines of an epoch after from that came before a time, as many as one transaction erases; more may follow.
func (h *Hub) due(ctx context.Context, at place, from, before int64) (out []row, more bool, err error) {
	rows, err := h.db.Read.QueryContext(ctx, `SELECT seq, kind, body, received_ms FROM events WHERE device = $1 AND epoch = $2 AND seq > $3 ORDER BY seq LIMIT $4`,
		at.device, at.epoch, from, eraseAtOnce)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		r := row{device: at.device, epoch: at.epoch}
		var received int64
		if err := rows.Scan(&r.seq, &r.kind, &r.body, &received); err != nil {
			return nil, false, err
		}
		if received >= before {
			return out, false, nil
		}
		out = append(out, r)
	}
	return out, len(out) == eraseAtOnce, rows.Err()
}

// retainEscalations erases what farmers let go to a person and what was replied, later that there was a question at all, and evidence.
func (h *Hub) retainEscalations(ctx context.Context, now int64, out *retained) error {
	said, all := now-wordsKept.Milliseconds(), now-eventsKept.Milliseconds()
	for _, step := range []struct {
		query string // of the time before which it is due, and how many rows
		due   int64
		n     *int64
	}{
		{fmt.Sprintf(`UPDATE escalations SET erased_ms = %d, expired = 1 WHERE (device, id) IN
			(SELECT device, id FROM escalations WHERE came_ms < $1 AND erased_ms IS NULL LIMIT $2)`, now), said, &out.said},
		{`DELETE FROM escalation_parts WHERE (device, id, at) IN (SELECT p.device, p.id, p.at FROM escalations e
			JOIN escalation_parts p ON p.device = e.device AND p.id = e.id WHERE e.came_ms < $1 LIMIT $2)`, said, new(int64)},
		{`DELETE FROM escalation_replies WHERE id IN (SELECT id FROM escalation_replies WHERE at_ms < $1 LIMIT $2)`, said, &out.replies},
		{`DELETE FROM escalations WHERE (device, id) IN (SELECT device, id FROM escalations WHERE came_ms < $1 LIMIT $2)`, all, &out.escalations},
		{`DELETE FROM quarantine WHERE (device, epoch, seq, hash) IN (SELECT device, epoch, seq, hash FROM quarantine WHERE found_ms < $1 LIMIT $2)`, all, &out.quarantined},
	} {
		for n := int64(eraseAtOnce); n == eraseAtOnce; *step.n += n {
			res, err := h.db.Write.ExecContext(ctx, step.query, step.due, eraseAtOnce)
			if err != nil {
				return err
			}
			if n, err = res.RowsAffected(); err != nil {
				return err
			}
		}
	}
	return nil
}
