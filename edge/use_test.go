package edge

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"jembe/advisory"
	"jembe/edge/wire"
)

// simpler is the library double with a simpler text and a section on prevention.
func simpler(c *Config) {
	plain := *armyworm
	plain.Simple = "Crush the eggs and the small caterpillars by hand."
	plain.Sections = []advisory.Section{{Heading: "What to do now", Text: plain.Answer}, {Heading: "How to prevent it", Text: "Plant early."}}
	shelf(c, &plain)
}

// shelf puts these documents in place of those of the library double.
func shelf(c *Config, docs ...*advisory.Document) {
	found := c.Advisor.Library()
	finder := finderOf(armyworm)
	delete(finder, armyworm.ID)
	for _, d := range docs {
		finder[d.ID], finder[armywormQuestion] = []advisory.Match{sure(d)}, []advisory.Match{sure(d)}
	}
	found.Retriever = finder
	found.Menu = advisory.Menu{{Number: 2, Key: "maize", Branches: advisory.Menu{{Number: 1, Key: "worms", Branches: advisory.Menu{{Number: 4, Document: armyworm.ID}}}}}}
	c.Advisor.Library = func() advisory.Library { return found }
}

func TestWhatIsHardIsSaidSimpler(t *testing.T) {
	s := newTestServer(t, simpler)
	r := askFor(t, s, `{"text":"`+armywormQuestion+`","lang":"en"}`)
	if r.Simple == nil || !strings.Contains(r.Simple.Text, "Crush the eggs") || len(r.Simple.Sound) == 0 {
		t.Fatalf("%+v", r.Simple)
	}
	for _, sound := range r.Simple.Sound {
		if slices.Contains(r.Sound, sound) {
			t.Error("the simpler text is part of the answer")
		}
		if w := get(t, s, sound); w.Code != http.StatusOK {
			t.Errorf("%s: %d", sound, w.Code)
		}
	}
	if r := askFor(t, newTestServer(t), `{"text":"`+armywormQuestion+`","lang":"en"}`); r.Simple != nil {
		t.Errorf("nobody has written it, and %+v", r.Simple)
	}
	if !strings.HasPrefix(r.Simple.Text, "This may be about") && !strings.Contains(r.Simple.Text, armyworm.Title) {
		t.Errorf("a diagnosis that the farmer did not name is no longer a may-be: %q", r.Simple.Text)
	}
}

// The guard stands before the simpler text too.
func TestASimplerTextThatFallsIsNotSaid(t *testing.T) {
	s := newTestServer(t, func(c *Config) {
		wrong := *armyworm
		wrong.Simple = "Spray 20 ml of it on each plant."
		shelf(c, &wrong)
	})
	if r := askFor(t, s, `{"text":"`+armywormQuestion+`","lang":"en"}`); r.Simple != nil || r.Outcome != advisory.Answered {
		t.Errorf("%s %+v", r.Outcome, r.Simple)
	}
}

// takeCode asks, and takes a code for the advice.
func takeCode(t *testing.T, s *Server) (r reply, n noted) {
	t.Helper()
	r = askFor(t, s, `{"text":"`+armywormQuestion+`","lang":"en"}`)
	n = noteOf(t, post(t, s, "/v1/answers/"+r.ID+"/ticket", `{}`))
	return r, n
}

// comeBack opens a code.
func comeBack(t *testing.T, s *Server, n noted) (r replied) {
	t.Helper()
	w := post(t, s, "/v1/replies/"+n.Code, fmt.Sprintf(`{"picture":%d}`, n.Picture))
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return r
}

func TestACodeBringsTheAdviceBack(t *testing.T) {
	s := newTestServer(t, simpler)
	asked, n := takeCode(t, s)
	if len(n.Code) != 3 || n.Picture < 1 || len(n.Sound) == 0 || !strings.Contains(n.Message, n.PictureName) {
		t.Fatalf("%+v", n)
	}
	if again := noteOf(t, post(t, s, "/v1/answers/"+asked.ID+"/ticket", `{}`)); again.Code != n.Code || again.Picture != n.Picture {
		t.Errorf("the same answer has two codes: %+v and %+v", n, again)
	}
	got := comeBack(t, s, n)
	if got.State != replyAdvice || got.Advice == nil || got.Advice.Title != armyworm.Title || !strings.Contains(got.Advice.Text, "Crush the eggs") ||
		got.Advice.Number != "2-1-4" || got.Reminder != advisory.Say("en", "reminder")+" Plant early." || !got.Asks {
		t.Fatalf("%+v %+v", got, got.Advice)
	}
	for _, sound := range got.Sound {
		if w := get(t, s, sound); w.Code != http.StatusOK {
			t.Errorf("%s: %d", sound, w.Code)
		}
	}
	if w := post(t, s, "/v1/answers/"+got.Advice.ID+"/rating", `{"rating":"up"}`); w.Code != http.StatusNoContent {
		t.Error(w.Code, w.Body)
	} else if counts, err := s.Store.Stats(t.Context()); err != nil || counts.Ratings["up"] != 1 {
		t.Errorf("%+v %v", counts, err)
	}
	for _, body := range []string{
		fmt.Sprintf(`{"code":%q,"picture":%d,"done":true,"helped":"too_soon"}`, n.Code, n.Picture), `{"answer":"` + got.Advice.ID + `","done":true,"helped":"yes"}`,
	} {
		if !comeBack(t, s, n).Asks {
			t.Error("it was not said whether it helped, and nobody asks")
		}
		if w := post(t, s, "/v1/followups", body); w.Code != http.StatusNoContent {
			t.Fatal(body, w.Code, w.Body)
		}
	}
	if comeBack(t, s, n).Asks {
		t.Error("asked again what was said already")
	}
	said := followups(t, s.Store)
	if len(said) != 2 || said[0].Answer != asked.ID || said[1].Answer != asked.ID || said[1].Followup.Helped != advisory.HelpedYes ||
		!slices.Equal(said[1].Documents, []string{armyworm.ID}) || !slices.Contains(said[1].Concepts, "fall-armyworm") || said[1].Lang != "en" {
		t.Errorf("%+v", said)
	}
	if w := post(t, s, "/v1/replies/"+n.Code+"/withdrawal", fmt.Sprintf(`{"picture":%d}`, n.Picture)); w.Code != http.StatusNoContent {
		t.Fatal(w.Code, w.Body)
	}
	wantProblem(t, post(t, s, "/v1/replies/"+n.Code, fmt.Sprintf(`{"picture":%d}`, n.Picture)), http.StatusNotFound, advisory.WrongCode)
}

