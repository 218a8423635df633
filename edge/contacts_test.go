package edge

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/edge/browsertest"
)

// withContacts sets up all contacts; the officer's name is as long as one may be.
func withContacts(c *Config) {
	all := advisory.Contacts{
		{Kind: advisory.PoisonLine, Number: "+254 711 222 333"},
		{Kind: advisory.Officer, Name: strings.Repeat("Wanjiru ", 7) + "Otie", Number: "+254 733 000 111 222"},
		{Kind: advisory.Helpline, Name: "Befrienders", Number: "1199"},
	}
	c.Advisor.Setting = func() advisory.Setting { return advisory.Setting{Contacts: all} }
}

func TestAnswersCarryContacts(t *testing.T) {
	s := newTestServer(t, withContacts)
	r := askFor(t, s, `{"text":"my child swallowed pesticide"}`)
	if len(r.Contacts) != 1 || r.Contacts[0].Number != "+254 711 222 333" || r.Outcome == advisory.Clarify || !strings.Contains(r.Spoken, "2 5 4, 7 1 1") {
		t.Errorf("%+v", r)
	}
	if r = askFor(t, s, `{"text":"there are worms in my maize"}`); r.Contacts == nil || len(r.Contacts) > 0 {
		t.Errorf("%+v", r.Contacts)
	}
}

// Nobody in despair is told to wait for a connection.
func TestPersonForSomebodyInDespair(t *testing.T) {
	s := newTestServer(t)
	r := askFor(t, s, `{"text":"nataka kufa"}`)
	w := post(t, s, "/v1/answers/"+r.ID+"/escalation", `{}`)
	if r.Reason != advisory.Despair || !strings.Contains(w.Body.String(), "unayemwamini") {
		t.Errorf("%s: %d %s", r.Reason, w.Code, w.Body)
	}
}

// above reports whether one element stands above another.
func above(p *browsertest.Page, a, b string) bool {
	return p.JS(`document.querySelector("`+a+`").getBoundingClientRect().bottom <= document.querySelector("`+b+`").getBoundingClientRect().top`) == "true"
}

func TestPageShowsWhomToCall(t *testing.T) {
	p := browsertest.Open(t, "http://localhost:"+serve(t, newTestServer(t, withContacts))+"/")
	for _, c := range []struct {
		lang, question string
		calls          string   // addresses of the links
		order          []string // of elements, from above
	}{
		{"en", "my child swallowed pesticide", "tel:+254711222333", []string{"#contacts", "#person", "#advice"}},
		{"en", "I want to die", "tel:1199", []string{"#person", "#contacts", "#advice"}},
		{"hi", "मैं मरना चाहता हूं", "tel:1199", []string{"#person", "#contacts", "#advice"}},
		{"sw", "mtoto amemeza dawa ya wadudu", "tel:+254711222333", []string{"#contacts", "#person", "#advice"}},
		{"fr", "comment semer le café dans le sable", "tel:+254733000111222", []string{"#advice", "#contacts", "#person"}},
		{"en", armywormQuestion, "", []string{"#advice", "#person"}},
	} {
		p.Language(c.lang)
		p.Ask(c.question)
		if calls := p.JS(`[...document.querySelectorAll("#contacts a")].map((a) => a.getAttribute("href")).join()`); calls != c.calls {
			t.Errorf("%q: calls %q, want %q: %s", c.question, calls, c.calls, p.Text("advice"))
		}
		if !p.Size(360, 740) {
			t.Errorf("%q: wider than 360 pixels", c.question)
		}
		for i := range len(c.order) - 1 {
			if !above(p, c.order[i], c.order[i+1]) {
				t.Errorf("%q: %s is not above %s", c.question, c.order[i], c.order[i+1])
			}
		}
		small := p.JS(`[...document.querySelectorAll("#contacts a")].filter((a) => a.getBoundingClientRect().height < 56 || a.getBoundingClientRect().width < 250 ||
			a.getBoundingClientRect().right > document.getElementById("advice").getBoundingClientRect().right).length`)
		if small != "0" {
			t.Errorf("%q: %s links are small, or leave the card", c.question, small)
		}
		if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
			p.Screenshot(filepath.Join(dir, "contacts-"+c.lang+"-"+c.calls[min(len(c.calls), 4):]+".png"))
		}
	}
	p.Ask("I want to die")
	p.Click("#person")
	p.Await(`document.getElementById("noted").textContent.includes("someone you trust")`)
	p.Click("#new")
	p.Await(`document.getElementById("answer").hidden && !document.querySelector("#contacts a")`)
}
