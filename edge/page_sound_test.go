package edge

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"jembe/advisory"
	"jembe/edge/browsertest"
)

// hoarse is a Speaker double that fails so many times before it speaks.
type hoarse struct {
	singer
	fails *atomic.Int32
}

func (h hoarse) Speak(ctx context.Context, s advisory.Speech) ([]advisory.Sound, error) {
	if h.fails.Add(-1) >= 0 {
		return nil, errors.New("double of a voice that fails")
	}
	return h.singer.Speak(ctx, s)
}

// A piece of sound that does not come is fetched again and never passed over; one that does not come at all is told.
func TestPageFetchesALostSoundAgain(t *testing.T) {
	fails := new(atomic.Int32)
	s := newTestServer(t, func(c *Config) { c.Advisor.Speaker = hoarse{fails: fails} })
	p := browsertest.Open(t, "http://localhost:"+serve(t, s)+"/")
	fails.Store(2) // of the rendering ahead and of the first call
	p.Ask(armywormQuestion)
	p.AwaitSounds(3)
	if got, want := p.JS("window.heard.slice(0, 3).map((src) => new URL(src).pathname).join()"), p.JS("answer.sound.slice(0, 3).join()"); got != want {
		t.Errorf("played %s of %s", got, want)
	}
	if fails.Load() >= 0 || p.Visible("problem") {
		t.Errorf("%d failures are left, and the page tells of a problem: %v", fails.Load(), p.Visible("problem"))
	}

	fails.Store(1000)
	p.Ask(armywormQuestion)
	p.Await("!document.getElementById('problem').hidden")
	if got, want := p.Text("problem"), advisory.Say("en", "error_internal"); !strings.Contains(got, want) {
		t.Errorf("the page tells %q, want %q", got, want)
	}
	if got := p.JS("window.heard.length"); got != "0" {
		t.Errorf("heard %s pieces", got)
	}
}

// Whoever asks again as a sound ends hears the next answer from its beginning, though the end is told after the question.
func TestPageSkipsNothingOfTheNextAnswer(t *testing.T) {
	p := browsertest.Open(t, "http://localhost:"+serve(t, newTestServer(t))+"/")
	p.Ask(armywormQuestion)
	p.AwaitSounds(1)
	p.JS("{ window.heard = []; askText({ text: '" + armywormQuestion + "' }); document.getElementById('player').dispatchEvent(new Event('ended')); }")
	p.AwaitSounds(2)
	if got, want := p.JS("window.heard.slice(0, 2).map((src) => new URL(src).pathname).join()"), p.JS("answer.sound.slice(0, 2).join()"); got != want {
		t.Errorf("played %s of %s", got, want)
	}
}

// What the page says is silent while somebody speaks or chooses.
func TestPageDoesNotTalkOver(t *testing.T) {
	p := browsertest.Open(t, "http://localhost:"+serve(t, newTestServer(t))+"/")
	p.JS(`{
		const teller = document.getElementById("teller");
		teller.addEventListener("playing", () => { silence(); window.silenced = teller.paused && !teller.ended; });
		sayAloud("followup_done");
	}`)
	p.Await("window.silenced !== undefined")
	if p.JS("window.silenced") != "true" {
		t.Error("the page says on what it said")
	}
}
