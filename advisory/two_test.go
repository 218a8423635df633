package advisory_test

import (
	"slices"
	"strings"
	"testing"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
)

var plague = &advisory.Document{
	ID: "goat-ppr", Lang: "en", Title: "Goat plague", Kind: "animal-health", Animals: []string{"goat"}, Topics: []string{"coughing"},
	Sources: []advisory.Source{{Name: "FAO"}}, Status: advisory.Reviewed, Answer: "Keep sick goats apart.",
	Sections: []advisory.Section{{Heading: "What to do now", Text: "Keep sick goats apart."}},
}

var compost = &advisory.Document{
	ID: "compost-making", Lang: "en", Title: "Compost", Kind: "practice", Topics: []string{"compost"},
	Sources: []advisory.Source{{Name: "FAO"}}, Status: advisory.Reviewed, Answer: "Pile plant waste in the shade.",
	Sections: []advisory.Section{{Heading: "What to do", Text: "Pile plant waste in the shade."}},
}

func withAnimals(found at.Finder) (*advisory.Advisor, *at.Notebook) {
	a, notes := newAdvisor(found)
	lib := a.Library()
	names := func(en, sw string) map[advisory.Lang][]string {
		return map[advisory.Lang][]string{"en": {en}, "sw": {sw}}
	}
	lib.Lexicon = advisory.NewLexicon([]advisory.Concept{
		{ID: "maize", Kind: advisory.Crop, Names: names("maize", "mahindi")},
		{ID: "tomato", Kind: advisory.Crop, Names: names("tomato", "nyanya")},
		{ID: "goat", Kind: advisory.Animal, Names: names("goat", "mbuzi")},
		{ID: "fall-armyworm", Kind: advisory.Pest, Names: names("armyworm", "viwavi")},
		{ID: "late-blight", Kind: advisory.Disease, Names: names("late blight", "baka")},
		{ID: "coughing", Kind: advisory.Symptom, Names: names("coughs", "anakohoa")},
		{ID: "compost", Kind: advisory.Practice, Names: names("compost", "mboji")},
		{ID: "tractor", Kind: advisory.Input, Names: names("tractor", "trekta")},
	})
	a.Library = func() advisory.Library { return lib }
	return a, notes
}

func TestTwoQuestionsAreBothAnsweredTheUrgentFirst(t *testing.T) {
	for _, c := range []struct {
		lang     advisory.Lang
		question string
		halves   at.Finder
		want     []string
	}{
		{"en", "my maize has armyworm and my goat coughs", at.Finder{"my maize has armyworm": {sure(armyworm)}, "my goat coughs": {sure(plague)}}, []string{"goat-ppr", "maize-fall-armyworm"}},
		{"en", "my goat coughs. my maize has armyworm", at.Finder{"my maize has armyworm": {sure(armyworm)}, "my goat coughs.": {sure(plague)}}, []string{"goat-ppr", "maize-fall-armyworm"}},
		{"sw", "mahindi yana viwavi na mbuzi wangu anakohoa", at.Finder{"mahindi yana viwavi": {sure(armyworm)}, "mbuzi wangu anakohoa": {sure(plague)}}, []string{"goat-ppr", "maize-fall-armyworm"}},
		{"en", "what kills late blight on tomato and how do I make compost", at.Finder{"what kills late blight on tomato": {sure(blight)}, "how do I make compost": {sure(compost)}},
			[]string{"tomato-late-blight", "compost-making"}},
	} {
		a, notes := withAnimals(c.halves)
		got := ask(t, a, text(c.question))
		var ids []string
		for _, cited := range got.Citations {
			ids = append(ids, cited.Document)
		}
		if got.Outcome != advisory.Answered || !slices.Equal(ids, c.want) {
			t.Errorf("%s: %s %v", c.question, got.Outcome, ids)
			continue
		}
		second := strings.Index(got.Spoken, advisory.Say(c.lang, "second_question"))
		if second < strings.Index(got.Spoken, got.Citations[0].Title) || second > strings.Index(got.Spoken, got.Citations[1].Title) {
			t.Errorf("spoken: %s", got.Spoken)
		}
		if e := notes.Events(); len(e) != 1 || !slices.Equal(e[0].Documents, c.want) || e[0].Outcome != advisory.Answered {
			t.Errorf("events %+v", e)
		}
	}
}

func TestOfTwoQuestionsTheOneWithoutAnAnswerIsNamed(t *testing.T) {
	a, _ := withAnimals(at.Finder{"my maize has armyworm": {sure(armyworm)}})
	got := ask(t, a, text("my maize has armyworm and my goat coughs"))
	if got.Outcome != advisory.Answered || len(got.Citations) != 1 || !strings.Contains(got.Text, "my goat coughs") || !strings.Contains(got.Spoken, "my goat coughs") {
		t.Errorf("%s %q", got.Outcome, got.Text)
	}
	if got = ask(t, a, text("my goat coughs and my maize has armyworm")); !strings.HasPrefix(got.Text, armyworm.Answer) || !strings.Contains(got.Text, "my goat coughs") {
		t.Errorf("%q", got.Text)
	}
}

func TestOneQuestionIsNotParted(t *testing.T) {
	for _, q := range []string{
		"maize and tomato have late blight here",                // two crops of one trouble
		"armyworm and late blight are in my maize",              // two troubles of one crop, no second question
		"my goat coughs and coughs and does not eat much",       // one animal
		"late blight is on my tomato and maize has late blight", // a list
		"my maize has armyworm and the goat coughs from it",     // what points back
	} {
		a, _ := withAnimals(at.Finder{q: {sure(armyworm)}, "armyworm": {sure(armyworm)}})
		if got := ask(t, a, text(q)); len(got.Citations) > 1 || strings.Contains(got.Text, "could not answer") {
			t.Errorf("%s: %q", q, got.Text)
		}
	}
}

func TestAnEmergencyIsNeverParted(t *testing.T) {
	a, _ := withAnimals(at.Finder{"my goat coughs": {sure(plague)}})
	if got := ask(t, a, text("my child drank pesticide and my goat coughs")); got.Reason != advisory.Poisoned {
		t.Errorf("%s %s %q", got.Outcome, got.Reason, got.Text)
	}
}
