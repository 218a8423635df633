package hub

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jembe/edge/browsertest"
)

// shots photographs pages for people to look at, where JEMBE_SCREENSHOTS says, and demands that they fit.
type shots struct {
	t *testing.T
	*browsertest.Page
}

func (s shots) both(name string) {
	s.t.Helper()
	for _, width := range []int64{1280, 360} {
		if !s.Size(width, 800) {
			s.t.Errorf("%s is wider than %d pixels", name, width)
		}
		if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
			s.Screenshot(filepath.Join(dir, name+map[int64]string{1280: "-1280", 360: "-360"}[width]+".png"))
		}
	}
	s.Size(1280, 800)
	unnamed := s.JS(`[...document.querySelectorAll("button, select, input, textarea")]
		.filter((e) => e.offsetParent && !(e.textContent.trim() && e.tagName === "BUTTON") && !(e.labels && e.labels.length && e.labels[0].textContent.trim())).map((e) => e.outerHTML).join()`)
	if unnamed != "" {
		s.t.Errorf("%s: no name for those who hear the page: %s", name, unnamed)
	}
	if n := s.JS(`document.querySelectorAll("h1").length`); n != "1" {
		s.t.Errorf("%s has %s main headings", name, n)
	}
}

// TestOfficeInABrowser goes through the office as its people do. With JEMBE_SCREENSHOTS=DIR it leaves pictures there.
func TestOfficeInABrowser(t *testing.T) {
	o := newTestOffice(t)
	fillOffice(t, o.Hub)
	keepServed(t, o)
	url := strings.Replace(o.url, "127.0.0.1", "localhost", 1)
	p := shots{t, browsertest.Start(t)}
	p.Visit(url + "/")
	p.both("sign-in")
	p.Fill("#name", "administrator")
	p.Fill("#password", "wrong")
	p.Submit("main form button")
	if p.Text("problem") == "" {
		t.Error("a wrong password is not told")
	}
	p.signIn("administrator")
	p.both("front")
	t.Run("boxes", func(t *testing.T) { tourOfBoxes(p, url) })
	for name, path := range map[string]string{"asked": "/asked", "users": "/users", "audit": "/audit", "password": "/password"} {
		p.Visit(url + path)
		p.both(name)
	}
	p.JS(`{ fetch("/asked/counts.csv").then((r) => r.text()).then((text) => { window.csv = text; }); }`)
	p.Await("window.csv")
	if csv := p.JS("window.csv"); !strings.HasPrefix(csv, "dimension,value,asked,unanswered\nall,,75,14") {
		t.Errorf("the counts: %.80s", csv)
	}
	p.Submit(".me button")
	if p.Text("done") == "" {
		t.Error("signing out is not told")
	}
	p.signIn("curator")
	p.Visit(url + "/content")
	p.both("content")
	p.Visit(url + "/asked/words")
	p.both("words")
	p.Submit(".me button")
	p.signIn("expert")
	t.Run("escalations", func(t *testing.T) { tourOfEscalations(t, o, p, url) })
	t.Run("second factor", func(t *testing.T) { tourOfSecondFactor(t, p, url) })
}

// tourOfSecondFactor turns it on, and signs in with it and with a recovery code.
func tourOfSecondFactor(t *testing.T, p shots, url string) {
	p.Visit(url + "/second-factor")
	p.both("second-factor")
	secret := p.Text("secret")
	p.Fill("#password", goodPassword)
	p.Fill("#code", codeAt(t, secret, time.Now()))
	p.Submit("main form button")
	p.both("recovery-codes")
	recovery := p.JS("document.querySelector('#codes code').textContent")
	if p.Text("on") == "" || len(recovery) != 19 {
		t.Errorf("it is not told that it is on, or there is no recovery code: %q", recovery)
	}
	for _, code := range []string{codeAt(t, secret, time.Now().Add(factorPeriod)), recovery} {
		p.Submit(".me button")
		p.Fill("#code", code)
		p.signIn("expert")
		if p.JS("location.pathname") != "/" {
			t.Errorf("not signed in: %s", p.JS("document.querySelector('main').innerText"))
		}
	}
}

// signIn types name and password, as on a page that asks for them.
func (s shots) signIn(name string) {
	s.t.Helper()
	s.Fill("#name", name)
	s.Fill("#password", goodPassword)
	s.Submit("main form button")
}

// tourOfBoxes invites a box, and looks at one.
func tourOfBoxes(p shots, url string) {
	p.t.Helper()
	p.Visit(url + "/boxes")
	p.both("boxes")
	p.Fill("#village", "Ünïque <b>Village</b>")
	p.Submit("main form button")
	if p.JS("document.getElementById('invitation').value.startsWith('jembe1-')") != "true" || p.JS("document.querySelector('.qr path').getAttribute('d').length > 1000") != "true" {
		p.t.Error("no invitation, or no QR code")
	}
	p.both("invited")
	p.Visit(url + "/boxes/boxone")
	p.both("box")
}

// tourOfEscalations reads one, replies in writing and by voice, and makes a draft of it.
func tourOfEscalations(t *testing.T, o *testOffice, p shots, url string) {
	p.both("front-expert")
	p.Visit(url + "/escalations")
	p.both("escalations")
	p.Submit("main tbody a")
	p.both("escalation")
	p.Await("document.querySelector('audio').duration > 0.4")
	p.Fill("#text", "Watenge kuku wagonjwa. Wape maji safi.")
	p.Click("#record")
	p.Await("document.getElementById('record').getAttribute('aria-pressed') === 'true'")
	p.Await("(window.stop_at = window.stop_at || Date.now() + 2500) < Date.now()")
	p.Click("#record")
	p.Await("document.getElementById('listen').duration > 0 && document.getElementById('voice').files.length === 1")
	p.both("recorded")
	p.Submit("form.narrow button.main")
	if p.Text("done") == "" {
		t.Error("the reply is not told")
	}
	p.both("replied")
	sound, err := o.escalations.Voice(t.Context(), "1", 1)
	if err != nil || sound.Kind() != "audio/webm" || len(sound) < 1000 {
		t.Errorf("recorded: %d bytes of %q, %v", len(sound), sound.Kind(), err)
	}
	p.JS("document.querySelectorAll('audio')[1].play()")
	p.Await("document.querySelectorAll('audio')[1].currentTime > 0.2")
	p.Submit("form[action$='/draft'] button")
	p.both("draft")
	p.Visit(url + "/drafts")
	p.both("drafts")
	p.Dark()
	p.Visit(url + "/escalations/1")
	p.both("dark")
	p.JS("scrollTo(0, 900)")
	p.both("dark-end")
}

// keepServed notes the address that invitations hold, as serve does.
func keepServed(t *testing.T, o *testOffice) {
	t.Helper()
	data := `{"address":"` + strings.Replace(o.url, "http://", "https://", 1) + `","fingerprint":"` + o.Fingerprint() + `"}`
	if err := os.WriteFile(o.servingFile(), []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}
