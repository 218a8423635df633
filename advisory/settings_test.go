package advisory

import (
	"slices"
	"testing"
)

func TestWhatStandsInTheWordsAroundAnother(t *testing.T) {
	lex := NewLexicon([]Concept{
		{ID: "maize", Kind: Crop, Names: map[Lang][]string{"en": {"maize", "corn"}}},
		{ID: "livestock", Kind: Animal, Names: map[Lang][]string{"en": {"animal"}}},
		{ID: "duck", Kind: Animal, Is: []string{"livestock"}, Names: map[Lang][]string{"en": {"duck"}}},
	})
	for _, c := range []struct {
		lang           Lang
		passage, draft string
		want           Rule // "": it may be said
	}{
		{"en", "Give 25 kg nitrogen, 50 kg phosphate and 10 kg potash.", "Give 50 kg nitrogen, 25 kg phosphate and 10 kg potash.", RuleDose},
		{"en", "Give 25 kg nitrogen, 50 kg phosphate and 10 kg potash.", "Give 50 kg phosphate, 25 kg nitrogen and 10 kg potash.", ""}, // a list turned
		{"en", "In the fifth month give 250, 105 and 320 g, in the seventh 150 g urea.", "In the fifth month give 250, 105 and 150 g, in the seventh 320 g urea.", RuleDose},
		{"fr", "Précoces : lignes à 30 centimètres. Tardifs : lignes à 45 centimètres.", "Précoces : lignes à 45 centimètres. Tardifs : lignes à 30 centimètres.", RuleDose},
		{"sw", "Vika kilo 1 ya mbegu gramu 5 za Trichoderma.", "Vika gramu 5 ya mbegu kilo 1 za Trichoderma.", RuleDose},
		{"en", "Call if bushes stay bare, if sprays fail, or before you buy.", "Call if bushes stay bare, before sprays fail, or before you buy.", RuleCondition},
		{"hi", "पहले जाँच कराएँ।", "बाद जाँच कराएँ।", RuleCondition},
		{"hi", "चौथा साल: 40 किलो गोबर खाद दें।", "चौथा महीना: 40 किलो गोबर खाद दें।", RuleNumber}, // a unit without a number
		{"en", "Keep water off at other times.", "Keep water on at other times.", RuleNegation},
		{"sw", "Usiache miwa ichipue tena hapo.", "Acha miwa ichipue tena hapo.", RuleNegation},
		{"en", "Sow in October. September is too hot.", "Sow in September, then the yield is good.", RuleNumber},
		{"en", "Keep animals off the place for 20 days.", "Keep ducks off the place for 20 days.", RuleCrop},
		{"en", "Stop water about 2 weeks before harvest of maize.", "Stop water about 14 days before harvest of corn.", ""},
		{"en", "No cash: walk the field and pull out sick plants.", "Please: No cash: walk the field and pull out sick plants.", ""},
		{"en", "If legs swell, stop the oil and go to a clinic.", "Stop the oil and go to a clinic if legs swell.", ""},
	} {
		p := Passage{Document: &Document{Lang: c.lang, Animals: []string{"livestock"}}, Text: c.passage}
		d := Draft{Tier: Generated}
		for _, s := range Sentences(c.draft) {
			d.Sentences = append(d.Sentences, Sentence{Text: s, Passages: []int{0}})
		}
		got := Guard(d, []Passage{p}, Standard{Lexicon: lex, Lang: c.lang, Country: "IN"})
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%q on %q fell at %v, want %q", c.draft, c.passage, got, c.want)
		}
	}
}

// A short answer may sum up ranges, but not keep one end and change the other.
func TestRangesOfPreparedAnswers(t *testing.T) {
	passage := Passage{Document: &Document{Lang: "en"}, Text: "Rows stand 45 centimetres apart. Sow 3 to 5 centimetres deep in sand, 5 to 7 centimetres deep in clay."}
	for answer, want := range map[string][]Rule{
		"Sow 3 to 5 centimetres deep.":  nil,
		"Sow 3 to 7 centimetres deep.":  nil, // both ends are depths
		"Sow 3 to 45 centimetres deep.": {RuleDose},
		"Sow 3 to 70 centimetres deep.": {RuleNumber, RuleDose},
	} {
		d := Draft{Tier: Prepared, Sentences: []Sentence{{answer, []int{0}}}}
		if got := Guard(d, []Passage{passage}, Standard{Lexicon: NewLexicon(nil), Lang: "en"}); !slices.Equal(got, want) {
			t.Errorf("%q fell at %v, want %v", answer, got, want)
		}
	}
}

// A passage is read once with a lexicon, and its cautions hold for every draft after.
func TestPassagesReadAgain(t *testing.T) {
	lex := NewLexicon(nil)
	p := Passage{Document: &Document{Lang: "en"}, Text: "Mix 20 g of ash with the seed. Wear gloves."}
	d := Draft{Tier: Generated, Sentences: []Sentence{{"Mix 20 g of ash with the seed.", []int{0}}}}
	for range mostSources + 2 {
		if got := Guard(d, []Passage{p}, Standard{Lexicon: lex, Lang: "en"}); !slices.Equal(got, []Rule{RuleCaution}) {
			t.Fatalf("fell at %v", got)
		}
		p.Text += " "
	}
	if n := len(lex.sources.read); n == 0 || n > mostSources {
		t.Errorf("%d passages are kept", n)
	}
}
