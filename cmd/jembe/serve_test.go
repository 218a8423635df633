package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
)

// serving is a box that serves, for a test.
type serving struct {
	url  string
	errs *lockedBuffer
}

// lockedBuffer is a bytes.Buffer that the program and the test share.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// startServe runs serve on a free port until the test ends.
func startServe(t *testing.T, data string, args ...string) serving {
	t.Helper()
	addr, errs := start(t, append([]string{"--data", data, "serve", "--listen", "127.0.0.1:0"}, args...)...)
	return serving{"http://" + addr, errs}
}

// start runs a command that listens until the test ends, and gives what it tells of where.
func start(t *testing.T, args ...string) (at string, errs *lockedBuffer) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan int, 1)
	errs = &lockedBuffer{}
	p := &program{stdin: strings.NewReader(""), stdout: io.Discard, stderr: errs, listening: func(at string) { ready <- at }}
	go func() { ended <- p.run(ctx, args) }()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != terminal.OK {
			t.Errorf("%v ended with %d: %s", args, code, errs.String())
		}
	})
	select {
	case at = <-ready:
	case code := <-ended:
		ended <- code
		t.Fatalf("%v ended: %s", args, errs.String())
	case <-time.After(2 * time.Minute):
		t.Fatalf("%v does not listen", args)
	}
	return at, errs
}

// post sends JSON and reads the JSON reply into reply, which may be nil; it gives the status.
func (s serving) post(t *testing.T, path string, body, reply any) int {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.Post(s.url+path, "application/json", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if reply != nil {
		if err := json.NewDecoder(r.Body).Decode(reply); err != nil {
			t.Fatal(err)
		}
	}
	return r.StatusCode
}

type httpAnswer struct {
	advisory.Answer
	Sound []string `json:"sound"`
	Saved bool     `json:"saved"`
}

func TestServeAsksSoundsRatesAndRecords(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	data := t.TempDir()
	s := startServe(t, data)
	var a httpAnswer
	if status := s.post(t, "/v1/ask", map[string]any{"text": "my hens at Kipsigak twist their necks and die", "lang": "en", "session": "p1"}, &a); status != 200 {
		t.Fatalf("ask: %d", status)
	}
	if a.Outcome != advisory.Answered || a.Citations[0].Document != "poultry-newcastle" || !a.Saved || len(a.Sound) == 0 {
		t.Fatalf("%+v", a)
	}
	sound, err := http.Get(s.url + a.Sound[0])
	if err != nil {
		t.Fatal(err)
	}
	defer sound.Body.Close()
	wav, err := io.ReadAll(sound.Body)
	if err != nil || sound.StatusCode != 200 || !bytes.HasPrefix(wav, []byte("RIFF")) || len(wav) < 20_000 {
		t.Errorf("sound: %d, %d bytes, %v", sound.StatusCode, len(wav), err)
	}
	if status := s.post(t, "/v1/answers/"+a.ID+"/rating", map[string]string{"rating": "up"}, nil); status != 204 {
		t.Errorf("rating: %d", status)
	}
	answer(t, data, "how do I make compost") // beside the running serve, into the same record

	r := jembe(t, data, "stats", "--json")
	var stats struct {
		Questions int            `json:"questions"`
		Ratings   map[string]int `json:"ratings"`
	}
	if err := json.Unmarshal([]byte(r.stdout), &stats); err != nil || stats.Questions != 2 || stats.Ratings["up"] != 1 {
		t.Errorf("%v: %s", err, r.stdout)
	}
	r = jembe(t, data, "events", "export")
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d events: %s", len(lines), r.stdout)
	}
	for i, line := range lines {
		var e struct {
			Device, Epoch, Kind string
			Seq                 int
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Seq != i+1 || e.Device == "" || e.Epoch == "" {
			t.Errorf("event %d: %v %s", i, err, line)
		}
		if strings.Contains(line, "Kipsigak") || strings.Contains(line, "necks") {
			t.Errorf("words without consent: %s", line)
		}
	}
}

func TestPortTaken(t *testing.T) {
	s := startServe(t, t.TempDir())
	r := jembe(t, t.TempDir(), "serve", "--listen", strings.TrimPrefix(s.url, "http://"), "--json")
	if r.code != terminal.Failure || !strings.Contains(r.stderr, `"port_taken"`) || !strings.Contains(r.stderr, "--listen") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
}

// office writes the folder of a small pack.
func office(t *testing.T, answer string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "office")
	if err := os.MkdirAll(filepath.Join(dir, "docs", "en"), 0o755); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`---
id: compost-making
lang: en
title: Compost as our office makes it
kind: practice
topics: [composting]
zones: []
sources:
  - {name: "Our office", url: "https://example.org/compost", year: 2026}
status: unreviewed
questions:
  - how do I make compost
answer: %s
---

## What to do

%s
`, answer, answer)
	if err := os.WriteFile(filepath.Join(dir, "docs", "en", "compost-making.md"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestPackOfAnOfficeReplacesTheStartersDocumentInARunningBox(t *testing.T) {
	data := t.TempDir()
	s := startServe(t, data)
	archive := filepath.Join(t.TempDir(), "office.tar.zst")
	if r := jembe(t, data, "pack", "build", office(t, "Make the heap as our office shows."), archive); r.code != terminal.OK {
		t.Fatalf("build: %s", r.stderr)
	}
	if r := jembe(t, data, "pack", "verify", archive); r.code != terminal.OK {
		t.Errorf("verify: %s", r.stderr)
	}
	whole, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	corrupt := filepath.Join(t.TempDir(), "corrupt.tar.zst")
	if err := os.WriteFile(corrupt, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if r := jembe(t, data, "pack", "install", corrupt); r.code != terminal.Failure {
		t.Errorf("half a pack was installed: %s", r.stdout)
	}
	if r := jembe(t, data, "pack", "install", archive); r.code != terminal.OK {
		t.Fatalf("install: %s", r.stderr)
	}
	says := func(want string) {
		t.Helper()
		var a httpAnswer
		for range 100 { // the box looks every two seconds
			s.post(t, "/v1/ask", map[string]any{"text": "how do I make compost", "lang": "en"}, &a)
			if a.Outcome != advisory.Answered {
				t.Fatalf("the swap disturbed a question: %+v", a)
			}
			if a.Citations[0].Source == want {
				return
			}
			time.Sleep(200 * time.Millisecond)
		}
		t.Errorf("still answers from %s, want %s: %s", a.Citations[0].Source, want, s.errs)
	}
	before := answer(t, t.TempDir(), "--lang", "en", "how do I make compost").Citations[0].Source
	says("Our office, 2026")
	if r := jembe(t, data, "pack", "rollback"); r.code != terminal.OK {
		t.Fatalf("rollback: %s", r.stderr)
	}
	says(before)
}
