package hub

import (
	"fmt"
	"slices"
	"testing"

	"jembe/advisory"
	"jembe/edge/linetest"
	"jembe/edge/wire"
)

// moveTo gives lines as a box records them again, from a seq of another epoch on.
func (b *box) moveTo(epoch string, from int64, lines []wire.Line) (out []wire.Line) {
	b.t.Helper()
	for i, l := range lines {
		e, err := wire.Parse(l.Body)
		if err != nil {
			b.t.Fatal(err)
		}
		e.Epoch, e.Seq = epoch, from+int64(i)
		body, err := wire.Canonical(e)
		if err != nil {
			b.t.Fatal(err)
		}
		out = append(out, wire.Line{Body: body, Words: l.Words, Salt: l.Salt})
	}
	return out
}

func TestAnEventCountsInOneEpoch(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b := newBox(t, h, 40)
		old := b.lines
		b.wantThrough(1, 40, 40)
		words := count(t, h, `SELECT count(*) FROM words`)
		if n := count(t, h, `SELECT count(*) FROM known`); n != 0 {
			t.Errorf("%d events are looked up for a box with one epoch", n)
		}
		first := b.epoch
		for i, epoch := range []string{"bbbbbbbb", "cccccccc"} { // twice: from the record before, and from what was kept with the second epoch
			b.epoch = epoch
			fresh := linetest.New(int64(90+i)).Lines(b.device, epoch, 5)
			b.lines = append(append([]wire.Line{}, fresh...), b.moveTo(epoch, 6, old[10:])...)
			b.wantThrough(1, 20, 20)
			b.wantThrough(1, 35, 35)
			b.wantThrough(1, 35, 35)
		}
		v, err := h.Verify(t.Context())
		if err != nil || v.Events != 110 || v.Repeated != 60 || v.Rejected != 0 {
			t.Errorf("%+v %v", v, err)
		}
		if n := count(t, h, `SELECT count(*) FROM words`); n != words {
			t.Errorf("words of %d events, want those of %d", n, words)
		}
		if n := count(t, h, `SELECT count(*) FROM events WHERE epoch = $1 AND kind = 'repeated'`, first); n != 0 {
			t.Errorf("%d of the first epoch do not count", n)
		}
		if want := fmt.Sprintf(`{"device":%q,"epoch":"cccccccc","seq":35,"kind":"repeated"}`, b.device); !slices.Contains(exported(t, h), want) {
			t.Errorf("not exported as %s", want)
		}
	})
}

// What is alike in one epoch was so at the box; and no box can say of an event that it does not count.
func TestWhatIsAlikeCountsAllTheSame(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b, other := newBox(t, h, 3), newBox(t, h, 3)
		b.wantThrough(1, 3, 3)
		other.wantThrough(1, 3, 3) // another box
		one := b.lines[0]
		b.epoch = "bbbbbbbb"
		b.lines = linetest.New(9).Lines(b.device, b.epoch, 2)
		b.lines = append(b.lines, b.moveTo(b.epoch, 3, b.lines[1:])...)
		said := wire.Event{Device: b.device, Epoch: b.epoch, Seq: 4, Event: advisory.Event{Kind: kindRepeated}}
		body, err := wire.Canonical(said)
		if err != nil {
			t.Fatal(err)
		}
		b.lines = append(b.lines, wire.Line{Body: body}, wire.Line{Body: one.Body}) // the last has another place
		b.wantThrough(1, 5, 5)
		v, err := h.Verify(t.Context())
		if err != nil || v.Events != 11 || v.Repeated != 0 || v.Rejected != 2 {
			t.Errorf("%+v %v", v, err)
		}
	})
}
