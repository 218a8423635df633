package edge

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/browsertest"
)

// walker is a person at the page, whose taps are counted.
type walker struct {
	*browsertest.Page
	t    *testing.T
	taps int
}

func (w *walker) tap(selector string) {
	w.t.Helper()
	w.taps++
	w.Click(selector)
}

// look photographs the page for people to look at, where JEMBE_SCREENSHOTS says, and demands that it fits a cheap phone.
func (w *walker) look(name string) {
	w.t.Helper()
	if !w.Size(360, 740) {
		w.t.Errorf("%s is wider than 360 pixels", name)
	}
	if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
		w.Screenshot(filepath.Join(dir, name+"-360.png"))
	}
	small := w.JS(`[...document.querySelectorAll("#followup button, #simpler, #take-code, #by-number")]
		.filter((e) => e.offsetParent && e.getBoundingClientRect().height < 48).map((e) => e.id || e.textContent).join()`)
	if small != "" {
		w.t.Errorf("%s: too small to touch: %s", name, small)
	}
}

// enter types a number into the field of codes, a tap for each digit.
func (w *walker) enter(number string) {
	w.t.Helper()
	w.tap("#come-back summary")
	w.Await("document.getElementById('come-back').open")
	w.Fill("#code", number)
	w.taps += len(number)
}

// asked waits for a question of the follow-up, and for its first sound.
func (w *walker) asked(key string) {
	w.t.Helper()
	w.Await("document.getElementById('followup-text').textContent === " + strconv.Quote(advisory.Say("en", "page_"+key)))
}

// A farmer asks, takes a number home, and comes back after a month to a box that has been without power and knows no time: the advice
// is heard again, and whether it was of use is told in two taps.
func TestRoadOfOneWhoComesBackWithoutAClock(t *testing.T) {
	s := newTestServer(t, simpler)
	w := &walker{Page: browsertest.Open(t, "http://localhost:"+serve(t, s)+"/"), t: t}
	began := time.Now()
	w.Ask(armywormQuestion)
	w.look("use-answer")
	w.tap("#simpler")
	w.Await("document.getElementById('advice').textContent.includes('Crush the eggs') && !document.getElementById('advice').textContent.includes('Put a pinch')")
	w.Await("answer.simple.sound.some((s) => document.getElementById('player').src.includes(s))")
	w.look("use-simpler")
	w.tap("#simpler")
	w.Await("document.getElementById('advice').textContent.includes('Put a pinch')")
	w.tap("#take-code")
	w.Await("!document.getElementById('ticket').hidden && document.getElementById('ticket-picture').complete")
	w.look("use-code")
	code, picture := w.Text("ticket-code"), w.JS("document.getElementById('ticket-picture').src.match(/picture-(.)/)[1]")
	t.Logf("asks, hears it simpler, takes a number: %d taps, %.1f s", w.taps, time.Since(began).Seconds())

	if err := s.Store.Close(); err != nil {
		t.Fatal(err)
	}
	later := newTestServer(t, simpler)
	later.Store.dir = s.Store.dir
	later.Store.clock = func() moment { return moment{wall: 12_000} } // 1 January 1970
	if err := errors.Join(later.Store.Close(), later.Store.Check(t.Context())); err != nil {
		t.Fatal(err)
	}
	if _, err := later.Store.EraseExpired(t.Context()); err != nil {
		t.Fatal(err)
	}
	w = &walker{Page: browsertest.Open(t, "http://localhost:"+serve(t, later)+"/"), t: t}
	began = time.Now()
	w.enter(code)
	w.look("use-enter")
	w.tap("#pictures button:nth-child(" + picture + ")")
	w.Await("document.getElementById('reply-text').textContent.includes('Plant early.')")
	w.Await("replySounds.some((s) => document.getElementById('teller').src.endsWith(s))")
	w.asked("followup_done")
	w.look("use-reply")
	w.tap("#followup button.no")
	w.asked("followup_why")
	w.look("use-why")
	w.Await("document.querySelector('#followup button.why_no_money.said')") // each picture is named as it is shown
	w.tap("#followup button.why_not_to_be_had")
	w.Await("document.getElementById('followup-text').textContent === " + strconv.Quote(advisory.Say("en", "page_followup_thanks")))
	w.look("use-thanks")
	t.Logf("comes back, hears the advice, says whether it was of use: %d taps, %.1f s", w.taps, time.Since(began).Seconds())
	if w.taps > 7 {
		t.Errorf("%d taps, want at most 7: the door, three digits, the picture, and two for what came of it", w.taps)
	}
	said := followups(t, later.Store)
	if len(said) != 1 || said[0].Followup.Done != advisory.DoneNo || said[0].Followup.Why != advisory.NotToBeHad || said[0].Clock != "unknown" {
		t.Errorf("%+v", said)
	}
}

