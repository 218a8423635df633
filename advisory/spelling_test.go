package advisory

import "testing"

func TestMendSpelling(t *testing.T) {
	s := newSpeller([]Concept{
		{ID: "cassava", Names: map[Lang][]string{"en": {"cassava"}, "hi": {"कसावा"}}},
		{ID: "mosaic", Names: map[Lang][]string{"en": {"mosaic"}}},
		{ID: "germination", Names: map[Lang][]string{"en": {"germination test"}}},
		{ID: "bean", Names: map[Lang][]string{"en": {"beans"}}},
		{ID: "sorghum", Names: map[Lang][]string{"en": {"sorghum", "sorghums"}}},
		{ID: "millet", Names: map[Lang][]string{"en": {"millet"}}},
		{ID: "mallet", Names: map[Lang][]string{"en": {"mallet"}}},
	}, []string{"mossaic is a word of our content"})
	for in, want := range map[string]string{
		"mozaic in casava":    "mosaic in cassava",
		"germinasion tests":   "germination tests",
		"my beens are sick":   "my beans are sick",
		"what it means":       "what it means",       // another first letter
		"mossaic":             "mossaic",             // the content knows it
		"mullet":              "mullet",              // two words are as near
		"sorgum":              "sorghum",             // the two near words are one
		"been":                "been",                // too short to tell
		"कसवा":                "कसवा",                // too short to tell
		"Maize, quite well!?": "Maize, quite well!?", // nothing to mend: as it was put
	} {
		if got, _ := s.mend(in, nil); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestMendLeavesFormsOfSwahiliWords(t *testing.T) {
	l := NewLexicon([]Concept{{ID: "castration", Names: map[Lang][]string{"sw": {"amehasiwa"}}}}, "ndama akizaliwa")
	for in, want := range map[string]string{
		"ndama amezaliwa": "ndama amezaliwa", // was born: two letters from was castrated, but a form of a word of the content
		"ndama amehasiva": "ndama amehasiwa",
	} {
		if got, _ := l.mend(in, "sw"); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func BenchmarkUnderstand(b *testing.B) {
	l := testLexicon()
	for b.Loop() {
		Understand("there are armyworms in my maize and the tomatos have late blite, what should I do", "", l)
	}
}
