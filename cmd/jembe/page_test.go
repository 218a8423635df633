package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/edge/browsertest"
)

// TestPageOfTheWholeBox goes through the page as a farmer does, in a real browser against the real box: on localhost, and on
// a plain-HTTP name as a phone on the box's Wi-Fi sees it. With JEMBE_SCREENSHOTS=DIR it leaves pictures there.
func TestPageOfTheWholeBox(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	need(t, "flite", "apt install flite")
	need(t, "pocketsphinx_batch", "apt install pocketsphinx pocketsphinx-en-us")
	s := startServe(t, t.TempDir())
	question := filepath.Join(t.TempDir(), "question.wav")
	if out, err := exec.Command("flite", "-voice", "slt", "-t", "how can i stop striga from taking over my sorghum field", "-o", question).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, url := range map[string]string{"localhost": s.url, "box.local": strings.Replace(s.url, "127.0.0.1", "box.local", 1)} {
		t.Run(name, func(t *testing.T) {
			page := browsertest.Open(t, url)
			if !page.Size(360, 740) {
				t.Error("the page is wider than a cheap phone")
			}
			page.Ask("something is eating the heart of my young maize, there is sawdust in it")
			if about := page.Text("about"); !strings.Contains(about, "armyworm") {
				t.Errorf("about %q: %s", about, page.Text("advice"))
			}
			page.AwaitSounds(1)
			shoot(t, page, name+"-answer.png")
			page.Click("#up")
			page.Await(`document.getElementById("up").getAttribute("aria-pressed") === "true"`)

			page.Upload(question)
			if heard, about := page.Text("heard"), page.Text("about"); !strings.Contains(heard, "striga") || !strings.Contains(about, "Striga") {
				t.Errorf("heard %q, about %q", heard, about)
			}
			page.Language("sw")
			page.Ask("mpira wa miguu nani alishinda")
			if got := page.Text("advice"); got != advisory.Say("sw", "refused_off_topic") {
				t.Errorf("refused in Swahili: %q", got)
			}
			page.Language("hi")
			page.Ask("मुर्गी गर्दन टेढ़ी करके मर रही है")
			shoot(t, page, name+"-hindi.png")
			if about := page.Text("about"); about == "" {
				t.Errorf("no answer in Hindi: %s", page.Text("advice"))
			}
		})
	}
}

func shoot(t *testing.T, page *browsertest.Page, name string) {
	t.Helper()
	if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
		page.Screenshot(filepath.Join(dir, name))
	}
}
