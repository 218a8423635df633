package advisory

import (
	"slices"
	"testing"
)

func TestGuard(t *testing.T) {
	passages := []Passage{{Text: "Mix 20 g in 10 litres. Wait 7 days."}, {Text: "१५ दिन बाद फिर करें।"}, {Text: "1,5 kg par hectare"}}
	for _, c := range []struct {
		text   string
		cites  []int
		want   []Rule
		reason string
	}{
		{"Mix 20 g in 10 litres.", []int{0}, nil, "as it stands"},
		{"Mix well.", []int{0}, nil, "no number"},
		{"Mix 25 g in 10 litres.", []int{0}, []Rule{RuleNumber}, "another dose"},
		{"Wait 7 days.", []int{1}, []Rule{RuleNumber}, "stands in a passage that is not cited"},
		{"Wait 7 days.", nil, []Rule{RuleCitation}, "cites nothing"},
		{"Wait 7 days.", []int{9}, []Rule{RuleCitation}, "cites what was not given"},
		{"Wait 7 days.", []int{0, -1}, []Rule{RuleCitation}, "one good citation does not cover a false one"},
		{"Repeat after 15 days.", []int{1}, nil, "native digits"},
		{"1.5 kg", []int{2}, nil, "decimal comma"},
		{"15 kg", []int{2}, []Rule{RuleNumber}, "decimal point lost"},
	} {
		d := Draft{Sentences: []Sentence{{Text: c.text, Passages: c.cites}}}
		if got := Guard(d, passages); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q fell at %v, want %v", c.reason, c.text, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string][]string{
		"2,5 to 10.":  {"2.5", "10"},
		"१२ और ३.५":   {"12", "3.5"},
		"no number":   nil,
		"N2O, 3rd, 4": {"2", "3", "4"},
		"፩ ٣ 10 000":  {"3", "10", "000"}, // Ethiopic numerals are no decimal digits; Arabic-Indic ones are
	} {
		if got := Numbers(text); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
