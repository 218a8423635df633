package advisory_test

import (
	"slices"
	"strings"
	"testing"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
)

var topDressing = &advisory.Document{
	ID: "maize-top-dressing", Lang: "en", Title: "Top dressing maize", Kind: "practice", Crops: []string{"maize"}, Topics: []string{"fertiliser"},
	Sources: []advisory.Source{{Name: "KALRO"}}, Answer: "Feed maize again when it is knee high.",
	Sections: []advisory.Section{
		{Heading: "What you need", Text: "Moist soil.\nA bottle top as a measure."},
		{Heading: "What to do", Text: "Feed maize again when it is knee high.\nPut one bottle top of fertiliser for each plant. Keep it off the leaves.\nMake rings 15 cm from the stem."},
		{Heading: "Common mistakes", Text: "Giving 5 bottle tops for each plant."},
	},
}

var armywormWhole = func() *advisory.Document {
	d := *armyworm
	d.Sections = append(slices.Clone(d.Sections), advisory.Section{Heading: "How to prevent it", Text: "Plant early.\nMix maize with beans."})
	return &d
}()

// talk asks one after the other in one session.
func talk(t *testing.T, a *advisory.Advisor, questions ...advisory.Question) (last advisory.Answer) {
	t.Helper()
	for _, q := range questions {
		q.Before = last.Turn
		last = ask(t, a, q)
	}
	return last
}

func text(s string) advisory.Question { return advisory.Question{Text: s} }

func followed(t *testing.T) *advisory.Advisor {
	t.Helper()
	a, _ := newAdvisor(at.Finder{
		"how do I feed maize":        {sure(topDressing)},
		"maize-top-dressing":         {sure(topDressing)},
		"armyworm in my maize":       {sure(armywormWhole)},
		"maize-fall-armyworm":        {sure(armywormWhole)},
		"late blight":                {sure(blight)},
		"late blight in my tomato":   {sure(blight)},
		"armyworm in my and tomato?": {sure(blight)},
	})
	return a
}

func TestFollowUpIsAnsweredFromTheSectionThatFits(t *testing.T) {
	for _, c := range []struct{ first, next, want, section string }{
		{"how do I feed maize", "and how much?", "Put one bottle top of fertiliser for each plant. Keep it off the leaves.", "What to do"},
		{"how do I feed maize", "na kiasi gani?", "Put one bottle top of fertiliser for each plant. Keep it off the leaves.", "What to do"},
		{"how do I feed maize", "et combien ?", "Put one bottle top of fertiliser for each plant. Keep it off the leaves.", "What to do"},
		{"how do I feed maize", "aur kitna?", "Put one bottle top of fertiliser for each plant. Keep it off the leaves.", "What to do"},
		{"how do I feed maize", "और कितना?", "Put one bottle top of fertiliser for each plant. Keep it off the leaves.", "What to do"},
		{"how do I feed maize", "how far?", "Make rings 15 cm from the stem.", "What to do"},
		{"how do I feed maize", "what do I need?", "Moist soil. A bottle top as a measure.", "What you need"},
		{"how do I feed maize", "how do I prevent it?", "Feed maize again when it is knee high.", ""}, // no such section: the short answer
		{"armyworm in my maize", "how do I prevent it?", "Plant early. Mix maize with beans.", "How to prevent it"},
	} {
		got := talk(t, followed(t), text(c.first), text(c.next))
		if got.Outcome != advisory.Answered || got.Text != c.want || got.Citations[0].Section != c.section {
			t.Errorf("%s, %s: %s %q %+v", c.first, c.next, got.Outcome, got.Text, got.Citations)
		}
	}
}

func TestFollowUpsGoOn(t *testing.T) {
	got := talk(t, followed(t), text("armyworm in my maize"), text("how do I prevent it?"), text("and how much?"))
	if got.Outcome != advisory.Answered || !strings.Contains(got.Text, "1 handful") {
		t.Errorf("%s %q", got.Outcome, got.Text)
	}
}

func TestFollowUpOfAnotherCropIsSearchedAnewAndNeverOfTheFirst(t *testing.T) {
	got := talk(t, followed(t), text("armyworm in my maize"), text("and tomato?"))
	if got.Outcome != advisory.Answered || got.Citations[0].Document != "tomato-late-blight" {
		t.Errorf("%s %+v", got.Outcome, got.Citations)
	}
	got = talk(t, followed(t), text("late blight in my tomato"), text("what about maize?"))
	if got.Outcome == advisory.Answered {
		t.Errorf("maize got the answer for tomato: %+v", got.Citations)
	}
}

func TestWhatStandsAloneIsNotLed(t *testing.T) {
	for _, next := range []string{
		"late blight",                // names its own topic
		"my child drank pesticide",   // an emergency
		"who won the football match", // no farming
		"how much does the market pay for a bag of something that I have never told you of before", // too long to lean
	} {
		alone := talk(t, followed(t), text(next))
		led := talk(t, followed(t), text("armyworm in my maize"), text(next))
		if alone.Text != led.Text || alone.Outcome != led.Outcome || alone.Reason != led.Reason {
			t.Errorf("%s: %s %s %q alone, %s %s %q after another", next, alone.Outcome, alone.Reason, alone.Text, led.Outcome, led.Reason, led.Text)
		}
	}
}

func TestWithoutATurnNothingIsFollowed(t *testing.T) {
	for _, next := range []string{"and how much?", "how do I prevent it?"} {
		if got := talk(t, followed(t), text(next)); got.Outcome != advisory.Unsure {
			t.Errorf("%s: %s %q", next, got.Outcome, got.Text)
		}
	}
}

func TestRefusalsLeaveNoTurn(t *testing.T) {
	if got := talk(t, followed(t), text("armyworm in my maize"), text("who won the football match")); got.Turn != (advisory.Turn{}) {
		t.Errorf("%+v", got.Turn)
	}
}

func TestSpokenFollowUpNeedsNoFarmWord(t *testing.T) {
	a := followed(t)
	first := ask(t, a, text("how do I feed maize"))
	a.Transcriber = at.Ears{Transcript: advisory.Transcript{Text: "and how much", Lang: "en"}} // by itself it sounds like no farm question
	if got := ask(t, a, advisory.Question{Audio: []byte("sound"), Before: first.Turn}); got.Outcome != advisory.Answered {
		t.Errorf("%s %s", got.Outcome, got.Reason)
	}
	if got := ask(t, a, advisory.Question{Audio: []byte("sound")}); got.Reason != advisory.NotHeard {
		t.Errorf("without a turn: %s %s", got.Outcome, got.Reason)
	}
}
