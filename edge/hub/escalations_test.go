package hub

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/edge/wire"
)

// A box that names an escalation is told when it was closed without a reply; not when somebody has replied, before or after.
func TestABoxIsToldWhatIsClosed(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b := newBox(t, h, 3)
		sealed, err := wire.SealAsked(wire.Asked{Words: "why do the leaves curl"}, h.Recipient())
		if err != nil {
			t.Fatal(err)
		}
		names := []string{"aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc", "dddddddddddddddd"} // waits, closed, replied to, closed and then replied to
		b.tamper = func(w *wire.Batch) { w.Escalations = append(slices.Clone(names), "eeeeeeeeeeeeeeee") }
		reply := EscalationReply{By: "amos", AtMS: h.now(), Text: "spray at dawn"}
		var ids []string
		for _, name := range names {
			ids = append(ids, b.sends(sealed, name))
		}
		desk := h.Desk()
		if err := errors.Join(desk.Close(t.Context(), ids[1], "grace"), desk.Reply(t.Context(), ids[2], reply, nil), desk.Close(t.Context(), ids[2], "grace"),
			desk.Close(t.Context(), ids[3], "grace"), desk.Reply(t.Context(), ids[3], reply, nil)); err != nil {
			t.Fatal(err)
		}
		r, err := b.push(1, 3)
		if err != nil || !slices.Equal(r.Closed, names[1:2]) || !slices.Equal(r.Has, names) || len(r.Lacks) != 1 || len(r.Replies) != 2 {
			t.Errorf("%+v %v", r, err)
		}
	})
}

// fillEscalations puts n escalations of 100 boxes into the tables, half of them answered, with a reply each.
func fillEscalations(t testing.TB, h *Hub, n int) {
	t.Helper()
	for i := range 100 {
		join(t, h, fmt.Sprintf("box%03d", i), fmt.Sprintf("Village %d", i))
	}
	err := h.db.write(context.Background(), func(tx *sql.Tx) error {
		var asked, replies [][]any
		for i := range n {
			device, id, answered := fmt.Sprintf("box%03d", i%100), fmt.Sprintf("id%06d", i), any(nil)
			if i%2 == 0 {
				answered = int64(2000 + i)
				replies = append(replies, []any{"re" + id, device, id, "amos", 2000 + i, "text", "", 0, 3000 + i})
			}
			asked = append(asked, []any{device, id, "a", "417", 1, "sw", 0, 0, "s", 1, 1, 1000 + i, answered, "", 1000 + i})
		}
		p := preparing(tx)
		return errors.Join(p.insert(context.Background(), `INSERT INTO escalations (device, id, answer, code, picture, lang, asked_ms, voice, sha256, size, have, whole_ms, answered_ms, closed_by, came_ms) VALUES `, "", asked),
			p.insert(context.Background(), `INSERT INTO escalation_replies (id, device, escalation, by_user, at_ms, text, voice_sha256, voice_size, got_ms) VALUES `, "", replies))
	})
	if err == nil {
		_, err = h.db.Write.Exec(`ANALYZE`)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Pages of escalations, and what a push asks of them, are read by an index, however many there are.
func TestEscalationsAreReadByIndex(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		n := 5_000
		if *full {
			n = 50_000
		}
		fillEscalations(t, h, n)
		explain := "EXPLAIN QUERY PLAN "
		if h.Database != "" {
			explain = "EXPLAIN "
		}
		for _, q := range []struct{ name, query, index string }{
			{"those that wait", escalationsQuery(Waiting{}), "escalations_waiting"},
			{"those that were answered", escalationsQuery(Waiting{Answered: true}), "escalations_answered"},
		} {
			plan := h.plan(t, explain+q.query, "", "", 51, 100)
			if !strings.Contains(plan, q.index) {
				t.Errorf("%s: %s", q.name, plan)
			}
		}
		for _, of := range []Waiting{{}, {Answered: true}, {Village: "Village 77"}, {Answered: true, Village: "Village 77"}} {
			for _, page := range []int{0, 4} {
				began := time.Now()
				found, err := h.Desk().Escalations(t.Context(), of, page, 50)
				if err != nil || len(found) != 50 && of.Village == "" {
					t.Fatalf("%+v, page %d: %d %v", of, page, len(found), err)
				}
				t.Logf("%+v, page %d: %d in %v", of, page, len(found), time.Since(began))
			}
		}
		pages := func() time.Duration {
			began := time.Now()
			for range 20 {
				for _, of := range []Waiting{{}, {Answered: true}} {
					if _, err := h.Desk().Escalations(t.Context(), of, 0, 50); err != nil {
						t.Fatal(err)
					}
				}
			}
			return time.Since(began) / 40
		}
		with := pages()
		if _, err := h.db.Write.Exec(`DROP INDEX escalations_waiting; DROP INDEX escalations_answered`); err != nil {
			t.Fatal(err)
		}
		without := pages()
		t.Logf("a page of %d escalations: %v by its index, %v without: 1 to %.0f", n, with, without, float64(without)/float64(with))
		b := newBox(t, h, 40)
		began := time.Now()
		b.tamper = func(w *wire.Batch) { w.Escalations = slices.Repeat([]string{"aaaaaaaaaaaaaaaa"}, wire.MaxListed) }
		b.wantThrough(1, 40, 40)
		t.Logf("a push that names %d escalations: %v", wire.MaxListed, time.Since(began))
	})
}

// plan gives what the database says of how it reads.
func (h *Hub) plan(t *testing.T, query string, args ...any) string {
	t.Helper()
	rows, err := h.db.Read.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		cells := make([]sql.NullString, len(columns))
		places := make([]any, len(columns))
		for i := range cells {
			places[i] = &cells[i]
		}
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		out = append(out, cells[len(cells)-1].String)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, "\n")
}
