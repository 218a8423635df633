package hub

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

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
	p.Fill("#name", "administrator")
	p.Fill("#password", goodPassword)
	p.Submit("main form button")
	p.both("front")
	p.Visit(url + "/boxes")
	p.Fill("#village", "Ünïque <b>Village</b>")
	p.Submit("main form button")
	if p.JS("document.getElementById('invitation').value.startsWith('jembe1-')") != "true" || p.JS("document.querySelector('.qr path').getAttribute('d').length > 1000") != "true" {
		t.Error("no invitation, or no QR code")
	}
	p.both("invited")
	p.Visit(url + "/boxes/boxone")
	p.both("box")
	p.Visit(url + "/asked")
	p.both("asked")
	p.Visit(url + "/users")
	p.both("users")
	p.Visit(url + "/audit")
	p.both("audit")
	p.Visit(url + "/password")
	p.both("password")
}

// keepServed notes the address that invitations hold, as serve does.
func keepServed(t *testing.T, o *testOffice) {
	t.Helper()
	data := `{"address":"` + strings.Replace(o.url, "http://", "https://", 1) + `","fingerprint":"` + o.Fingerprint() + `"}`
	if err := os.WriteFile(o.servingFile(), []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}
