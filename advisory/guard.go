package advisory

import (
	"slices"
	"strings"
	"unicode"
)

// Rule names what a draft fell at.
type Rule string

// The rules of the guard.
const (
	RuleCitation Rule = "citation" // a sentence rests on no passage, or on one that was not given
	RuleNumber   Rule = "number"   // a number stands in no cited passage
)

// Guard stands between a draft and the farmer: it gives the rules that the draft breaks; none means it may be said.
func Guard(d Draft, passages []Passage) []Rule {
	var fell []Rule
	fall := func(r Rule) {
		if !slices.Contains(fell, r) {
			fell = append(fell, r)
		}
	}
	for _, s := range d.Sentences {
		var cited []string
		for _, i := range s.Passages {
			if i >= 0 && i < len(passages) {
				cited = append(cited, passages[i].Text)
			}
		}
		if len(s.Passages) == 0 || len(cited) < len(s.Passages) {
			fall(RuleCitation)
			continue
		}
		known := map[string]bool{}
		for _, text := range cited {
			for _, n := range Numbers(text) {
				known[n] = true
			}
		}
		for _, n := range Numbers(s.Text) {
			if !known[n] {
				fall(RuleNumber)
			}
		}
	}
	return fell
}

// Numbers gives the numbers of a text in ASCII digits: native digits folded, 1,5 as 1.5, thousands left as they stand.
func Numbers(text string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if n := strings.TrimRight(b.String(), "."); n != "" {
			out = append(out, n)
		}
		b.Reset()
	}
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			b.WriteRune('0' + digit(r))
		case (r == '.' || r == ',') && b.Len() > 0:
			b.WriteByte('.')
		default:
			flush()
		}
	}
	flush()
	return out
}

// digit gives the value of a decimal digit of any script: Unicode lays each script's ten digits out in order from a zero
// whose code point leaves the same remainder within its range.
func digit(r rune) rune {
	for _, rng := range unicode.Nd.R16 {
		if r >= rune(rng.Lo) && r <= rune(rng.Hi) {
			return (r - rune(rng.Lo)) % 10
		}
	}
	for _, rng := range unicode.Nd.R32 {
		if r >= rune(rng.Lo) && r <= rune(rng.Hi) {
			return (r - rune(rng.Lo)) % 10
		}
	}
	return 0
}
