package hub

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"jembe/edge/linetest"
	"jembe/edge/wire"
)

// A request that was taken, and comes 1,000 times more, changes no row of any table: neither what is known of the box nor of its clocks.
func TestReplayedRequestsChangeNothing(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		s := besiege(t, h)
		later := s.encode(s.box.batch(11, 20))
		if err := s.send(s.box.device, wire.Sign(later, s.box.key), later); err != nil {
			t.Fatal(err)
		}
		before := s.state()
		for i := range 1000 {
			body := [][]byte{s.pushed, later}[i%2]
			if err := s.send(s.box.device, wire.Sign(body, s.box.key), body); err != nil {
				t.Fatal(err)
			}
		}
		if s.state() != before {
			t.Error("something has changed")
		}
	})
}

// What a box sends under its own name, however false, ends in its own record at worst, and never in what another box has sent.
func TestABoxSpoilsNoOtherRecord(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		s := besiege(t, h)
		theirs := wire.Batch{Header: s.box.batch(11, 20).Header, Lines: s.other.lines[:5]}
		theirs.Waiting = 3
		for name, change := range map[string]func(*wire.Batch){
			"another box's events": func(b *wire.Batch) { *b = theirs },
			"a gap":                func(b *wire.Batch) { b.First = 1000 },
			"numbers far ahead":    func(b *wire.Batch) { b.First = 1 << 50 },
			"another chain":        func(b *wire.Batch) { b.Before = []byte("another!") },
			"half a hash":          func(b *wire.Batch) { b.Before = b.Before[:3] },
			"other bytes": func(b *wire.Batch) {
				b.First, b.Before, b.Lines = 1, nil, linetest.New(3).Lines(s.box.device, s.box.epoch, 9)
			},
			"an epoch of another":    func(b *wire.Batch) { b.Epoch = s.other.epoch },
			"a clock before 1970":    func(b *wire.Batch) { b.Wall, b.Mono, b.Boot = -1<<62, -1<<62, -5 },
			"a clock past all years": func(b *wire.Batch) { b.Wall, b.Mono, b.Boot = 1<<62, 1<<62, 1<<62 },
		} {
			before := s.recordOf(s.other)
			mine := s.recordOf(s.box)
			err := s.tampered(change)
			if !bytes.Equal(s.recordOf(s.other), before) {
				t.Errorf("%s: another box's record has changed (%v)", name, err)
			}
			if !bytes.HasPrefix(s.recordOf(s.box), mine) {
				t.Errorf("%s: what the box had sent before has changed (%v)", name, err)
			}
			if _, err := h.Verify(t.Context()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// recordOf gives what stands in the record of a box's epoch, in order.
func (s *siege) recordOf(b *box) []byte {
	s.t.Helper()
	rows, err := s.h.db.Read.QueryContext(s.t.Context(), `SELECT body FROM events WHERE device = $1 AND epoch = $2 ORDER BY seq`, b.device, b.epoch)
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	var out []byte
	for rows.Next() {
		var body string
		if err := rows.Scan(&body); err != nil {
			s.t.Fatal(err)
		}
		out = append(out, body+"\n"...)
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
	return out
}

// A header of megabytes is refused before any of it is looked at.
func TestAHugeHeaderIsRefused(t *testing.T) {
	h := openHub(t, Config{Data: t.TempDir()})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Serve(ctx, l, "http://"+l.Addr().String(), nil) }()
	r, err := http.NewRequest(http.MethodPost, "http://"+l.Addr().String()+wire.PathPush, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(wire.HeaderSignature, strings.Repeat("x", 1<<20))
	answer, err := (&http.Client{Timeout: time.Minute}).Do(r)
	if err == nil {
		answer.Body.Close()
		if answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("answered %d", answer.StatusCode)
		}
	}
	stop()
	<-ended
}
