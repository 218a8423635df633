package edge

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/edge/browsertest"
)

// filledGap is a village whose gap the office has filled: twelve questions on late blight found no answer, then advice on it came.
func filledGap(t *testing.T) *Server {
	t.Helper()
	s := newTestServer(t, withMenu)
	see := func(docs ...*advisory.Document) {
		t.Helper()
		if err := s.Store.SeeDocuments(t.Context(), docs); err != nil {
			t.Fatal(err)
		}
	}
	see(armyworm)
	for i := range 12 {
		record(t, s.Store, gap(fmt.Sprint("g", i)))
		record(t, s.Store, question(fmt.Sprint("q", i)))
	}
	see(armyworm, blight)
	return s
}

// One who cannot read opens the report by its picture, hears the short form, touches a part, and goes by its number to the advice.
func TestPageOfTheVillage(t *testing.T) {
	s := filledGap(t)
	p := browsertest.Open(t, "http://localhost:"+serve(t, s)+"/")
	p.Language("en")
	p.Click("#village-open")
	p.Await("!document.getElementById('village').hidden && document.getElementById('teller').getAttribute('src').includes('/v1/village/sound/asked')")
	p.Await("document.getElementById('teller').getAttribute('src').includes('/v1/village/sound/filled-1')") // the last of the short form
	if !p.Size(360, 640) {
		t.Error("the page is wider than a small phone")
	}
	if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
		p.JS("document.getElementById('village-open').scrollIntoView()")
		p.Screenshot(filepath.Join(dir, "village-360.png"))
		p.JS("document.querySelector('#village-parts .number').scrollIntoView({block: 'center'})")
		p.Screenshot(filepath.Join(dir, "village-parts-360.png"))
	}
	p.Click("#village-parts div:nth-child(2) button")
	p.Await("document.getElementById('teller').getAttribute('src').includes('/v1/village/sound/spoken')")
	p.Click("#village-parts .number")
	p.Await("document.getElementById('number').textContent === '4-2-1' && document.getElementById('village').hidden")
}

// A gap is told of once it is filled, and only where many asked; what comes, goes and comes back is told as it is.
func TestVillageHearsOfAdviceThatComesAndGoes(t *testing.T) {
	s := filledGap(t)
	r := reported(t, s, "en")
	if got := r.part("filled-1"); !strings.Contains(got, "You asked about late blight, and I often had no answer.") || !strings.HasSuffix(got, "there is advice: Late blight in tomato. Press 4, 2, 1.") {
		t.Errorf("filled: %q", got)
	}
	if r.part("new") != "One new piece of advice has come." || r.part("new-1") != "" || r.part("filled-2") != "" {
		t.Errorf("what came: %+v", r.Parts)
	}
	if got := reported(t, s, "sw").part("filled-1"); got != "" {
		t.Errorf("there is none in Swahili, and the village is told %q", got)
	}
	for _, step := range []struct {
		in   []*advisory.Document
		gone bool
	}{{[]*advisory.Document{armyworm}, true}, {[]*advisory.Document{armyworm, blight}, false}} {
		for range 2 { // looking once more changes nothing
			if err := s.Store.SeeDocuments(t.Context(), step.in); err != nil {
				t.Fatal(err)
			}
		}
		r := reported(t, s, "en")
		if (r.part("gone-1") == "This advice is no longer given: Late blight in tomato.") != step.gone || (r.part("filled-1") == "") != step.gone {
			t.Errorf("gone %v: %+v", step.gone, r.Parts)
		}
	}
}

// What few asked stays untold when it is answered: the advice is new, and no more is said of it.
func TestVillageHearsNothingOfWhatFewAsked(t *testing.T) {
	s := newTestServer(t, withMenu)
	if err := s.Store.SeeDocuments(t.Context(), []*advisory.Document{armyworm}); err != nil {
		t.Fatal(err)
	}
	for i := range advisory.SmallCount - 1 {
		record(t, s.Store, gap(fmt.Sprint(i)))
	}
	if err := s.Store.SeeDocuments(t.Context(), []*advisory.Document{armyworm, blight}); err != nil {
		t.Fatal(err)
	}
	r := reported(t, s, "en")
	if r.part("filled-1") != "" || r.part("new-1") != "New advice: Late blight in tomato. Press 4, 2, 1." || strings.Contains(r.Text, "had no answer") {
		t.Errorf("%+v", r)
	}
}
