package main

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/edge/hub"
	"jembe/edge/wire"
)

// openOffice opens a hub, which listens until the test ends, and gives an invitation to a box.
func openOffice(t *testing.T) (h *hub.Hub, invitation string) {
	t.Helper()
	h, err := hub.Open(t.Context(), hub.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		server.Close()
		h.Close()
	})
	i, err := h.Enroll(t.Context(), server.URL, "Kipsigak")
	if err != nil {
		t.Fatal(err)
	}
	return h, i.String()
}

// TestOfficeOnTheCommandLine: a box is enrolled, fetches what the office publishes and sets, and loses what it takes back.
func TestOfficeOnTheCommandLine(t *testing.T) {
	h, invitation := openOffice(t)
	set := wire.Settings{Country: "KE", Contacts: advisory.Contacts{{Kind: advisory.Vet, Name: "Dr Atieno", Number: "0722 000 111"}}}
	if err := h.SetBox(t.Context(), "", set); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Publish(t.Context(), hub.Publication{Pack: goatPack(t), By: "Amina"}); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	says := func(words string, args ...string) {
		t.Helper()
		if r := jembe(t, data, args...); r.code != terminal.OK || !strings.Contains(r.stdout, words) {
			t.Errorf("%v: exit %d, want %q in\n%s%s", args, r.code, words, r.stdout, r.stderr)
		}
	}
	says("this box is", "enroll", invitation)
	says("of the office's content is in use", "sync", "--once")
	says("goats                1", "pack", "list")
	says("Keep the goat pen dry", "ask", "How do I keep a goat pen dry?")
	if err := h.WithdrawDocument(t.Context(), "en/goat-pen-floor", "Amina"); err != nil {
		t.Fatal(err)
	}
	says("is in use", "sync", "--once")
	if r := jembe(t, data, "ask", "How do I keep a goat pen dry?"); strings.Contains(r.stdout, "Keep the goat pen dry") {
		t.Errorf("taken back, and answered: %s", r.stdout)
	}
	if got := doctorSays(t, data); got["place"].Says != "KE"+byOffice || got["contact vet"].Says != "Dr Atieno 0722 000 111"+byOffice ||
		got["content"].State != stateOK || got["content review"].State != stateMissing {
		t.Errorf("the doctor says %+v", got)
	}
	if got := doctorSays(t, data, "--country", "IN"); got["place"].Says != "IN"+byBox {
		t.Errorf("a flag of the box stands first, and the doctor says %+v", got["place"])
	}
}

// goatPack writes the folder of a pack whose review is due.
func goatPack(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	text := "---\nid: goat-pen-floor\nlang: en\ntitle: Goat pen\nsources: [{name: Us, url: https://example.org/, year: 2026}]\nstatus: unreviewed\n" +
		"review_by: 2026-01-31\nquestions:\n  - How do I keep a goat pen dry?\nanswer: Keep the goat pen dry.\n---\n\n## What to do\n\nKeep the goat pen dry.\n"
	for name, text := range map[string]string{"manifest.json": `{"name": "goats", "version": "1"}`, "docs/en/goat-pen-floor.md": text} {
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// doctorSays gives the doctor's findings by their part.
func doctorSays(t *testing.T, data string, args ...string) map[string]finding {
	t.Helper()
	r := jembe(t, data, append(args, "doctor", "--json")...)
	var found []finding
	if err := json.Unmarshal([]byte(r.stdout), &found); err != nil {
		t.Fatalf("%v: %s", err, r.stderr)
	}
	out := map[string]finding{}
	for _, f := range found {
		out[f.Part] = f
	}
	return out
}
