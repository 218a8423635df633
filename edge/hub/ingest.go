package hub

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"jembe/edge/wire"
)

var (
	epochPattern = regexp.MustCompile(`^[a-z2-7]{8}$`)
	kindPattern  = regexp.MustCompile(`^[a-z_]{1,32}$`)
)

// maxLine is the longest line that can be an event, in bytes.
const maxLine = 64 << 10

// record is an epoch of a box in a transaction.
type record struct {
	place
	extent
	fresh bool // there is no row yet
}

// take puts a batch into the record. It writes only what is committed as a whole, and the reply holds only once that is done.
func (h *Hub) take(ctx context.Context, tx *transaction, b *arrival) (wire.Reply, error) {
	now := h.now()
	if err := greet(ctx, tx, b, now); err != nil {
		return wire.Reply{}, err
	}
	reply := wire.Reply{Device: b.Device, Time: now}
	if err := acknowledge(ctx, tx, b.Header, &reply); err != nil {
		return wire.Reply{}, err
	}
	r, err := open(ctx, tx, place{b.Device, b.Epoch})
	if err != nil {
		return wire.Reply{}, err
	}
	verdict, err := r.judge(ctx, tx, b, now)
	if err == nil && verdict == (judgement{}) && b.First <= r.through+1 {
		err = r.extend(ctx, tx, b, now)
	}
	if err != nil {
		return wire.Reply{}, err
	}
	if err := answerEscalations(ctx, tx, b.Header, &reply); err != nil {
		return wire.Reply{}, err
	}
	return reply, r.tell(ctx, tx, b, verdict, &reply)
}

// tell puts into the reply how far each epoch has come, and what comes of holding the batch against the record.
func (r *record) tell(ctx context.Context, tx *transaction, b *arrival, verdict judgement, reply *wire.Reply) (err error) {
	if verdict.fork > 0 {
		reply.Begin = &wire.Begin{Epoch: b.Epoch, From: verdict.fork, Ended: verdict.ended}
		if !verdict.ended && !verdict.erased {
			reply.Begin.Found = b.headAt(verdict.fork)
		}
	}
	if reply.Epochs, err = progress(ctx, tx, r.place); err != nil {
		return err
	}
	p := &reply.Epochs[0]
	if verdict.erased {
		p.Through, p.Head = r.erased, r.erasedHead[:wire.BeforeBytes]
		return nil
	}
	alike := b.last()
	if verdict.fork > 0 {
		alike = verdict.fork - 1
	}
	if p.Again = verdict.again; !p.Again && alike < p.Through { // the box learns of no more than was compared
		p.Through, p.Head = alike, b.headAt(alike)
	}
	return nil
}

// greet keeps the contact of a box that is in service. A request that comes again says nothing new of the box, nor of its clocks. What
// the clocks said when a stick was written is not known by the hub's own: a time that is not known is better than a wrong one.
func greet(ctx context.Context, tx *transaction, b *arrival, now int64) error {
	// The row of the box comes first: on PostgreSQL it keeps other requests of the same box waiting.
	result, err := tx.ExecContext(ctx, `UPDATE devices SET device = device WHERE device = $1 AND revoked_ms IS NULL`, b.Device)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(errRevoked, err)
	}
	if b.late {
		return nil
	}
	result, err = tx.ExecContext(ctx, `INSERT INTO anchors (device, epoch, boot, mono_ms, wall_ms, hub_ms) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (device, epoch, boot) DO UPDATE SET mono_ms = $4, wall_ms = $5, hub_ms = $6 WHERE anchors.mono_ms < $4`,
		b.Device, b.Epoch, b.Boot, b.Mono, b.Wall, now)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return seen(ctx, tx, b, now)
}

// seen keeps that the box was heard of.
func seen(ctx context.Context, tx *transaction, b *arrival, now int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE devices SET seen_ms = $1, version = $2 WHERE device = $3`, now, clean(b.Version), b.Device)
	return err
}

func open(ctx context.Context, tx *transaction, at place) (*record, error) {
	r := &record{place: at}
	var head, erasedHead []byte
	err := tx.QueryRowContext(ctx, `SELECT through, head, erased, erased_head FROM epochs WHERE device = $1 AND epoch = $2`, at.device, at.epoch).
		Scan(&r.through, &head, &r.erased, &erasedHead)
	if errors.Is(err, sql.ErrNoRows) {
		r.fresh = true
		return r, nil
	}
	copy(r.head[:], head)
	copy(r.erasedHead[:], erasedHead)
	return r, err
}

// extend puts the lines after the record's end to it, and moves the end.
func (r *record) extend(ctx context.Context, tx *transaction, b *arrival, now int64) error {
	fresh := b.rows[min(int64(len(b.rows)), r.through+1-b.First):]
	if len(fresh) == 0 {
		return nil
	}
	if b.late {
		if err := seen(ctx, tx, b, now); err != nil {
			return err
		}
	}
	fresh, err := r.findRepeated(ctx, tx, fresh)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, e := range fresh {
		r.through++
		r.head = wire.Link(r.head, e.line.Body)
		rows = append(rows, []any{r.device, r.epoch, r.through, e.kind, e.body, now})
	}
	if err := tx.insert(ctx, `INSERT INTO events (device, epoch, seq, kind, body, received_ms) VALUES `, "", rows); err != nil {
		return err
	}
	if err := r.keepWords(ctx, tx, fresh, now); err != nil {
		return err
	}
	if err := r.noteHeard(ctx, tx, fresh, now); err != nil {
		return err
	}
	if err := r.noteWords(ctx, tx, fresh, now); err != nil {
		return err
	}
	query := `UPDATE epochs SET through = $3, head = $4 WHERE device = $1 AND epoch = $2`
	if r.fresh {
		query = `INSERT INTO epochs (device, epoch, through, head, safe) VALUES ($1, $2, $3, $4, 0)`
	}
	_, err = tx.ExecContext(ctx, query, r.device, r.epoch, r.through, r.head[:])
	return err
}

// progress tells how far each epoch of a box has come, the one asked for first.
func progress(ctx context.Context, tx *transaction, at place) ([]wire.Progress, error) {
	rows, err := tx.QueryContext(ctx, `SELECT epoch, through, safe, head FROM epochs WHERE device = $1 ORDER BY CASE WHEN epoch = $2 THEN 0 ELSE 1 END, epoch`, at.device, at.epoch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []wire.Progress
	for rows.Next() {
		var p wire.Progress
		if err := rows.Scan(&p.Epoch, &p.Through, &p.Safe, &p.Head); err != nil {
			return nil, err
		}
		p.Head = p.Head[:wire.BeforeBytes]
		out = append(out, p)
	}
	if len(out) == 0 || out[0].Epoch != at.epoch {
		out = append([]wire.Progress{{Epoch: at.epoch, Head: make([]byte, wire.BeforeBytes)}}, out...)
	}
	return out, rows.Err()
}

// storable reports whether both databases can hold a text.
func storable(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// clean makes what a box says of itself fit for the tables and pages.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s[:min(len(s), 64)], ""))
}
