package advisory

import (
	"strings"
	"testing"
)

func TestWarnings(t *testing.T) {
	lex := NewLexicon(nil)
	for text, want := range map[string]int{"Dig a pit.": 0, "Never eat it. Do not sell it.": 2, "Wear gloves and keep children away.": 3} {
		if got := Warnings(text, "en", lex); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

// What is simpler keeps the "may be" and the check of a diagnosis that the farmer did not name, and passes the guard or is not said.
func TestSimplerKeepsWhatAnAnswerOwes(t *testing.T) {
	doc := &Document{
		ID: "worms", Lang: "en", Title: "Worms in maize", Kind: "pest", Topics: []string{"worm"}, Sources: []Source{{Name: "A leaflet"}},
		Answer: "Crush the eggs and the small worms by hand.", Simple: "Crush the eggs.", Check: "Split a stem.",
		Sections: []Section{{Heading: "What to do now", Text: "Crush the eggs and the small worms by hand."}},
	}
	std := Standard{Lexicon: NewLexicon(nil), Lang: "en", Crops: []string{AnyCrop}}
	say := func(best Scored) string {
		var texts []string
		for _, s := range simpler(best, std) {
			texts = append(texts, s.Text)
		}
		return strings.Join(texts, " ")
	}
	if got := say(Scored{Match: Match{Document: doc}, names: true}); got != "Crush the eggs." {
		t.Errorf("named: %q", got)
	}
	if got := say(Scored{Match: Match{Document: doc}}); !strings.HasPrefix(got, Say("en", "opening_may_be", "about", doc.Title)) || !strings.HasSuffix(got, Say("en", "check", "check", doc.Check)) {
		t.Errorf("not named: %q", got)
	}
	doc.Simple = "Spray 20 ml."
	if got := say(Scored{Match: Match{Document: doc}, names: true}); got != "" {
		t.Errorf("the guard lets through %q", got)
	}
}
