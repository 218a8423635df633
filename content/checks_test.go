package content

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// checked is a pack in which nothing is to be found: a document of 250 words in English, its Swahili translation, and the names.
func checked() files {
	return files{
		"docs/en/pit.md": shaped("en", "Maize pits: dig 1,000 pits, 0.5 m deep.", 250),
		"docs/sw/pit.md": shaped("sw", "Mashimo ya mahindi: chimba mashimo 1000, kina 0,5 m.", 200),
		"menu.yaml": "- {number: 3, key: soil, branches: [{number: 1, key: feeding-soil, branches: [" +
			"{number: 8, document: pit, picture: spade, label: {en: pits, sw: mashimo}}, {number: 9, document: hole, picture: pits, label: {en: holes, sw: shimo}}]}]}\n",
		"lexicon/a.yaml": "- {id: test-crop, kind: crop, is: [test-group], names: {en: [test crop], sw: [zao]}}\n" +
			"- {id: test-group, kind: crop, names: {en: [test group], sw: [kundi]}}\n- {id: test-pit, kind: practice, names: {en: [test pit], sw: [shimo]}}\n",
	}
}

// shaped is a practice of that many words under the fixed headings of its language.
func shaped(lang, answer string, words int) string {
	var b strings.Builder
	b.WriteString("---\nid: pit\nlang: " + lang + "\ntitle: Pits\nkind: practice\ncrops: [test-crop]\ntopics: [test-pit]\nzones: [KE, arid]\n" +
		"sources: [{name: Us, url: https://example.org/, year: 2026}]\nstatus: unreviewed\nreview_by: 2027-11-30\nquestions:\n  - Who digs pits in " + lang + "\n" +
		"answer: \"" + answer + "\"\n---\n")
	for i, heading := range headings["en"]["practice"] {
		if lang == "sw" {
			heading = headings["sw"]["practice"][i]
		}
		b.WriteString("\n## " + heading + "\n\n")
		n := words / 5
		if i == 0 {
			b.WriteString(answer + "\n")
			n -= len(strings.Fields(answer))
		}
		b.WriteString(strings.Repeat("Word word word word word. ", n/5) + strings.Repeat("word ", n%5) + "\n")
	}
	return b.String()
}

