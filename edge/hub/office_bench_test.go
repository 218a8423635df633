package hub

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// BenchmarkOffice measures the pages of an office with 1,000,000 events of 500 boxes over a year, 300 topics, a quarter of the
// questions without an answer, half of those with words. "count" is how long the job takes to count all of it once.
func BenchmarkOffice(b *testing.B) {
	h, counted := millionEvents(b)
	for _, role := range Roles() {
		if _, err := h.Staff().Add(b.Context(), CommandLine(), string(role), []Role{role}, goodPassword); err != nil {
			b.Fatal(err)
		}
	}
	server := httptest.NewServer(h)
	defer server.Close()
	for _, page := range []struct {
		role Role
		path string
	}{{Curator, "/"}, {Curator, "/boxes"}, {Curator, "/boxes/box0000000000042"}, {Curator, "/asked?span=month"}, {Curator, "/asked?span=all"},
		{Analyst, "/asked/counts.csv?span=all"}, {Curator, "/asked/words"}, {Curator, "/asked/words?concept=topic-42"}} {
		b.Run(strings.ReplaceAll(page.path, "/", "|"), func(b *testing.B) {
			client := signedIn(b, server.URL, page.role)
			for b.Loop() {
				got, err := client.Get(server.URL + page.path)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, got.Body); err != nil || got.StatusCode != http.StatusOK {
					b.Fatal(got.StatusCode, err)
				}
				got.Body.Close()
			}
			b.ReportMetric(counted.Seconds(), "s-to-count-all")
		})
	}
}

// millionEvents makes the hub, and tells how long it took to count all of it once.
func millionEvents(b *testing.B) (h *Hub, counted time.Duration) {
	b.Helper()
	const boxes, each = 500, 2000
	h = newTestHub(b, "")
	random := rand.New(rand.NewPCG(1, 2))
	for i := range boxes {
		device := fmt.Sprintf("box%013d", i)
		join(b, h, device, fmt.Sprintf("Village %d", i/2))
		events := make([]wire.Event, each)
		for n := range events {
			events[n] = someQuestion(random, h.clock())
		}
		take(b, h, device, events...)
		if _, err := h.db.Write.Exec(`INSERT INTO words (device, epoch, seq, answer, salt, words)
			SELECT device, epoch, seq, 'a', $2, 'what is eating my crop' FROM events WHERE device = $1 AND body LIKE '%words_hash%'`, device, []byte("salt")); err != nil {
			b.Fatal(err)
		}
	}
	began := time.Now()
	if n, err := h.Count(b.Context()); err != nil || n != boxes*each {
		b.Fatal(n, err)
	}
	return h, time.Since(began)
}

func signedIn(b *testing.B, address string, role Role) *http.Client {
	b.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	got, err := client.PostForm(address+"/sign-in", url.Values{"name": {string(role)}, "password": {goodPassword}})
	if err != nil {
		b.Fatal(err)
	}
	got.Body.Close()
	return client
}

// someQuestion is one as boxes record them, within the year before now.
func someQuestion(random *rand.Rand, now time.Time) wire.Event {
	pick := func(n int) int { return random.IntN(n) }
	e := asking([]advisory.Outcome{advisory.Answered, advisory.Answered, advisory.Clarify, advisory.Unsure}[pick(4)],
		[]advisory.Lang{"sw", "en", "hi", "fr"}[pick(4)], []advisory.Gender{advisory.Woman, advisory.Man, ""}[pick(3)],
		fmt.Sprintf("topic-%d", pick(300)), fmt.Sprintf("topic-%d", pick(30)))
	e.Answer, e.Session = fmt.Sprintf("%016x", random.Uint64()), fmt.Sprintf("s-%x", random.Uint32())
	e.Wall, e.Clock = now.AddDate(0, 0, -pick(365)).UnixMilli(), wire.ClockSynced
	e.Timings = &advisory.Timings{Total: float64(pick(3000))}
	if e.Outcome == advisory.Unsure {
		if e.Reason = advisory.NoEvidence; pick(2) == 0 {
			e.WordsHash = "3q2-7wAAAAAAAAAAAAAAAA"
		}
	}
	return e
}
