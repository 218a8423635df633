package edge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
)

func TestErrorsAreInTheCallersLanguage(t *testing.T) {
	s := newTestServer(t)
	p := wantProblem(t, post(t, s, "/v1/ask", `{"lang":"sw"}`), 400, advisory.EmptyQuestion)
	if p.Detail != advisory.Say("sw", "error_empty_question") {
		t.Errorf("told as %q", p.Detail)
	}
	r := httptest.NewRequest("GET", "/v1/answers/none/sound", nil)
	r.Header.Set("Accept-Language", "de-DE, fr-FR;q=0.9, en;q=0.8")
	if p := wantProblem(t, call(t, s, r), 404, advisory.NotFound); p.Detail != advisory.Say("fr", "error_not_found") {
		t.Errorf("told as %q", p.Detail)
	}
}

func TestFullDiskDoesNotStopAnswers(t *testing.T) {
	full := &at.Notebook{Err: &advisory.Error{Code: advisory.DiskFull, Hint: "free some space in /secret/folder"}}
	s := newTestServer(t, func(c *Config) { c.Advisor.Recorder = full })
	r := askFor(t, s, `{"text":"there are worms in my maize","lang":"sw"}`)
	if r.Outcome != advisory.Answered || r.Saved || r.Notice != advisory.Say("sw", "error_disk_full") {
		t.Errorf("%+v", r)
	}
	p := wantProblem(t, post(t, s, "/v1/answers/"+r.ID+"/rating", `{"rating":"up"}`), 507, advisory.DiskFull)
	if p.Hint != "" {
		t.Errorf("a stranger is told %q", p.Hint)
	}
}

// panicking is a Transcriber double that breaks.
type panicking struct{}

func (panicking) Transcribe(context.Context, []byte, advisory.Lang) (advisory.Transcript, error) {
	panic("secret detail")
}

func TestAPanicCostsOneQuestion(t *testing.T) {
	s := newTestServer(t, func(c *Config) { c.Advisor.Transcriber = panicking{} })
	w := call(t, s, audio("lang=en", strings.NewReader("x")))
	wantProblem(t, w, 500, advisory.Internal)
	if strings.Contains(w.Body.String(), "secret") {
		t.Errorf("internal text is told: %s", w.Body)
	}
	askFor(t, s, `{"text":"there are worms in my maize"}`)
}