func TestCheck(t *testing.T) {
	english, swahili := checked()["docs/en/pit.md"], checked()["docs/sw/pit.md"]
	change := func(text, old, with string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("the test changes %q, which is not there", old)
		}
		return strings.Replace(text, old, with, 1)
	}
	tests := []struct {
		name    string
		changed files
		want    []string // of each finding, the place and a part of what it says
	}{
		{"nothing", nil, nil},
		{"crop in no lexicon", files{"docs/en/pit.md": change(english, "[test-crop]", "[test-corp]"), "docs/sw/pit.md": change(swahili, "[test-crop]", "[test-corp]")},
			[]string{"docs/en/pit.md:6: test-corp in crops is in no lexicon", "docs/sw/pit.md:6: test-corp"}},
		{"practice as crop", files{"docs/en/pit.md": change(english, "[test-crop]", "[test-pit]"), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md:6: test-pit in crops is a practice"}},
		{"topic in no lexicon", files{"docs/en/pit.md": change(english, "[test-pit]", "[pit]"), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md:7: pit in topics"}},
		{"group in no lexicon", files{"lexicon/a.yaml": change(checked()["lexicon/a.yaml"], "[test-group]", "[group]")},
			[]string{"lexicon: test-crop is a kind of group"}},
		{"zone that no box has", files{"docs/en/pit.md": change(english, "arid", "dry"), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md:8: the zone dry"}},
		{"season of no crop", files{"docs/en/pit.md": change(english, "answer:", "calendar: [{crop: pit, months: [3]}]\nanswer:"), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md:14: pit in calendar"}},
		{"months of no country", files{"docs/en/pit.md": change(change(english, "[KE, arid]", "[]"), "answer:", "calendar: [{crop: test-crop, months: [3]}]\nanswer:"), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md:14: months hold in a country or zone"}},
		{"calendar of a translation", files{"docs/en/pit.md": change(english, "answer:", "calendar: [{stage: early, stages: [seedling]}]\nanswer:"),
			"docs/sw/pit.md": change(swahili, "answer:", "calendar: [{stage: mapema, stages: [seedling]}, {crop: test-crop, stage: mapema}]\nanswer:")},
			[]string{"docs/sw/pit.md:14: stages and days stand in the English document alone", "docs/sw/pit.md:14: the English document has no calendar entry"}},
		{"always of a crop that is sown", files{"docs/en/pit.md": change(english, "answer:", "calendar: [{crop: maize, stages: [always]}]\nanswer:"), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md:14: maize does not stand all year"}},
		{"heading of its own", files{"docs/en/pit.md": change(english, "## Common mistakes", "## Common errors"), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md: the headings are"}},
		{"short body", files{"docs/en/pit.md": change(english, "word word word.", "word."), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md: the body has 248 words, it should have 250 to 500"}},
		{"no body", files{"docs/en/pit.md": english[:strings.Index(english, "\n## ")], "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md: there is no body", "docs/en/pit.md:14: the answer says 0.5", "docs/en/pit.md:14: the answer says 1000"}},
		{"no questions", files{"docs/en/pit.md": change(english, "questions:\n  - Who digs pits in en\n", ""), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md: there are no questions"}},
		{"number of the answer alone", files{"docs/en/pit.md": change(english, "dig 1,000", "dig 1,500"), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md:14: the answer says 1500"}},
		{"question of another document", files{"docs/en/hole.md": change(change(english, "id: pit", "id: hole"), "Who digs", "Who, digs")},
			[]string{"docs/en/pit.md:12: the question \"Who digs pits in en\" also stands in docs/en/hole.md"}},
		{"translation of other numbers", files{"docs/sw/pit.md": strings.ReplaceAll(swahili, "0,5", "0,6")},
			[]string{"docs/sw/pit.md: the body says 0.6", "docs/sw/pit.md: the English body says 0.5"}},
		{"translation in native digits", files{"docs/sw/pit.md": strings.ReplaceAll(swahili, "1000", "१०००")}, nil},
		{"translation of another zone", files{"docs/sw/pit.md": change(swahili, "[KE, arid]", "[KE]")},
			[]string{"docs/sw/pit.md:8: zones is [KE], in English it is [KE arid]"}},
		{"simple text of another number", files{"docs/en/pit.md": change(english, "answer:", "simple: Dig 77 pits.\nanswer:"), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md:14: the guard would stop the simple text: number"}},
		{"simple text without the warning", files{"docs/en/pit.md": strings.ReplaceAll(change(english, "answer:", "simple: Dig pits.\nanswer:"), "0.5 m deep.", "0.5 m deep. Never sleep in it."), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md:14: the answer warns 1 times"}},
		{"simple text as long as the answer", files{"docs/en/pit.md": change(english, "answer:", "simple: Dig pits and then dig still more pits.\nanswer:"), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md:14: the simple text has 8 words, the answer 8"}},
		{"hard words", files{"docs/en/pit.md": change(english, "Word word word word word. ", "extraordinarily incomprehensible agricultural terminology everywhere. "+
			strings.Repeat("unconditionally institutionalised administrative responsibilities notwithstanding. ", 30)), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md: the body needs school grade"}},
		{"a dose from memory", files{"docs/en/pit.md": change(english, "answer:", "claims:\n  - {claim: \"2 ml per litre\", recalled: true}\nanswer:"), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md:14: \"2 ml per litre\" is recalled, but a dose"}},
		{"first aid from memory", files{"docs/en/pit.md": change(change(english, "kind: practice", "kind: safety"), "answer:", "claims:\n  - {claim: \"Rinse the eye\", recalled: true}\nanswer:"), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md: the headings are", "docs/en/pit.md:14: \"Rinse the eye\" is recalled, but first aid"}},
		{"a banned chemical as advice", files{"docs/en/pit.md": change(english, "Word word word word word. ", "Spray monocrotophos into the pit. "), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md: \"Maize pits: dig 1,000 pits, 0.5 m deep. Spray monocrotophos into the ...\" names a chemical that may not be advised here (banned)"}},
		{"a banned chemical forbidden", files{"docs/en/pit.md": change(english, "Word word word word word. ", "Never spray monocrotophos into the pit. "), "docs/sw/pit.md": ""}, nil},
		{"the same number in another unit", files{"docs/sw/pit.md": strings.ReplaceAll(swahili, "0,5 m", "0,5 kg")},
			[]string{"docs/sw/pit.md: the body says 500 g"}},
		{"a name missing", files{"lexicon/a.yaml": change(checked()["lexicon/a.yaml"], ", sw: [shimo]", "")},
			[]string{"lexicon: test-pit has no name in sw"}},
		{"nearly the question of another", files{"docs/en/pit.md": change(english, "Who digs pits in en", "Who digs deep wide pits in en today"),
			"docs/en/hole.md": change(change(english, "id: pit", "id: hole"), "Who digs pits in en", "Who digs deep wide pits in en today now"), "docs/sw/pit.md": ""},
			[]string{"docs/en/pit.md:12: the question \"Who digs deep wide pits in en today\" is nearly that of docs/en/hole.md"}},
		{"translation from elsewhere", files{"docs/sw/pit.md": change(swahili, "example.org", "example.com")},
			[]string{"docs/sw/pit.md:9: sources is"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for name, text := range checked().with(tt.changed) {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			p, _, problems, err := open(fsys, "test", "1")
			if err != nil || len(problems) > 0 {
				t.Fatal(problems, err)
			}
			found := Check(p)
			if len(found) != len(tt.want) {
				t.Fatalf("found\n%v\nwant %q", found, tt.want)
			}
			for i, f := range found {
				if !strings.HasPrefix(f.String(), tt.want[i]) {
					t.Errorf("found %v, want %q", f, tt.want[i])
				}
			}
		})
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string][]string{
		"":                          nil,
		"5 to 10 cm, 3 times.":      {"10", "3", "5"},
		"1,000 or 1000":             {"1000"},
		"12,500,000":                {"12500000"},
		"1\u202f000 or 1\u00a0000":  {"1000"},
		"0.5 and 0,5":               {"0.5"},
		"२.५ किलो, ४० दिन":          {"2.5", "40"},
		"٣ and 7":                   {"3", "7"},
		"6,25 kg":                   {"6.25"},
		"at 6:30, room 2-3, (4), 7": {"2", "3", "30", "4", "6", "7"},
	} {
		if got := slices.Sorted(maps.Keys(numbers(text))); !slices.Equal(got, want) {
			t.Errorf("%q has the numbers %q, want %q", text, got, want)
		}
	}
}
