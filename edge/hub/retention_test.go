package hub

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"reflect"
	"strconv"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

const aDay = 24 * time.Hour

// What the hub erases after how long is what the fields declare.
func TestDaysAreThoseOfTheFields(t *testing.T) {
	for _, of := range []reflect.Type{reflect.TypeFor[wire.Event](), reflect.TypeFor[advisory.Event]()} {
		for i := range of.NumField() {
			f := of.Field(i)
			if f.Anonymous {
				continue
			}
			days, err := strconv.Atoi(f.Tag.Get("keep"))
			want := eventsKept
			if f.Tag.Get("class") == "words" {
				want = wordsKept
			}
			if err != nil || time.Duration(days)*aDay != want {
				t.Errorf("%s is kept for %q days, the hub keeps it for %v", f.Name, f.Tag.Get("keep"), want)
			}
		}
	}
}

// at sets the hub's clock so many days after it was opened.
func (b *box) at(began time.Time, days int) {
	b.h.clock = func() time.Time { return began.Add(time.Duration(days) * aDay) }
}

// pushAll sends lines in requests of a size that a hub reads.
func (b *box) pushAll(first, last int) {
	b.t.Helper()
	for ; first <= last; first += 500 {
		b.wantThrough(first, min(first+499, last), int64(min(first+499, last)))
	}
}

