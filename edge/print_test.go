package edge

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jembe/advisory"
)

// paper prints HTML as Chromium does, and gives the number of its pages and the size of the first in points.
func paper(t *testing.T, html []byte) (pages int, size string) {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no Chromium: apt install chromium")
		}
		t.Skip("no Chromium, so nothing is printed: apt install chromium")
	}
	dir := t.TempDir()
	from, to := filepath.Join(dir, "sheet.html"), filepath.Join(dir, "sheet.pdf")
	if err := os.WriteFile(from, html, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--user-data-dir="+dir, "--print-to-pdf="+to, "file://"+from)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	pdf, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	box := regexp.MustCompile(`/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)`).FindSubmatch(pdf)
	if box == nil {
		t.Fatal("the printed file has no page")
	}
	return len(regexp.MustCompile(`/Type /Page\b`).FindAll(pdf, -1)), string(box[1]) + " " + string(box[2])
}

func menuOfTest(t *testing.T) advisory.Menu {
	t.Helper()
	return newTestServer(t, withMenu).Advisor.Library().Menu
}

func TestPrintMenu(t *testing.T) {
	var b bytes.Buffer
	if err := PrintMenu(&b, "sw", menuOfTest(t)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{advisory.Say("sw", "print_menu"), "nafaka", "mahindi", ">1-1-3<", `href="#caterpillar"`, `id="caterpillar"`, "<b>4-2-1</b>"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the sheet has no %s", want)
		}
	}
	if strings.Count(b.String(), ">1-1-3<") != 2 || strings.Contains(b.String(), ">4-2-2<") {
		t.Error("advice that is listed twice has two numbers")
	}
	if pages, size := paper(t, b.Bytes()); pages != 1 || !strings.HasPrefix(size, "59") {
		t.Errorf("%d pages of %s points, want one of A4", pages, size)
	}
}

func TestPrintLeaflets(t *testing.T) {
	answer := func(d *advisory.Document, outcome advisory.Outcome) advisory.Answer {
		return advisory.Answer{
			Outcome: outcome, Lang: "en", Text: d.Answer, Citations: []advisory.Citation{{Document: d.ID, Title: d.Title, Source: "A leaflet <i>, 2024"}},
			Contacts: []advisory.Contact{{Kind: advisory.Officer, Name: "Amina", Number: "+254 700 000000"}},
		}
	}
	elsewhere := *blight
	elsewhere.ID, elsewhere.Title = "no-number", "Not in the menu"
	answers := []advisory.Answer{answer(armyworm, advisory.Answered), answer(blight, advisory.Unsure), answer(&elsewhere, advisory.Answered)}
	var b bytes.Buffer
	if err := PrintLeaflets(&b, "en", menuOfTest(t), answers); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{"<b>1-1-3</b>", armyworm.Title, "<li>Crush the eggs and the small caterpillars by hand.</li>", "press 1-1-3", "Extension officer Amina +254 700 000000",
		"A leaflet &lt;i&gt;, 2024", advisory.Say("en", "unreviewed"), `<use href="#grain"/></svg><svg><use href="#maize"/></svg><svg><use href="#caterpillar"/>`, "Not in the menu"} {
		if !strings.Contains(strings.ReplaceAll(got, "&#43;", "+"), want) {
			t.Errorf("the leaflets have no %s", want)
		}
	}
	if strings.Contains(got, blight.Title) || strings.Count(got, "print_") > 0 || strings.Count(got, "press ") != 1 {
		t.Error("what is no answer is printed, or a number that is none")
	}
	if pages, size := paper(t, b.Bytes()); pages != 2 || !strings.HasPrefix(size, "4") {
		t.Errorf("%d pages of %s points, want two of A5", pages, size)
	}
}

func TestPrintVillage(t *testing.T) {
	s := newTestServer(t, withMenu)
	for i := range 40 {
		record(t, s.Store, question(fmt.Sprint(i)))
	}
	for _, lang := range []advisory.Lang{"en", "hi", "sw", "fr"} {
		r, err := Report(t.Context(), s.Store, s.Advisor, lang)
		if err != nil {
			t.Fatal(err)
		}
		r.Parts = append(r.Parts, ReportPart{Key: "filled-1", Picture: "filled", Text: "A <i>title</i>.", Number: "1-1-3", Short: true})
		var b bytes.Buffer
		if err := PrintVillage(&b, r); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{advisory.Say(lang, "page_village"), r.Parts[0].Text, `<use href="#asked"/>`, `id="asked"`, "<b>1-1-3</b>", "A &lt;i&gt;title&lt;/i&gt;."} {
			if !strings.Contains(strings.ReplaceAll(b.String(), "&#39;", "'"), want) {
				t.Errorf("%s: the sheet has no %s", lang, want)
			}
		}
		if pages, size := paper(t, b.Bytes()); pages != 1 || !strings.HasPrefix(size, "4") {
			t.Errorf("%s: %d pages of %s points, want one of A5", lang, pages, size)
		}
	}
}

// Every picture that the report names is drawn.
func TestVillagePicturesAreDrawn(t *testing.T) {
	drawn, err := embedded.ReadFile("page/village.svg")
	if err != nil {
		t.Fatal(err)
	}
	s := newTestServer(t)
	for i := range 10 {
		record(t, s.Store, question(fmt.Sprint(i)))
	}
	for _, p := range reported(t, s, "en").Parts {
		if !strings.Contains(string(drawn), `id="`+p.Picture+`"`) {
			t.Errorf("no picture %s", p.Picture)
		}
	}
}
