package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/edge/hub"
)

// wormTitles are those of a double of an office's advice on a matter of which the starter has none.
var wormTitles = map[advisory.Lang]string{"en": "Compost with earthworms", "hi": "केंचुआ खाद बनाना", "sw": "Kutengeneza mbolea ya minyoo", "fr": "Faire du lombricompost"}

// wormPack writes the folder of a pack with that advice, and its place in the menu: 3-1-8.
func wormPack(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("manifest.json", `{"name": "worms", "version": "1"}`)
	write("menu.yaml", "- number: 3\n  key: soil\n  branches:\n    - number: 1\n      key: feeding-soil\n      branches:\n"+
		"        - {number: 8, document: worm-compost, picture: compost, label: {en: worms, hi: केंचुआ, sw: minyoo, fr: vers}}\n")
	for lang, title := range wormTitles {
		write("docs/"+string(lang)+"/worm-compost.md", fmt.Sprintf("---\nid: worm-compost\nlang: %s\ntitle: %s\ntopics: [vermicomposting]\n"+
			"sources: [{name: Us, url: https://example.org/, year: 2026}]\nstatus: unreviewed\nquestions: [%q]\nanswer: %s.\n---\n\n## %s\n\n%s.\n", lang, title, title, title, title, title))
	}
	return dir
}

// told is what a village is told.
type told struct {
	Text  string
	Sound []string
	Parts []struct {
		Key, Text, Number string
		Short             bool
		Sound             []string
	}
}

func (v told) part(key string) (text, number string) {
	for _, p := range v.Parts {
		if p.Key == key {
			return p.Text, p.Number
		}
	}
	return "", ""
}

func (s serving) village(t *testing.T, lang advisory.Lang) (v told) {
	t.Helper()
	r, err := http.Get(s.url + "/v1/village?lang=" + string(lang))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(&v); err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%d %v", r.StatusCode, err)
	}
	return v
}

// seconds fetches a sound, and gives how long it is.
func (s serving) seconds(t *testing.T, address string) float64 {
	t.Helper()
	r, err := http.Get(s.url + address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	wav, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK || len(wav) < 1000 {
		t.Fatalf("%s: %d, %d bytes, %v", address, r.StatusCode, len(wav), err)
	}
	rate := int(wav[24]) | int(wav[25])<<8
	return float64(len(wav)-44) / 2 / float64(rate)
}

// awaitVillage asks until the village is told something that is.
func (s serving) awaitVillage(t *testing.T, is func(told) bool) told {
	t.Helper()
	for range 900 {
		if v := s.village(t, "en"); is(v) {
			return v
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("after 90 s the village is told %+v", s.village(t, "en"))
	return told{}
}

// A village asks what its box cannot answer; the office publishes advice on it; the village is told so, with the number to press, aloud
// in every language, and on paper; and when the office takes it back, that it is gone.
func TestVillageHearsWhatCameOfItsQuestions(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	h, err := hub.Open(t.Context(), hub.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	server := httptest.NewServer(h)
	defer server.Close()
	i, err := h.Enroll(t.Context(), server.URL, "Kipsigak")
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	does := func(args ...string) string {
		t.Helper()
		r := jembe(t, data, args...)
		if r.code != terminal.OK {
			t.Fatalf("%v: %d %s", args, r.code, r.stderr)
		}
		return r.stdout
	}
	does("enroll", i.String())
	s := startServe(t, data)
	for n := range 45 {
		question := "how do I make compost"
		if n < 12 {
			question = "how do I make vermicompost"
		}
		var a httpAnswer
		if s.post(t, "/v1/ask", map[string]any{"text": question, "lang": "en"}, &a) != 200 || !a.Saved || (n < 12) != (a.Outcome == advisory.Unsure) {
			t.Fatalf("%s: %+v", question, a)
		}
		if n >= 20 {
			s.post(t, "/v1/answers/"+a.ID+"/rating", map[string]string{"rating": "up"}, nil)
		}
	}
	if got, _ := s.village(t, "en").part("new"); got != "" {
		t.Errorf("nothing has come, and the village is told %q", got)
	}
	if _, _, err := h.Publish(t.Context(), hub.Publication{Pack: wormPack(t), By: "Amina"}); err != nil {
		t.Fatal(err)
	}
	does("sync", "--once")
	v := s.awaitVillage(t, func(v told) bool { _, number := v.part("filled-1"); return number == "3-1-8" })
	if want := "You asked about vermicompost, and I often had no answer. Since"; !strings.Contains(v.Text, want) || !strings.Contains(v.Text, "Compost with earthworms. Press 3, 1, 8.") {
		t.Errorf("the short form says %s", v.Text)
	}
	for lang, title := range wormTitles {
		s.heardVillage(t, lang, title)
	}
	sheet := does("print", "village", "--lang", "sw")
	if aloud := does("village", "--lang", "sw"); !strings.Contains(sheet, "<b>3-1-8</b>") || !strings.Contains(aloud, wormTitles["sw"]) || !strings.Contains(aloud, "angalau maswali 40") {
		t.Errorf("the sheet: %s\nthe command line: %s", sheet, aloud)
	}
	if err := h.WithdrawDocument(t.Context(), "worm-compost", "Amina"); err != nil {
		t.Fatal(err)
	}
	does("sync", "--once")
	v = s.awaitVillage(t, func(v told) bool { got, _ := v.part("gone-1"); return strings.Contains(got, "Compost with earthworms") })
	if got, _ := v.part("filled-1"); got != "" {
		t.Errorf("taken back, and told: %s", got)
	}
}

// heardVillage holds the sound of every text against how long a meeting listens.
func (s serving) heardVillage(t *testing.T, lang advisory.Lang, title string) {
	t.Helper()
	v := s.village(t, lang)
	var short, all float64
	for _, p := range v.Parts {
		if len(p.Sound) != 1 {
			t.Errorf("%s: %s cannot be heard", lang, p.Key)
			continue
		}
		seconds := s.seconds(t, p.Sound[0])
		if all += seconds; p.Short {
			short += seconds
		}
	}
	t.Logf("%s: the short form is heard in %.0f s, all %d parts in %.0f s: %s", lang, short, len(v.Parts), all, v.Text)
	if short > 40 || !strings.Contains(v.Text, title) {
		t.Errorf("%s: %.0f s: %s", lang, short, v.Text)
	}
}
