package edge

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jembe/advisory"
	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// recount counts events as they were recorded, apart from the code that keeps the counts.
func recount(all []advisory.Event) map[string]int64 {
	out, rated := map[string]int64{}, map[string]advisory.Rating{}
	for _, e := range all {
		switch {
		case e.Kind == advisory.KindEscalation:
			out["persons"]++
		case e.Kind == advisory.KindRating:
			rated[e.Answer] = e.Rating
		case e.Kind == advisory.KindQuestion:
			out["questions"]++
			out["answered"] += one(e.Outcome == advisory.Answered)
			out["spoken"] += one(e.Channel == advisory.ByVoice)
			if e.Outcome == advisory.Unsure && e.Reason == advisory.NoEvidence {
				out["gaps"]++
				for _, c := range e.Concepts {
					out["gap/"+c]++
				}
			}
		}
	}
	for _, r := range rated {
		out["helped"] += one(r == advisory.ThumbUp)
		out["unhelpful"] += one(r == advisory.ThumbDown)
	}
	maps.DeleteFunc(out, func(_ string, n int64) bool { return n == 0 })
	return out
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// kept gives the counts of a store as recount has them.
func kept(ctx context.Context, t rapid.TB, s *Store) map[string]int64 {
	t.Helper()
	a, err := s.account(ctx)
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(a.counts, func(name string, n int64) bool { return n == 0 || name == countEvents || name == countSince })
	return a.counts
}

// countedBox is a box whose counts are held against what was recorded on it.
type countedBox struct {
	*rapid.T
	s        *Store
	at       moment
	recorded []advisory.Event
	life     int // answers are rated in the life they were given in

	backup         string // a copy of the database; "": none
	recordedBefore []advisory.Event
}

func (b *countedBox) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// draw makes an event at random.
func (b *countedBox) draw() advisory.Event {
	answer := fmt.Sprintf("%d-%d", b.life, rapid.IntRange(0, 3).Draw(b.T, "answer"))
	switch rapid.IntRange(0, 6).Draw(b.T, "event") {
	case 0:
		return gap(answer)
	case 1:
		e := gap(answer)
		e.Reason = advisory.Silence
		return e
	case 2:
		e := question(answer)
		e.Channel, e.Words, e.Consent = advisory.ByVoice, "words", &advisory.Consent{Words: true}
		return e
	case 3:
		return advisory.Event{Kind: advisory.KindEscalation, Answer: answer}
	case 4:
		return advisory.Event{Kind: advisory.KindConsent, Answer: answer, Consent: &advisory.Consent{}}
	}
	return advisory.Event{Kind: advisory.KindRating, Answer: answer, Rating: rapid.SampledFrom([]advisory.Rating{advisory.ThumbUp, advisory.ThumbDown}).Draw(b.T, "rating")}
}

func (b *countedBox) record() {
	e := b.draw()
	b.must(b.s.Record(b.Context(), e))
	b.recorded = append(b.recorded, e)
}

// broken is an event whose transaction comes to nothing, as when the box is killed before it commits.
func (b *countedBox) broken() {
	e, gone := b.draw(), errors.New("killed")
	err := b.s.commit(b.Context(), func(tx *sql.Tx) (mark, error) {
		if _, err := b.s.add(b.Context(), tx, e); err != nil {
			return mark{}, err
		}
		return mark{}, gone
	})
	if !errors.Is(err, gone) {
		b.Fatal(err)
	}
}

// month passes: all is safe at the hub, and the box forgets it.
func (b *countedBox) month() {
	b.at.wall += (eventsKept + time.Hour).Milliseconds()
	b.must(b.s.with(b.Context(), func(db *sqlite.DB) error {
		_, err := db.Write.ExecContext(b.Context(), `INSERT INTO sent (epoch, through, safe) SELECT epoch, max(seq), max(seq) FROM events GROUP BY epoch
			ON CONFLICT (epoch) DO UPDATE SET through = excluded.through, safe = excluded.safe`)
		return err
	}))
	_, err := b.s.forget(b.Context())
	b.must(err)
	b.life++
}

// again has the box record again from somewhere on, as the hub orders when it finds a fork.
func (b *countedBox) again() {
	var order wire.Begin
	var last int64
	b.must(b.s.with(b.Context(), func(db *sqlite.DB) error {
		return db.Read.QueryRowContext(b.Context(), `SELECT epoch, (SELECT coalesce(max(seq), 0) FROM events e WHERE e.epoch = box.epoch) FROM box`).Scan(&order.Epoch, &last)
	}))
	order.From = rapid.Int64Range(1, last+1).Draw(b.T, "from")
	b.must(b.s.confirm(b.Context(), place{order.Epoch, 1}, wire.Reply{Time: b.at.wall, Begin: &order}))
}

// copyDatabase copies a closed database from one folder to another.
func (b *countedBox) copyDatabase(from, to string) {
	b.must(b.s.Close())
	raw, err := os.ReadFile(filepath.Join(from, "jembe.db"))
	b.must(err)
	b.must(os.WriteFile(filepath.Join(to, "jembe.db"), raw, 0o600))
}

func (b *countedBox) backUp() {
	b.must(b.s.Check(b.Context()))
	b.copyDatabase(b.s.dir, b.backup)
	b.recordedBefore = append([]advisory.Event{}, b.recorded...)
}

func (b *countedBox) restore() {
	if b.recordedBefore != nil {
		b.copyDatabase(b.backup, b.s.dir)
		b.recorded = append([]advisory.Event{}, b.recordedBefore...)
		b.life++ // what it had forgotten since is there again
	}
}

// Whatever happens to the record, the counts are those of all that was recorded.
func TestCountsAreARecount(t *testing.T) {
	memory := memory(t)
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(memory, "run-")
		if err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(dir)
		b := &countedBox{T: rt, at: now(), s: unopened(filepath.Join(dir, "box")), backup: dir}
		b.at.synced = true
		b.s.clock = func() moment { return b.at }
		defer b.s.Close()
		steps := []func(){b.record, b.record, b.record, b.record, b.record, b.broken, b.month, b.again, b.backUp, b.restore}
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, len(steps)-1), 1, 40).Draw(rt, "steps") {
			steps[n]()
			if got, want := kept(rt.Context(), rt, b.s), recount(b.recorded); !maps.Equal(got, want) {
				rt.Fatalf("the box counts %v, recorded were %v", got, want)
			}
		}
	})
}

// A box that is killed while it records has counted what it recorded, and a record from before there were counts is counted once.
func TestCountsOfAKilledAndOfAnOldBox(t *testing.T) {
	dir := t.TempDir()
	c := recorder(t, dir, 0)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	c.Process.Kill()
	c.Wait()
	s := newStore(t, dir)
	record(t, s, advisory.Event{Kind: advisory.KindRating, Answer: "1", Rating: advisory.ThumbDown})
	record(t, s, advisory.Event{Kind: advisory.KindRating, Answer: "1", Rating: advisory.ThumbUp})
	var all []advisory.Event
	for _, e := range events(t, s) {
		all = append(all, e.Event)
	}
	want := recount(all)
	if got := kept(t.Context(), t, s); !maps.Equal(got, want) || want["questions"] == 0 || want["helped"] != 1 {
		t.Errorf("counted %v, recorded %v", got, want)
	}
	err = s.with(t.Context(), func(db *sqlite.DB) error {
		_, err := db.Write.ExecContext(t.Context(), `DELETE FROM counts`)
		return err
	})
	for range 2 {
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		if got := kept(t.Context(), t, s); !maps.Equal(got, want) {
			t.Errorf("of an old box %v, recorded %v", got, want)
		}
	}
}
