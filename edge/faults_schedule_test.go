package edge

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"pgregory.net/rapid"

	"jembe/advisory"
	"jembe/edge/hub"
	"jembe/edge/hub/pgtest"
	"jembe/edge/wire"
)

// schedule is one course of events: boxes record and speak while things go wrong.
type schedule struct {
	*rapid.T
	*lab
	ctx      context.Context
	dir      string
	config   hub.Config
	opened   []*hub.Hub // all of them, those too that a kill left behind
	backups  []string   // of the hub, oldest first
	boxes    []*faultyBox
	recorded int

	must      map[string]bool // what was acknowledged and stands on some disk, by key
	withdrawn map[string]bool // answers whose words were erased
	onlyOnce  bool            // nothing was cloned or brought back: each box has one epoch
}

// faultyBox is a box of a schedule, or a twin of one.
type faultyBox struct {
	*Store
	syncer *Syncer
	name   string
	at     moment
	spoken []string // answers with words
	images []string // of its card
	copies []string // of its database file
}

// step is something that happens.
type step func(*schedule, *faultyBox)

// steps by name; what is more likely stands in likely more than once.
var steps = map[string]step{
	"record": (*schedule).record, "speak": (*schedule).speak, "withdraw": (*schedule).withdraw, "not an event": (*schedule).unreadable,
	"contact": (*schedule).contact, "reset": (*schedule).reset, "half open": (*schedule).halfOpen, "5xx": (*schedule).serverError,
	"reply lost": (*schedule).replyLost, "hub killed before the reply": (*schedule).hubKilled, "request again": (*schedule).again,
	"box starts again": (*schedule).restart, "clock": (*schedule).jump, "card full": (*schedule).cardFull,
	"hub backed up": (*schedule).backUp, "hub from a backup": (*schedule).restoreHub,
	"hub of yesterday": (*schedule).yesterday, "twin sends what was withdrawn": (*schedule).twinSends,
	"card imaged": (*schedule).image, "card from an image": (*schedule).fromImage, "card cloned": (*schedule).clone,
	"old image cloned": (*schedule).oldImageCloned, "old image copied": (*schedule).oldImageCopied,
	"database copied": (*schedule).copyDatabase, "database from a copy": (*schedule).fromCopy,
	"stick written": (*schedule).writeStick, "stick at the office": (*schedule).stickAtOffice, "stick lost": (*schedule).loseStick, "stick copied": (*schedule).copyStick,
}

var likely = append(slices.Sorted(maps.Keys(steps)), "record", "record", "record", "speak", "contact", "contact", "reset", "reset", "reply lost", "request again",
	"hub of yesterday", "twin sends what was withdrawn")

func (l *lab) newSchedule(t *rapid.T, dir string) *schedule {
	s := &schedule{T: t, lab: l, ctx: context.Background(), dir: dir, must: map[string]bool{}, withdrawn: map[string]bool{}, onlyOnce: true}
	postgres, err := l.begin(s.ctx, dir)
	s.ok(err)
	s.config = hub.Config{Data: filepath.Join(dir, "hub"), Database: postgres, Version: "test"}
	l.requests = nil
	l.network.be(fine)
	s.openHub()
	for _, name := range []string{"a", "b"} {
		s.boxes = append(s.boxes, s.openBox(&faultyBox{name: name, at: now()}))
	}
	return s
}

func (s *schedule) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *schedule) openHub() {
	h, err := hub.Open(s.ctx, s.config)
	s.ok(err)
	s.opened = append(s.opened, h)
	s.mu.Lock()
	s.hub = h
	s.mu.Unlock()
}

func (s *schedule) openBox(b *faultyBox) *faultyBox {
	b.Store = unopened(filepath.Join(s.dir, b.name))
	b.clock = func() moment { return b.at }
	b.syncer = syncerOf(b.Store)
	s.ok(b.Check(s.ctx))
	return b
}

// record puts some events into a box's record.
func (s *schedule) record(b *faultyBox) {
	for range rapid.SampledFrom([]int{1, 3, 10, 30}).Draw(s.T, "events") {
		s.add(b, question(s.next(b)))
	}
}

func (s *schedule) next(b *faultyBox) string {
	s.recorded++
	return fmt.Sprintf("%s-%06d", b.name, s.recorded)
}

// add records an event. What the box did not acknowledge may be there or not.
func (s *schedule) add(b *faultyBox, e advisory.Event) bool {
	b.at.wall, b.at.mono = b.at.wall+1000, b.at.mono+1000
	err := b.Record(s.ctx, e)
	if err == nil {
		s.must[key(e)] = true
	} else if wire.AsError(err).Code != advisory.DiskFull {
		s.Fatal(err)
	}
	return err == nil
}

func key(e advisory.Event) string { return string(e.Kind) + " " + e.Answer }

// speak records events with words.
func (s *schedule) speak(b *faultyBox) {
	for range rapid.SampledFrom([]int{1, 2, 5}).Draw(s.T, "events") {
		answer := s.next(b)
		if s.add(b, spokenQuestion(answer, "said "+answer, true)) {
			b.spoken = append(b.spoken, answer)
		}
	}
}

