package edge

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"jembe/advisory"
	"jembe/edge/wire"
)

// resetting is a line that breaks after some bytes, again and again, with the hub behind it.
type resetting struct {
	net.Listener
	behind string
	passed atomic.Int64 // bytes that the hub sent
	breaks atomic.Int64
}

func newResetting(t *testing.T, behind string, after func() int64) *resetting {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &resetting{Listener: l, behind: strings.TrimPrefix(behind, "http://")}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.pass(c, after())
		}
	}()
	return r
}

// pass carries bytes both ways until so many have come back, then resets.
func (r *resetting) pass(c net.Conn, most int64) {
	defer c.Close()
	h, err := net.Dial("tcp", r.behind)
	if err != nil {
		return
	}
	defer h.Close()
	go func() { _, _ = io.Copy(h, c) }()
	n, _ := io.Copy(io.MultiWriter(c, r), io.LimitReader(h, most))
	if n == most {
		r.breaks.Add(1)
		_ = c.(*net.TCPConn).SetLinger(0) // a reset, not an end
	}
}

// Write counts what passes.
func (r *resetting) Write(p []byte) (int, error) {
	r.passed.Add(int64(len(p)))
	return len(p), nil
}

// TestResumingCostsLittle fetches 3 MB over a line that breaks every now and then: what is fetched twice is at most 64 KiB a break.
func TestResumingCostsLittle(t *testing.T) {
	o, f := newPublisher(t), newFetcher(t)
	p := o.publish("office", "1", "Keep the pen dry", 3<<20)
	line := newResetting(t, o.url, func() int64 { return 2_000 + rand.Int64N(200_000) })
	client := &http.Client{Transport: &http.Transport{}}
	from := hubSource{client, "http://" + line.Addr().String()}
	done := false
	for round := 0; !done; round++ {
		if round == 500 {
			t.Fatal("never done")
		}
		var err error
		if _, done, err = f.Follow(t.Context(), from, o.root, o.announced(), plenty); err != nil && wire.AsError(err).Code != advisory.Unreachable {
			t.Fatal(err)
		}
	}
	f.wantInUse(t, "office@1")
	breaks := line.breaks.Load()
	if breaks < 10 {
		t.Fatalf("the line broke %d times only", breaks)
	}
	if cost := (line.passed.Load() - p.Size) / breaks; cost > 64<<10 {
		t.Errorf("%d bytes a break were fetched again", cost)
	} else {
		t.Logf("%d breaks, %d bytes a break fetched again, heads of replies and signed files included", breaks, cost)
	}
}

func TestBudgetEndsARoundAndTheNextGoesOn(t *testing.T) {
	o, f := newPublisher(t), newFetcher(t)
	o.publish("office", "1", "Keep the pen dry", 300_000)
	from, total, rounds := hubSource{http.DefaultClient, o.url}, int64(0), 0
	for done := false; !done; rounds++ {
		used, d, err := f.Follow(t.Context(), from, o.root, o.announced(), 50_000)
		if err != nil || used > 50_000 || rounds > 20 {
			t.Fatalf("round %d used %d bytes, %v", rounds, used, err)
		}
		total, done = total+used, d
	}
	f.wantInUse(t, "office@1")
	if rounds < 6 || total > 320_000 {
		t.Errorf("%d rounds, %d bytes in all", rounds, total)
	}
}

func TestDamagedPartIsFetchedAnew(t *testing.T) {
	o, f := newPublisher(t), newFetcher(t)
	p := o.publish("office", "1", "Keep the pen dry", 100_000)
	from := hubSource{http.DefaultClient, o.url}
	if _, done, err := f.Follow(t.Context(), from, o.root, o.announced(), 60_000); err != nil || done {
		t.Fatal(done, err)
	}
	part := filepath.Join(f.data, "cache", "content", p.SHA256+".part")
	raw, err := os.ReadFile(part)
	if err != nil || len(raw) == 0 {
		t.Fatal(len(raw), err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(part, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.Follow(t.Context(), from, o.root, o.announced(), plenty); !errors.Is(err, errSpoilt) {
		t.Errorf("a damaged part: %v", err)
	}
	f.wantInUse(t)
	f.follow(t, o, "office@1")
}
