package advisory

import (
	"slices"
	"testing"
)

func TestGuard(t *testing.T) {
	passages := []Passage{{Text: "Mix 20 g in 10 litres. Wait 7 days. Mix it well."}, {Document: &Document{Lang: "en"}, Text: "Repeat after १५ days."}, {Text: "1,5 kg"}}
	for _, c := range []struct {
		text   string
		cites  []int
		want   []Rule
		reason string
	}{
		{"Mix 20 g in 10 litres.", []int{0}, nil, "as it stands"},
		{"Mix well.", []int{0}, nil, "no number"},
		{"Mix 25 g in 10 litres.", []int{0}, []Rule{RuleNumber}, "another dose"},
		{"Wait 7 days.", []int{1}, []Rule{RuleNumber, RuleCondition}, "stands in a passage that is not cited"},
		{"Wait 7 days.", nil, []Rule{RuleCitation}, "cites nothing"},
		{"Wait 7 days.", []int{9}, []Rule{RuleCitation}, "cites what was not given"},
		{"Wait 7 days.", []int{0, -1}, []Rule{RuleCitation}, "one good citation does not cover a false one"},
		{"Repeat after 15 days.", []int{1}, nil, "native digits"},
		{"1.5 kg", []int{2}, nil, "decimal comma"},
		{"15 kg", []int{2}, []Rule{RuleNumber}, "decimal point lost"},
	} {
		d := Draft{Sentences: []Sentence{{Text: c.text, Passages: c.cites}}}
		if got := Guard(d, passages, Standard{Lexicon: NewLexicon(nil), Lang: "en"}); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q fell at %v, want %v", c.reason, c.text, got, c.want)
		}
	}
}

func FuzzGuard(f *testing.F) {
	f.Add("Mix 2 ml per litre. Never spray in wind.", "Mix 2 ml per litre.")
	f.Add("यदि पत्ती पीली हो तो 2 किलो यूरिया दें; न छिड़कें", "2 किलो यूरिया दें")
	f.Fuzz(func(t *testing.T, passage, sentence string) {
		for _, lang := range []Lang{"en", "hi", "sw", "fr"} {
			passages := []Passage{{Document: &Document{Lang: lang}, Text: passage}}
			d := Draft{Tier: Generated, Sentences: []Sentence{{Text: sentence, Passages: []int{0}}}}
			first := Guard(d, passages, Standard{Lexicon: NewLexicon(nil), Lang: lang})
			if again := Guard(d, passages, Standard{Lexicon: NewLexicon(nil), Lang: lang}); !slices.Equal(first, again) {
				t.Errorf("%q on %q: once %v, once %v", sentence, passage, first, again)
			}
		}
	})
}