// upkept retains, and checks what is left of words and events.
func (b *box) upkept(words, events int) {
	b.t.Helper()
	if _, err := b.h.Count(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	if err := b.h.retain(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	if w, e := count(b.t, b.h, `SELECT count(*) FROM words`), count(b.t, b.h, `SELECT count(*) FROM events`); w != words || e != events {
		b.t.Errorf("%d words and %d events are left, want %d and %d", w, e, words, events)
	}
	wantRecord(b.t, b.h, b.lines[len(b.lines)-events:])
}

// Words go after 180 days and events after 730; the record stays whole, goes on, and comes back from a backup; the figures stay.
func TestWhatWasKeptForItsDaysIsErased(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b, began := newBox(t, h, 5000), h.clock()
		spoken := func(from, to int) (n int) {
			for _, l := range b.lines[from:to] {
				if l.Words != "" {
					n++
				}
			}
			return n
		}
		all := b.lines
		b.lines = all[:3000]
		b.pushAll(1, 3000)
		b.upkept(spoken(0, 3000), 3000)
		b.at(began, 100)
		b.lines = all
		b.pushAll(3001, 5000)
		if _, err := h.Count(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := figuresOfAll(t, h)
		b.at(began, 181)
		b.upkept(spoken(3000, 5000), 5000)
		if n := count(t, h, `SELECT count(*) FROM unanswered u LEFT JOIN words w ON w.device = u.device AND w.epoch = u.epoch AND w.seq = u.seq WHERE w.seq IS NULL`); n != 0 {
			t.Errorf("%d questions are listed whose words are gone", n)
		}
		b.at(began, 731)
		b.upkept(0, 2000)
		if n := count(t, h, `SELECT count(*) FROM audit WHERE action = 'erased by age'`); n != 2 {
			t.Errorf("%d lines in the audit log, want 2", n)
		}
		b.at(began, 100) // so that the months to choose from are the same
		if after := figuresOfAll(t, h); after.Total != before.Total || before.Total.Asked == 0 {
			t.Errorf("%+v, want %+v: figures stay", after.Total, before.Total)
		}
		b.at(began, 731)
		goesOnAfterErasing(t, b)
		path, _, err := h.Backup(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		c := Config{Data: filepath.Join(t.TempDir(), "restored")}
		if _, err := Restore(t.Context(), c, path, false); err != nil {
			t.Fatal(err)
		}
		b.h = openHub(t, c)
		b.at(began, 731)
		goesOnAfterErasing(t, b)
		b.at(began, 900)
		b.upkept(0, 0)
		b.wantThrough(5001, 5000, 5000)
	})
}

// goesOnAfterErasing sends what a box may send of lines of which 1 to 3000 are erased, and 5000 are known.
func goesOnAfterErasing(t *testing.T, b *box) {
	t.Helper()
	b.wantThrough(3001, 3100, 3100)
	b.wantThrough(1, 100, 3000) // where the box can hold its chain against the hub's
	b.wantThrough(2990, 3100, 3000)
	b.wantThrough(5001, 5000, 5000)
	mine := b.lines
	b.lines = b.lines[:2000] // a box brought back from a backup of two years ago
	r, err := b.push(1901, 2000)
	if err != nil || r.Begin == nil || r.Begin.From != 1901 || r.Begin.Ended {
		t.Errorf("%+v %v, want the order to record again what cannot be compared", r, err)
	}
	b.lines = mine
	wantRecord(t, b.h, b.lines[3000:])
}

// What farmers said of an advice goes with the event that has the last word on its ticket.
func TestFollowupsAreErasedByAge(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		began := h.clock()
		join(t, h, "boxone", "Kibaoni")
		join(t, h, "boxtwo", "Mtakuja")
		for _, step := range []struct{ days, left int }{{0, 4}, {100, 4}, {729, 4}, {731, 2}, {831, 0}} {
			h.clock = func() time.Time { return began.Add(time.Duration(step.days) * aDay) }
			switch step.days {
			case 0:
				take(t, h, "boxone", after("answer1", "sw", hadNoMoney), after("answer2", "sw", wasHelped), after("", "sw", wasHelped))
				take(t, h, "boxtwo", after("answer2", "sw", wasHelped))
			case 100: // they come back once more
				take(t, h, "boxone", after("answer1", "sw", wasHelped))
				take(t, h, "boxtwo", after("answer2", "sw", hadNoMoney))
			}
			if _, err := h.Count(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := h.retain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := count(t, h, `SELECT count(*) FROM followups`); n != step.left {
				t.Errorf("after %d days %d are left, want %d", step.days, n, step.left)
			}
		}
	})
}

// What was said to a person goes after 180 days, and so do replies; that there was a question goes with the events.
func TestEscalationsAreErasedByAge(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b, began := newBox(t, h, 1), h.clock()
		sealed, err := wire.SealAsked(wire.Asked{Words: "why do the leaves curl"}, h.Recipient())
		if err != nil {
			t.Fatal(err)
		}
		old := b.sends(sealed, "aaaaaaaaaaaaaaaa")
		if err := h.Desk().Reply(t.Context(), old, EscalationReply{By: "amos", AtMS: h.now(), Text: "spray at dawn"}, nil); err != nil {
			t.Fatal(err)
		}
		b.at(began, 100)
		b.sends(sealed, "bbbbbbbbbbbbbbbb")
		for _, step := range []struct{ days, parts, replies, escalations, waiting int }{
			{179, 2, 1, 2, 1}, {181, 1, 0, 2, 1}, {281, 0, 0, 2, 0}, {731, 0, 0, 1, 0}, {831, 0, 0, 0, 0},
		} {
			b.at(began, step.days)
			if err := h.retain(t.Context()); err != nil {
				t.Fatal(err)
			}
			waiting, err := h.Desk().Escalations(t.Context(), Waiting{}, 0, 10)
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprint(count(t, h, `SELECT count(*) FROM escalation_parts`), count(t, h, `SELECT count(*) FROM escalation_replies`),
				count(t, h, `SELECT count(*) FROM escalations`), len(waiting))
			if want := fmt.Sprint(step.parts, step.replies, step.escalations, step.waiting); got != want {
				t.Errorf("after %d days: %s parts, replies, escalations, waiting; want %s", step.days, got, want)
			}
			if step.days == 181 {
				if e, err := h.Desk().Escalation(t.Context(), old); err != nil || !e.Expired || e.Words != "" {
					t.Errorf("%+v %v, want that its days were over", e, err)
				}
			}
		}
	})
}

// sends brings a sealed escalation, and gives its id at the desk.
func (b *box) sends(sealed []byte, id string) string {
	b.t.Helper()
	sum := sha256.Sum256(sealed)
	body, err := wire.EncodePart(wire.Part{Hub: b.h.Fingerprint(), Device: b.device, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(sealed)), Data: sealed,
		Escalation: wire.Escalation{ID: id, Answer: "cccccccccccccccc", Code: "417", Picture: 3, Lang: "sw"}})
	if err != nil {
		b.t.Fatal(err)
	}
	var taken wire.Taken
	if err := b.post(wire.PathParts, body, &taken); err != nil || taken.Have != int64(len(sealed)) {
		b.t.Fatalf("%+v %v", taken, err)
	}
	return b.device + "-" + id
}