// withdraw erases words, which may have been sent or not, or be erased already.
func (s *schedule) withdraw(b *faultyBox) {
	if len(b.spoken) == 0 {
		return
	}
	answer := rapid.SampledFrom(b.spoken).Draw(s.T, "answer")
	if err := b.EraseWords(s.ctx, answer); err == nil {
		s.withdrawn[answer] = true
		s.must[key(advisory.Event{Kind: advisory.KindConsent, Answer: answer})] = true
	}
}

// unreadable records what no hub will ever read as an event.
func (s *schedule) unreadable(b *faultyBox) {
	e := question(s.next(b))
	e.Kind = "NO KIND"
	s.ok(ignoreFull(b.Record(s.ctx, e)))
}

func ignoreFull(err error) error {
	if err != nil && wire.AsError(err).Code == advisory.DiskFull {
		return nil
	}
	return err
}

// contact is one on which nothing is wrong with the network.
func (s *schedule) contact(b *faultyBox) {
	_, err := b.syncer.Once(s.ctx)
	s.ok(err)
}

// during makes a contact while the network is in trouble; it may fail.
func (s *schedule) during(b *faultyBox, tr trouble, most time.Duration) {
	s.network.be(tr)
	defer s.network.be(fine)
	ctx, cancel := context.WithTimeout(s.ctx, most)
	defer cancel()
	_, err := b.syncer.Once(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return // of this contact, in the middle of its own work
	}
	if e := (*advisory.Error)(nil); err != nil && (!errors.As(err, &e) || e.Code != advisory.Unreachable && e.Code != advisory.Busy || e.Hint == "") {
		s.Fatalf("%v, want unreachable with a hint", err)
	}
}

func (s *schedule) reset(b *faultyBox) {
	s.during(b, trouble{up: rapid.Int64Range(0, 8000).Draw(s.T, "up"), down: rapid.Int64Range(-1, 2000).Draw(s.T, "down")}, time.Minute)
}

func (s *schedule) replyLost(b *faultyBox) { s.during(b, trouble{up: -1, down: 0}, time.Minute) }

func (s *schedule) halfOpen(b *faultyBox) {
	s.during(b, trouble{up: rapid.Int64Range(0, 2000).Draw(s.T, "up"), down: rapid.Int64Range(0, 500).Draw(s.T, "down"), silent: true}, 100*time.Millisecond)
}

func (s *schedule) serverError(b *faultyBox) {
	s.during(b, trouble{answer: rapid.SampledFrom([]string{"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 500 Oh\r\n\r\nsorry", "HTTP/1.1 200 OK\r\n\r\n{}", "SSH-2.0\r\n"}).Draw(s.T, "answer")}, time.Minute)
}

// hubKilled ends the hub between the commit and the reply: another process goes on where it was.
func (s *schedule) hubKilled(b *faultyBox) {
	s.during(b, trouble{up: -1, down: 0}, time.Minute)
	s.openHub()
}

// again brings requests that have come before, in any order, as a network does that repeats or delays them.
func (s *schedule) again(*faultyBox) {
	s.mu.Lock()
	all := slices.Clone(s.requests)
	s.mu.Unlock()
	for range min(len(all), rapid.IntRange(1, 4).Draw(s.T, "requests")) {
		s.repeat(all[rapid.IntRange(0, len(all)-1).Draw(s.T, "request")])
	}
}

// jump sets a box's clock to anything from 1970 to 2099.
func (s *schedule) jump(b *faultyBox) {
	b.at.wall = rapid.Int64Range(0, time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC).UnixMilli()).Draw(s.T, "wall")
	b.at.synced = rapid.Bool().Draw(s.T, "synced")
}

// restart ends a box and starts it again, at times with the machine.
func (s *schedule) restart(b *faultyBox) {
	if rapid.Bool().Draw(s.T, "machine") {
		_, err := b.db.Write.Exec(`UPDATE box SET boot_id = 'before'`)
		s.ok(err)
		b.at.mono = 0
	}
	s.ok(b.Close())
	s.openBox(b)
}

// cardFull lets the database grow no more while events are recorded and a contact is made.
func (s *schedule) cardFull(b *faultyBox) {
	var pages int
	s.ok(b.db.Write.QueryRow(`PRAGMA page_count`).Scan(&pages))
	limit := func(n int) {
		_, err := b.db.Write.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, n))
		s.ok(err)
	}
	limit(pages + rapid.IntRange(0, 2).Draw(s.T, "pages"))
	for range 12 {
		s.add(b, question(s.next(b)))
	}
	_, err := b.syncer.Once(s.ctx)
	s.ok(ignoreFull(err))
	limit(1 << 30)
}

func (s *schedule) end() {
	s.network.be(fine)
	for _, b := range s.boxes {
		b.Close()
	}
	for _, h := range s.opened {
		h.Close()
	}
	if s.config.Database != "" {
		s.ok(pgtest.Drop(s.ctx, s.config.Database))
	}
	os.RemoveAll(s.dir)
}
