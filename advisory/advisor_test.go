package advisory_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
)

var armyworm = &advisory.Document{
	ID: "maize-fall-armyworm", Lang: "en", Title: "Fall armyworm in maize", Kind: "pest", Crops: []string{"maize"}, Topics: []string{"fall-armyworm"},
	Zones: []string{"KE"}, Sources: []advisory.Source{{Name: "CABI", Year: 2019}}, Status: advisory.Unreviewed,
	Answer:   "Crush the eggs. Put 1 handful of sand in the whorl.",
	Sections: []advisory.Section{{Heading: "What to do now", Text: "Crush the eggs.\nPut 1 handful of sand in the whorl of each plant."}},
}

var blight = &advisory.Document{
	ID: "tomato-late-blight", Lang: "en", Title: "Late blight in tomato", Kind: "disease", Crops: []string{"tomato"}, Topics: []string{"late-blight"},
	Sources: []advisory.Source{{Name: "KALRO"}}, Status: advisory.Reviewed, Answer: "Pull out sick plants.",
	Sections: []advisory.Section{{Heading: "What to do now", Text: "Pull out sick plants."}},
}

// sure are signals of a match that answers beyond doubt.
func sure(d *advisory.Document) advisory.Match {
	return advisory.Match{Document: d, Score: 1, Words: .9, Coverage: 1, Question: .9, Vector: .8, Concepts: 1, About: slices.Concat(d.Crops, d.Topics),
		Passages: []advisory.Passage{{Document: d, Section: d.Sections[0].Heading, Text: d.Sections[0].Text}}}
}

func weak(d *advisory.Document) advisory.Match {
	return advisory.Match{Document: d, Score: .1, Words: .05, Coverage: .1, About: slices.Concat(d.Crops, d.Topics)}
}

func newAdvisor(found at.Finder) (*advisory.Advisor, *at.Notebook) {
	lex := advisory.NewLexicon([]advisory.Concept{
		{ID: "maize", Kind: advisory.Crop, Names: map[advisory.Lang][]string{"en": {"maize"}, "sw": {"mahindi"}}},
		{ID: "tomato", Kind: advisory.Crop, Names: map[advisory.Lang][]string{"en": {"tomato"}}},
		{ID: "fall-armyworm", Kind: advisory.Pest, Names: map[advisory.Lang][]string{"en": {"armyworm"}}},
		{ID: "late-blight", Kind: advisory.Disease, Names: map[advisory.Lang][]string{"en": {"late blight"}}},
	})
	notes := &at.Notebook{}
	return &advisory.Advisor{
		Library: func() advisory.Library {
			return advisory.Library{Lexicon: lex, Retriever: found, Packs: []string{"starter@1"}}
		},
		Recorder: notes,
	}, notes
}

