package edge

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/hub"
	"jembe/edge/wire"
)

// serve runs do while the pair's hub serves in this process.
func (p *pair) serve(t testing.TB, do func(*office)) {
	t.Helper()
	h, err := hub.Open(t.Context(), hub.Config{Data: p.hub})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	l, err := hub.Listen(t.Context(), p.address)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h}
	go server.Serve(l)
	defer server.Close()
	do(&office{Hub: h})
}

// verdict is what became of what was saved.
type verdict struct{ saved, lost, duplicated, misplaced, epochs int }

// settle lets the box speak until nothing waits, and holds the hub's record against what was saved.
func (p *pair) settle(t testing.TB) (v verdict) {
	t.Helper()
	p.serve(t, func(o *office) {
		s := unopened(p.box)
		defer s.Close()
		for done := (Contact{Waiting: 1}); done.Waiting > 0; {
			var err error
			if done, err = syncerOf(s).Once(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := o.Verify(t.Context()); err != nil {
			t.Error(err)
		}
		if err := s.Verify(t.Context()); err != nil {
			t.Error(err)
		}
		v = p.count(t, o)
	})
	return v
}

func (p *pair) count(t testing.TB, o *office) verdict {
	t.Helper()
	v := verdict{saved: len(p.saved)}
	var b strings.Builder
	if err := o.Export(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	times, epochs, last := map[string]int{}, map[string]bool{}, map[string]string{}
	for line := range strings.Lines(b.String()) {
		e, err := wire.Parse([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		epochs[e.Epoch] = true
		if e.Kind != advisory.KindQuestion {
			continue
		}
		times[key(e.Event)]++
		round, _, _ := strings.Cut(e.Answer, "-")
		if e.Answer < last[round] {
			v.misplaced++
		}
		last[round] = e.Answer
	}
	for _, n := range times {
		v.duplicated += n - 1
	}
	for k := range p.saved {
		if times[k] == 0 {
			v.lost++
		}
	}
	v.epochs = len(epochs)
	return v
}

// kill -9 of the box's and the hub's process at any moment, between the commit and the reply too, loses nothing, doubles nothing, and
// begins no epoch.
func TestFaultsKill(t *testing.T) {
	schedules := 2
	if *full {
		schedules = 40
	}
	var sum verdict
	kills, begun := 0, time.Now()
	for i := range schedules {
		random := rand.New(rand.NewPCG(uint64(i), uint64(begun.UnixNano())))
		p := newPair(t, filepath.Join(memory(t), "kill"))
		for round := range 5 {
			kills += p.killRound(t, random, fmt.Sprint("r", round))
		}
		v := p.settle(t)
		if v.lost+v.duplicated+v.misplaced > 0 || v.epochs != 1 {
			t.Errorf("schedule %d: %+v", i, v)
		}
		sum = verdict{sum.saved + v.saved, sum.lost + v.lost, sum.duplicated + v.duplicated, sum.misplaced + v.misplaced, sum.epochs + v.epochs}
	}
	t.Logf("%d schedules, %d kills, %d events saved, in %.0f s: lost %d, duplicated %d, out of order %d; %d epochs begun by a kill",
		schedules, kills, sum.saved, time.Since(begun).Seconds(), sum.lost, sum.duplicated, sum.misplaced, sum.epochs-schedules)
}

// killRound lets both run for a while, then kills one, the other, or both.
func (p *pair) killRound(t *testing.T, random *rand.Rand, round string) (kills int) {
	h := startChild(t, childHub+"="+p.hub, childAddress+"="+p.address)
	b := startChild(t, childBox+"="+p.box, childRound+"="+round)
	defer func() {
		h.kill()
		b.kill()
		p.save(b.told("saved"))
	}()
	b.await(t, "confirmed", 1)
	if random.IntN(2) == 0 { // between the commit and the reply
		killed := make(chan struct{})
		p.network.whenAnswered(func() {
			h.kill()
			close(killed)
		})
		<-killed
		return 2
	}
	time.Sleep(time.Duration(random.IntN(200)) * time.Millisecond)
	first, second := h, b
	if random.IntN(2) == 0 {
		first, second = b, h
	}
	first.kill()
	time.Sleep(time.Duration(random.IntN(50)) * time.Millisecond)
	second.kill()
	return 2
}
