package edge

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
)

// reported asks for the report and reads it.
func reported(t *testing.T, s *Server, lang advisory.Lang) villageReply {
	t.Helper()
	var r villageReply
	w := get(t, s, "/v1/village?lang="+string(lang))
	if err := json.Unmarshal(w.Body.Bytes(), &r); w.Code != 200 || err != nil {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return r
}

// part gives what a report says under a key; "" for nothing.
func (r villageReply) part(key string) string {
	for _, p := range r.Parts {
		if p.Key == key {
			return p.Text
		}
	}
	return ""
}

// gap is a question about late blight that found no answer.
func gap(answer string) advisory.Event {
	e := question(answer)
	e.Outcome, e.Tier, e.Reason, e.Documents, e.Concepts = advisory.Unsure, "", advisory.NoEvidence, nil, []string{"tomato", "late-blight"}
	return e
}

// A village hears full tens, and below ten no figure at all.
func TestVillageHearsFullTens(t *testing.T) {
	s := newTestServer(t, withMenu)
	at := now()
	at.wall, at.synced = time.Date(2027, 3, 3, 10, 0, 0, 0, time.Local).UnixMilli(), true
	s.Store.clock = func() moment { return at }
	if r := reported(t, s, "en"); r.part("asked") != "Fewer than ten questions were asked here so far." || r.part("persons") != "" || r.part("sent") != advisory.Say("en", "account_alone") {
		t.Errorf("of an empty box: %+v", r)
	}
	for i := range 34 {
		e := question(fmt.Sprint("a", i))
		if i < 12 {
			e.Channel = advisory.ByVoice
		}
		record(t, s.Store, e)
		if i < 11 {
			record(t, s.Store, advisory.Event{Kind: advisory.KindRating, Answer: e.Answer, Rating: advisory.ThumbDown})
			record(t, s.Store, advisory.Event{Kind: advisory.KindRating, Answer: e.Answer, Rating: advisory.ThumbUp})
		}
	}
	record(t, s.Store, gap("g"))
	record(t, s.Store, advisory.Event{Kind: advisory.KindEscalation, Answer: "g"})
	r := reported(t, s, "en")
	for key, want := range map[string]string{
		"asked": "Since 3 March, at least 30 questions were asked here.", "spoken": "At least 10 questions were asked by voice.",
		"answered": "At least 30 questions got an answer.", "unanswered": "To fewer than ten questions I had no answer.",
		"helped": "Of at least 10 answers people said: it helps.", "unhelpful": "Of fewer than ten answers people said: it does not help.",
		"persons": "Fewer than ten times somebody asked for a person.",
	} {
		if got := r.part(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	if !strings.HasPrefix(reported(t, s, "sw").Text, "Tangu tarehe 3 Machi, angalau maswali 30 yameulizwa hapa.") {
		t.Errorf("in Swahili: %s", reported(t, s, "sw").Text)
	}
	at.wall += (365 * 24 * time.Hour).Milliseconds()
	if got := reported(t, s, "en").part("asked"); got != "Since 3 March 2027, at least 30 questions were asked here." {
		t.Errorf("a year later: %q", got)
	}
	if len(r.Sound) == 0 || len(reported(t, s, "hi").Sound) != 0 {
		t.Error("sound where there is no voice, or none where there is one")
	}
	for _, p := range r.Parts {
		if w := get(t, s, p.Sound[0]); w.Code != 200 || w.Header().Get("Content-Type") != "audio/wav" {
			t.Errorf("%s: %d %s", p.Key, w.Code, w.Body)
		}
	}
	wantProblem(t, get(t, s, "/v1/village/sound/nothing?lang=en"), 404, advisory.NotFound)
	wantProblem(t, get(t, s, "/v1/village/sound/asked?lang=hi"), 422, advisory.NoVoice)
	wantProblem(t, get(t, s, "/v1/village?lang=xx"), 400, advisory.UnknownLang)
}

// A clock that is known to be wrong tells no date.
func TestVillageHearsNoDateWithoutAClock(t *testing.T) {
	s := newTestServer(t)
	at := now()
	s.Store.clock = func() moment { return at }
	at.wall, at.synced = 0, false // 1970
	for i := range 10 {
		record(t, s.Store, question(fmt.Sprint(i)))
	}
	at.wall, at.synced = time.Now().UnixMilli(), true
	if got := reported(t, s, "en").part("asked"); got != "At least 10 questions were asked here." {
		t.Errorf("the first question had no clock: %q", got)
	}
	record(t, s.Store, question("now"))
	at.wall, at.synced = at.wall-1000*3600*1000, false // behind what was known
	if got := reported(t, s, "en"); regexp.MustCompile(`20\d\d`).MatchString(got.Text) || got.part("line") != "" {
		t.Errorf("a wrong clock tells dates: %+v", got)
	}
}

// Whoever hears the report before and after a neighbour has asked learns nothing of what the neighbour did.
func TestVillageReportIsTheSameAfterOneMoreQuestion(t *testing.T) {
	s := newTestServer(t)
	for i := range 33 {
		record(t, s.Store, question(fmt.Sprint(i)))
	}
	before := reported(t, s, "en")
	record(t, s.Store, gap("neighbour"))
	record(t, s.Store, advisory.Event{Kind: advisory.KindRating, Answer: "neighbour", Rating: advisory.ThumbDown})
	record(t, s.Store, advisory.Event{Kind: advisory.KindEscalation, Answer: "neighbour"})
	if after := reported(t, s, "en"); after.Text != before.Text || fmt.Sprint(after.Parts) != fmt.Sprint(before.Parts) {
		t.Errorf("before: %+v\nafter: %+v", before, after)
	}
}