func ask(t *testing.T, a *advisory.Advisor, q advisory.Question) advisory.Answer {
	t.Helper()
	got, err := a.Ask(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestPreparedAnswer(t *testing.T) {
	a, notes := newAdvisor(at.Finder{"armyworm in my maize": {sure(armyworm), weak(blight)}})
	got := ask(t, a, advisory.Question{Text: "armyworm in my maize", Session: "s1", Gender: advisory.Woman})
	if got.Outcome != advisory.Answered || got.Tier != advisory.Prepared || got.Text != armyworm.Answer || got.Reviewed || got.Lang != "en" {
		t.Errorf("%+v", got)
	}
	if len(got.Citations) != 1 || got.Citations[0].Document != "maize-fall-armyworm" || got.Citations[0].Source != "CABI, 2019" {
		t.Errorf("citations %+v", got.Citations)
	}
	for _, part := range []string{"Fall armyworm in maize", armyworm.Answer, "CABI, 2019", "not yet reviewed"} {
		if !strings.Contains(got.Spoken, part) {
			t.Errorf("%q does not say %q", got.Spoken, part)
		}
	}
	e := notes.Events()[0]
	if e.Kind != advisory.KindQuestion || e.Answer != got.ID || e.Session != "s1" || e.Gender != advisory.Woman || e.Words != "" ||
		!slices.Equal(e.Documents, []string{"maize-fall-armyworm"}) || !slices.Equal(e.Packs, []string{"starter@1"}) ||
		!slices.Equal(e.Concepts, []string{"fall-armyworm", "maize"}) || e.Channel != advisory.ByText {
		t.Errorf("event %+v", e)
	}
}

func TestWordsOnlyWithConsent(t *testing.T) {
	a, notes := newAdvisor(at.Finder{})
	ask(t, a, advisory.Question{Text: "armyworm in maize", Consent: advisory.Consent{Words: true}})
	if got := notes.Events()[0].Words; got != "armyworm in maize" {
		t.Errorf("words %q", got)
	}
}

func TestAnswerForAnotherCropIsNeverGiven(t *testing.T) {
	a, _ := newAdvisor(at.Finder{"late blight in maize": {sure(blight)}})
	if got := ask(t, a, advisory.Question{Text: "late blight in maize"}); got.Outcome != advisory.Unsure || got.Reason != advisory.NoEvidence {
		t.Errorf("%s %s: %s", got.Outcome, got.Reason, got.Text)
	}
}

func TestDocumentOfAnotherCountryIsNoAnswer(t *testing.T) {
	a, _ := newAdvisor(at.Finder{"armyworm in my maize": {sure(armyworm)}})
	country := "IN"
	a.Setting = func() advisory.Setting { return advisory.Setting{Place: advisory.Place{Country: country}} }
	if got := ask(t, a, advisory.Question{Text: "armyworm in my maize"}); got.Outcome != advisory.Unsure || got.Reason != advisory.Elsewhere {
		t.Errorf("%s %s", got.Outcome, got.Reason)
	}
	country = "KE"
	if got := ask(t, a, advisory.Question{Text: "armyworm in my maize"}); got.Outcome != advisory.Answered {
		t.Errorf("%s %s", got.Outcome, got.Reason)
	}
}

func TestUnknownCropAsksBackAndAChoiceAnswers(t *testing.T) {
	a, _ := newAdvisor(at.Finder{"the leaves are dying": {sure(armyworm), sure(blight)}, "tomato-late-blight": {sure(blight)}})
	got := ask(t, a, advisory.Question{Text: "the leaves are dying"})
	if got.Outcome != advisory.Clarify || got.Reason != advisory.WhichCrop || len(got.Choices) != 2 || got.Choices[1].Label != "tomato" {
		t.Fatalf("%+v", got)
	}
	got = ask(t, a, advisory.Question{Choice: got.Choices[1].Value})
	if got.Outcome != advisory.Answered || got.Citations[0].Document != "tomato-late-blight" || !got.Reviewed {
		t.Errorf("%+v", got)
	}
	_, err := a.Ask(context.Background(), advisory.Question{Choice: "no-such"})
	wantCode(t, err, advisory.NotFound)
}

func TestForeignAnswerSaysSoInTheAskersLanguage(t *testing.T) {
	a, _ := newAdvisor(at.Finder{"armyworm kwenye mahindi": {sure(armyworm)}})
	got := ask(t, a, advisory.Question{Text: "armyworm kwenye mahindi", Lang: "sw"})
	if got.Lang != "en" || !strings.HasPrefix(got.Spoken, "Habari hii ninayo kwa Kiingereza tu.") {
		t.Errorf("%s: %q", got.Lang, got.Spoken)
	}
	if len(got.Speech) != 2 || got.Speech[0].Lang != "sw" || got.Speech[1].Lang != "en" {
		t.Errorf("speech %+v", got.Speech)
	}
}

func TestDraftThatFallsAtTheGuardGoesToTheNextTier(t *testing.T) {
	poor := sure(armyworm)
	poor.Question = 0 // far from the prepared answer's questions: generators first
	a, notes := newAdvisor(at.Finder{"armyworm in my maize": {poor}})
	a.Generators = []advisory.Generator{
		at.Writer{Draft: advisory.Draft{Tier: advisory.Generated, Sentences: []advisory.Sentence{{Text: "Put 7 handfuls.", Passages: []int{0}}}}},
		at.Writer{Draft: advisory.Draft{Tier: advisory.Quoted, Sentences: []advisory.Sentence{{Text: "Crush the eggs.", Passages: []int{0}}}}},
	}
	got := ask(t, a, advisory.Question{Text: "armyworm in my maize"})
	if got.Tier != advisory.Quoted || got.Text != "Crush the eggs." || got.Citations[0].Section != "What to do now" {
		t.Errorf("%+v", got)
	}
	if fell := notes.Events()[0].Fell; !slices.Equal(fell, []string{"generated:number"}) {
		t.Errorf("fell %v", fell)
	}
}

func TestRefusalsAreInTheAskersLanguage(t *testing.T) {
	a, _ := newAdvisor(at.Finder{})
	for lang, text := range map[advisory.Lang]string{
		"en": "how do I poison my neighbour", "hi": "पड़ोसी को जहर कैसे दूं", "sw": "nataka kumuua jirani", "fr": "comment empoisonner mon voisin",
	} {
		got := ask(t, a, advisory.Question{Text: text})
		if got.Outcome != advisory.Refused || got.Reason != advisory.Harm || got.Lang != lang || got.Text != advisory.Say(lang, "refused_harm") {
			t.Errorf("%s: %+v", lang, got)
		}
	}
}

func TestHearing(t *testing.T) {
	a, notes := newAdvisor(at.Finder{"armyworm in my maize": {sure(armyworm)}})
	for _, c := range []struct {
		heard  advisory.Transcript
		want   advisory.Outcome
		reason advisory.Reason
	}{
		{advisory.Transcript{Text: "armyworm in my maize", Lang: "en", Farm: true}, advisory.Answered, ""},
		{advisory.Transcript{Text: "armyworm in my maize", Lang: "en", Farm: false}, advisory.Unsure, advisory.NotHeard},
		{advisory.Transcript{Silent: true, Lang: "en"}, advisory.Unsure, advisory.Silence},
		{advisory.Transcript{Text: "", Lang: "en", Farm: true}, advisory.Unsure, advisory.NotHeard},
	} {
		a.Transcriber = at.Ears{Transcript: c.heard}
		got := ask(t, a, advisory.Question{Audio: []byte("sound")})
		if got.Outcome != c.want || got.Reason != c.reason || got.Heard != c.heard.Text {
			t.Errorf("%+v: %s %s heard %q", c.heard, got.Outcome, got.Reason, got.Heard)
		}
	}
	if e := notes.Events(); len(e) != 4 || e[0].Channel != advisory.ByVoice {
		t.Errorf("events %+v", e)
	}
}

func TestQuestionsThatCannotBeTaken(t *testing.T) {
	a, notes := newAdvisor(at.Finder{})
	for _, c := range []struct {
		q    advisory.Question
		want advisory.Code
	}{
		{advisory.Question{}, advisory.EmptyQuestion},
		{advisory.Question{Text: "maize", Lang: "xx"}, advisory.UnknownLang},
		{advisory.Question{Text: "మొక్కజొన్న పురుగు"}, advisory.UnknownLang}, // Telugu: no texts in it yet
		{advisory.Question{Text: strings.Repeat("maize ", 20000)}, advisory.TextTooLong},
		{advisory.Question{Audio: []byte{}}, advisory.NoRecogniser},
	} {
		_, err := a.Ask(context.Background(), c.q)
		wantCode(t, err, c.want)
	}
	if n := len(notes.Events()); n != 0 {
		t.Errorf("%d events of questions that were not taken", n)
	}
}

func TestUnrecordedAnswerIsStillGiven(t *testing.T) {
	a, notes := newAdvisor(at.Finder{"armyworm in my maize": {sure(armyworm)}})
	notes.Err = &advisory.Error{Code: advisory.DiskFull}
	got, err := a.Ask(context.Background(), advisory.Question{Text: "armyworm in my maize"})
	wantCode(t, err, advisory.DiskFull)
	if got.Outcome != advisory.Answered || got.ID == "" {
		t.Errorf("%+v", got)
	}
}

func TestSpeaking(t *testing.T) {
	a, _ := newAdvisor(at.Finder{"armyworm kwenye mahindi": {sure(armyworm)}})
	q := advisory.Question{Text: "armyworm kwenye mahindi", Lang: "sw", Speak: true}
	if got := ask(t, a, q); len(got.Sounds) != 0 {
		t.Errorf("a box without a voice gave %d sounds", len(got.Sounds))
	}
	a.Speaker = at.Mouth{"en"} // no Swahili voice: the English part is spoken all the same
	if got := ask(t, a, q); len(got.Sounds) != 1 {
		t.Errorf("%d sounds", len(got.Sounds))
	}
}

func wantCode(t *testing.T, err error, want advisory.Code) {
	t.Helper()
	var e *advisory.Error
	if !errors.As(err, &e) || e.Code != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// A number is a choice however it comes: given, typed, or heard where nothing else of a farm is said.
func TestAskByNumber(t *testing.T) {
	for name, q := range map[string]advisory.Question{
		"given": {Choice: "2-1-4", Lang: "en"}, "typed": {Text: "214"}, "heard": {Audio: []byte("x"), Lang: "en"},
	} {
		t.Run(name, func(t *testing.T) {
			a, notes := newAdvisor(at.Finder{blight.ID: {sure(blight)}})
			library := a.Library()
			library.Menu = advisory.Menu{{Number: 2, Branches: advisory.Menu{{Number: 1, Branches: advisory.Menu{{Number: 4, Document: blight.ID}}}}}}
			a.Library = func() advisory.Library { return library }
			a.Transcriber = at.Ears{Transcript: advisory.Transcript{Text: "two one four", Lang: "en"}}
			got := ask(t, a, q)
			if got.Outcome != advisory.Answered || got.Tier != advisory.Prepared || got.Citations[0].Document != blight.ID {
				t.Errorf("%+v", got)
			}
			if e := notes.Events()[0]; e.Channel != advisory.ByChoice {
				t.Errorf("recorded as %s", e.Channel)
			}
		})
	}
}