// Whoever has only the number of an advice is asked too; one tap passes over, and who leaves after the first has said that much.
func TestPageAsksAboutANumberAndNagsNobody(t *testing.T) {
	s := newTestServer(t, simpler)
	w := &walker{Page: browsertest.Open(t, "http://localhost:"+serve(t, s)+"/"), t: t}
	w.enter("999")
	w.tap("#by-number")
	w.Await("document.getElementById('problem').textContent === " + strconv.Quote(advisory.Say("en", "page_no_number")))
	w.Await("document.getElementById('teller').getAttribute('src').startsWith('/v1/messages/no_number/sound')") // and is heard
	w.Size(360, 740)
	w.tap("#by-number")
	w.Await("(() => { const at = document.getElementById('problem').getBoundingClientRect(); return at.top >= 0 && at.bottom <= innerHeight; })()") // it stands far above the key
	w.tap("#pictures button")
	w.Await("document.getElementById('teller').getAttribute('src').startsWith('/v1/messages/error_wrong_code/sound')")
	w.JS("document.getElementById('code').value = '214'")
	w.tap("#by-number")
	w.asked("followup_done")
	w.tap("#followup button.skip")
	w.Await("document.getElementById('followup-text').textContent === " + strconv.Quote(advisory.Say("en", "page_followup_thanks")))
	w.tap("#by-number")
	w.asked("followup_done")
	w.tap("#followup button.yes")
	w.asked("followup_helped")
	w.look("use-helped")
	w.tap("#new")
	w.Await("document.getElementById('followup').hidden && document.getElementById('followup-text').textContent === ''")
	deadline := time.Now().Add(10 * time.Second)
	for len(followups(t, s.Store)) < 2 && time.Now().Before(deadline) {
		time.Sleep(50 * time.Millisecond)
	}
	said := followups(t, s.Store)
	if len(said) != 2 || *said[0].Followup != (advisory.Followup{}) || *said[1].Followup != (advisory.Followup{Done: advisory.DoneYes}) {
		t.Errorf("%+v", said)
	}
	if text := w.JS("document.body.innerText"); strings.Contains(text, advisory.Say("en", "page_followup_helped")) {
		t.Error("the next person is asked what the one before was")
	}
}

// A box without a voice says it simpler too, in writing.
func TestPageOfABoxWithoutAVoiceIsSimpler(t *testing.T) {
	s := newTestServer(t, simpler, func(c *Config) {
		c.Languages = func() []Language { return []Language{{Lang: "en", Name: "English", Typed: true, Documents: 2}} }
	})
	p := browsertest.Open(t, "http://localhost:"+serve(t, s)+"/")
	p.Ask(armywormQuestion)
	if p.JS("answer.sound.length") != "0" {
		t.Fatal("the box has a voice")
	}
	p.Click("#simpler")
	if got := p.Text("advice"); got != "This may be Fall armyworm in maize. Crush the eggs and the small caterpillars by hand." {
		t.Errorf("simpler it is %q", got)
	}
}
