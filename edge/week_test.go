package edge

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
	"jembe/content"
)

// theVillage grows and keeps these.
var theVillage = Village{
	Crops: []string{"maize", "bean", "tomato"}, Animals: []string{"cattle", "chicken"},
	Planted: map[string]string{"maize": "2026-12-01", "bean": "2026-12-10"},
}

// withLibrary gives the server the starter library, and a retriever double that finds a document by its id in a language.
func withLibrary(t *testing.T, lang advisory.Lang) func(*Config) {
	lib := content.NewShelf(t.TempDir()).Load()
	found := at.Finder{}
	for _, d := range lib.Documents {
		if d.Lang == lang {
			found[d.ID] = []advisory.Match{sure(d)}
		}
	}
	library := advisory.Library{Lexicon: advisory.NewLexicon(lib.Concepts), Retriever: found, Menu: lib.Menu}
	return func(c *Config) {
		c.Advisor.Library = func() advisory.Library { return library }
		c.Advisor.Setting = func() advisory.Setting {
			return advisory.Setting{Place: advisory.Place{Country: "KE", Zone: "highland"}}
		}
		c.Content = func() *content.Library { return lib }
	}
}

// onDay sets the clock of a store: kept says whether it went on without power.
func onDay(s *Server, day string, kept bool) {
	wall, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	s.Store.clock = func() moment { return moment{wall: wall.UnixMilli(), kept: kept} }
}

func settle(t *testing.T, s *Server, v Village) {
	t.Helper()
	if err := s.Store.SaveVillage(t.Context(), v, s.Advisor.Library().Lexicon); err != nil {
		t.Fatal(err)
	}
}

func weekOf(t *testing.T, s *Server, query string) WeekSaid {
	t.Helper()
	var said WeekSaid
	if w := get(t, s, "/v1/week?"+query); w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	} else if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil {
		t.Fatal(err)
	}
	return said
}

// What is only heard is no answer: it cannot be rated, and nobody can be asked about it.
func TestAWeekIsNoAnswer(t *testing.T) {
	s := newTestServer(t, withLibrary(t, "en"))
	settle(t, s, theVillage)
	onDay(s, "2026-12-20", true)
	id := strings.Split(weekOf(t, s, "lang=en").Sound[0], "/")[3]
	for path, body := range map[string]string{
		"/v1/answers/" + id + "/rating": `{"rating":"up"}`, "/v1/answers/" + id + "/escalation": `{}`, "/v1/answers/" + id + "/ticket": `{}`,
		"/v1/followups": `{"answer":"` + id + `","done":true,"helped":"yes"}`,
	} {
		wantProblem(t, post(t, s, path, body), 404, advisory.NotFound)
	}
}

// Key 0 with a clock that tells: at most three advices, each of which is answered when it is chosen, by its own document.
func TestTheWeekLeadsToAnswers(t *testing.T) {
	for _, field := range []bool{false, true} {
		s := newTestServer(t, withLibrary(t, "sw"), func(c *Config) { c.Advisor.Field = field })
		settle(t, s, theVillage)
		offered := 0
		for month := range 12 {
			onDay(s, fmt.Sprintf("2027-%02d-10", month+1), true)
			said := weekOf(t, s, "lang=sw&session=a")
			if len(said.Items) > 3 || said.State == content.WeekKnown && len(said.Items) == 0 || said.State == content.WeekWhichMonth {
				t.Errorf("month %d: %+v", month+1, said)
			}
			for i, item := range said.Items {
				offered++
				if item.Key != i+1 || item.Number == "" || item.Text == "" || len(item.Sound) != 3 {
					t.Errorf("month %d: %+v", month+1, item)
				}
				r := askFor(t, s, `{"choice":"`+item.Number+`","lang":"sw"}`)
				if r.Outcome != advisory.Answered || r.Tier != advisory.Prepared || r.Citations[0].Document != item.Document {
					t.Errorf("field %v: %s is offered, and answered %s %s", field, item.Document, r.Outcome, r.Reason)
				}
			}
			if len(said.Items) > 0 {
				if w := get(t, s, said.Items[0].Sound[2]); w.Code != 200 {
					t.Errorf("its key is not heard: %d", w.Code)
				}
			}
		}
		if offered < 12 {
			t.Errorf("field %v: only %d advices in a year", field, offered)
		}
		for _, e := range events(t, s.Store) {
			if e.Channel != advisory.ByChoice {
				t.Errorf("recorded %+v", e)
			}
		}
	}
}

