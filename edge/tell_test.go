package edge

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
)

// askLines asks for an answer part by part, and holds each line against openapi.yaml.
func askLines(t *testing.T, s *Server, body string) []line {
	t.Helper()
	r := httptest.NewRequest("POST", "/v1/ask", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/x-ndjson;q=1, application/json")
	w := call(t, s, r)
	if w.Code != 200 || w.Header().Get("Content-Type") != lines {
		t.Fatalf("%d %s: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	doc, _ := openapi(t)
	var out []line
	for raw := range bytes.Lines(w.Body.Bytes()) {
		var value any
		var l line
		if err := json.Unmarshal(raw, &value); err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
		if err := doc.Components.Schemas["Line"].Value.VisitJSON(value); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
		if err := json.Unmarshal(raw, &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

// detail is a match of which a passage holds the answer, so that a generator is asked.
func detail(d *advisory.Document) advisory.Match {
	m := sure(d)
	m.Question = 0.1
	m.Passages = []advisory.Passage{{Document: d, Section: "What to do", Text: d.Answer, Score: 1}}
	return m
}

func TestAnswerIsToldPartByPart(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"prepared": func(*Config) {},
		"written": writing(at.Teller{
			{Text: "Crush the eggs and the small caterpillars by hand.", Passages: []int{0}},
			{Text: "Put a pinch of sand or ash into each whorl.", Passages: []int{0}},
		}),
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestServer(t, change)
			got := askLines(t, s, `{"text":"there are worms in my maize","lang":"en","session":"s-1"}`)
			var said, sound []string
			for _, l := range got[:len(got)-1] {
				if l.Part == nil || len(l.Part.Sound) == 0 || l.Part.Lang != "en" {
					t.Fatalf("%+v", l)
				}
				said, sound = append(said, l.Part.Text), append(sound, l.Part.Sound...)
			}
			a := got[len(got)-1].Answer
			if a == nil || strings.Join(said, " ") != a.Spoken || !slices.Equal(sound, a.Sound) || !a.Saved || len(said) < 3 {
				t.Fatalf("heard %q with %q of %+v", said, sound, a)
			}
			if want := map[string]advisory.Tier{"prepared": advisory.Prepared, "written": advisory.Generated}[name]; a.Tier != want {
				t.Errorf("%s, want %s", a.Tier, want)
			}
			for _, path := range sound {
				if w := get(t, s, path); w.Code != 200 || w.Body.Len() < 1000 {
					t.Errorf("%s: %d, %d bytes", path, w.Code, w.Body.Len())
				}
			}
			if w := post(t, s, "/v1/answers/"+a.ID+"/rating", `{"rating":"up","session":"s-1"}`); w.Code != 204 {
				t.Errorf("rating: %d %s", w.Code, w.Body)
			}
			if e := events(t, s.Store); len(e) != 2 || e[0].Answer != a.ID || e[1].Answer != a.ID {
				t.Errorf("events %+v", e)
			}
		})
	}
}

func TestProblemsOfAToldAnswerAreProblems(t *testing.T) {
	s := newTestServer(t)
	r := httptest.NewRequest("POST", "/v1/ask", strings.NewReader(`{"choice":"no-such-document"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", lines)
	wantProblem(t, call(t, s, r), 404, advisory.NotFound)
}

func TestWantsLines(t *testing.T) {
	for accept, want := range map[string]bool{
		"": false, "*/*": false, "application/json": false, "application/x-ndjson-not": false,
		"application/x-ndjson": true, "application/json, Application/X-NDJSON ; q=0.9": true,
	} {
		if got := wantsLines(&http.Request{Header: http.Header{"Accept": {accept}}}); got != want {
			t.Errorf("%q: %v", accept, got)
		}
	}
}

// slowWriter is a Generator double that writes one sentence, and the next when it is told to or nobody listens any more.
type slowWriter struct{ more, stopped chan struct{} }

func newSlowWriter() slowWriter { return slowWriter{make(chan struct{}), make(chan struct{})} }

func (w slowWriter) Generate(ctx context.Context, r advisory.DraftRequest) (advisory.Draft, error) {
	defer close(w.stopped)
	if err := r.Each(advisory.Sentence{Text: "Crush the eggs and the small caterpillars by hand.", Passages: []int{0}}); err != nil {
		return advisory.Draft{}, err
	}
	select {
	case <-w.more:
		return advisory.Draft{}, r.Each(advisory.Sentence{Text: "Put a pinch of sand or ash into each whorl.", Passages: []int{0}})
	case <-ctx.Done():
		return advisory.Draft{}, ctx.Err()
	}
}

// writing changes a server so that the generator writes the answer.
func writing(g ...advisory.Generator) func(*Config) {
	return func(c *Config) {
		c.Advisor.Generators = g
		found := c.Advisor.Library()
		found.Retriever = at.Finder{armywormQuestion: {detail(armyworm)}}
		c.Advisor.Library = func() advisory.Library { return found }
	}
}

// A farmer who leaves in the middle ends the writing.
func TestLeavingEndsTheWriting(t *testing.T) {
	w := newSlowWriter()
	s := newTestServer(t, writing(w))
	server := httptest.NewServer(s)
	defer server.Close()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	r, err := http.NewRequestWithContext(ctx, "POST", server.URL+"/v1/ask", strings.NewReader(`{"text":"there are worms in my maize"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", lines)
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var opening, first line
	d := json.NewDecoder(reply.Body)
	if err := d.Decode(&opening); err != nil || opening.Part == nil {
		t.Fatalf("%v: %+v", err, opening)
	}
	if err := d.Decode(&first); err != nil || first.Part == nil || !strings.HasPrefix(first.Part.Text, "Crush") {
		t.Fatalf("%v: %+v", err, first)
	}
	leave()
	select {
	case <-w.stopped:
	case <-time.After(10 * time.Second):
		t.Error("the model still writes")
	}
}
