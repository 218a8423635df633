package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/edge/browsertest"
	"jembe/edge/hub"
)

// The question that two boxes are asked: its only word for the pest is a local one.
const wormQuestion = "mchokoo umekula mahindi yangu nifanye nini"

// village is a box that is enrolled.
func village(t *testing.T, h *hub.Hub, address, name string) (data string) {
	t.Helper()
	data = t.TempDir()
	i, err := h.Enroll(t.Context(), address, name)
	if err != nil {
		t.Fatal(err)
	}
	if r := jembe(t, data, "enroll", i.String()); r.code != terminal.OK {
		t.Fatal(r.stderr)
	}
	return data
}

// answersWorm tells which document a box answers the question from; "" when it does not.
func answersWorm(t *testing.T, data string) string {
	t.Helper()
	a := answer(t, data, "--lang", "sw", wormQuestion)
	if a.Outcome != advisory.Answered || len(a.Citations) == 0 {
		return ""
	}
	return a.Citations[0].Document
}

// wordState gives how far a box's word has come, as its list tells; "" when it is none.
func wordState(t *testing.T, data, name string) string {
	t.Helper()
	r := jembe(t, data, "word", "list")
	for line := range strings.Lines(r.stdout) {
		if strings.Contains(line, " "+name+" ") {
			return line[strings.LastIndex(line, "  ")+2 : len(line)-1]
		}
	}
	return ""
}

// rule has a curator approve or refuse a word in a browser.
func rule(t *testing.T, p *browsertest.Page, address, name, ruling string) {
	t.Helper()
	p.Visit(address + "/local-words")
	p.Submit(`form:has([name=name][value="` + name + `"]):has([value="` + ruling + `"]) button`)
	if p.Text("done") == "" {
		t.Errorf("%s %s: %s", ruling, name, p.Text("problem"))
	}
}

// A word is told to one box, understood there at once and nowhere else, approved at the office in a browser, and understood at the other.
func TestALocalWordTravels(t *testing.T) {
	h, err := hub.Open(t.Context(), hub.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	const password = "correct zebra staple hoe"
	if _, err := h.Staff().Add(t.Context(), hub.CommandLine(), "amina", []hub.Role{hub.Curator}, password); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	a, b := village(t, h, server.URL, "Kipsigak"), village(t, h, server.URL, "Mtakuja")
	do := func(data string, args ...string) {
		t.Helper()
		if r := jembe(t, data, args...); r.code != terminal.OK {
			t.Fatalf("%v: %s", args, r.stderr)
		}
	}
	state := func(data, word, want string) {
		t.Helper()
		if got := wordState(t, data, word); got != advisory.Say("en", "word_state_"+want) {
			t.Errorf("%s is told to be: %s; want %s", word, got, want)
		}
	}
	t.Run("at once", func(t *testing.T) { tellWhileServing(t, a) })
	state(a, "mchokoo", "here")
	if got := answersWorm(t, a); got != "maize-fall-armyworm" {
		t.Errorf("the box that was told answers from %q", got)
	}
	do(a, "sync", "--once")
	do(b, "sync", "--once")
	state(a, "mchokoo", "sent")
	if err := os.CopyFS(filepath.Join(b, "cache"), os.DirFS(filepath.Join(a, "cache"))); err != nil { // an index takes long to make
		t.Fatal(err)
	}
	if got := answersWorm(t, b); got != "" {
		t.Errorf("nobody approved it, and the other box answers from %s", got)
	}

	address := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	p := browsertest.Start(t)
	p.Visit(address + "/sign-in")
	p.Fill("#name", "amina")
	p.Fill("#password", password)
	p.Submit("main form button")
	p.Visit(address + "/local-words")
	if !p.Size(360, 740) {
		t.Error("the page is wider than a cheap phone")
	}
	screenshot(p, "hub-words-360.png")
	rule(t, p, address, "tongwa", "refuse")
	do(a, "sync", "--once")
	state(a, "tongwa", "refused")
	if got := answer(t, a, "--lang", "sw", "tongwa yangu ina madoa").Outcome; got == advisory.Answered {
		t.Error("a word that was refused is still understood")
	}
	rule(t, p, address, "mchokoo", "approve")
	screenshot(p, "hub-words-ruled-360.png")

	do(b, "sync", "--once")
	if got := answersWorm(t, b); got != "maize-fall-armyworm" {
		t.Errorf("approved, and the other box answers from %q", got)
	}
	do(a, "sync", "--once")
	state(a, "mchokoo", "approved")
	rule(t, p, address, "mchokoo", "refuse")
	do(b, "sync", "--once")
	do(a, "sync", "--once")
	if r := jembe(t, b, "word", "find", "mchokoo"); r.code == terminal.OK {
		t.Errorf("taken back, and still known: %s", r.stdout)
	}
	state(a, "mchokoo", "refused")
}

// tellWhileServing tells a box that serves of two words: of one by the page, which it knows in the next question, of the other on the
// command line.
func tellWhileServing(t *testing.T, data string) {
	s := startServe(t, data)
	ask := func(text string) (a advisory.Answer) {
		t.Helper()
		s.post(t, "/v1/ask", map[string]string{"text": text, "lang": "sw"}, &a)
		return a
	}
	if a := ask(wormQuestion); a.Outcome == advisory.Answered {
		t.Errorf("before the word is known, answered from %v", a.Citations)
	}
	word := advisory.LocalWord{Name: "mchokoo", Concept: "fall-armyworm", Lang: "sw"}
	if status := s.post(t, "/v1/words", word, nil); status != http.StatusOK {
		t.Fatalf("adding a word: %d", status)
	}
	if a := ask(wormQuestion); a.Outcome != advisory.Answered || a.Citations[0].Document != "maize-fall-armyworm" {
		t.Errorf("told by the page, and answers %+v", a)
	}
	if r := jembe(t, data, "word", "add", "tongwa", "--concept", "tomato", "--lang", "sw"); r.code != terminal.OK {
		t.Fatal(r.stderr)
	}
	for end := time.Now().Add(time.Minute); ask("tongwa yangu ina madoa").Outcome == advisory.Unsure; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a word of the command line is not taken up")
		}
	}
}

func screenshot(p *browsertest.Page, name string) {
	if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
		p.Screenshot(filepath.Join(dir, name))
	}
}
