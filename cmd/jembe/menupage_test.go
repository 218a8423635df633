package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/edge/browsertest"
)

// TestWhoReadsNothingReachesAnAdvice goes by pictures, numbers and sound alone, in each language: three taps to the advice. On
// the page of a phone no text is looked at, only what is drawn, counted and heard.
func TestWhoReadsNothingReachesAnAdvice(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	data := t.TempDir()
	s := startServe(t, data)
	page := browsertest.Open(t, s.url)
	if !page.Size(360, 740) {
		t.Error("the page is wider than a cheap phone")
	}
	for _, lang := range []string{"en", "hi", "sw", "fr"} {
		page.Language(lang)
		shoot(t, page, "menu-"+lang+".png")
		begin, taps := time.Now(), 0
		for _, key := range []string{"2", "1", "4"} {
			page.Await(`document.querySelector(".tile:nth-child(` + key + `) b").textContent === "` + key + `"`)
			taps++
			if taps < 3 {
				page.Click(".tile:nth-child(" + key + ")")
				page.Await(fmt.Sprintf(`trail.length === %d && !menuVoice.paused && document.querySelector(".tile.said")`, taps)) // it is read aloud
				shoot(t, page, fmt.Sprintf("menu-%s-%d.png", lang, taps))
				if page.JS("document.documentElement.scrollWidth <= innerWidth") != "true" {
					t.Errorf("%s: the menu is wider than a cheap phone", lang)
				}
				continue
			}
			page.Tap(key)
		}
		if got := page.Text("number"); got != "2-1-4" || !page.Visible("advice") {
			t.Errorf("%s: the answer is of number %q: %s", lang, got, page.Text("about"))
		}
		page.AwaitSounds(1)
		t.Logf("%s: %d taps, %.1f s until the advice sounds (%s)", lang, taps, time.Since(begin).Seconds(), page.Text("about"))
		shoot(t, page, "menu-"+lang+"-answer.png")
		page.Click("#new")
		page.Await(`trail.length === 0 && document.getElementById("answer").hidden`)
	}
	r := jembe(t, data, "stats", "--json")
	var stats struct {
		Channel map[string]int `json:"by_channel"`
	}
	if err := json.Unmarshal([]byte(r.stdout), &stats); err != nil || stats.Channel["choice"] != 4 {
		t.Errorf("recorded: %v %s", err, r.stdout)
	}
}

// A number pad does what taps do, a voice can be stopped, and back leads back.
func TestMenuByKeys(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	page := browsertest.Open(t, startServe(t, t.TempDir()).url)
	if !page.Size(1280, 900) {
		t.Error("the page is wider than a laptop")
	}
	page.Language("sw")
	shoot(t, page, "menu-1280.png")
	page.Click("#listen")
	page.Await(`said && document.querySelector(".tile.said")`)
	page.Click("#listen")
	page.Await(`!said && menuVoice.paused && !document.querySelector(".tile.said")`)
	page.Press("6")
	page.Press("3")
	page.Await("trail.length === 2")
	page.Click("#back")
	page.Await("trail.length === 1")
	page.Press("1")
	page.Press("1")
	page.Await(`document.getElementById("number").textContent === "6-1-1"`)
	if weight := page.JS(`performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
		.filter((e) => !e.name.includes("sound")).reduce((sum, e) => sum + e.encodedBodySize, 0)`); len(weight) > 6 || len(weight) == 6 && weight > "153600" {
		t.Errorf("the page weighs %s bytes, at most 150 KiB load on a slow Wi-Fi", weight)
	} else {
		t.Logf("the page weighs %s bytes", weight)
	}
}

// The same number is typed, given as a choice, and asked on the command line; the record knows it for a choice.
func TestAskByNumber(t *testing.T) {
	data := t.TempDir()
	for _, args := range [][]string{{"--number", "2-1-4"}, {"--number", "214"}, {"2 1 4"}, {"two one four"}, {"--choice", "2-1-4"}} {
		a := answer(t, data, append([]string{"--lang", "en"}, args...)...)
		if a.Outcome != advisory.Answered || a.Citations[0].Document != "tomato-leafminer" {
			t.Errorf("%v: %+v", args, a)
		}
	}
	if r := jembe(t, data, "ask", "--number", "9-9-9"); r.code != terminal.Failure || !strings.Contains(r.stderr, "number of the menu") {
		t.Errorf("a number that nobody has: %d %s", r.code, r.stderr)
	}
	if r := jembe(t, data, "events", "export"); strings.Count(r.stdout, `"channel":"choice"`) != 5 {
		t.Errorf("recorded: %s", r.stdout)
	}
}
