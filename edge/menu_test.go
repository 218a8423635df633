package edge

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"jembe/advisory"
)

// withMenu gives the double of a library a menu of its two documents.
func withMenu(c *Config) {
	library := c.Advisor.Library()
	leaf := func(n int, d *advisory.Document, picture string) advisory.Branch {
		return advisory.Branch{Number: n, Key: d.ID, Document: d.ID, Picture: picture, Labels: map[advisory.Lang]string{"en": d.ID}}
	}
	also := leaf(2, armyworm, "caterpillar")
	also.Also = true
	library.Menu = advisory.Menu{
		{Number: 1, Key: "grain", Picture: "grain", Labels: map[advisory.Lang]string{"en": "grain", "sw": "nafaka"}, Branches: advisory.Menu{
			{Number: 1, Key: "maize", Picture: "maize", Labels: map[advisory.Lang]string{"en": "maize", "sw": "mahindi"}, Branches: advisory.Menu{leaf(3, armyworm, "caterpillar")}}}},
		{Number: 4, Key: "vegetables", Picture: "vegetables", Labels: map[advisory.Lang]string{"en": "vegetables"}, Branches: advisory.Menu{
			{Number: 2, Key: "tomato", Picture: "tomato", Labels: map[advisory.Lang]string{"en": "tomato"}, Branches: advisory.Menu{leaf(1, blight, "wilt"), also}}}},
	}
	c.Advisor.Library = func() advisory.Library { return library }
}

func TestMenuLeadsToAnswers(t *testing.T) {
	s := newTestServer(t, withMenu)
	var menu struct {
		Lang     advisory.Lang
		Branches []menuItem
	}
	if err := json.Unmarshal(get(t, s, "/v1/menu?lang=sw").Body.Bytes(), &menu); err != nil || menu.Lang != "sw" || len(menu.Branches) != 2 {
		t.Fatalf("%v %+v", err, menu)
	}
	first, also := menu.Branches[0], menu.Branches[1].Branches[0].Branches[1]
	if first.Label != "nafaka" || first.Key != 1 || first.Number != "" || first.Picture != "grain" || first.Sound != "/v1/menu/sound/1?lang=sw" {
		t.Errorf("first: %+v", first)
	}
	if also.Number != "1-1-3" || also.Document != armyworm.ID || also.Sound != "/v1/menu/sound/4-2-2?lang=sw" {
		t.Errorf("listed a second time: %+v", also)
	}
	r := askFor(t, s, `{"choice":"4-2-1","lang":"sw"}`)
	if r.Outcome != advisory.Answered || r.Citations[0].Document != blight.ID {
		t.Errorf("%+v", r)
	}
	if r = askFor(t, s, `{"text":"one one three","lang":"en"}`); r.Citations[0].Document != armyworm.ID {
		t.Errorf("%+v", r)
	}
	for _, e := range events(t, s.Store) {
		if e.Channel != advisory.ByChoice || e.WordsHash != "" {
			t.Errorf("recorded %+v", e)
		}
	}
	wantProblem(t, post(t, s, "/v1/ask", `{"choice":"9-9-9"}`), 404, advisory.NotFound)
}

func TestMenuIsHeard(t *testing.T) {
	s := newTestServer(t, withMenu)
	both, label, slow := get(t, s, "/v1/menu/sound/1?lang=sw"), get(t, s, "/v1/menu/sound/1?lang=sw&only=label"), get(t, s, "/v1/menu/sound/1?lang=sw&slow=1")
	of := func(w *httptest.ResponseRecorder) int {
		from, to, err := waveData(w.Body.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		return to - from
	}
	if of(both) != 2*of(label) || of(slow) != 2*of(both) {
		t.Errorf("label and key %d bytes, the label alone %d, slow %d", of(both), of(label), of(slow))
	}
	for path, code := range map[string]advisory.Code{"2": advisory.NotFound, "1-1-3-1": advisory.NotFound, "x": advisory.NotFound, "12": advisory.NotFound, "-": advisory.NotFound} {
		wantProblem(t, call(t, s, httptest.NewRequest("GET", "/v1/menu/sound/"+path+"?lang=sw", nil)), 404, code)
	}
	wantProblem(t, call(t, s, httptest.NewRequest("GET", "/v1/menu/sound/1?lang=fr", nil)), 422, advisory.NoVoice)
	var menu struct{ Branches []menuItem }
	if err := json.Unmarshal(get(t, s, "/v1/menu?lang=fr").Body.Bytes(), &menu); err != nil || menu.Branches[0].Sound != "" {
		t.Errorf("a language without a voice: %v %+v", err, menu)
	}
}

func TestTextIsSentCompressedAndSoundIsNot(t *testing.T) {
	s := newTestServer(t, withMenu)
	for path, want := range map[string]string{"/page/pictures.svg": "gzip", "/page/app.js": "gzip", "/v1/menu/sound/1?lang=sw": ""} {
		if got := getCompressed(t, s, path).Header().Get("Content-Encoding"); got != want {
			t.Errorf("%s: encoded %q, want %q", path, got, want)
		}
	}
}
