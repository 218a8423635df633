package advisory_test

import (
	"strings"
	"testing"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
)

func TestSwappedWordsOfHeardQuestions(t *testing.T) {
	for _, c := range []struct {
		heard, said string // and what has an answer
		want        advisory.Reason
	}{
		{"armyworm on my knees", "armyworm on my maize", advisory.Confirm},
		{"knees knees armyworm", "maize maize armyworm", advisory.Confirm},
		{"armyworm on my chickens", "armyworm on my maize", advisory.NoEvidence}, // not known to be swapped
		{"armyworm paddy go be", "armyworm patta gobi", advisory.NoReason},       // no farm question holds it: not asked
	} {
		a, _ := newAdvisor(at.Finder{c.said: {sure(armyworm)}})
		got := spoken(t, a, c.heard)
		if got.Reason != c.want || got.Heard != c.heard {
			t.Errorf("%s: %s %s, heard %q", c.heard, got.Outcome, got.Reason, got.Heard)
		}
		if got.Reason == advisory.Confirm && (!strings.Contains(got.Spoken, c.said) || got.Choices[0].Value != armyworm.ID) {
			t.Errorf("%s: read back %q, %v", c.heard, got.Spoken, got.Choices)
		}
		if typed := ask(t, a, text(c.heard)); typed.Outcome == advisory.Answered || typed.Reason == advisory.Confirm {
			t.Errorf("%s was typed, and is taken for %q", c.heard, c.said)
		}
	}
}

func TestWhatIsAnsweredAsItWasHeardIsNotSwapped(t *testing.T) {
	a, _ := newAdvisor(at.Finder{"armyworm on my knees maize": {sure(armyworm)}})
	if got := spoken(t, a, "armyworm on my knees maize"); got.Outcome != advisory.Answered {
		t.Errorf("%s %s", got.Outcome, got.Reason)
	}
}
