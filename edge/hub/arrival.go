package hub

import (
	"bytes"
	"context"
	"encoding/base64"
	"slices"

	"jembe/advisory"
	"jembe/edge/wire"
)

// entry is a line as it will be kept.
type entry struct {
	line       wire.Line
	seq        int64
	kind, body string
	answer     string // storable, or ""
	heard      bool   // a person's reply after the answer was heard
	withdraws  bool   // takes back the consent to the answer's words
	spoken     bool   // the line's words are the answer's

	word *advisory.WordChange // nil: it tells of none
}

// arrival is a batch with what can be found out before its turn in the record comes.
type arrival struct {
	wire.Batch
	rows []entry
	head wire.Hash // of the chain before the first line
	late bool      // it was written before it came, nobody knows how long: a stick
}

// last is the seq of the last line; with none, of the one before the first.
func (a *arrival) last() int64 { return a.First + int64(len(a.Lines)) - 1 }

// headAt gives the first bytes of the chain's hash at a seq, from the one before the first line to the last.
func (a *arrival) headAt(seq int64) []byte {
	head := a.head
	for _, l := range a.Lines[:seq-a.First+1] {
		head = wire.Link(head, l.Body)
	}
	return head[:wire.BeforeBytes]
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
		!storable(string(l.Body)) || bytes.ContainsAny(l.Body, "\r\n") || !kindPattern.MatchString(string(e.Kind)) || e.Kind == kindRejected || e.Kind == kindRepeated {
		return entry{line: l, seq: seq, kind: kindRejected, body: base64.StdEncoding.EncodeToString(l.Body)}
	}
	out := entry{line: l, seq: seq, kind: string(e.Kind), body: string(l.Body), word: wordOf(e)}
	if !storable(e.Answer) {
		return out
	}
	out.answer = e.Answer
	out.heard = e.Kind == advisory.KindReplyHeard && e.Answer != ""
	out.withdraws = e.Kind == advisory.KindConsent && e.Answer != "" && e.Consent != nil && !e.Consent.Words
	out.spoken = l.Words != "" && storable(l.Words) && e.WordsHash == wire.HashWords(l.Salt, l.Words)
	return out
}

// keepWords keeps the words that go along with lines, in order: what is withdrawn, before or after, goes.
func (r *record) keepWords(ctx context.Context, tx *transaction, lines []entry, now int64) error {
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
			if err := r.eraseEscalations(ctx, tx, e.answer, now); err != nil {
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
