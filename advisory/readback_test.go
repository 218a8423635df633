package advisory_test

import (
	"strings"
	"testing"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
)

// spoken asks by voice, heard as the text with words in doubt.
func spoken(t *testing.T, a *advisory.Advisor, text string, doubtful ...string) advisory.Answer {
	t.Helper()
	a.Transcriber = at.Ears{Transcript: advisory.Transcript{Text: text, Lang: "en", Farm: true, Doubtful: doubtful}}
	return ask(t, a, advisory.Question{Audio: []byte("sound")})
}

func TestWordsInDoubtAreReadBackWhereTheAnswerHangsOnThem(t *testing.T) {
	for _, c := range []struct {
		text     string
		doubtful []string
		want     bool
	}{
		{"armyworm in my maize", []string{"maize"}, true},
		{"armyworm in my maize", nil, false},
		{"armyworm in my maize", []string{"my", "in"}, false},
		{"armyworm in my maize beside tomato", []string{"tomato"}, false}, // the answer is of maize, whatever the tomato was
		{"armyworm in my maize 50 kg", []string{"50"}, true},
		{"glyphosate on armyworm in my maize", []string{"glyphosate"}, true},
	} {
		a, _ := newAdvisor(at.Finder{c.text: {sure(armyworm)}})
		got := spoken(t, a, c.text, c.doubtful...)
		if asked := got.Outcome == advisory.Clarify && got.Reason == advisory.Confirm; asked != c.want {
			t.Errorf("%s, in doubt %v: %s %s", c.text, c.doubtful, got.Outcome, got.Reason)
		}
	}
}

func TestReadBackYesAnswersAndNoOffersAPerson(t *testing.T) {
	for _, lang := range advisory.MessageLangs() {
		a, notes := newAdvisor(at.Finder{"armyworm in my maize": {sure(armyworm)}, armyworm.ID: {sure(armyworm)}})
		a.Transcriber = at.Ears{Transcript: advisory.Transcript{Text: "armyworm in my maize", Lang: "en", Farm: true, Doubtful: []string{"maize"}}}
		got := ask(t, a, advisory.Question{Audio: []byte("sound"), Lang: lang})
		if len(got.Choices) != 2 || got.Choices[1].Value != advisory.No || !strings.Contains(got.Spoken, "armyworm in my maize") {
			t.Fatalf("%s: %+v", lang, got)
		}
		yes := ask(t, a, advisory.Question{Choice: got.Choices[0].Value, Lang: lang, Before: got.Turn})
		if yes.Outcome != advisory.Answered || yes.Citations[0].Document != armyworm.ID {
			t.Errorf("%s: yes gives %s %s", lang, yes.Outcome, yes.Reason)
		}
		no := ask(t, a, advisory.Question{Choice: got.Choices[1].Value, Lang: lang, Before: got.Turn})
		if no.Outcome != advisory.Unsure || no.Reason != advisory.Misheard || no.Turn != (advisory.Turn{}) {
			t.Errorf("%s: no gives %+v", lang, no)
		}
		if e := notes.Events(); len(e) != 3 || e[0].Reason != advisory.Confirm || e[2].Reason != advisory.Misheard {
			t.Errorf("%+v", e)
		}
	}
}

func TestDangerIsNeverReadBack(t *testing.T) {
	a, _ := newAdvisor(at.Finder{})
	for _, text := range []string{"my child drank pesticide from the maize", "I want to end my life, the maize is gone"} {
		if got := spoken(t, a, text, "maize", "pesticide"); got.Outcome == advisory.Clarify {
			t.Errorf("%s: %s %s", text, got.Outcome, got.Reason)
		}
	}
}
