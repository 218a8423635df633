package edge

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jembe/edge/browsertest"
)

// The status corner tells in words when the box last spoke with the office, and what waits; a box without an office says nothing.
func TestPageTellsOfTheOffice(t *testing.T) {
	s := newTestServer(t)
	p := browsertest.Open(t, "http://localhost:"+serve(t, s)+"/")
	p.Await("texts.tagline")
	if p.Visible("line") {
		t.Errorf("no office, and yet: %q", p.Text("line"))
	}
	o := newOffice(t)
	if _, err := Enrol(t.Context(), s.Store, o.invite(t), "test"); err != nil {
		t.Fatal(err)
	}
	record(t, s.Store, question("1"))
	record(t, s.Store, question("2"))
	tells := func(lang string, want ...string) {
		t.Helper()
		p.Language(lang)
		p.Await("!document.getElementById('line').hidden && document.getElementById('line').textContent.includes(" + jsString(want[0]) + ")")
		for _, w := range want {
			if got := p.Text("line"); !strings.Contains(got, w) {
				t.Errorf("%s: %q, want %q in it", lang, got, w)
			}
		}
	}
	tells("en", "has not spoken with the office yet", "2 notes wait")
	once(t, NewSyncer(SyncConfig{Store: s.Store, Log: slog.New(slog.DiscardHandler)}))
	tells("sw", "sasa hivi", "Zote zimetumwa")
	tells("en", "just now", "Everything is sent")
	if !p.Size(360, 640) {
		t.Error("the page is wider than a small phone")
	}
	if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
		p.Screenshot(filepath.Join(dir, "line-360.png"))
	}
}

func jsString(s string) string { return `"` + s + `"` }
