package main

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	weak "math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jembe/cmd/terminal"
	"jembe/edge"
	"jembe/edge/hub"
	"jembe/edge/wire"
)

// slowLink is a network in real time: so many bits a second each way, half the delay each way, and connections that are reset. A
// connection takes one round trip to open.
type slowLink struct {
	net.Listener
	hub    string
	bits   int
	delay  time.Duration             // there and back
	breaks func(from, to int64) bool // whether a connection is reset while these bytes of it go up; nil: none is
	resets atomic.Int64
	up     atomic.Int64
}

// oneInTwenty breaks off at 5 of 100 pieces of 4 KiB.
func oneInTwenty(from, to int64) bool { return from/4096 != to/4096 && weak.Float64() < 0.05 }

func (l *slowLink) open(t *testing.T) {
	t.Helper()
	var err error
	if l.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go l.carry(c.(*net.TCPConn))
		}
	}()
}

func (l *slowLink) carry(box *net.TCPConn) {
	time.Sleep(l.delay)
	c, err := net.Dial("tcp", l.hub)
	if err != nil {
		box.Close()
		return
	}
	hub := c.(*net.TCPConn)
	var once sync.Once
	end := func(reset bool) {
		once.Do(func() {
			if reset {
				l.resets.Add(1)
				box.SetLinger(0)
				hub.SetLinger(0)
			}
			box.Close()
			hub.Close()
		})
	}
	go l.oneWay(box, hub, nil, end)
	l.oneWay(hub, box, &l.up, end)
}

// piece is some bytes that arrive at a time.
type piece struct {
	data []byte
	at   time.Time
}

// oneWay lets bytes through at the rate of the line, each piece half the delay later.
func (l *slowLink) oneWay(to, from *net.TCPConn, count *atomic.Int64, end func(reset bool)) {
	under := make(chan piece, 4096)
	go func() {
		defer end(false)
		for p := range under {
			time.Sleep(time.Until(p.at))
			if _, err := to.Write(p.data); err != nil {
				return
			}
		}
	}()
	defer close(under)
	for buffer, passed := make([]byte, 256), int64(0); ; {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		time.Sleep(time.Duration(n) * 8 * time.Second / time.Duration(l.bits))
		if count != nil {
			count.Add(int64(n))
			passed += int64(n)
			if l.breaks != nil && l.breaks(passed-int64(n), passed) {
				end(true)
				return
			}
		}
		under <- piece{append([]byte{}, buffer[:n]...), time.Now().Add(l.delay / 2)}
	}
}

// fillBox puts lines into the record of a box as if it had made them over a month.
func fillBox(t *testing.T, data string, make func(device, epoch string) []wire.Line) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(data, "jembe.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var device, epoch string
	if err := db.QueryRow(`SELECT device, epoch FROM box`).Scan(&device, &epoch); err != nil {
		t.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var head wire.Hash
	for i, l := range make(device, epoch) {
		if _, err := tx.Exec(`INSERT INTO events (epoch, seq, prev, known_ms, body) VALUES (?, ?, ?, 0, ?)`, epoch, i+1, head[:], string(l.Body)); err != nil {
			t.Fatal(err)
		}
		head = wire.Link(head, l.Body)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// behind gives a box that is enrolled over a link at a hub with TLS by its own authority, with a record of n events.
func (l *slowLink) behind(t *testing.T, m *month, n int) (h *hub.Hub, data string) {
	t.Helper()
	h, data = startHub(t), t.TempDir()
	i, err := wire.ParseInvitation(invitation(t, h, ""))
	if err != nil {
		t.Fatal(err)
	}
	l.hub = strings.TrimPrefix(i.Address, "https://")
	l.open(t)
	if r := jembe(t, data, "enroll", i.String()); r.code != terminal.OK {
		t.Fatal(r.stderr)
	}
	member := filepath.Join(data, "hub.json")
	was, err := os.ReadFile(member)
	if err == nil {
		err = os.WriteFile(member, []byte(strings.ReplaceAll(string(was), l.hub, l.Addr().String())), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	fillBox(t, data, func(device, epoch string) []wire.Line { return m.lines(device, epoch, n) })
	return h, data
}

// R5: a month offline drains at 20 kbit/s, a second there and back, while 5 in 100 pieces of 4 KiB break the connection. The link is
// simulated in real time, and the box's own Syncer runs as in serve, with its waits after a failure.
func TestBenchLineDrain(t *testing.T) {
	if !*full {
		t.Skip("three minutes: make bench-line")
	}
	const events = 9000
	link := &slowLink{bits: 20_000, delay: time.Second, breaks: oneInTwenty}
	h, data := link.behind(t, askMonth(t, 400, false), events)
	s, err := edge.OpenStore(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	begun := time.Now()
	running.Go(func() {
		edge.NewSyncer(edge.SyncConfig{Store: s, Version: "test", Log: slog.New(slog.NewTextHandler(io.Discard, nil))}).Run(ctx)
	})
	for {
		spoken, err := s.Spoken(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if spoken.Ever && spoken.Waiting == 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	took := time.Since(begun)
	stop()
	running.Wait()
	v, err := h.Verify(t.Context())
	if err != nil || v.Events < events {
		t.Errorf("%+v %v", v, err)
	}
	t.Logf("%d events drained in %.0f s at 20 kbit/s with 1 s there and back; %d bytes up, %d resets", events, took.Seconds(), link.up.Load(), link.resets.Load())
	if took > 3*time.Minute {
		t.Errorf("%v, want at most 3 minutes", took)
	}
}

// R3 and R4: what a contact costs with TLS, and what a reset costs that comes at the worst moment: when all has been sent, and nothing
// was answered.
func TestBenchLineContactAndResume(t *testing.T) {
	m := askMonth(t, 60, false)
	link := &slowLink{bits: 1 << 30}
	_, data := link.behind(t, m, 1500)
	s, err := edge.OpenStore(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	y := edge.NewSyncer(edge.SyncConfig{Store: s, Version: "test"})
	link.breaks = func(_, to int64) bool { return to >= 13_000 } // handshake, head, and all but the end of 12 KiB
	before := link.up.Load()
	if _, err := y.Once(t.Context()); err == nil {
		t.Fatal("nothing broke off")
	}
	cost := link.up.Load() - before
	link.breaks = nil
	whole, err := y.Once(t.Context())
	if err != nil || whole.Waiting != 0 {
		t.Fatalf("%+v %v", whole, err)
	}
	largest := whole.Bytes / int64(whole.Requests)
	idle, err := y.Once(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("a contact with nothing to send %d bytes; a reset cost %d bytes, and at most a whole request of some %d", idle.Bytes, cost, largest)
	if idle.Bytes > 5<<10 || cost > 16<<10 || largest > 16<<10 {
		t.Error("want at most 5 KiB a contact and 16 KiB a reset")
	}
}
