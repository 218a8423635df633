package content

import (
	"fmt"
	"strings"
	"testing"

	"jembe/advisory"
)

func TestHardAnswers(t *testing.T) {
	doc := func(id, answer string, questions ...string) *advisory.Document {
		return &advisory.Document{ID: id, Lang: "en", Title: id, Answer: answer, Questions: questions}
	}
	lexicon := advisory.NewLexicon([]advisory.Concept{{ID: "striga", Kind: advisory.Pest, Names: map[advisory.Lang][]string{"en": {"witchweed"}}}})
	easy := doc("easy", "Pull out the sick plants and burn them.")
	hard := doc("hard", "Supplementary potassium ameliorates the witchweed.")
	asked := doc("asked", "Supplementary potassium ameliorates the crop.", "which supplementary potassium ameliorates my crop")
	long := doc("long", "Dig a pit"+strings.Repeat(" and then another pit", 7)+".")
	for _, c := range []struct {
		docs []*advisory.Document
		want string
	}{
		{[]*advisory.Document{easy, hard, long}, "docs/en/hard.md supplementary potassium ameliorates 0; docs/en/long.md  31"},
		{[]*advisory.Document{easy, asked}, ""}, // farmers ask with these words
		{[]*advisory.Document{hard, doc("other", "Potassium and a supplement ameliorate what is weak.")}, ""}, // they stand elsewhere too, with other endings
	} {
		var got []string
		for _, h := range HardAnswers(c.docs, c.docs, lexicon) {
			got = append(got, fmt.Sprint(h.Document, " ", strings.Join(h.Words, " "), " ", h.Sentence))
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestTheStarterIsInPlainWords(t *testing.T) {
	p := starterPack(t)
	var docs []*advisory.Document
	for _, d := range p.Documents {
		docs = append(docs, &d.Document)
		if d.Simple == "" {
			t.Errorf("%s has no simpler text", d.path)
		}
	}
	for _, h := range HardAnswers(docs, docs, newChecker(p).lexicon) {
		t.Errorf("%s is hard to take in by ear: words %q, a sentence of %d words", h.Document, h.Words, h.Sentence)
	}
}
