package edge

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/content"
)

// studioDouble takes every recording as it is, and keeps notes.
type studioDouble struct{ kept map[string]string } // text -> by

func (d *studioDouble) studio() *Studio {
	texts := []content.Text{
		{Lang: "en", Kind: content.PromptText, ID: "reviewed", Words: "Your office has reviewed this."},
		{Lang: "en", Kind: content.NumberText, ID: "7", Words: "7"},
	}
	return &Studio{
		Texts: func(advisory.Lang) (out []content.Reading) {
			for _, t := range texts {
				r := content.Reading{Text: t, State: content.Unread}
				if r.By = d.kept[t.Key()]; r.By != "" {
					r.State, r.On = content.Fresh, "2027-03-31"
				}
				out = append(out, r)
			}
			return out
		},
		Take: func(audio []byte) (Take, error) {
			if len(audio) == 0 {
				return Take{}, &advisory.Error{Code: advisory.BadAudio}
			}
			return Take{Opus: audio, WAV: tone(time.Second), Length: time.Second}, nil
		},
		Keep: func(t content.Text, _ Take, by string) error {
			if by == "" {
				return &advisory.Error{Code: advisory.BadRequest}
			}
			d.kept[t.Key()] = by
			return nil
		},
	}
}

// onTheBox is a request as a browser on the box itself makes it.
func onTheBox(method, path string, body []byte) *http.Request {
	r := httptest.NewRequest(method, "http://localhost:8080"+path, bytes.NewReader(body))
	r.RemoteAddr = "127.0.0.1:5000"
	if strings.HasSuffix(path, "/keep") {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

func TestReadingATextAloud(t *testing.T) {
	d := &studioDouble{kept: map[string]string{}}
	s := newTestServer(t, func(c *Config) { c.Studio = d.studio() })
	if w := call(t, s, onTheBox("GET", "/record", nil)); w.Code != 200 || !strings.Contains(w.Body.String(), "recorder.js") {
		t.Errorf("the page: %d", w.Code)
	}
	var take struct {
		ID, Sound string
		Seconds   float64
	}
	w := call(t, s, onTheBox("POST", "/v1/record/takes/audio?lang=en&text=prompts/reviewed", tone(time.Second)))
	if err := json.Unmarshal(w.Body.Bytes(), &take); err != nil || take.Seconds != 1 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := call(t, s, onTheBox("GET", take.Sound, nil)); w.Code != 200 || w.Header().Get("Content-Type") != "audio/wav" {
		t.Errorf("the take's sound: %d %s", w.Code, w.Header().Get("Content-Type"))
	}
	wantProblem(t, call(t, s, onTheBox("POST", "/v1/record/takes/"+take.ID+"/keep", []byte(`{"by": ""}`))), 400, advisory.BadRequest)
	if w := call(t, s, onTheBox("POST", "/v1/record/takes/"+take.ID+"/keep", []byte(`{"by": "Amina"}`))); w.Code != 204 || d.kept["prompts/reviewed"] != "Amina" {
		t.Errorf("keep: %d %s, %v", w.Code, w.Body, d.kept)
	}
	w = call(t, s, onTheBox("GET", "/v1/record/texts?lang=en", nil))
	if !strings.Contains(w.Body.String(), `"state":"fresh","by":"Amina"`) {
		t.Errorf("%s", w.Body)
	}
	for range maxPending + 1 {
		call(t, s, onTheBox("POST", "/v1/record/takes/audio?lang=en&text=numbers/7", tone(time.Second)))
	}
	wantProblem(t, call(t, s, onTheBox("GET", take.Sound, nil)), 404, advisory.NotFound)
	wantProblem(t, call(t, s, onTheBox("POST", "/v1/record/takes/audio?lang=en&text=numbers/8", tone(time.Second))), 404, advisory.NotFound)
	wantProblem(t, call(t, s, onTheBox("POST", "/v1/record/takes/audio?lang=xx&text=numbers/7", tone(time.Second))), 400, advisory.UnknownLang)
	wantProblem(t, call(t, s, onTheBox("POST", "/v1/record/takes/audio?lang=en&text=numbers/7", nil)), 400, advisory.BadAudio)
}

func TestOnlyTheOperatorRecords(t *testing.T) {
	open := newTestServer(t, func(c *Config) { c.Studio = (&studioDouble{}).studio() })
	locked := newTestServer(t, func(c *Config) { c.Studio, c.PIN = (&studioDouble{}).studio(), "4711" })
	for name, c := range map[string]struct {
		server     *Server
		from, host string
		pin        string
		want       int
	}{
		"the box itself":                {open, "127.0.0.1:5", "localhost:8080", "", 200},
		"the box itself by number":      {open, "[::1]:5", "[::1]:8080", "", 200},
		"a phone":                       {open, "192.168.4.7:5", "box.local", "", 404},
		"a phone that claims localhost": {open, "192.168.4.7:5", "localhost", "", 404},
		"a strange name for the box":    {open, "127.0.0.1:5", "evil.example", "", 404},
		"the box without the PIN":       {locked, "127.0.0.1:5", "localhost", "", 401},
		"a phone with the PIN":          {locked, "192.168.4.7:5", "box.local", "4711", 200},
		"a phone with a wrong PIN":      {locked, "192.168.4.7:5", "box.local", "4712", 401},
	} {
		for _, path := range []string{"/record", "/v1/record/texts"} {
			r := httptest.NewRequest("GET", "http://"+c.host+path, nil)
			r.RemoteAddr = c.from
			if c.pin != "" {
				r.SetBasicAuth("", c.pin)
			}
			w := httptest.NewRecorder()
			c.server.ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("%s: %s gives %d, want %d", name, path, w.Code, c.want)
			}
			if c.want == 401 && w.Header().Get("WWW-Authenticate") == "" {
				t.Errorf("%s: the browser is not told to ask for the PIN", name)
			}
		}
	}
}

func TestPINsCannotBeTriedOut(t *testing.T) {
	s := newTestServer(t, func(c *Config) { c.Studio, c.PIN = (&studioDouble{}).studio(), "4711" })
	try := func(pin string) int {
		r := onTheBox("GET", "/record", nil)
		r.SetBasicAuth("", pin)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code
	}
	for range maxGuesses {
		if got := try("1234"); got != 401 {
			t.Fatalf("a wrong PIN gives %d", got)
		}
	}
	if got := try("4711"); got != 503 {
		t.Errorf("after %d wrong ones the right PIN gives %d, want to wait", maxGuesses, got)
	}
	s.guesses.until = time.Now()
	if got := try("4711"); got != 200 {
		t.Errorf("after the pause the right PIN gives %d", got)
	}
}

func TestABoxWithoutARecorder(t *testing.T) {
	s := newTestServer(t)
	for _, path := range []string{"/record", "/v1/record/texts"} {
		wantProblem(t, call(t, s, onTheBox("GET", path, nil)), 404, advisory.NotFound)
	}
}

// What is recorded whole is one piece however long it is; what no voice can say is no piece.
func TestRecordedAnswersAreNotCut(t *testing.T) {
	s := newTestServer(t, func(c *Config) {
		c.Part = func(p advisory.Speech) []advisory.Speech {
			if p.Whole = p.Advice; !p.Advice {
				return nil
			}
			return []advisory.Speech{p}
		}
	})
	if r := askFor(t, s, `{"text": "`+armywormQuestion+`", "lang": "en"}`); len(r.Sound) != 1 {
		t.Errorf("%d pieces of an answer of %d letters", len(r.Sound), len(armyworm.Answer))
	}
}
