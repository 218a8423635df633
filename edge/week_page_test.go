package edge

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/browsertest"
)

// weekShot writes the page where JEMBE_SCREENSHOTS says, and checks that it fits a cheap phone.
func weekShot(t *testing.T, p *browsertest.Page, name string) {
	t.Helper()
	if p.JS("document.documentElement.scrollWidth <= innerWidth") != "true" {
		t.Errorf("%s: the page is wider than a cheap phone", name)
	}
	if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
		p.Screenshot(filepath.Join(dir, name+".png"))
	}
}

// weekPage is the farmer's page in Swahili on a cheap phone, in a village, on 5 January 2027; kept says whether the clock tells that.
func weekPage(t *testing.T, v Village, kept bool) (*Server, *browsertest.Page) {
	t.Helper()
	s := newTestServer(t, withLibrary(t, "sw"))
	settle(t, s, v)
	onDay(s, "2027-01-05", kept)
	p := browsertest.Open(t, "http://localhost:"+serve(t, s)+"/")
	p.Size(360, 740)
	p.Language("sw")
	return s, p
}

// Who reads nothing presses 0 and one of at most three pictures; it is read aloud.
func TestKeyZeroLeadsToAnAdvice(t *testing.T) {
	s, p := weekPage(t, theVillage, true)
	p.Await(`document.querySelector(".tile.week b").textContent === "0"`)
	weekShot(t, p, "week-home")
	begin := time.Now()
	p.Press("0")
	p.Await(`document.querySelectorAll(".rows .tile b").length >= 3 && said && document.querySelector(".tile.said")`)
	weekShot(t, p, "week")
	p.Await(`!said`)
	t.Logf("this week is read in %.1f s by a voice of 0.2 s a piece", time.Since(begin).Seconds())
	p.Tap("1")
	if got := p.Text("number"); len(got) != 5 || !p.Visible("advice") {
		t.Errorf("the answer is of number %q", got)
	}
	weekShot(t, p, "week-answer")
	if e := events(t, s.Store); len(e) != 1 || e[0].Channel != advisory.ByChoice || len(e[0].Documents) != 1 {
		t.Errorf("recorded %+v", e)
	}
	p.Click("#new")
	p.Await(`trail.length === 0`)
	p.Click(".tile.week")
	p.Await(`inWeek()`)
	p.Press("\b")
	p.Await(`trail.length === 0 && document.getElementById("menu-text").textContent === ""`)
}

// A box whose clock does not tell is told the month and how far a crop is, by pictures or keys of one or two digits; the next person
// is asked anew.
func TestTheMonthIsToldByKeys(t *testing.T) {
	_, p := weekPage(t, theVillage, false)
	p.Press("0")
	p.Await(`document.querySelectorAll(".tile").length === 12`)
	weekShot(t, p, "week-months")
	p.Press("1")
	p.Press("2")
	p.Await(`toldMonth.month === 12`)
	p.Click("#back")
	p.Await(`trail.length === 0`)
	p.Press("0")
	p.Await(`inWeek() && document.querySelectorAll(".tile").length < 12`) // the month is known for this person
	p.JS("nextPerson()")                                                  // as after half a minute of silence
	p.Press("0")
	p.Await(`document.querySelectorAll(".tile").length === 12`)
	p.Press("8")
	p.Await(`document.querySelectorAll(".tile").length === 3 && toldMonth.month === 8`)
	weekShot(t, p, "week-crops")
	p.Press("1")
	p.Await(`document.querySelectorAll(".tile").length === 9`)
	weekShot(t, p, "week-stages")
	p.Press("4")
	p.Await(`document.querySelectorAll(".rows .tile").length > 1`)
	weekShot(t, p, "week-told")
	p.Tap("1")
	if got := p.Text("number"); len(got) != 5 {
		t.Errorf("the answer is of number %q", got)
	}
	t.Logf("key 0, month, crop, stage, advice: %s", p.Text("about"))
}

func TestTheWeekOfABoxThatNobodySetUp(t *testing.T) {
	_, p := weekPage(t, Village{}, false)
	p.Press("0")
	p.Await(`document.getElementById("menu-text").textContent.length > 20`)
	weekShot(t, p, "week-not-set-up")
}
