package content

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
)

// borer is a document with everything in it.
const borer = `---
id: maize-stem-borer
lang: en
title: Stem borer in maize
kind: pest
crops: [maize, sorghum]
topics: [stem-borer, pest-control]
zones: [KE, semi-arid]
sources:
  - name: "KALRO, Maize guide"
    url: https://example.org/maize?a=1
    year: 2019
status: unreviewed
review_by: 2027-11-30
questions:
  - There are holes in the stem of my maize
  - 'Why: does the heart of my maize die?'
answer: >-
  Maize, stem borer: pull out plants with
  dead hearts after 14 days.
calendar:
  - {crop: maize, stage: "2 to 6 leaves", months: [3, 4], zone: KE}
claims:
  - {claim: "Eggs hatch in 4 to 5 days", source: 1, section: "Life", opened: 2026-11-23}
  - {claim: "It likes dry years", recalled: true}
---

# Stem borer in maize

## How to know it

Small holes in the leaves.
They stand in a row.
30 of them are many.

- One item
  that goes on
- Another item

1. First
2) Second

## What to do now

Pull out the plants.
`

func TestParseDocument(t *testing.T) {
	d, err := ParseDocument("docs/en/maize-stem-borer.md", []byte(borer))
	if err != nil {
		t.Fatal(err)
	}
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	want := advisory.Document{
		ID: "maize-stem-borer", Lang: "en", Title: "Stem borer in maize", Kind: "pest",
		Crops: []string{"maize", "sorghum"}, Topics: []string{"stem-borer", "pest-control"}, Zones: []string{"KE", "semi-arid"},
		Sources: []advisory.Source{{Name: "KALRO, Maize guide", URL: "https://example.org/maize?a=1", Year: 2019}},
		Status:  advisory.Unreviewed, ReviewBy: day(2027, 11, 30),
		Questions: []string{"There are holes in the stem of my maize", "Why: does the heart of my maize die?"},
		Answer:    "Maize, stem borer: pull out plants with dead hearts after 14 days.",
		Sections: []advisory.Section{
			{Heading: "How to know it", Text: "Small holes in the leaves. They stand in a row. 30 of them are many.\n\nOne item that goes on\nAnother item\n\nFirst\nSecond"},
			{Heading: "What to do now", Text: "Pull out the plants."},
		},
	}
	if !reflect.DeepEqual(d.Document, want) {
		t.Errorf("got  %+v\nwant %+v", d.Document, want)
	}
	if want := []Season{{Crop: "maize", Stage: "2 to 6 leaves", Months: []time.Month{3, 4}, Zone: "KE"}}; !reflect.DeepEqual(d.Calendar, want) {
		t.Errorf("calendar %+v, want %+v", d.Calendar, want)
	}
	if want := []Claim{
		{Claim: "Eggs hatch in 4 to 5 days", Source: 1, Section: "Life", Opened: day(2026, 11, 23)},
		{Claim: "It likes dry years", Recalled: true},
	}; !reflect.DeepEqual(d.Claims, want) {
		t.Errorf("claims %+v, want %+v", d.Claims, want)
	}
}

