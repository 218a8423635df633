package edge

import (
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/browsertest"
	"jembe/edge/wire"
)

// settingUp counts what an operator does, and how long the page takes for it.
type settingUp struct {
	*browsertest.Page
	taps, fields int
}

func (s *settingUp) tap(selector string) {
	s.Click(selector)
	s.taps++
}

func (s *settingUp) fill(selector, text string) {
	s.Fill(selector, text)
	s.fields++
}

func (s *settingUp) choose(id, value string) {
	s.JS(`{ const f = document.getElementById("` + id + `"); f.value = "` + value + `"; f.dispatchEvent(new Event("change")); }`)
	s.fields++
}

// The operator of a new box is led from its screen to the page of the first run, fills all of it in, and comes back to the questions.
func TestSetupInABrowser(t *testing.T) {
	saved := 0
	server := newTestServer(t, settable(&saved))
	if err := server.Store.SaveOffice(t.Context(), wire.Settings{Country: "KE"}, 5, true); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	p := &settingUp{Page: browsertest.Open(t, "http://localhost:"+serve(t, server)+"/")}
	p.Await("!document.getElementById('setup').hidden")
	p.taps++
	p.Submit("#setup")
	p.Await("document.querySelectorAll('#crops .tile').length > 1")
	if got := p.Text("country-said"); !strings.Contains(got, "Kenya") {
		t.Errorf("of what the office has set the operator sees %q", got)
	}
	if n := p.JS("document.querySelectorAll('#country option').length"); n != strconv.Itoa(1+len(advisory.Countries())) {
		t.Errorf("countries to choose from: %s", n)
	}
	for code, name := range map[string]string{"BF": "Burkina Faso", "BJ": "Benin", "CD": "Congo - Kinshasa"} { // had other codes once
		if got := p.JS("document.querySelector('#country option[value=" + code + "]').text"); got != name {
			t.Errorf("%s is called %s", code, got)
		}
	}
	p.choose("country", "TZ")
	p.choose("zone", "semi-arid")
	p.fill("#name", "Kipsigak")
	p.tap("#crops [data-id=maize]")
	p.choose("planted-maize", server.Store.daysAgo(14))
	p.tap("#languages [data-id=sw]")
	p.tap("#languages [data-id=en]")
	p.fill("#vet-name", "Vet of the ward")
	p.fill("#vet-number", "O722 000 111") // a letter for the first digit
	p.fill("#pin", "2580")
	shots(t, p.Page, "setup")
	p.tap("button[type=submit]")
	p.Await("!document.getElementById('problem').hidden")
	if got, want := p.Text("problem"), Wrong("contacts").In("en"); got != want {
		t.Errorf("a wrong number: %q, want %q", got, want)
	}
	p.JS("document.getElementById('vet-number').value = ''")
	p.fill("#vet-number", "0722 000 111")
	p.tap("button[type=submit]")
	p.Await("!document.getElementById('saved').hidden")
	p.taps++
	p.Submit("#saved a")
	p.Await("location.pathname === '/' && document.getElementById('talk-label').textContent")
	if p.Visible("setup") || p.JS("document.getElementById('lang').options[0].value") != "sw" {
		t.Errorf("after setup the page shows %s", p.JS("document.body.innerText"))
	}
	t.Logf("set up with %d taps and %d fields, one of them filled in twice; the pages took %v", p.taps, p.fields, time.Since(start).Round(time.Second))
	want := Village{
		Country: "TZ", Zone: "semi-arid", Name: "Kipsigak", Crops: []string{"maize"}, Planted: map[string]string{"maize": server.Store.daysAgo(14)},
		Contacts: advisory.Contacts{{Kind: advisory.Vet, Name: "Vet of the ward", Number: "0722 000 111"}}, Languages: []advisory.Lang{"sw", "en"},
	}
	if got, err := server.Store.Village(t.Context()); err != nil || !reflect.DeepEqual(got, want) || saved != 1 {
		t.Errorf("saved %+v, %v; want %+v", got, err, want)
	}
	if p.taps+p.fields > 20 {
		t.Errorf("%d steps are more than five minutes' work", p.taps+p.fields)
	}
}

// daysAgo is the day so long before today, as the page offers it.
func (s *Store) daysAgo(days int) string {
	return time.UnixMilli(s.clock().wall).UTC().AddDate(0, 0, -days).Format(time.DateOnly)
}

// shots writes the page at 360 pixels where JEMBE_SCREENSHOTS says, part by part, and checks that it fits.
func shots(t *testing.T, p *browsertest.Page, name string) {
	t.Helper()
	if !p.Size(360, 740) {
		t.Errorf("%s is wider than a cheap phone", name)
	}
	if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
		for _, part := range []string{"0", "0.5", "1"} {
			p.JS("window.scrollTo(0, (document.body.scrollHeight - innerHeight) * " + part + ")")
			p.Screenshot(filepath.Join(dir, name+"-"+part+"-360.png"))
		}
	}
	small := p.JS(`[...document.querySelectorAll("button, select, input")].filter((e) => e.offsetParent && e.getBoundingClientRect().height < 48)
		.map((e) => e.id || e.textContent).join()`)
	if small != "" {
		t.Errorf("%s: too small to touch: %s", name, small)
	}
}

// In every language the page has all its texts and fits a cheap phone; what was filled in before the language was changed stays.
func TestSetupInEveryLanguage(t *testing.T) {
	saved := 0
	server := newTestServer(t, settable(&saved))
	p := browsertest.Start(t)
	p.Visit("http://localhost:" + serve(t, server) + "/setup")
	p.Await("document.querySelectorAll('#crops .tile').length > 1")
	p.Fill("#name", "Kipsigak")
	p.Click("#crops [data-id=tomato]")
	for _, lang := range []string{"sw", "hi", "fr"} {
		p.Language(lang)
		p.Await("document.querySelector('h1').textContent === " + quoted(advisory.Say(advisory.Lang(lang), "setup_title")))
		if p.JS("document.getElementById('name').value") != "Kipsigak" || p.JS("document.querySelector('[data-id=tomato]').getAttribute('aria-pressed')") != "true" {
			t.Errorf("%s: what was filled in is gone", lang)
		}
		shots(t, p, "setup-"+lang)
	}
}

// quoted is a text as JavaScript writes it.
func quoted(text string) string { return "`" + text + "`" }
