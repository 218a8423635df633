package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
	"jembe/edge/browsertest"
)

// TestANewLanguage follows docs/new-language.md with Hausa, which no recogniser and no voice of the box knows: the folder, the words,
// the readings, the pack, and a farmer who chooses and hears. The translation is a double (the English texts), and so is the reader: a
// synthetic voice for Swahili.
func TestANewLanguage(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	t.Cleanup(func() { advisory.UseCatalogs(nil) })
	dir, data := filepath.Join(t.TempDir(), "hausa"), t.TempDir()
	asPerson(t, data, "pack", "language", "ha", dir)
	translate(t, filepath.Join(dir, "messages", "ha.json"))
	for _, name := range []string{"docs/ha/striga-witchweed.md", "docs/ha/sorghum-striga.md", "lexicon/ha.yaml"} {
		copyFile(t, filepath.Join("testdata", "hausa", name), filepath.Join(dir, name))
	}
	asPerson(t, data, "pack", "language", "ha", dir) // now the menu leads to something
	readAloud(t, data, dir)
	if list := asPerson(t, data, "record", "--lang", "ha", "--pack", dir, "--what", "answers", "--list"); !strings.Contains(list, "2 texts: 2 recorded") {
		t.Errorf("the list says: %s", list)
	}
	archive := filepath.Join(t.TempDir(), "hausa.tar.zst")
	asPerson(t, data, "pack", "build", dir, archive)
	asPerson(t, data, "pack", "install", archive)

	s := startServe(t, data)
	page := browsertest.Open(t, s.url)
	page.Language("ha")
	if !strings.Contains(page.Text("hears"), "Hausa") || page.JS("document.getElementById('talk').disabled") != "true" {
		t.Errorf("a language that cannot be heard: %q", page.Text("hears"))
	}
	page.Ask("kuduji ya kama gona ta")
	page.AwaitSounds(3) // what it is about, the advice, and that nobody has reviewed it; no voice can say the source
	byPictures(t, page)
	heardInFull(t, s)
}

// byPictures goes to the advice by what is drawn, counted and heard in a language without recogniser and voice: three taps, each
// menu read aloud by the officer.
func byPictures(t *testing.T, page *browsertest.Page) {
	t.Helper()
	page.Click("#new")
	page.Await(`trail.length === 0 && document.querySelectorAll(".tile").length > 0`)
	began, taps := time.Now(), 0
	for taps < 2 {
		page.Await(`menu.length === 2 && menu[1] === week && menu[0].sound`) // no other advice is there in Hausa
		page.Click(".tile:first-child")
		taps++
		page.Await(fmt.Sprintf(`trail.length === %d && !menuVoice.paused && document.querySelector(".tile.said")`, taps))
	}
	shoot(t, page, "hausa-menu.png")
	menus := time.Since(began)
	page.Tap("1")
	taps++
	page.Await("document.getElementById('about').textContent.includes('masara')")
	page.AwaitSounds(3)
	if got := page.Text("number"); got != "1-1-3" {
		t.Errorf("the advice is number %q", got)
	}
	t.Logf("%d taps; %.1f s until the last menu is heard, %.1f s until the advice was heard to its end", taps, menus.Seconds(), time.Since(began).Seconds())
	shoot(t, page, "hausa.png")
}

// heardInFull asks by choice, and holds what is heard against what was recorded: the advice is one piece, as long as its reading.
func heardInFull(t *testing.T, s serving) {
	t.Helper()
	var answer struct {
		Text  string
		Sound []string
	}
	if status := s.post(t, "/v1/ask", map[string]string{"choice": "striga-witchweed", "lang": "ha"}, &answer); status != 200 || len(answer.Sound) == 0 {
		t.Fatalf("%d, %d pieces", status, len(answer.Sound))
	}
	longest := 0
	for _, at := range answer.Sound {
		reply, err := http.Get(s.url + at)
		if err != nil {
			t.Fatal(err)
		}
		reply.Body.Close()
		longest = max(longest, int(reply.ContentLength))
	}
	if seconds := float64(longest) / 2 / 16000; seconds < 4 {
		t.Errorf("the longest piece of %q sounds for %.1f s", answer.Text, seconds)
	}
}

// asPerson runs the program as a person does who follows the page, and gives what it prints.
func asPerson(t *testing.T, data string, args ...string) string {
	t.Helper()
	r := jembe(t, data, args...)
	if r.code != terminal.OK {
		t.Fatalf("jembe %s: %d %s", strings.Join(args, " "), r.code, r.stderr)
	}
	return r.stdout
}

// translate doubles a translator, who marks every text.
func translate(t *testing.T, file string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(raw, &texts); err != nil {
		t.Fatal(err)
	}
	for key, text := range texts {
		texts[key] = "Ha " + text
	}
	texts["lang_name"] = "Hausa"
	if raw, err = json.Marshal(texts); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

// readAloud doubles an officer: a synthetic voice reads what is needed for this test, and the program takes the files of its folder.
func readAloud(t *testing.T, data, dir string) {
	t.Helper()
	var readings []content.Reading
	if err := json.Unmarshal([]byte(asPerson(t, data, "--json", "record", "--lang", "ha", "--pack", dir, "--what", "all", "--list")), &readings); err != nil {
		t.Fatal(err)
	}
	wanted := map[string]bool{
		"prompts/opening-1": true, "prompts/opening_may_be-1": true, "prompts/unreviewed": true, "numbers/1": true, "numbers/3": true,
	}
	files := t.TempDir()
	for _, r := range readings {
		if !wanted[r.Key()] && r.Kind != content.LabelText && r.Kind != content.NameText && r.Kind != content.TitleText && r.Kind != content.AnswerText {
			continue
		}
		file := filepath.Join(files, filepath.FromSlash(r.Key())+".wav")
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("espeak-ng", "-v", "sw", "-w", file, "--", r.Words).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	asPerson(t, data, "record", "--lang", "ha", "--pack", dir, "--what", "all", "--from", files, "--as", "Double of an officer")
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}
