package hub

import (
	"context"
	"fmt"
	"io"
	"log/slog"
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

// goodPassword passes the rules.
const goodPassword = "correct zebra staple hoe"

// testOffice is a hub that serves, with a user of every role whose name is the role's.
type testOffice struct {
	*Hub
	url string
}

func newTestOffice(t *testing.T) *testOffice {
	t.Helper()
	return serveOffice(t, newTestHub(t, ""))
}

// newTestHub opens a hub in a folder of its own.
func newTestHub(t testing.TB, database string) *Hub {
	t.Helper()
	h, err := Open(context.Background(), Config{Data: t.TempDir(), Database: database, Version: "test", Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func serveOffice(t *testing.T, h *Hub) *testOffice {
	t.Helper()
	for _, role := range Roles() {
		if _, err := h.Staff().Add(t.Context(), CommandLine(), string(role), []Role{role}, goodPassword); err != nil {
			t.Fatal(err)
		}
	}
	h.escalations = newFakeDesk(
		Escalation{ID: "1", Code: "417", Village: "Kibaoni", Lang: "sw", AskedMS: h.now(), HasVoice: true, Concepts: []string{"chicken"},
			Words: "Kuku wangu wanakufa mmoja mmoja, kinyesi ni kijani. Nifanye nini?"},
		Escalation{ID: "2", Code: "902", Village: "Mtakuja", Lang: "<script>alert(1)</script>", Words: "<script>alert(1)</script>"})
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return &testOffice{h, server.URL}
}

// browser is a client with cookies that follows no redirect by itself. It is a double of a real one: it sends no Origin.
type browser struct {
	t   *testing.T
	o   *testOffice
	c   *http.Client
	jar *cookiejar.Jar
}

func (o *testOffice) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{t, o, &http.Client{Jar: jar, CheckRedirect: stay, Timeout: time.Minute}, jar}
}

// as signs in as the user whose name is the role's.
func (o *testOffice) as(t *testing.T, role Role) *browser {
	t.Helper()
	b := o.browser(t)
	if r := b.post("/sign-in", "name", string(role), "password", goodPassword); r.status != http.StatusSeeOther {
		t.Fatalf("sign in as %s: %d %s", role, r.status, r.problem())
	}
	return b
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   string
}

// problem is what the page says went wrong.
func (r reply) problem() string {
	_, after, _ := strings.Cut(r.body, `id="problem">`)
	text, _, _ := strings.Cut(after, "</p>")
	return text
}

func (b *browser) get(path string) reply {
	b.t.Helper()
	return b.send(http.MethodGet, path, nil, nil)
}

func (b *browser) post(path string, fields ...string) reply {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return b.send(http.MethodPost, path, strings.NewReader(form.Encode()), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
}

func (b *browser) send(method, path string, body io.Reader, header map[string]string) reply {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.o.url+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	got, err := b.c.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return reply{got.StatusCode, got.Header, string(text)}
}

// cookie is the session's, "" when there is none.
func (b *browser) cookie() string {
	u, _ := url.Parse(b.o.url)
	for _, c := range b.jar.Cookies(u) {
		if c.Name == "jembe" {
			return c.Value
		}
	}
	return ""
}

// join puts a box into the tables, as enrolment does.
func join(t testing.TB, h *Hub, device, village string) {
	t.Helper()
	_, err := h.db.Write.Exec(`INSERT INTO devices (device, key, recipient, village, version, enrolled_ms, seen_ms) VALUES ($1, $2, '', $3, '1.0', $4, $4)`,
		device, []byte(device), village, h.now())
	if err != nil {
		t.Fatal(err)
	}
}

// take puts events at the end of a box's record, as taking in does; it fills in device, epoch, seq and time where they are missing.
func take(t testing.TB, h *Hub, device string, events ...wire.Event) {
	t.Helper()
	tx, err := h.db.Write.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	var through int64
	if err := tx.QueryRow(`SELECT COALESCE(MAX(through), 0) FROM epochs WHERE device = $1 AND epoch = 'e1'`, device).Scan(&through); err != nil {
		t.Fatal(err)
	}
	add, err := tx.Prepare(`INSERT INTO events (device, epoch, seq, kind, body, received_ms) VALUES ($1, 'e1', $2, $3, $4, $5)`)
	if err != nil {
		t.Fatal(err)
	}
	defer add.Close()
	for _, e := range events {
		through++
		e.Device, e.Epoch, e.Seq = device, "e1", through
		if e.Clock == "" {
			e.Clock, e.Wall = wire.ClockSet, h.now()
		}
		body, err := wire.Canonical(e)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = add.Exec(device, through, string(e.Kind), string(body), h.now()); err != nil {
			t.Fatal(err)
		}
	}
	_, err = tx.Exec(`INSERT INTO epochs (device, epoch, through, head, safe) VALUES ($1, 'e1', $2, $3, 0)
		ON CONFLICT (device, epoch) DO UPDATE SET through = excluded.through`, device, through, make([]byte, 32))
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// say keeps the words of the last event of a box.
func say(t testing.TB, h *Hub, device, words string) {
	t.Helper()
	_, err := h.db.Write.Exec(`INSERT INTO words (device, epoch, seq, answer, salt, words)
		SELECT device, epoch, through, 'a' || CAST(through AS TEXT), $2, $3 FROM epochs WHERE device = $1`, device, []byte("salt"), words)
	if err != nil {
		t.Fatal(err)
	}
}

// asking is a question as a box records it.
func asking(outcome advisory.Outcome, lang advisory.Lang, gender advisory.Gender, concepts ...string) wire.Event {
	return wire.Event{Event: advisory.Event{Kind: advisory.KindQuestion, Answer: "a", Lang: lang, Channel: advisory.ByVoice, Outcome: outcome,
		Gender: gender, Concepts: concepts}}
}

// fillOffice fills a hub with two boxes and a month of questions.
func fillOffice(t testing.TB, h *Hub) {
	t.Helper()
	join(t, h, "boxone", "Kibaoni")
	join(t, h, "boxtwo", "Mtakuja")
	var many []wire.Event
	for i := range 60 {
		e := asking(advisory.Answered, "sw", []advisory.Gender{advisory.Woman, advisory.Man, ""}[i%3], "maize", "fall-armyworm")
		e.Wall, e.Clock = h.clock().AddDate(0, 0, -i%5).UnixMilli(), wire.ClockSet
		many = append(many, e)
	}
	take(t, h, "boxone", many...)
	take(t, h, "boxone", wire.Event{Event: advisory.Event{Kind: advisory.KindHealth, Packs: []string{"starter@1", "office@3"},
		Health: &advisory.Health{Version: "1.2", FreeMB: 120, Trouble: advisory.Busy}}})
	for i := range 14 {
		gap := asking(advisory.Unsure, "sw", advisory.Woman, "cassava")
		gap.Reason, gap.WordsHash = advisory.NoEvidence, "h"
		take(t, h, "boxtwo", gap)
		say(t, h, "boxtwo", fmt.Sprintf("muhogo wangu unaoza mizizi, nifanye nini? (%d)", i))
	}
	take(t, h, "boxtwo", asking(advisory.Refused, "fr", "", "goat"))
	if _, err := h.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
}