// Without a clock that tells, the farmer tells the month; where that is not enough, a crop and how far it is.
func TestTheWeekIsToldWhatTheClockDoesNotTell(t *testing.T) {
	s := newTestServer(t, withLibrary(t, "sw"))
	if said := weekOf(t, s, "lang=sw"); said.State != content.WeekNoCrops || len(said.Sound) == 0 {
		t.Errorf("nobody has set it up: %+v", said)
	}
	settle(t, s, theVillage)
	onDay(s, "2027-01-20", false) // after a power cut a clock without a battery goes on where it stopped
	next := url.Values{"lang": {"sw"}, "session": {"a"}}
	tell := func(state content.WeekState, choices int) WeekSaid {
		t.Helper()
		said := weekOf(t, s, next.Encode())
		if said.State != state || len(said.Choices) != choices {
			t.Fatalf("%v: %s with %d choices, want %s with %d", next, said.State, len(said.Choices), state, choices)
		}
		return said
	}
	month := tell(content.WeekWhichMonth, 12)
	if august := month.Choices[7]; august.Key != 8 || august.Month != time.August || august.Label != "Agosti" || len(august.Sound) != 2 {
		t.Errorf("%+v", august)
	}
	next.Set("month", "8")
	crop := tell(content.WeekWhichStage, 3).Choices[1]
	if crop.Crop != "bean" || crop.Month != time.August || crop.Picture != "bean" {
		t.Errorf("%+v", crop)
	}
	next.Set("crop", crop.Crop)
	stage := tell(content.WeekWhichStage, 9).Choices[2]
	if stage.Stage != content.Seedling || stage.Crop != "bean" || stage.Month != time.August || !slices.Contains(content.Pictures(), stage.Picture) {
		t.Errorf("%+v", stage)
	}
	next.Set("stage", string(stage.Stage))
	said := tell(content.WeekKnown, 1)
	if said.Items[0].Document != "bean-fly" || !said.Choices[0].Other || said.Choices[0].Key != 0 {
		t.Errorf("%+v", said)
	}
	if w := post(t, s, "/v1/sessions/a/end", ``); w.Code != 204 {
		t.Fatal(w.Code)
	}
	wantProblem(t, get(t, s, said.Items[0].Sound[0]), 404, advisory.NotFound)
	next = url.Values{"other": {"true"}, "month": {"1"}}
	tell(content.WeekWhichStage, 3)
}

func TestWhatNoWeekIsAskedFor(t *testing.T) {
	s := newTestServer(t, withLibrary(t, "sw"))
	settle(t, s, theVillage)
	for _, query := range []string{"month=13", "month=0", "month=May", "crop=rice", "stage=growing", "crop=maize&stage=blooming", "session=%20"} {
		wantProblem(t, get(t, s, "/v1/week?"+query), 400, advisory.BadRequest)
	}
	if w := get(t, newTestServer(t), "/v1/week"); w.Code != 404 {
		t.Errorf("without calendars: %d", w.Code)
	}
}

// The operator's word holds while the box is on, and moves on with it; after a start it is worth nothing.
func TestTheMonthThatTheOperatorTold(t *testing.T) {
	store := newStore(t, t.TempDir())
	at := moment{wall: time.Date(2027, 1, 20, 0, 0, 0, 0, time.UTC).UnixMilli(), mono: 1000}
	store.clock = func() moment { return at }
	season := func() content.Moment {
		t.Helper()
		m, err := store.Season(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	if m := season(); !m.From.IsZero() {
		t.Errorf("nobody told: %+v", m)
	}
	if err := store.TellMonth(t.Context(), time.May); err != nil {
		t.Fatal(err)
	}
	if m := season(); m.From.Format(time.DateOnly) != "2027-05-01" || m.To.Format(time.DateOnly) != "2027-05-31" {
		t.Errorf("told: %+v", m)
	}
	at.mono += (20 * 24 * time.Hour).Milliseconds()
	if m := season(); m.From.Format(time.DateOnly) != "2027-05-21" || m.To.Format(time.DateOnly) != "2027-06-20" {
		t.Errorf("20 days later: %+v", m)
	}
	at.kept = true
	if m := season(); m.From.Format(time.DateOnly) != "2027-01-20" || m.From != m.To {
		t.Errorf("a clock that tells: %+v", m)
	}
	at.kept = false
	if err := store.saveSetting(t.Context(), settingMonth, toldMonth{time.May, at.wall, 0, "another start"}); err != nil {
		t.Fatal(err)
	}
	if m := season(); !m.From.IsZero() {
		t.Errorf("told before the start: %+v", m)
	}
	if m, err := store.SeasonOf(t.Context(), time.January); err != nil || m.From.Format(time.DateOnly) != "2027-01-01" {
		t.Errorf("this month: %+v %v", m, err)
	}
}