func TestBusyWhenTooManyRecordingsWait(t *testing.T) {
	places := make(chan struct{}, 1)
	leave, err := take(t.Context(), places, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	_, err = take(t.Context(), places, time.Millisecond)
	if e := (*advisory.Error)(nil); !errors.As(err, &e) || e.Code != advisory.Busy {
		t.Fatalf("%v, want busy", err)
	}
	leave()
	if _, err = take(t.Context(), places, time.Second); err != nil {
		t.Errorf("a place was left, and is not given: %v", err)
	}
}

func TestANewSessionEndsTheReplayOfTheOneBefore(t *testing.T) {
	s := newTestServer(t)
	mine := askFor(t, s, `{"text":"there are worms in my maize","session":"one"}`)
	other := askFor(t, s, `{"text":"there are worms in my maize","session":"two"}`)
	wantProblem(t, post(t, s, "/v1/answers/"+mine.ID+"/rating", `{"rating":"up","session":"two"}`), 404, advisory.NotFound)
	if w := post(t, s, "/v1/sessions/one/end", ``); w.Code != 204 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	wantProblem(t, get(t, s, mine.Sound[0]), 404, advisory.NotFound)
	if w := get(t, s, other.Sound[0]); w.Code != 200 {
		t.Errorf("the other session's answer: %d", w.Code)
	}
}

func TestCallsFromOtherSitesAreRefused(t *testing.T) {
	s := newTestServer(t)
	for name, set := range map[string]func(h http.Header){
		"another site":   func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site") },
		"another origin": func(h http.Header) { h.Set("Origin", "http://evil.example") },
		"a plain form":   func(h http.Header) { h.Set("Content-Type", "text/plain") },
	} {
		r := httptest.NewRequest("POST", "/v1/ask", strings.NewReader(`{"text":"maize"}`))
		r.Header.Set("Content-Type", "application/json")
		set(r.Header)
		t.Run(name, func(t *testing.T) { wantProblem(t, call(t, s, r), 400, advisory.BadRequest) })
	}
	r := httptest.NewRequest("POST", "http://box.local:8080/v1/ask", strings.NewReader(`{"text":"maize"}`))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Origin", "http://box.local:8080")
	if w := call(t, s, r); w.Code != 200 {
		t.Errorf("the page's own call: %d %s", w.Code, w.Body)
	}
}

func TestProtectiveHeaders(t *testing.T) {
	s := newTestServer(t)
	for path, cache := range map[string]string{"/": "no-cache", "/page/app.js": "no-cache", "/v1/status": "no-store", "/nothing": "no-store"} {
		h := get(t, s, path).Header()
		if h.Get("Content-Security-Policy") != policy || h.Get("X-Content-Type-Options") != "nosniff" ||
			h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != cache || h.Get("Set-Cookie") != "" {
			t.Errorf("%s: %v", path, h)
		}
	}
	again := httptest.NewRequest("GET", "/page/style.css", nil)
	again.Header.Set("If-None-Match", get(t, s, "/page/style.css").Header().Get("ETag"))
	if w := call(t, s, again); w.Code != 304 {
		t.Errorf("unchanged file: %d, want 304", w.Code)
	}
}

func TestStatusTellsWhatTheBoxCan(t *testing.T) {
	s := newTestServer(t)
	var got struct {
		Version   string
		Languages []Language
		Packs     []string
		Record    struct{ OK bool }
		Clock     struct{ Trust string }
	}
	if err := json.Unmarshal(get(t, s, "/v1/status").Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != "test" || len(got.Languages) != 4 || got.Languages[2].Name != "हिन्दी" || got.Languages[2].Heard ||
		!slices.Equal(got.Packs, []string{"double@1"}) || !got.Record.OK || got.Clock.Trust == "unknown" {
		t.Errorf("%+v", got)
	}
	for _, path := range []string{"/healthz", "/openapi.yaml", "/", "/page/logo.svg"} {
		if w := get(t, s, path); w.Code != 200 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// ofPage finds the embedded files that a file names; a name that code completes stands for all that begin so.
var ofPage = regexp.MustCompile(`/page/([a-z0-9.-]+)`)

// Whatever a page loads, each file counted once, comes to no more than 50 KB on the Wi-Fi.
func TestPagesAreSmall(t *testing.T) {
	s, pages := newTestServer(t), 0
	for name, f := range s.files {
		switch filepath.Ext(name) {
		case ".html":
			pages++
			if bytes.Contains(f.data, []byte("style=")) || bytes.Contains(f.data, []byte("onclick")) {
				t.Errorf("%s has inline style or script, which the policy forbids", name)
			}
			total := loaded(t, s, name, map[string]bool{})
			t.Logf("%s is sent in %d bytes with all that it loads", name, total)
			if total > 50<<10 {
				t.Errorf("%s is sent in %d bytes with all that it loads, want at most 50 KB", name, total)
			}
		case ".js":
			if bytes.Contains(f.data, []byte("innerHTML")) {
				t.Errorf("%s inserts HTML", name)
			}
		}
	}
	if pages < 4 {
		t.Errorf("%d pages, want the farmer's, the recorder's, setup's and that of words", pages)
	}
}

// loaded gives the bytes in which a file is sent, with all that it names, but for what was counted before.
func loaded(t *testing.T, s *Server, name string, before map[string]bool) int {
	t.Helper()
	if before[name] {
		return 0
	}
	before[name] = true
	total := getCompressed(t, s, "/page/"+name).Body.Len()
	for _, m := range ofPage.FindAllSubmatch(s.files[name].data, -1) {
		for other := range s.files {
			if strings.HasPrefix(other, string(m[1])) {
				total += loaded(t, s, other, before)
			}
		}
	}
	return total
}

func TestTakenPortAndGracefulStop(t *testing.T) {
	l, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, err = Listen(t.Context(), l.Addr().String())
	if e := (*advisory.Error)(nil); !errors.As(err, &e) || e.Code != advisory.PortTaken || !strings.Contains(e.Hint, "--listen") {
		t.Errorf("second listener: %v, want port_taken", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	s := newTestServer(t)
	go func() { done <- s.Serve(ctx, l) }()
	res, err := http.Get("http://" + l.Addr().String() + "/healthz")
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("%v %v", res, err)
	}
	res.Body.Close()
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(15 * time.Second):
		t.Fatal("the server does not stop")
	}
	if c, err := net.Dial("tcp", l.Addr().String()); err == nil {
		c.Close()
		t.Error("stopped, and still listening")
	}
}
