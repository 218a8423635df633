package edge

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jembe/advisory"
	"jembe/edge/hub/pgtest"
	"jembe/edge/wire"
)

// Whatever goes wrong, in whatever order: every event is at the hub once, in order, in a whole chain.
func TestFaultsSQLite(t *testing.T) { runSchedules(t, "", 40, 1000) }

func TestFaultsPostgreSQL(t *testing.T) { runSchedules(t, pgtest.Database(t), 15, 300) }

// totals is what schedules came to.
type totals struct {
	schedules, events, lost, duplicated, misplaced int

	forks int            // records of which there were two
	steps map[string]int // what happened how often
}

func runSchedules(t *testing.T, postgres string, short, long int) {
	n := short
	if *full {
		n = long
	}
	for name, value := range map[string]string{"rapid.checks": fmt.Sprint(n), "rapid.nofailfile": "true"} {
		was := flag.Lookup(name).Value.String()
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		defer flag.Set(name, was)
	}
	l, dir, sum, begun := newLab(t, postgres), memory(t), &totals{steps: map[string]int{}}, time.Now()
	rapid.Check(t, func(rt *rapid.T) {
		s := l.newSchedule(rt, filepath.Join(dir, "run"))
		defer s.end()
		for range rapid.SampledFrom([]int{6, 12, 18, 24}).Draw(rt, "steps") {
			name := rapid.SampledFrom(likely).Draw(rt, "step")
			b := s.boxes[rapid.IntRange(0, len(s.boxes)-1).Draw(rt, "box")]
			rt.Logf("%s: %s", b.name, name)
			steps[name](s, b)
			sum.steps[name]++
		}
		s.settle()
		s.check(sum)
	})
	t.Logf("what happened: %v; %d forks", sum.steps, sum.forks)
	t.Logf("%d schedules, %d events at the hub, in %.0f s: lost %d, duplicated %d, out of order %d",
		sum.schedules, sum.events, time.Since(begun).Seconds(), sum.lost, sum.duplicated, sum.misplaced)
}

// settle lets every box speak until nothing waits anywhere.
func (s *schedule) settle() {
	for range 6 {
		waiting := int64(0)
		for _, b := range s.boxes {
			done, err := b.syncer.Once(s.ctx)
			s.ok(err)
			waiting += done.Waiting
		}
		if waiting == 0 {
			return
		}
	}
	s.Fatal("something still waits after six rounds")
}

// check holds the hub's record against what was acknowledged, and against the record of each box.
func (s *schedule) check(sum *totals) {
	if _, err := s.hub.Verify(s.ctx); err != nil {
		s.Fatal(err)
	}
	count, at := map[string]int{}, map[string]wire.Event{}
	last := map[string]string{}
	for _, e := range s.ofHub() {
		count[key(e.Event)]++
		at[place3(e)] = e
		if e.Kind != "question" {
			continue
		}
		by, _, _ := strings.Cut(e.Answer, "-")
		if where := e.Device + e.Epoch + by; last[where] > e.Answer {
			sum.misplaced++
			s.Errorf("%s stands behind %s", e.Answer, last[where])
		} else {
			last[where] = e.Answer
		}
	}
	for k := range s.must {
		switch n := count[k]; {
		case n == 0:
			sum.lost++
			s.Errorf("lost: %s", k)
		case n > 1 && !strings.HasPrefix(k, string(advisory.KindConsent)): // which both twins may record
			sum.duplicated += n - 1
			s.Errorf("%s is at the hub %d times", k, n)
		}
	}
	for _, b := range s.boxes {
		for _, e := range s.ofBox(b) {
			theirs, ok := at[place3(e)]
			elsewhere := theirs.Kind == "repeated" && count[key(e.Event)] > 0
			if !ok || key(theirs.Event) != key(e.Event) && theirs.Kind != "rejected" && !elsewhere {
				sum.misplaced++
				s.Errorf("box %s has %s at %s, the hub %q", b.name, key(e.Event), place3(e), key(theirs.Event))
			}
		}
		s.ok(b.Verify(s.ctx))
		s.checkCounts(b)
	}
	s.checkBoxes(sum)
	s.checkWords()
	sum.schedules++
	sum.events += len(at)
}

// checkCounts: a box that has deleted nothing has counted what it has.
func (s *schedule) checkCounts(b *faultyBox) {
	forgotten, err := b.forgotten(s.ctx)
	s.ok(err)
	for _, n := range forgotten {
		if n > 0 {
			return
		}
	}
	var all []advisory.Event
	for _, e := range s.ofBox(b) {
		all = append(all, e.Event)
	}
	got := kept(s.ctx, s, b.Store)
	if want := recount(all); got["questions"] != want["questions"] || got["persons"] != want["persons"] || got["gaps"] != want["gaps"] {
		s.Errorf("box %s counts %v, its record has %v", b.name, got, want)
	}
}

// checkBoxes: the hub can say for each box how far it is complete, and nothing but a copy begins an epoch.
func (s *schedule) checkBoxes(sum *totals) {
	boxes, err := s.hub.Boxes(s.ctx)
	s.ok(err)
	through := map[string]int64{}
	for _, e := range s.ofHub() {
		through[e.Device+" "+e.Epoch]++
	}
	for _, b := range boxes {
		sum.forks += b.Forks()
		for _, r := range b.Records {
			if r.Through != through[b.Device+" "+r.Epoch] {
				s.Errorf("%s %s is said to be complete through %d, and has %d events", b.Device, r.Epoch, r.Through, through[b.Device+" "+r.Epoch])
			}
		}
		if s.onlyOnce && (len(b.Records) > 1 || b.Forks() > 0 || b.Quarantined > 0) {
			s.Errorf("box %s has %d epochs and %d forks, and nothing was copied", b.Device, len(b.Records), b.Forks())
		}
	}
}

// checkWords: no words that were withdrawn are at the hub, and, where nothing was copied, all others that the boxes have.
func (s *schedule) checkWords() {
	driver, address := "sqlite", filepath.Join(s.config.Data, "hub.db")
	if s.config.Database != "" {
		driver, address = "pgx", s.config.Database
	}
	db, err := sql.Open(driver, address)
	s.ok(err)
	defer db.Close()
	have := s.words(db)
	for answer := range have {
		if s.withdrawn[answer] {
			s.Errorf("the words of %s were withdrawn, and are at the hub", answer)
		}
	}
	for _, b := range s.boxes {
		for answer, words := range s.words(b.db.Read) {
			if s.onlyOnce && have[answer] != words {
				s.Errorf("the words of %s are %q at the hub, want %q", answer, have[answer], words)
			}
		}
	}
}

func (s *schedule) words(db *sql.DB) map[string]string {
	rows, err := db.QueryContext(s.ctx, `SELECT answer, words FROM words`)
	s.ok(err)
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var answer, words string
		s.ok(rows.Scan(&answer, &words))
		out[answer] = words
	}
	s.ok(rows.Err())
	return out
}

func place3(e wire.Event) string { return fmt.Sprintf("%s %s %d", e.Device, e.Epoch, e.Seq) }

func (s *schedule) ofHub() []wire.Event { return s.read(s.hub.Export) }

func (s *schedule) ofBox(b *faultyBox) []wire.Event { return s.read(b.Export) }

// read parses an export.
func (s *schedule) read(export func(context.Context, io.Writer) error) (out []wire.Event) {
	var b bytes.Buffer
	s.ok(export(s.ctx, &b))
	for line := range bytes.Lines(b.Bytes()) {
		e, err := wire.Parse(line)
		s.ok(err)
		out = append(out, e)
	}
	return out
}
