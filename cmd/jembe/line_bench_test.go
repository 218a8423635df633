package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	weak "math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
	"jembe/edge/wire"
)

// month is what a village asks: events that the Advisor gave to the test questions, and what people made of the answers.
type month struct {
	random *weak.Rand
	events []advisory.Event
}

// askMonth asks so many of the test questions, and keeps what the Advisor records of them.
func askMonth(t *testing.T, questions int, words bool) *month {
	t.Helper()
	rows, err := readLabelled("testdata/questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	b, err := openBox(t.Context(), &program{stderr: io.Discard}, &cli{Data: t.TempDir()}, boxNeeds{})
	if err != nil {
		t.Fatal(err)
	}
	notes, m := &at.Notebook{}, &month{random: weak.New(weak.NewPCG(1, 2))}
	b.advisor.Recorder = notes
	m.random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	for _, row := range rows[:questions] {
		q := advisory.Question{Text: row.question, Lang: row.lang, Consent: advisory.Consent{Words: words}}
		if _, err := b.advisor.Ask(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	m.events = notes.Events()
	return m
}

// lines gives n lines of an epoch, 300 a day: one question after the other, each asked but once in a while; every third is rated, and
// two in three persons ask more than one.
func (m *month) lines(device, epoch string, n int) []wire.Line {
	var out []wire.Line
	wall, mono, session, asked := time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC).UnixMilli(), int64(60_000), "", ""
	for seq := int64(1); seq <= int64(n); seq++ {
		step := int64(m.random.ExpFloat64() * 288_000)
		wall, mono = wall+step, mono+step+int64(m.random.IntN(2))
		e := m.events[m.random.IntN(len(m.events))]
		if asked != "" && m.random.IntN(3) == 0 {
			e = advisory.Event{Kind: advisory.KindRating, Answer: asked, Rating: advisory.ThumbUp}
			asked = ""
		} else {
			e.Answer = advisory.NewID()
			asked = e.Answer
			if session == "" || m.random.IntN(3) == 0 {
				session = fmt.Sprintf("%x", randomBytes(12))
			}
			e.Timings = m.otherTimes(e.Timings)
		}
		e.Session = session
		w := wire.Event{Device: device, Epoch: epoch, Seq: seq, Boot: 1 + seq/300, Mono: mono, Wall: wall, Clock: wire.ClockSet, Event: e}
		l := wire.Line{Words: e.Words}
		if l.Words != "" {
			l.Salt = randomBytes(wire.SaltBytes)
			w.WordsHash = wire.HashWords(l.Salt, l.Words)
		}
		l.Body, _ = wire.Canonical(w) // whole by construction
		out = append(out, l)
	}
	return out
}

// otherTimes varies measured times, so that the same question asked again is not the same event.
func (m *month) otherTimes(t *advisory.Timings) *advisory.Timings {
	if t == nil {
		return nil
	}
	us := func(ms float64) float64 { return float64(int64(ms*1000*(0.6+0.8*m.random.Float64()))) / 1000 }
	v := &advisory.Timings{Understand: us(t.Understand), Retrieve: us(t.Retrieve), Evidence: us(t.Evidence), Guard: us(t.Guard)}
	v.Write = float64(int64(v.Guard*1000)+int64(m.random.IntN(200))) / 1000
	sum := int64(v.Understand*1000+.5) + int64(v.Retrieve*1000+.5) + int64(v.Evidence*1000+.5) + int64(v.Write*1000+.5)
	v.Total = float64(sum+int64(m.random.IntN(200))) / 1000
	return v
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}

func headOf(lines []wire.Line) (head wire.Hash) {
	for _, l := range lines {
		head = wire.Link(head, l.Body)
	}
	return head
}

// batchesOf encodes lines by so many, as a box would, and gives the bytes of each.
func batchesOf(t *testing.T, lines []wire.Line, by int) (sizes []int) {
	t.Helper()
	for i := 0; i+by <= len(lines); i += by {
		h := headOf(lines[:i])
		body, err := wire.EncodeBatch(wire.Batch{Lines: lines[i : i+by], Header: wire.Header{Hub: "mz3kvpx2mjxexxr7", Device: "k3v5q2mnaeb7xwzd", Epoch: "p4t6ahzq",
			Before: h[:wire.BeforeBytes], First: int64(i + 1), Version: "1.2.3", Waiting: int64(len(lines) - i - by), Wall: 1790000100500, Boot: 3, Mono: 512345, Nonce: wire.RandomID(5)}})
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(body))
	}
	return sizes
}

// R4, by events of the real Advisor: bytes an event in batches of 100, beside the same events pushed one by one as plain JSON.
func TestBenchLineBytes(t *testing.T) {
	questions, events := 60, 500
	if *full {
		questions, events = 1500, 9000
	}
	for _, c := range []struct {
		name  string
		words bool
		most  float64
	}{{"without words", false, 40}, {"with words", true, 60}} {
		m := askMonth(t, questions, c.words)
		lines := m.lines("k3v5q2mnaeb7xwzd", "p4t6ahzq", events)
		sum := 0
		for _, n := range batchesOf(t, lines, 100) {
			sum += n
		}
		each := float64(sum) / float64(events)
		plain := plainBytes(t, lines[:min(events, 500)])
		t.Logf("%s: %.1f bytes an event in batches of 100, of %d questions answered; plain JSON one by one over TLS %.0f, %.0f times as many",
			c.name, each, questions, plain, plain/each)
		if each > c.most && *full { // the short form has too few questions to know what repeats
			t.Errorf("%s: %.1f bytes an event, want at most %.0f", c.name, each, c.most)
		}
	}
}

// plainBytes pushes events one by one as JSON over a TLS connection that is kept, and gives the bytes each took, both ways.
func plainBytes(t *testing.T, lines []wire.Line) float64 {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, `{"accepted":true}`)
	}))
	defer server.Close()
	var passed atomic.Int64
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
			return counted{c, &passed}, err
		},
	}}
	defer client.CloseIdleConnections()
	for _, l := range lines {
		body, err := json.Marshal(struct {
			Event json.RawMessage `json:"event"`
			Words string          `json:"words,omitempty"`
			Salt  []byte          `json:"salt,omitempty"`
		}{l.Body, l.Words, l.Salt})
		if err != nil {
			t.Fatal(err)
		}
		r, err := client.Post(server.URL+"/v1/events", "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, r.Body)
		r.Body.Close()
	}
	return float64(passed.Load()) / float64(len(lines))
}

// counted counts the bytes of a connection, both ways.
type counted struct {
	net.Conn
	passed *atomic.Int64
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.passed.Add(int64(n))
	return n, err
}

func (c counted) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.passed.Add(int64(n))
	return n, err
}
