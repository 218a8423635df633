package hub

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/linetest"
	"jembe/edge/wire"
)

func TestEveryLineIsKeptOnceAndInOrder(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b := newBox(t, h, 250)
		b.wantThrough(1, 100, 100)
		b.wantThrough(1, 100, 100)   // the reply was lost
		b.wantThrough(51, 150, 150)  // half of it is known
		b.wantThrough(200, 250, 150) // a gap is never accepted
		b.wantThrough(151, 250, 250)
		b.wantThrough(251, 250, 250) // nothing new
		wantRecord(t, h, b.lines)
		spoken := 0
		for _, l := range b.lines {
			if l.Words != "" {
				spoken++
			}
		}
		if n := count(t, h, `SELECT count(*) FROM words`); n != spoken || n < 50 {
			t.Errorf("%d words are kept, want %d", n, spoken)
		}
	})
}

func TestOtherBytesInATakenPlace(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b := newBox(t, h, 30)
		b.wantThrough(1, 20, 20)
		mine := b.lines
		clone := linetest.New(99).Lines(b.device, b.epoch, 30)
		b.lines = append(append([]wire.Line{}, mine[:10]...), clone[10:]...)
		for range 2 { // a repeat adds nothing
			r, err := b.push(5, 30)
			if err != nil || r.Begin == nil || r.Begin.Epoch != b.epoch || r.Begin.From != 11 || r.Epochs[0].Through != 10 {
				t.Fatalf("%+v %v, want the order to begin an epoch from 11", r, err)
			}
		}
		if n := count(t, h, `SELECT count(*) FROM quarantine`); n != 10 {
			t.Errorf("%d lines in quarantine, want the 10 whose places are taken", n)
		}
		if n := count(t, h, `SELECT forked FROM epochs`); n != 11 {
			t.Errorf("forked at %d, want 11", n)
		}
		r, err := b.push(21, 30) // the places are free, but the chain before is another
		if err != nil || r.Begin != nil || !r.Epochs[0].Again || r.Epochs[0].Through != 20 {
			t.Fatalf("%+v %v, want the order to send again", r, err)
		}
		if r, err = b.push(12, 15); err != nil || r.Begin != nil || !r.Epochs[0].Again { // within what differs
			t.Fatalf("%+v %v, want the order to send again", r, err)
		}
		b.lines = mine
		b.wantThrough(15, 30, 30) // the first box goes on
		wantRecord(t, h, mine)
	})
}

// A box brought back from a backup, unseen, would take places that are taken.
func TestARecordThatEndsBeforeTheHubs(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b := newBox(t, h, 30)
		b.wantThrough(1, 30, 30)
		b.lines = b.lines[:20]
		for _, first := range []int{15, 21} {
			r, err := b.push(first, 20)
			if err != nil || r.Begin == nil || r.Begin.From != 21 {
				t.Errorf("pushed from %d: %+v %v, want the order to begin an epoch from 21", first, r, err)
			}
		}
	})
}

func TestWhatCanNeverBeReadBlocksNothing(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b := newBox(t, h, 12)
		for i, body := range map[int][]byte{
			1: []byte("\x00\xff no event"), 3: {}, 4: b.lines[0].Body, // another's place
			5: bytes.Replace(b.lines[5].Body, []byte(b.device), []byte("aaaaaaaaaaaaaaaa"), 1),
			6: bytes.Replace(b.lines[6].Body, []byte(`"kind":"`), []byte(`"kind":"A\u0000`), 1),
			7: append([]byte(`{"x":"`+string(bytes.Repeat([]byte("x"), maxLine))+`",`), b.lines[7].Body[1:]...),
			8: append(b.lines[8].Body[:len(b.lines[8].Body)-1:len(b.lines[8].Body)-1], "\n}"...),
			9: append(b.lines[9].Body[:len(b.lines[9].Body)-1:len(b.lines[9].Body)-1], ",\"x\":\"\xff\"}"...),
		} {
			b.lines[i] = wire.Line{Body: body}
		}
		b.wantThrough(1, 12, 12)
		b.wantThrough(1, 12, 12)
		v, err := h.Verify(t.Context())
		if err != nil || v.Events != 12 || v.Rejected != 8 {
			t.Errorf("%+v %v", v, err)
		}
		if got := exported(t, h); got[1] != fmt.Sprintf(`{"device":%q,"epoch":%q,"seq":2,"kind":"rejected"}`, b.device, b.epoch) {
			t.Errorf("exported as %s", got[1])
		}
	})
}

