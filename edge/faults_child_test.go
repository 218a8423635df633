package edge

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/hub"
)

// A child is this test binary as a process of its own, which a test kills: a hub, a box that records and speaks, or both.
type child struct {
	*exec.Cmd
	mu   sync.Mutex
	said []string
	over chan struct{}
}

// What a child is told by its environment.
const (
	childHub     = "JEMBE_TEST_HUB"     // folder of the hub that it serves
	childAddress = "JEMBE_TEST_ADDRESS" // at which
	childBox     = "JEMBE_TEST_BOX"     // folder of the box
	childRound   = "JEMBE_TEST_ROUND"   // begins the names of its answers
	childControl = "JEMBE_TEST_CONTROL" // a database that is opened as most programs do: the control
)

// beChild does what the environment says until the process is killed; it comes back where that says nothing.
func beChild() {
	if path := os.Getenv(childControl); path != "" {
		controlForever(path)
	}
	dir, box := os.Getenv(childHub), os.Getenv(childBox)
	if dir == "" && box == "" {
		return
	}
	if dir != "" {
		go serveForever(dir, os.Getenv(childAddress))
	}
	if box == "" {
		select {}
	}
	lineForever(box, os.Getenv(childRound))
}

func serveForever(dir, address string) {
	ctx := context.Background()
	h, err := hub.Open(ctx, hub.Config{Data: dir})
	if err != nil {
		childFailed(err)
	}
	l, err := hub.Listen(ctx, address)
	if err != nil {
		childFailed(err)
	}
	childFailed(h.Serve(ctx, l, "http://"+address, nil))
}

// lineForever records and speaks, and prints each answer that was saved, and the last of those that the hub has confirmed.
func lineForever(dir, round string) {
	ctx := context.Background()
	s := unopened(dir)
	y := syncerOf(s)
	for i := 1; ; i++ {
		answer := fmt.Sprintf("%s-%06d", round, i)
		if err := s.Record(ctx, question(answer)); err != nil {
			childFailed(err)
		}
		fmt.Println("saved", answer)
		if i%7 != 0 {
			continue
		}
		short, cancel := context.WithTimeout(ctx, 5*time.Second)
		if done, err := y.Once(short); err == nil && done.Waiting == 0 {
			fmt.Println("confirmed", answer)
		}
		cancel()
	}
}

// controlForever inserts rows with synchronous=NORMAL.
func controlForever(path string) {
	db, err := sql.Open("sqlite", path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)")
	if err == nil {
		db.SetMaxOpenConns(1)
		_, err = db.Exec(`CREATE TABLE IF NOT EXISTS rows (answer TEXT)`)
	}
	for i := 1; err == nil; i++ {
		answer := fmt.Sprintf("control-%06d", i)
		if _, err = db.Exec(`INSERT INTO rows VALUES (?)`, answer); err == nil {
			fmt.Println("saved", answer)
		}
	}
	childFailed(err)
}

func childFailed(err error) {
	fmt.Println("failed", err)
	os.Exit(1)
}

func startChild(t testing.TB, environment ...string) *child {
	t.Helper()
	c := &child{Cmd: exec.Command(os.Args[0]), over: make(chan struct{})}
	c.Env = append(os.Environ(), environment...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(c.over)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			c.mu.Lock()
			c.said = append(c.said, lines.Text())
			c.mu.Unlock()
		}
	}()
	return c
}

// kill ends the process at once, whatever it is at.
func (c *child) kill() {
	_ = c.Process.Kill() // it may be gone already
	<-c.over
	_ = c.Wait() // which says that it was killed
}

// told gives what the child has printed so far with a word before it.
func (c *child) told(word string) (out []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, line := range c.said {
		if rest, ok := strings.CutPrefix(line, word+" "); ok {
			out = append(out, rest)
		}
	}
	return out
}

// await waits until the child has printed so many lines with a word.
func (c *child) await(t testing.TB, word string, n int) {
	t.Helper()
	for range 6000 {
		if len(c.told(word)) >= n {
			return
		}
		if failed := c.told("failed"); len(failed) > 0 {
			t.Fatal(failed)
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the child has not %s anything", word)
}

// pair is a hub and a box that is enrolled at it, in folders, for children to run.
type pair struct {
	hub, box, address string
	network           *network
	saved             map[string]bool
}

func newPair(t testing.TB, dir string) *pair {
	t.Helper()
	l, err := hub.Listen(t.Context(), "127.0.0.1:0") // a port that is free
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	p := &pair{hub: dir + "/hub", box: dir + "/box", address: l.Addr().String(), saved: map[string]bool{}}
	p.network = newNetwork(t, p.address)
	p.serve(t, func(o *office) {
		i, err := o.Enroll(t.Context(), p.network.url(), "Kipsigak")
		if err != nil {
			t.Fatal(err)
		}
		s := unopened(p.box)
		_, err = Enrol(t.Context(), s, i, "test")
		s.Close()
		if err != nil {
			t.Fatal(err)
		}
	})
	return p
}

// save keeps what a child says it has saved.
func (p *pair) save(answers []string) {
	for _, a := range answers {
		p.saved[key(advisory.Event{Kind: advisory.KindQuestion, Answer: a})] = true
	}
}
