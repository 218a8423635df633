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

// detail is a match of which a passage holds the answer, and not the document's short one.
func detail(d *advisory.Document) advisory.Match {
	m := sure(d)
	m.Question = 0.1
	return m
}

var eggs = advisory.Sentence{Text: "Crush the eggs.", Passages: []int{0}}

func TestGeneratorFails(t *testing.T) {
	quoted := at.Writer{Draft: advisory.Draft{Tier: advisory.Quoted, Sentences: []advisory.Sentence{eggs}}}
	for _, c := range []struct {
		err  error
		fell string
	}{
		{&advisory.DraftError{Tier: advisory.Generated, Setback: advisory.Away, Err: errors.New("refused")}, "generated:away"},
		{errors.New("anything"), "generated:failed"},
	} {
		a, notes := newAdvisor(at.Finder{"armyworm in my maize": {detail(armyworm)}})
		a.Generators = []advisory.Generator{at.Writer{Err: c.err}, quoted}
		got := ask(t, a, advisory.Question{Text: "armyworm in my maize"})
		if got.Tier != advisory.Quoted || got.Text != eggs.Text || !slices.Equal(notes.Events()[0].Fell, []string{c.fell}) {
			t.Errorf("%v: %s %q, the record says %v", c.err, got.Tier, got.Text, notes.Events()[0].Fell)
		}
	}
}

// What is heard is the whole answer in its order, whatever the outcome and whoever wrote it.
func TestHearEveryAnswer(t *testing.T) {
	sentences := []advisory.Sentence{eggs, {Text: "Put 1 handful of sand in the whorl of each plant.", Passages: []int{0}}}
	for name, c := range map[string]struct {
		match     []advisory.Match
		generator advisory.Generator
		lang      advisory.Lang
		parts     int
	}{
		"prepared":         {[]advisory.Match{sure(armyworm)}, nil, "en", 3},
		"whole draft":      {[]advisory.Match{detail(armyworm)}, at.Writer{Draft: advisory.Draft{Tier: advisory.Quoted, Sentences: sentences}}, "en", 4},
		"while written":    {[]advisory.Match{detail(armyworm)}, at.Teller(sentences), "en", 4},
		"foreign":          {[]advisory.Match{detail(armyworm)}, at.Teller(sentences), "sw", 5},
		"nothing to quote": {[]advisory.Match{detail(armyworm)}, at.Writer{}, "en", 3},
		"unsure":           {nil, nil, "en", 1},
		"asks back":        {[]advisory.Match{weak(armyworm)}, nil, "en", 1},
	} {
		a, _ := newAdvisor(at.Finder{"armyworm in my maize": c.match})
		if c.generator != nil {
			a.Generators = []advisory.Generator{c.generator}
		}
		a.Speaker = at.Mouth{"en", "sw"}
		var parts []string
		got := ask(t, a, advisory.Question{Text: "armyworm in my maize", Lang: c.lang, Speak: true, Hear: func(s advisory.Speech, _ []advisory.Sound) {
			parts = append(parts, s.Text)
		}})
		if strings.Join(parts, " ") != got.Spoken || len(parts) != c.parts || len(got.Sounds) != len(parts) {
			t.Errorf("%s: heard %q with %d sounds of %q", name, parts, len(got.Sounds), got.Spoken)
		}
		waited := ask(t, a, advisory.Question{Text: "armyworm in my maize", Lang: c.lang})
		if waited.Spoken != got.Spoken || waited.Text != got.Text || waited.Outcome != got.Outcome {
			t.Errorf("%s: who waits gets %q, who listens %q", name, waited.Spoken, got.Spoken)
		}
	}
}

// broken is a Speaker that fails.
type broken struct{}

func (broken) Speak(context.Context, advisory.Speech) ([]advisory.Sound, error) {
	return nil, errors.New("no sound card")
}

func TestSpeakerFailsWhileTheModelWrites(t *testing.T) {
	a, _ := newAdvisor(at.Finder{"armyworm in my maize": {detail(armyworm)}})
	a.Generators, a.Speaker = []advisory.Generator{at.Teller{eggs}}, broken{}
	_, err := a.Ask(context.Background(), advisory.Question{Text: "armyworm in my maize", Speak: true, Hear: func(advisory.Speech, []advisory.Sound) {
		t.Error("something was heard")
	}})
	if err == nil || !strings.Contains(err.Error(), "no sound card") {
		t.Errorf("error %v", err)
	}
}

func TestOwed(t *testing.T) {
	lex := advisory.NewLexicon([]advisory.Concept{{ID: "urea", Kind: advisory.Input, Names: map[advisory.Lang][]string{"en": {"urea"}}}})
	d := &advisory.Document{ID: "d", Lang: "en"}
	passages := []advisory.Passage{
		{Document: d, Text: "Give urea in the rains. Do not put it on dry soil.\nWear gloves when you spread urea\nPlant early. Keep children away.\nDress the seed. Do not eat."},
		{Document: d, Text: "Beware of old urea that is wet."},
	}
	for _, c := range []struct {
		said string
		want []string
	}{
		{"Give urea in the rains.", []string{"Do not put it on dry soil.", "Wear gloves when you spread urea."}},
		{"Plant early.", []string{"Keep children away."}},
		{"Keep children away.", nil},
		{"Dress the seed.", []string{"Do not eat."}}, // too short to be told by its words
		{"Dress the seed. Do not eat.", nil},
		{"Nothing of the kind was written.", nil},
	} {
		std := advisory.Standard{Lexicon: lex, Lang: "en"}
		draft := advisory.Draft{Tier: advisory.Generated, Sentences: []advisory.Sentence{{Text: c.said, Passages: []int{0}}}}
		var got []string
		owed := advisory.Owed(draft, passages, std)
		for _, s := range owed {
			got = append(got, s.Text)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q owes %q, want %q", c.said, got, c.want)
		}
		draft.Sentences = append(draft.Sentences, owed...)
		if slices.Contains(advisory.Guard(draft, passages, std), advisory.RuleCaution) {
			t.Errorf("%q and what it owes still leave out a caution", c.said)
		}
	}
}
