package edge

import (
	"encoding/json"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/edge/wire"
)

// settable lets a test's box be set up, and counts what was saved.
func settable(saved *int) func(*Config) {
	return func(c *Config) {
		c.Setup = &Setup{Keeps: func() []string { return []string{"tomato", "maize", "fall-armyworm-gone"} }, Saved: func() { *saved++ }}
	}
}

// atTheBox sends a request as a browser on the box itself does.
func atTheBox(t *testing.T, s *Server, method, path, body, pin string) *httptest.ResponseRecorder {
	t.Helper()
	r := onTheBox(method, path, []byte(body))
	r.Header.Set("Content-Type", "application/json")
	if pin != "" {
		r.SetBasicAuth("operator", pin)
	}
	return call(t, s, r)
}

func TestSetupIsSavedWholeOrNotAtAll(t *testing.T) {
	saved := 0
	s := newTestServer(t, settable(&saved))
	const good = `{"lang":"sw","village":{"country":"KE","crops":["maize"],"planted":{"maize":"2026-03-20"},"languages":["sw"]},"pin":"%"}`
	for _, c := range []struct{ body, field string }{
		{strings.Replace(good, "%", "1111", 1), "pin"}, {strings.Replace(good, "%", "12", 1), "pin"},
		{`{"lang":"sw","village":{"crops":["unicorn"]},"pin":"2580"}`, "crops"},
		{`{"lang":"sw","village":{"contacts":[{"kind":"vet","name":"Vet","number":""}]}}`, "contacts"},
	} {
		p := wantProblem(t, atTheBox(t, s, "POST", "/v1/setup", c.body, ""), 400, advisory.BadRequest)
		if want := Wrong(c.field).In("sw"); p.Hint != want {
			t.Errorf("%s: told %q, want %q", c.body, p.Hint, want)
		}
	}
	if set, err := s.Store.isSetUp(t.Context()); err != nil || set || saved != 0 {
		t.Fatalf("something wrong was saved: %v, %v, %d", set, err, saved)
	}
	if w := atTheBox(t, s, "POST", "/v1/setup", strings.Replace(good, "%", "2580", 1), ""); w.Code != 204 || saved != 1 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	want := Village{Country: "KE", Crops: []string{"maize"}, Planted: map[string]string{"maize": "2026-03-20"}, Languages: []advisory.Lang{"sw"}}
	if got, err := s.Store.Village(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("saved %+v, %v", got, err)
	}
	var hash string
	if err := s.Store.setting(t.Context(), settingPIN, &hash); err != nil || strings.Contains(hash, "2580") || hash == "" {
		t.Errorf("the PIN is kept as %q, %v", hash, err)
	}
}

func TestThePINOfSetupGuardsIt(t *testing.T) {
	saved := 0
	s := newTestServer(t, settable(&saved))
	status := func() (wanted bool) {
		var body struct {
			Wanted bool `json:"setup_wanted"`
		}
		if err := json.Unmarshal(atTheBox(t, s, "GET", "/v1/status", "", "").Body.Bytes(), &body); err != nil {
			t.Fatal(err)
		}
		return body.Wanted
	}
	if !status() {
		t.Error("a box that nobody has set up does not say so to its own screen")
	}
	if w := call(t, s, httptest.NewRequest("GET", "/v1/setup", nil)); w.Code != 404 {
		t.Errorf("a phone sets up a box without a PIN: %d", w.Code)
	}
	if w := atTheBox(t, s, "POST", "/v1/setup", `{"village":{},"pin":"2580"}`, ""); w.Code != 204 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if status() {
		t.Error("a box that is set up still asks for it")
	}
	for pin, want := range map[string]int{"": 401, "2581": 401, "2580": 200} {
		for range 2 { // the second time the right one is remembered
			if w := atTheBox(t, s, "GET", "/setup", "", pin); w.Code != want {
				t.Errorf("with the PIN %q: %d, want %d", pin, w.Code, want)
			}
		}
	}
	if err := s.Store.SetPIN(t.Context(), "7410"); err != nil {
		t.Fatal(err)
	}
	if w := atTheBox(t, s, "GET", "/setup", "", "2580"); w.Code != 401 {
		t.Errorf("the PIN before still opens: %d", w.Code)
	}
	s.PIN = "9632" // a flag stands before it
	for pin, want := range map[string]int{"7410": 401, "9632": 200} {
		if w := atTheBox(t, s, "GET", "/setup", "", pin); w.Code != want {
			t.Errorf("with a flag, the PIN %q: %d, want %d", pin, w.Code, want)
		}
	}
}

func TestSetupTellsWhatThereIs(t *testing.T) {
	saved := 0
	s := newTestServer(t, settable(&saved))
	s.Setup.Flags = wire.Settings{Zone: "arid"}
	office := wire.Settings{Country: "KE", Contacts: advisory.Contacts{{Kind: advisory.Vet, Number: "0722 000 111"}}}
	if err := s.Store.SaveOffice(t.Context(), office, 5, true); err != nil {
		t.Fatal(err)
	}
	var got setupReply
	if err := json.Unmarshal(atTheBox(t, s, "GET", "/v1/setup?lang=sw", "", "").Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Office.Mark() != office.Mark() || got.Flags.Zone != "arid" || len(got.Zones) != 5 || got.PIN || got.Today == "" || len(got.Languages) != 4 {
		t.Errorf("told %+v", got)
	}
	if want := []choice{{ID: "tomato", Name: "nyanya", Picture: "tomato"}, {ID: "maize", Name: "mahindi", Picture: "maize"}}; !reflect.DeepEqual(got.Crops, want) {
		t.Errorf("crops %+v, want %+v", got.Crops, want)
	}
	s.Store.clock = func() moment { return moment{wall: 0} }
	record(t, s.Store, question("a")) // whose time is known
	s.Store.clock = func() moment { return moment{wall: -1} }
	got = setupReply{}
	if err := json.Unmarshal(atTheBox(t, s, "GET", "/v1/setup", "", "").Body.Bytes(), &got); err != nil || got.Today != "" {
		t.Errorf("with a wrong clock today is %q, %v", got.Today, err)
	}
}

func TestTheVillagesLanguagesComeFirst(t *testing.T) {
	s := newTestServer(t)
	if err := s.Store.SaveVillage(t.Context(), Village{Languages: []advisory.Lang{"sw", "fr"}}, villageLexicon); err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, l := range s.languages(t.Context()) {
		if l.Village != (l.Lang == "sw" || l.Lang == "fr") {
			t.Errorf("%s: of the village is %v", l.Lang, l.Village)
		}
		order = append(order, string(l.Lang))
	}
	if got := strings.Join(order, " "); got != "sw fr en hi" {
		t.Errorf("offered %s", got)
	}
}
