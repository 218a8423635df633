package edge

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jembe/advisory"
)

// wordServer is a Server whose lexicon takes up the local words of its Store, as the box does.
func wordServer(t *testing.T, change ...func(*Config)) *Server {
	t.Helper()
	var lexicon atomic.Pointer[advisory.Lexicon]
	return newTestServer(t, append([]func(*Config){func(c *Config) {
		library := c.Advisor.Library
		lexicon.Store(library().Lexicon)
		c.Advisor.Library = func() advisory.Library {
			l := library()
			l.Lexicon = lexicon.Load()
			return l
		}
		c.Glossary = &Glossary{
			Documents: func() []*advisory.Document { return []*advisory.Document{armyworm, blight} },
			Use: func(ctx context.Context) error {
				words, err := c.Store.LocalWords(ctx, lexicon.Load())
				lexicon.Store(lexicon.Load().With(InUse(words)))
				return err
			},
		}
	}}, change...)...)
}

func postJSON(t *testing.T, s *Server, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := onTheBox("POST", path, []byte(body))
	r.Header.Set("Content-Type", "application/json")
	return call(t, s, r)
}

func TestLocalWordsOverHTTP(t *testing.T) {
	s := wordServer(t)
	if w := call(t, s, onTheBox("GET", "/words", nil)); w.Code != 200 || !strings.Contains(w.Body.String(), "words.js") {
		t.Errorf("the page: %d", w.Code)
	}
	var found struct {
		Concepts []struct {
			ID, Name, Picture string
			Names             []string
		}
	}
	w := call(t, s, onTheBox("GET", "/v1/words/concepts?lang=sw&find=Maiz", nil))
	if err := json.Unmarshal(w.Body.Bytes(), &found); err != nil || len(found.Concepts) != 1 ||
		found.Concepts[0].ID != "maize" || found.Concepts[0].Name != "mahindi" || found.Concepts[0].Picture != "maize" {
		t.Fatalf("%s", w.Body)
	}
	w = postJSON(t, s, "/v1/words?lang=sw", `{"name": " Kimbo  ndogo ", "concept": "maize", "lang": "sw"}`)
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"name":"Kimbo ndogo"`) || !strings.Contains(w.Body.String(), `"state":"here"`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := advisory.Understand("kimbo ndogo yangu", "sw", s.Advisor.Library().Lexicon).Crops; len(got) != 1 || got[0] != "maize" {
		t.Errorf("understood as %v", got)
	}
	wantProblem(t, postJSON(t, s, "/v1/words?lang=sw", `{"name": "kimbo ndogo", "concept": "tomato", "lang": "sw"}`), 400, advisory.BadWord)
	for _, bad := range []string{`{"name": "", "concept": "maize", "lang": "sw"}`, `{"name": "kimba", "concept": "none", "lang": "sw"}`,
		`{"name": "kimba", "concept": "maize", "lang": "xx"}`, `{"name": "0722 123 456", "concept": "maize", "lang": "sw"}`,
		`{"name": "moja mbili tatu nne tano sita saba", "concept": "maize", "lang": "sw"}`} {
		wantProblem(t, postJSON(t, s, "/v1/words", bad), 400, advisory.BadWord)
	}
	wantProblem(t, postJSON(t, s, "/v1/words?lang=xx", `{}`), 400, advisory.UnknownLang)
	if w := call(t, s, onTheBox("POST", "/v1/words/audio?lang=en", tone(time.Second))); w.Code != 200 || !strings.Contains(w.Body.String(), armywormQuestion) {
		t.Errorf("heard: %d %s", w.Code, w.Body)
	}
	if w := postJSON(t, s, "/v1/words/removal", `{"name": "KIMBO NDOGO", "lang": "sw"}`); w.Code != 204 {
		t.Errorf("removal: %d %s", w.Code, w.Body)
	}
	wantProblem(t, postJSON(t, s, "/v1/words/removal", `{"name": "kimbo ndogo", "lang": "sw"}`), 404, advisory.NotFound)
	if w := call(t, s, onTheBox("GET", "/v1/words?lang=sw", nil)); !strings.Contains(w.Body.String(), `"words":[]`) {
		t.Errorf("after the removal: %s", w.Body)
	}
}

func TestOnlyTheOperatorHasLocalWords(t *testing.T) {
	s := wordServer(t, func(c *Config) { c.PIN = "4711" })
	for _, path := range []string{"/words", "/v1/words", "/v1/words/concepts?find=maize"} {
		if w := call(t, s, onTheBox("GET", path, nil)); w.Code != 401 {
			t.Errorf("%s without the PIN: %d", path, w.Code)
		}
	}
	for _, path := range []string{"/v1/words", "/v1/words/removal", "/v1/words/audio"} {
		if w := postJSON(t, s, path, `{}`); w.Code != 401 {
			t.Errorf("%s without the PIN: %d", path, w.Code)
		}
	}
	none := newTestServer(t)
	for _, path := range []string{"/words", "/v1/words"} {
		wantProblem(t, call(t, none, onTheBox("GET", path, nil)), 404, advisory.NotFound)
	}
}