// followups gives those that were recorded.
func followups(t *testing.T, s *Store) (out []wire.Event) {
	t.Helper()
	for _, e := range events(t, s) {
		if e.Kind == advisory.KindFollowup {
			out = append(out, e)
		}
	}
	return out
}

// What the office has taken back is not repeated to whoever comes back with a code; that it is gone is said plainly.
func TestAnAdviceThatWasTakenBackIsNotRepeated(t *testing.T) {
	s := newTestServer(t, simpler)
	_, n := takeCode(t, s)
	shelf(&s.Config, blight)
	got := comeBack(t, s, n)
	if got.State != replyWithdrawn || got.Advice != nil || got.Reminder != "" || got.Asks || got.Message != advisory.Say("en", "reply_withdrawn") || len(got.Sound) == 0 {
		t.Errorf("%+v", got)
	}
}

func TestFollowUpsOfANumberAndBadOnes(t *testing.T) {
	s := newTestServer(t, simpler)
	if w := post(t, s, "/v1/followups", `{"number":"214","done":false,"why":"no_money","lang":"sw"}`); w.Code != http.StatusNoContent {
		t.Fatal(w.Code, w.Body)
	}
	if w := post(t, s, "/v1/followups", `{"number":"2-1-4"}`); w.Code != http.StatusNoContent {
		t.Fatal(w.Code, w.Body)
	}
	said := followups(t, s.Store)
	if len(said) != 2 || said[0].Answer != "" || said[0].Lang != "sw" || said[0].Followup.Why != advisory.NoMoney || *said[1].Followup != (advisory.Followup{}) {
		t.Errorf("%+v", said)
	}
	refused := askFor(t, s, `{"text":"who won the match","lang":"en"}`)
	for body, code := range map[string]advisory.Code{
		`{"number":"999"}`: advisory.NotFound, `{}`: advisory.BadRequest, `{"number":"214","answer":"x"}`: advisory.BadRequest,
		`{"answer":"none"}`: advisory.NotFound, `{"answer":"` + refused.ID + `"}`: advisory.BadRequest,
		`{"number":"214","done":true,"why":"no_money"}`: advisory.BadRequest, `{"number":"214","helped":"yes"}`: advisory.BadRequest,
		`{"number":"214","done":true,"helped":"perhaps"}`: advisory.BadRequest, `{"code":"000","picture":1}`: advisory.WrongCode,
	} {
		if p := wantProblem(t, post(t, s, "/v1/followups", body), wire.Status(code), code); p.Code != code {
			t.Errorf("%s: %s", body, p.Code)
		}
	}
	wantProblem(t, post(t, s, "/v1/answers/"+refused.ID+"/ticket", `{}`), http.StatusBadRequest, advisory.BadRequest)
	if n := len(followups(t, s.Store)); n != 2 {
		t.Errorf("%d follow-ups, want 2", n)
	}
}

// Over a line that breaks again and again each follow-up reaches the office once, and the last word on a ticket counts.
func TestFollowUpsReachTheOfficeOnce(t *testing.T) {
	v := newVillage(t)
	shelf(&v.Config, armyworm)
	_, n := takeCode(t, v.Server)
	for _, said := range []string{`"done":false,"why":"no_money"`, `"done":true,"helped":"too_soon"`, `"done":true,"helped":"yes"`} {
		if w := post(t, v.Server, "/v1/followups", fmt.Sprintf(`{"code":%q,"picture":%d,%s}`, n.Code, n.Picture, said)); w.Code != http.StatusNoContent {
			t.Fatal(w.Code, w.Body)
		}
	}
	for range 2 { // of no ticket: each counts
		if w := post(t, v.Server, "/v1/followups", `{"number":"214","done":false,"why":"not_believed","lang":"sw"}`); w.Code != http.StatusNoContent {
			t.Fatal(w.Code, w.Body)
		}
	}
	var calls atomic.Int32
	v.office.spoil(func(_ http.ResponseWriter, r *http.Request) bool {
		if calls.Add(1)%2 == 1 { // taken in, and the reply is lost
			v.office.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		return false
	})
	for range 4 {
		_, _ = v.syncer.Once(t.Context())
	}
	v.office.spoil(nil)
	once(t, v.syncer)
	wantAlike(t, v.office, v.Store)
	if _, err := v.office.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	f, err := v.office.UseFigures(t.Context(), "2020-01", "9999-12", true)
	if err != nil || f.Total.Asked != 3 || f.Total.Helped.Of("yes") != 1 || f.Total.Why.Of("not_believed") != 2 || f.Total.Why.Of("no_money") != 0 || len(f.Langs) != 2 {
		t.Errorf("%+v %v", f, err)
	}
}
