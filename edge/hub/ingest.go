package hub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"jembe/advisory"
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
	through, safe int64
	head          wire.Hash
	fresh         bool // there is no row yet
}

// take puts a batch into the record. It writes only what is committed as a whole, and the reply holds only once that is done.
func (h *Hub) take(ctx context.Context, tx *transaction, b *arrival) (wire.Reply, error) {
	now := h.now()
	// The row of the box comes first: on PostgreSQL it keeps other requests of the same box waiting.
	result, err := tx.ExecContext(ctx, `UPDATE devices SET seen_ms = $1, version = $2 WHERE device = $3 AND revoked_ms IS NULL`, now, clean(b.Version), b.Device)
	if err != nil {
		return wire.Reply{}, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return wire.Reply{}, errors.Join(errRevoked, err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO anchors (device, epoch, boot, mono_ms, wall_ms, hub_ms) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (device, epoch, boot) DO UPDATE SET mono_ms = $4, wall_ms = $5, hub_ms = $6`, b.Device, b.Epoch, b.Boot, b.Mono, b.Wall, now)
	if err != nil {
		return wire.Reply{}, err
	}
	r, err := open(ctx, tx, place{b.Device, b.Epoch})
	if err != nil {
		return wire.Reply{}, err
	}
	reply := wire.Reply{Device: b.Device, Time: now}
	fork, err := r.compare(ctx, tx, b, now)
	switch {
	case err != nil:
	case fork > 0:
		reply.Begin = &wire.Begin{Epoch: b.Epoch, From: fork}
		_, err = tx.ExecContext(ctx, `UPDATE epochs SET forked = $1 WHERE device = $2 AND epoch = $3 AND (forked IS NULL OR forked > $1)`, fork, r.device, r.epoch)
	case b.First <= r.through+1:
		err = r.extend(ctx, tx, b, now)
	}
	if err != nil {
		return wire.Reply{}, err
	}
	reply.Epochs, err = progress(ctx, tx, r.place)
	return reply, err
}

func open(ctx context.Context, tx *transaction, at place) (*record, error) {
	r := &record{place: at}
	var head []byte
	err := tx.QueryRowContext(ctx, `SELECT through, safe, head FROM epochs WHERE device = $1 AND epoch = $2`, at.device, at.epoch).Scan(&r.through, &r.safe, &head)
	if errors.Is(err, sql.ErrNoRows) {
		r.fresh = true
		return r, nil
	}
	copy(r.head[:], head)
	return r, err
}

// compare looks for the first place at which the batch and the record differ; 0: none. What differs there is put into quarantine.
//
// A box whose record ends before the hub's, and who has nothing more, has lost what it once sent: what it records next would
// take places that are taken.
func (r *record) compare(ctx context.Context, tx *transaction, b *arrival, now int64) (fork int64, err error) {
	last := b.First + int64(len(b.Lines)) - 1
	if b.First <= r.through && len(b.Lines) > 0 {
		fork, err = r.overlap(ctx, tx, b, now)
	}
	switch {
	case err != nil || fork > 0:
		return fork, err
	case b.First == r.through+1 && len(b.Before) > 0 && !bytes.Equal(b.Before, r.head[:wire.BeforeBytes]):
		return b.First, nil
	case last < r.through && b.Waiting == 0:
		return last + 1, nil
	}
	return 0, nil
}

// overlap compares the lines whose places are taken.
func (r *record) overlap(ctx context.Context, tx *transaction, b *arrival, now int64) (fork int64, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT seq, kind, body FROM events WHERE device = $1 AND epoch = $2 AND seq BETWEEN $3 AND $4 ORDER BY seq`,
		r.device, r.epoch, b.First, b.First+int64(len(b.Lines))-1)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var strange []int
	for rows.Next() {
		var kept row
		if err := rows.Scan(&kept.seq, &kept.kind, &kept.body); err != nil {
			return 0, err
		}
		line, err := kept.line()
		if err != nil {
			return 0, err
		}
		if i := int(kept.seq - b.First); !bytes.Equal(line, b.Lines[i].Body) {
			strange = append(strange, i)
		}
	}
	if err := rows.Err(); err != nil || len(strange) == 0 {
		return 0, err
	}
	rows.Close() // SQLite writes on the same connection
	for _, i := range strange {
		line := b.Lines[i].Body
		sum := sha256.Sum256(line)
		_, err := tx.ExecContext(ctx, `INSERT INTO quarantine (device, epoch, seq, hash, body, found_ms) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
			r.device, r.epoch, b.First+int64(i), sum[:], base64.StdEncoding.EncodeToString(line), now)
		if err != nil {
			return 0, err
		}
	}
	return b.First + int64(strange[0]), nil
}

// extend puts the lines after the record's end to it, and moves the end.
func (r *record) extend(ctx context.Context, tx *transaction, b *arrival, now int64) error {
	fresh := b.rows[min(int64(len(b.rows)), r.through+1-b.First):]
	if len(fresh) == 0 {
		return nil
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
	if err := r.keepWords(ctx, tx, fresh); err != nil {
		return err
	}
	query := `UPDATE epochs SET through = $3, head = $4 WHERE device = $1 AND epoch = $2`
	if r.fresh {
		query = `INSERT INTO epochs (device, epoch, through, head, safe) VALUES ($1, $2, $3, $4, 0)`
	}
	_, err := tx.ExecContext(ctx, query, r.device, r.epoch, r.through, r.head[:])
	return err
}

// entry is a line as it will be kept.
type entry struct {
	line       wire.Line
	seq        int64
	kind, body string
	answer     string // storable, or ""
	withdraws  bool   // takes back the consent to the answer's words
	spoken     bool   // the line's words are the answer's
}

// arrival is a batch with what can be found out before its turn in the record comes.
type arrival struct {
	wire.Batch
	rows []entry
}

func newArrival(b wire.Batch) *arrival {
	a := &arrival{Batch: b}
	for i, l := range b.Lines {
		a.rows = append(a.rows, a.classify(l, b.First+int64(i)))
	}
	return a
}

// classify tells how a line is kept. One that can never be read as this place's event is kept all the same, so that the chain goes
// on over its bytes and it blocks nothing.
func (a *arrival) classify(l wire.Line, seq int64) entry {
	e, err := wire.Parse(l.Body)
	if err != nil || e.Device != a.Device || e.Epoch != a.Epoch || e.Seq != seq || len(l.Body) > maxLine ||
		!storable(string(l.Body)) || bytes.ContainsAny(l.Body, "\r\n") || !kindPattern.MatchString(string(e.Kind)) || e.Kind == kindRejected {
		return entry{line: l, seq: seq, kind: kindRejected, body: base64.StdEncoding.EncodeToString(l.Body)}
	}
	out := entry{line: l, seq: seq, kind: string(e.Kind), body: string(l.Body)}
	if !storable(e.Answer) {
		return out
	}
	out.answer = e.Answer
	out.withdraws = e.Kind == advisory.KindConsent && e.Answer != "" && e.Consent != nil && !e.Consent.Words
	out.spoken = l.Words != "" && storable(l.Words) && e.WordsHash == wire.HashWords(l.Salt, l.Words)
	return out
}

// keepWords keeps the words that go along with lines, in order: what is withdrawn, before or after, goes.
func (r *record) keepWords(ctx context.Context, tx *transaction, lines []entry) error {
	withdrawn, err := r.withdrawn(ctx, tx, lines)
	if err != nil {
		return err
	}
	var words [][]any
	for _, e := range lines {
		if e.withdraws && !withdrawn[e.answer] {
			withdrawn[e.answer] = true
			if _, err := tx.ExecContext(ctx, `DELETE FROM words WHERE device = $1 AND answer = $2`, r.device, e.answer); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO withdrawn (device, answer) VALUES ($1, $2) ON CONFLICT DO NOTHING`, r.device, e.answer); err != nil {
				return err
			}
		}
	}
	for _, e := range lines {
		if e.spoken && !withdrawn[e.answer] {
			words = append(words, []any{r.device, r.epoch, e.seq, e.answer, e.line.Salt, e.line.Words})
		}
	}
	return tx.insert(ctx, `INSERT INTO words (device, epoch, seq, answer, salt, words) VALUES `, ` ON CONFLICT DO NOTHING`, words)
}

// withdrawn gives the answers of a box whose words were withdrawn; it is not asked for where no line speaks of words.
func (r *record) withdrawn(ctx context.Context, tx *transaction, lines []entry) (map[string]bool, error) {
	out := map[string]bool{}
	if !slices.ContainsFunc(lines, func(e entry) bool { return e.spoken || e.withdraws }) {
		return out, nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT answer FROM withdrawn WHERE device = $1`, r.device)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var answer string
		if err := rows.Scan(&answer); err != nil {
			return nil, err
		}
		out[answer] = true
	}
	return out, rows.Err()
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