func TestEditorsOfOtherSystems(t *testing.T) {
	unix, err := ParseDocument("docs/en/maize-stem-borer.md", []byte(borer))
	if err != nil {
		t.Fatal(err)
	}
	windows, err := ParseDocument("docs/en/maize-stem-borer.md", []byte("\ufeff"+strings.ReplaceAll(borer, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(unix, windows) {
		t.Error("line ends or a byte order mark changed the document")
	}
}

func TestBodyBeforeTheFirstHeadingStandsUnderTheTitle(t *testing.T) {
	front, _, _ := strings.Cut(borer, "# Stem")
	d, err := ParseDocument("docs/en/maize-stem-borer.md", []byte(front+"Just text.\n"))
	if err != nil {
		t.Fatal(err)
	}
	if want := []advisory.Section{{Heading: "Stem borer in maize", Text: "Just text."}}; !reflect.DeepEqual(d.Sections, want) {
		t.Errorf("sections %+v, want %+v", d.Sections, want)
	}
}

// TestStrictDocument changes one thing in a good document, and expects exactly one problem, on its line.
func TestStrictDocument(t *testing.T) {
	words := strings.TrimSpace(strings.Repeat("word ", 61))
	tests := []struct {
		name, old, new string
		line           int
		says           string
	}{
		{"unknown field", "kind: pest", "sort: pest", 5, `unknown field "sort"`},
		{"field twice", "kind: pest", "title: Again", 5, "title is given twice"},
		{"no id", "id: maize-stem-borer\n", "", 2, "the field id is missing"},
		{"no lang", "lang: en\n", "", 2, "the field lang is missing"},
		{"no title", "title: Stem borer in maize\n", "", 2, "the field title is missing"},
		{"no status", "status: unreviewed\n", "", 2, "the field status is missing"},
		{"no answer", "answer: >-\n  Maize, stem borer: pull out plants with\n  dead hearts after 14 days.\n", "", 2, "the field answer is missing"},
		{"empty title", "title: Stem borer in maize", "title:", 4, "title is empty"},
		{"blank answer", "answer: >-\n  Maize, stem borer: pull out plants with\n  dead hearts after 14 days.\n", "answer: \"  \"\n", 18, "answer is empty"},
		{"id second", "id: maize-stem-borer\nlang: en\n", "lang: en\nid: maize-stem-borer\n", 3, "must come first"},
		{"title before lang", "lang: en\ntitle: Stem borer in maize\n", "title: Stem borer in maize\nlang: en\n", 4, "must come first"},
		{"id not of the path", "id: maize-stem-borer", "id: maize-borer", 2, "named maize-stem-borer.md"},
		{"language not of the path", "lang: en", "lang: sw", 3, "in the folder docs/en"},
		{"id with capitals", "id: maize-stem-borer", "id: Maize_Stem", 2, "small letters and digits with hyphens"},
		{"id too long", "id: maize-stem-borer", "id: m" + strings.Repeat("-m", 50), 2, "at most 80"},
		{"language in words", "lang: en", "lang: English", 3, "not a language code"},
		{"kind", "kind: pest", "kind: insect", 5, `"insect" is not one of pest`},
		{"crop as text", "crops: [maize, sorghum]", "crops: maize", 6, "must be a list"},
		{"crop twice", "crops: [maize, sorghum]", "crops: [maize, maize]", 6, "maize is given twice in crops"},
		{"crop by its name", "crops: [maize, sorghum]", "crops: [Sweet potato]", 6, "small letters"},
		{"topic within topic", "topics: [stem-borer, pest-control]", "topics: [[stem-borer]]", 7, "must be one text"},
		{"small country", "zones: [KE, semi-arid]", "zones: [ke]", 8, "neither a country code"},
		{"country in words", "zones: [KE, semi-arid]", "zones: [Kenya]", 8, "neither a country code"},
		{"no sources", "sources:\n  - name: \"KALRO, Maize guide\"\n    url: https://example.org/maize?a=1\n    year: 2019\n", "", 2, "the field sources is missing"},
		{"source without name", "  - name: \"KALRO, Maize guide\"\n    url:", "  - url:", 10, "the field name of a source is missing"},
		{"source without year", "    year: 2019\n", "", 10, "the field year of a source is missing"},
		{"source with more", "    year: 2019\n", "    year: 2019\n    page: 4\n", 13, `unknown field "page" in a source`},
		{"source as text", "  - name: \"KALRO, Maize guide\"\n    url: https://example.org/maize?a=1\n    year: 2019\n", "  - KALRO\n", 10, "a source must be given as fields"},
		{"year", "year: 2019", "year: about 2019", 12, "not a number from 1900 to 2100"},
		{"early year", "year: 2019", "year: 19", 12, "not a number from 1900 to 2100"},
		{"web address", "https://example.org/maize?a=1", "example.org", 11, "not a web address"},
		{"script as address", "https://example.org/maize?a=1", "javascript:alert(1)", 11, "not a web address"},
		{"status", "status: unreviewed", "status: draft", 13, `"draft" is not one of unreviewed, reviewed`},
		{"day that is none", "review_by: 2027-11-30", "review_by: 2027-11-31", 14, "not a date"},
		{"date in words", "review_by: 2027-11-30", "review_by: next year", 14, "not a date"},
		{"empty questions", "questions:\n  - There are holes in the stem of my maize\n  - 'Why: does the heart of my maize die?'\n", "questions: []\n", 15, "questions is empty"},
		{"nothing under questions", "questions:\n  - There are holes in the stem of my maize\n  - 'Why: does the heart of my maize die?'\n", "questions:\n", 15, "must be a list"},
		{"empty question", "  - There are holes in the stem of my maize", "  -", 16, "an item of questions is empty"},
		{"question with a bare colon", "  - There are holes in the stem of my maize", "  - Holes: why?", 16, "put it in quotes"},
		{"question twice", "  - There are holes in the stem of my maize", "  - 'Why: does the heart of my maize die?'", 17, "is given twice in questions"},
		{"long answer", "  Maize, stem borer: pull out plants with\n  dead hearts after 14 days.\n", "  " + words + "\n", 18, "the answer has 61 words"},
		{"bold answer", "pull out plants with", "**pull out** plants with", 18, "bold or italic"},
		{"calendar without a time", "{crop: maize, stage: \"2 to 6 leaves\", months: [3, 4], zone: KE}", "{crop: maize}", 22, "needs a stage, stages, days or months"},
		{"calendar of two", "{crop: maize, stage", "{crop: maize, animal: goat, stage", 22, "make two of it"},
		{"stage that is none", "months: [3, 4]", "stages: [blooming]", 22, "is not one of before-planting, planting"},
		{"stage twice", "months: [3, 4]", "stages: [harvest, harvest]", 22, "harvest is given twice in stages"},
		{"always and a stage", "months: [3, 4]", "stages: [always, harvest]", 22, "always stands alone"},
		{"no stages", "months: [3, 4]", "stages: []", 22, "stages names none of"},
		{"stages of an animal", "crop: maize, stage: \"2 to 6 leaves\", months: [3, 4]", "animal: goat, stages: [harvest]", 22, "an animal has no stages"},
		{"one day", "months: [3, 4]", "days: [3]", 22, "the first and the last day after planting"},
		{"days in words", "months: [3, 4]", "days: [3, ten]", 22, "not a number from -120 to 1000"},
		{"days backwards", "months: [3, 4]", "days: [30, 20]", 22, "is after the last"},
		{"month 13", "months: [3, 4]", "months: [13]", 22, "not a number from 1 to 12"},
		{"calendar with more", "zone: KE}", "region: KE}", 22, `unknown field "region"`},
		{"claim without a source", "source: 1, section: \"Life\", ", "", 24, "the field source of a claim"},
		{"claim never opened", ", opened: 2026-11-23", "", 24, "the field opened of a claim"},
		{"claim of another source", "source: 1", "source: 2", 24, "not a number from 1 to 1"},
		{"claim recalled and read", "recalled: true}", "recalled: true, source: 1}", 25, "either recalled or"},
		{"claim without words", "{claim: \"It likes dry years\", recalled: true}", "{recalled: true}", 25, "the field claim of a claim is missing"},
		{"alias", "topics: [stem-borer, pest-control]", "topics: &t [stem-borer]\nanimals: *t", 8, "must be a list"},
		{"broken YAML", "title: Stem borer in maize", "title: Maize: stem borer", 4, "cannot be read as YAML"},
		{"second YAML document", "status: unreviewed", "status: unreviewed\n...\nkind: pest", 14, "cannot be read as YAML"},
		{"front matter without begin", "---\nid", "id", 1, "must begin with a line ---"},
		{"NUL", "Small holes", "Small\x00holes", 32, "control character U+0000"},
		{"bell in the front matter", "Stem borer in maize\nkind", "Stem\x07\nkind", 4, "control character U+0007"},
		{"not UTF-8", "Small holes", "Small h\xf6les", 32, "not UTF-8"},
		{"bold", "Small holes", "Small **holes**", 32, "bold or italic"},
		{"italic", "Small holes", "Small *holes*", 32, "bold or italic"},
		{"underscores", "Small holes", "Small _holes_", 32, "bold or italic"},
		{"link", "Small holes", "Small [holes](http://a.example)", 32, "a link"},
		{"bare address", "Small holes", "Small holes https://a.example", 32, "a link"},
		{"image", "Small holes", "![holes](a.png)", 32, "an image"},
		{"HTML", "Small holes", "Small <b>holes</b>", 32, "HTML"},
		{"comment", "Small holes", "<!-- Small --> holes", 32, "HTML"},
		{"character code", "Small holes", "Small&nbsp;holes", 32, "HTML character code"},
		{"code", "Small holes", "Small `holes`", 32, "code"},
		{"quotation", "Small holes", "> Small holes", 32, "quotation"},
		{"table", "Small holes", "| Small | holes |", 32, "a table"},
		{"rule", "They stand in a row.", "***", 33, "bold"},
		{"heading underlined", "They stand in a row.", "------", 33, "a line drawn"},
		{"escape", "Small holes", `Small\* holes`, 32, "bold or italic"},
		{"markup in a list", "- Another item", "- [Another](b) item", 38, "a link"},
		{"heading without text", "## What to do now", "## Empty\n\n## What to do now", 43, "no text under"},
		{"heading of nothing", "## What to do now", "##", 43, "a heading is"},
		{"large heading", "## What to do now", "# What to do now", 43, "begins with ##"},
		{"bold heading", "## What to do now", "## What **to** do", 43, "the heading holds"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Count(borer, tt.old) < 1 {
				t.Fatalf("the test changes %q, which is not there", tt.old)
			}
			_, err := ParseDocument("docs/en/maize-stem-borer.md", []byte(strings.Replace(borer, tt.old, tt.new, 1)))
			wantProblem(t, err, "docs/en/maize-stem-borer.md", tt.line, tt.says)
		})
	}
}

// wantProblem expects an error of exactly one problem.
func wantProblem(t *testing.T, err error, file string, line int, says string) {
	t.Helper()
	var ps Problems
	if !errors.As(err, &ps) || len(ps) != 1 {
		t.Fatalf("got %v, want one problem at %s:%d: %s", err, file, line, says)
	}
	if p := ps[0]; p.File != file || p.Line != line || !strings.Contains(p.Text, says) {
		t.Errorf("got %v, want %s:%d: %s", p, file, line, says)
	}
}

func TestAllProblemsAreToldTogether(t *testing.T) {
	bad := strings.NewReplacer("kind: pest", "kind: insect", "year: 2019", "year: 0", "Small holes", "<i>Small</i> holes").Replace(borer)
	_, err := ParseDocument("docs/en/other.md", []byte(bad))
	var ps Problems
	if !errors.As(err, &ps) {
		t.Fatal(err)
	}
	var lines []int
	for _, p := range ps {
		lines = append(lines, p.Line)
	}
	if want := []int{2, 5, 12, 32}; !reflect.DeepEqual(lines, want) {
		t.Errorf("problems on lines %v, want %v:\n%v", lines, want, err)
	}
}

func TestPathsThatAreNoDocuments(t *testing.T) {
	for _, name := range []string{"", "maize-stem-borer.md", "docs/maize-stem-borer.md", "docs/English/maize-stem-borer.md", "docs/en/maize-stem-borer.txt"} {
		_, err := ParseDocument(name, []byte(borer))
		wantProblem(t, err, name, 0, "must be at docs/LANG/ID.md")
	}
	for _, name := range []string{"docs/en/maize-stem-borer.md", "some/where/docs/en/maize-stem-borer.md"} {
		if _, err := ParseDocument(name, []byte(borer)); err != nil {
			t.Error(err)
		}
	}
}

func TestHugeDocument(t *testing.T) {
	_, err := ParseDocument("docs/en/maize-stem-borer.md", []byte(borer+strings.Repeat("word ", maxDocument/5)))
	wantProblem(t, err, "docs/en/maize-stem-borer.md", 0, "split it")
}

func FuzzParseDocument(f *testing.F) {
	f.Add([]byte(borer))
	f.Add([]byte("---\n---\n"))
	f.Add([]byte("---\n? [a]\n: - &x {b: *x}\n---\n## \n- \n1. \n"))
	if raw, err := os.ReadFile("library/docs/hi/compost-making.md"); err == nil {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := ParseDocument("docs/en/maize-stem-borer.md", raw)
		if err != nil {
			var ps Problems
			if !errors.As(err, &ps) || len(ps) == 0 {
				t.Fatalf("an error without problems: %v", err)
			}
			return
		}
		if d.ID != "maize-stem-borer" || d.Lang != "en" || d.Title == "" || d.Answer == "" || len(d.Sources) == 0 {
			t.Fatalf("accepted without what is needed: %+v", d)
		}
		for _, s := range d.Sections {
			if s.Heading == "" || s.Text == "" || strings.Contains(s.Text, "\n\n\n") {
				t.Fatalf("a section without heading or text, or with a hole: %+v", s)
			}
		}
	})
}