func TestWordsAreKeptOnlyAsTheyBelong(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b := newBox(t, h, 8)
		line := func(seq int64, e advisory.Event, words string) wire.Line {
			l := wire.Line{Words: words}
			w := wire.Event{Device: b.device, Epoch: b.epoch, Seq: seq, Event: e}
			if words != "" {
				l.Salt = []byte("0123456789")
				w.WordsHash = wire.HashWords(l.Salt, words)
			}
			var err error
			if l.Body, err = wire.Canonical(w); err != nil {
				t.Fatal(err)
			}
			return l
		}
		asked := func(answer string) advisory.Event {
			return advisory.Event{Kind: advisory.KindQuestion, Answer: answer, Consent: &advisory.Consent{Words: true}}
		}
		withdrawn := func(answer string) advisory.Event {
			return advisory.Event{Kind: advisory.KindConsent, Answer: answer, Consent: &advisory.Consent{}}
		}
		b.lines = []wire.Line{
			line(1, asked("kept"), "kept words"), line(2, asked("after"), "withdrawn later"), line(3, withdrawn("after"), ""),
			line(4, withdrawn("before"), ""), line(5, asked("before"), "withdrawn before they came"), line(6, asked("other"), "right words"),
			line(7, asked("nul"), "a\x00b"), line(8, asked("bytes"), "\xff"),
		}
		b.lines[5].Words = "other words"
		b.wantThrough(1, 8, 8)
		b.wantThrough(1, 8, 8)
		var words string
		if err := h.db.Read.QueryRow(`SELECT words FROM words`).Scan(&words); err != nil || words != "kept words" {
			t.Errorf("%q %v", words, err)
		}
		if n := count(t, h, `SELECT count(*) FROM words`); n != 1 {
			t.Errorf("%d words are kept, want 1", n)
		}
	})
}

func TestWhoMayNotPush(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b, other := newBox(t, h, 5), newBox(t, h, 6)
		refused := func(name string, tamper func(*wire.Batch)) {
			t.Helper()
			b.tamper = tamper
			_, err := b.push(1, 5)
			b.tamper = nil
			if e := wire.AsError(err); err == nil || e.Code != advisory.Forbidden && e.Code != advisory.BadRequest || e.Hint == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		refused("meant for another hub", func(x *wire.Batch) { x.Hub = "aaaaaaaaaaaaaaaa" })
		refused("another box's record", func(x *wire.Batch) { x.Device = other.device })
		refused("no epoch", func(x *wire.Batch) { x.Epoch = "../../.." })
		key := b.key
		b.key = other.key
		_, err := b.push(1, 5)
		wantCode(t, err, advisory.Forbidden)
		b.key, b.device = key, "aaaaaaaaaaaaaaaa"
		_, err = b.push(1, 5)
		wantCode(t, err, advisory.Forbidden)
		b.device = b.lines0()
		for _, body := range [][]byte{nil, {1}, []byte("garbage"), make([]byte, wire.MaxBody+1)} {
			if err := b.post(wire.PathPush, body, nil); err == nil {
				t.Errorf("%d bytes of garbage were taken", len(body))
			}
		}
		wantRecord(t, h, nil)
		if err := h.Revoke(t.Context(), b.device); err != nil {
			t.Fatal(err)
		}
		_, err = b.push(1, 5)
		wantCode(t, err, advisory.Forbidden)
		wantCode(t, h.Revoke(t.Context(), b.device), advisory.NotFound)
		wantRecord(t, h, nil)
	})
}

// lines0 is the device that the box's lines are of.
func (b *box) lines0() string {
	e, err := wire.Parse(b.lines[0].Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return e.Device
}

func TestInvitations(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b, other := newBox(t, h, 1), newBox(t, h, 2)
		i, err := h.Enroll(t.Context(), "https://hub.example", "Sotik")
		if err != nil {
			t.Fatal(err)
		}
		var first, again wire.Enrolled
		if err := b.enrol(i.Code, &first); err != nil || first.Village != "Sotik" {
			t.Fatalf("%+v %v", first, err)
		}
		if err := b.enrol(i.Code, &again); err != nil || again.Device != first.Device || again.Village != first.Village {
			t.Errorf("the reply was lost: %+v %v, want the same", again, err)
		}
		wantCode(t, other.enrol(i.Code, nil), advisory.Forbidden)
		wantCode(t, other.enrol("guessed", nil), advisory.Forbidden)
		old, err := h.Enroll(t.Context(), "https://hub.example", "Sotik")
		if err != nil {
			t.Fatal(err)
		}
		h.clock = func() time.Time { return time.Now().Add(invitationHolds + time.Minute) }
		wantCode(t, other.enrol(old.Code, nil), advisory.Forbidden)
		h.clock = time.Now
		if err := other.enrol(old.Code, &again); err != nil {
			t.Errorf("a late try used the invitation up: %v", err)
		}
		if err := h.Revoke(t.Context(), b.device); err != nil {
			t.Fatal(err)
		}
		wantCode(t, b.enrol(i.Code, nil), advisory.Forbidden)
	})
}

// R: boxes that come back at once are all served, each with its own reply.
func TestManyBoxesAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		const boxes, each = 40, 60
		all := make([]*box, boxes)
		for i := range all {
			all[i] = newBox(t, h, each)
		}
		var wg sync.WaitGroup
		for _, b := range all {
			wg.Go(func() {
				for _, part := range [][2]int{{1, 30}, {1, 30}, {20, each}} {
					r, err := b.push(part[0], part[1])
					if err != nil || r.Epochs[0].Through != int64(part[1]) || r.Begin != nil {
						t.Errorf("%+v %v, want through %d", r, err, part[1])
					}
				}
			})
		}
		wg.Wait()
		v, err := h.Verify(t.Context())
		if err != nil || v.Events != boxes*each || v.Epochs != boxes {
			t.Errorf("%+v %v", v, err)
		}
	})
}
