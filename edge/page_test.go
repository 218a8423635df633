package edge

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/browsertest"
)

// serve runs the server with its doubles until the test ends, and gives its port.
func serve(t *testing.T, s *Server) (port string) {
	t.Helper()
	l, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	_, port, err = net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func TestPageInABrowser(t *testing.T) {
	for name, host := range map[string]string{"localhost": "localhost", "plain HTTP name": "box.local"} {
		t.Run(name, func(t *testing.T) {
			s := newTestServer(t)
			p := browsertest.Open(t, "http://"+host+":"+serve(t, s)+"/")
			if got, want := p.JS("isSecureContext"), map[string]string{"localhost": "true", "box.local": "false"}[host]; got != want {
				t.Fatalf("secure context: %s, want %s", got, want)
			}
			tour(t, p)
			changes(t, p)
			if host == "localhost" { // the microphone is there
				p.Talk(time.Second)
				if got := p.Text("heard"); !strings.Contains(got, armywormQuestion) {
					t.Errorf("after talking: heard %q", got)
				}
			}
			got := events(t, s.Store)
			kinds := map[advisory.Kind]int{}
			for _, e := range got {
				kinds[e.Kind]++
			}
			if kinds[advisory.KindRating] != 1 || kinds[advisory.KindEscalation] != 1 || kinds[advisory.KindQuestion] < 5 {
				t.Errorf("recorded %v", kinds)
			}
			if got[0].WordsHash != "" || got[0].Consent.Words {
				t.Error("words were kept though nobody agreed")
			}
		})
	}
}

// tour asks in every way, hears, rates, and asks for a person.
func tour(t *testing.T, p *browsertest.Page) {
	p.Ask(armywormQuestion)
	if p.Text("about") != armyworm.Title || p.Text("advice") != armyworm.Answer || p.Text("source-name") != "Double of an extension leaflet, 2024" ||
		p.Text("review") != advisory.Say("en", "page_unreviewed") {
		t.Errorf("answer: %q", p.Text("answer"))
	}
	p.AwaitSounds(2) // the pieces follow one another by themselves
	p.Click("#slower")
	p.Await("window.heard.some((src) => src.endsWith('slow=1'))")
	p.Click("#up")
	p.Await("document.getElementById('up').getAttribute('aria-pressed') === 'true'")
	p.Click("#person")
	p.Await("document.getElementById('noted').textContent.includes('extension officer')")

	wav := filepath.Join(t.TempDir(), "question.wav")
	if err := os.WriteFile(wav, tone(time.Second), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Upload(wav)
	if got := p.Text("heard"); !strings.Contains(got, armywormQuestion) {
		t.Errorf("after the upload: heard %q", got)
	}

	p.Ask(unclearQuestion)
	if p.Visible("rate") || p.JS("document.querySelectorAll('#choices button').length") != "2" {
		t.Errorf("clarifying answer: %q", p.Text("answer"))
	}
	p.Choose(2)
	if p.Text("about") != blight.Title || p.Text("review") != advisory.Say("en", "page_reviewed") {
		t.Errorf("after the choice: %q", p.Text("answer"))
	}

}

// changes are of language and of person.
func changes(t *testing.T, p *browsertest.Page) {
	p.Language("hi")
	if p.Visible("talk") || !strings.Contains(p.Text("hears"), "लिखिए") {
		t.Errorf("a language that cannot be heard: %q", p.Text("hears"))
	}
	p.Language("sw")
	if p.Load(p.JS("location.href")); p.JS("document.documentElement.lang") != "sw" {
		t.Error("the language is not remembered")
	}
	p.Language("en")

	p.Ask(armywormQuestion)
	session := p.JS("session")
	p.Click("#new")
	p.Await("document.getElementById('answer').hidden")
	if p.JS("session") == session || p.JS("document.getElementById('advice').textContent") != "" {
		t.Error("the next person sees what the one before asked")
	}
}

// The first sentence is heard and seen while the model still writes; the rest plays on from there; a person who leaves ends the writing.
func TestPagePlaysWhileTheModelWrites(t *testing.T) {
	w := newSlowWriter()
	s := newTestServer(t, writing(w))
	p := browsertest.Open(t, "http://localhost:"+serve(t, s)+"/")
	p.Send(armywormQuestion)
	p.AwaitSounds(2) // the opening and the first sentence
	if !p.Visible("busy") || p.Visible("rate") || !strings.HasSuffix(p.Text("advice"), "by hand.") || p.JS("answer") != "<nil>" {
		t.Errorf("while the model writes: %q", p.Text("answer"))
	}
	close(w.more)
	p.Await("answer && document.getElementById('busy').hidden")
	p.AwaitSounds(4) // the second sentence and the source
	if got := p.Text("advice"); got != "Crush the eggs and the small caterpillars by hand. Put a pinch of sand or ash into each whorl." {
		t.Errorf("in the end: %q", got)
	}
	if got, want := p.JS("window.heard.map((src) => new URL(src).pathname).join()"), p.JS("answer.sound.join()"); got != want {
		t.Errorf("played %s of %s", got, want)
	}
	leaver := newSlowWriter()
	s.Advisor.Generators = []advisory.Generator{leaver}
	p.Send(armywormQuestion)
	p.AwaitSounds(2)
	p.Click("#new")
	select {
	case <-leaver.stopped:
	case <-time.After(10 * time.Second):
		t.Error("the model writes on for a person who has left")
	}
	if p.Visible("answer") || p.Visible("problem") || p.Visible("busy") {
		t.Errorf("the next person sees %q", p.JS("document.body.innerText"))
	}
}

// Thirty seconds without a touch or a sound, here made short, and the page is as new.
func TestQuietBringsTheNextPerson(t *testing.T) {
	p := browsertest.Open(t, "http://localhost:"+serve(t, newTestServer(t))+"/")
	p.Ask(armywormQuestion)
	p.AwaitSounds(2)
	session := p.JS("session")
	p.JS("document.getElementById('words').checked = true")
	p.JS("{ const real = setTimeout; window.setTimeout = (f, ms) => real(f, ms / 100); touch(); }")
	p.Await("document.getElementById('answer').hidden")
	if p.JS("session") == session || p.JS("document.getElementById('words').checked") != "false" {
		t.Error("the next person goes on in the session of the one before, or under their consent")
	}
}

func TestPageShowsWhatGoesWrong(t *testing.T) {
	full := newTestServer(t, func(c *Config) {
		c.Advisor.Transcriber = nil
		hostile := *armyworm
		hostile.Title = `<img src=x onerror="document.title='broken in'">`
		found := c.Advisor.Library()
		found.Retriever = finderOf(&hostile)
		c.Advisor.Library = func() advisory.Library { return found }
	})
	p := browsertest.Open(t, "http://localhost:"+serve(t, full)+"/")
	p.Ask(armywormQuestion)
	// The guard stops such a title before it is said; the page must not take it for HTML either way.
	if p.JS("document.querySelector('img[src=x]') === null") != "true" || p.JS("document.title") != "Jembe" {
		t.Errorf("content was taken for HTML: %q", p.Text("about"))
	}
	wav := filepath.Join(t.TempDir(), "question.wav")
	if err := os.WriteFile(wav, tone(time.Second), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Language("sw")
	p.Upload(wav)
	if got, want := p.Text("problem"), advisory.Say("sw", "error_no_recogniser", "language", "Kiswahili"); got != want {
		t.Errorf("shown: %q, want %q", got, want)
	}
}

// Screens are written where JEMBE_SCREENSHOTS says, for people to look at.
func TestPageFitsPhoneAndLaptop(t *testing.T) {
	p := browsertest.Open(t, "http://localhost:"+serve(t, newTestServer(t))+"/")
	shots := os.Getenv("JEMBE_SCREENSHOTS")
	shot := func(name string, width, height int64) {
		t.Helper()
		if !p.Size(width, height) {
			t.Errorf("%s is wider than %d pixels", name, width)
		}
		if shots != "" {
			p.Screenshot(filepath.Join(shots, name+".png"))
		}
	}
	for _, lang := range []string{"en", "hi", "sw", "fr"} {
		p.Language(lang)
		shot("start-"+lang+"-360", 360, 740)
	}
	p.Language("en")
	shot("start-1200", 1200, 800)
	p.Ask(armywormQuestion)
	shot("answer-1200", 1200, 800)
	shot("answer-360", 360, 740)
	p.JS("window.scrollTo(0, document.body.scrollHeight)")
	shot("answer-end-360", 360, 740)
	p.Ask(unclearQuestion)
	shot("choices-360", 360, 740)
	p.Dark()
	shot("dark-360", 360, 740)
	small := p.JS(`[...document.querySelectorAll("button, select, summary, .check, input[type=text]")]
		.filter((e) => e.offsetParent && e.getBoundingClientRect().height < 48).map((e) => e.id || e.textContent).join()`)
	if small != "" {
		t.Errorf("too small to touch: %s", small)
	}
	unnamed := p.JS(`[...document.querySelectorAll("button, select, input:not([type=file])")]
		.filter((e) => e.offsetParent && !(e.textContent.trim() && e.tagName === "BUTTON") && !(e.labels && e.labels.length && e.labels[0].textContent.trim())).map((e) => e.outerHTML).join()`)
	if unnamed != "" {
		t.Errorf("no name for those who hear the page: %s", unnamed)
	}
}
