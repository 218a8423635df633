package advisory

import (
	"slices"
	"testing"
)

func testLexicon() *Lexicon {
	return NewLexicon([]Concept{
		{ID: "vegetable", Kind: Crop, Names: map[Lang][]string{"en": {"vegetable"}}},
		{ID: "maize", Kind: Crop, Names: map[Lang][]string{"en": {"maize", "corn"}, "hi": {"मक्का", "makka"}, "sw": {"mahindi"}, "fr": {"maïs"}}},
		{ID: "tomato", Kind: Crop, Is: []string{"vegetable"}, Names: map[Lang][]string{"en": {"tomato"}, "hi": {"टमाटर", "tamatar"}, "sw": {"nyanya"}, "fr": {"tomate"}}},
		{ID: "goat", Kind: Animal, Names: map[Lang][]string{"en": {"goat"}, "hi": {"बकरी"}, "sw": {"mbuzi"}, "fr": {"chèvre"}}},
		{ID: "medicine", Kind: Input, Names: map[Lang][]string{"sw": {"dawa"}}},
		{ID: "dewormer", Kind: Input, Names: map[Lang][]string{"hi": {"dawa"}}},
		{ID: "fall-armyworm", Kind: Pest, Names: map[Lang][]string{"en": {"fall armyworm", "armyworm"}, "sw": {"kiwavijeshi"}}},
		{ID: "worm", Kind: Pest, Names: map[Lang][]string{"en": {"worm"}}},
		{ID: "potato", Kind: Crop, Names: map[Lang][]string{"en": {"potato"}}},
		{ID: "sweet-potato", Kind: Crop, Names: map[Lang][]string{"en": {"sweet potato"}}},
		{ID: "tomato-blight", Kind: Disease, Names: map[Lang][]string{"en": {"tomato blight"}}},
		{ID: "heart", Kind: Symptom, Names: map[Lang][]string{"en": {"heart of maize"}}},
		{ID: "mange", Kind: Disease, Names: map[Lang][]string{"en": {"mangent"}}},
		{ID: "late-blight", Kind: Disease, Names: map[Lang][]string{"en": {"late blight"}}},
	})
}

func TestLexiconFind(t *testing.T) {
	l := testLexicon()
	for _, c := range []struct {
		text string
		lang Lang
		want []string
	}{
		{"Fall armyworms in my maize", "en", []string{"fall-armyworm", "maize"}},
		{"the army of worms", "en", []string{"worm"}},
		{"tomatoes and CORN", "en", []string{"tomato", "maize"}},
		{"टमाटर और बकरियों", "hi", []string{"tomato", "goat"}}, // oblique plural
		{"makka me keeda", "hi", []string{"maize"}},
		{"mes chèvres et mon mais", "fr", []string{"goat", "maize"}}, // written without accents
		{"dawa", "sw", []string{"medicine"}},                         // one word, two meanings: the text's language wins
		{"dawa", "hi", []string{"dewormer"}},
		{"tomato blight on sweet potato", "en", []string{"tomato-blight", "tomato", "sweet-potato"}}, // the crop within a disease's name counts
		{"the heart of maize", "en", []string{"heart", "maize"}},
		{"des chenilles mangent", "fr", nil}, // no English mange
		{"", "en", nil},
	} {
		var got []string
		for _, m := range l.Find(c.text, c.lang) {
			got = append(got, m.Concept.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.text, got, c.want)
		}
	}
}

func TestLexiconName(t *testing.T) {
	l := testLexicon()
	for _, c := range []struct {
		id   string
		lang Lang
		want string
	}{{"maize", "sw", "mahindi"}, {"vegetable", "hi", "vegetable"}, {"no-such", "en", "no such"}} {
		if got := l.Name(c.id, c.lang); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.id, c.lang, got, c.want)
		}
	}
}

func TestLaterConceptAddsNames(t *testing.T) {
	l := NewLexicon([]Concept{
		{ID: "maize", Kind: Crop, Names: map[Lang][]string{"en": {"maize"}}},
		{ID: "maize", Kind: Crop, Names: map[Lang][]string{"en": {"mealies"}}},
	})
	if got := l.Find("mealies", "en"); len(got) != 1 || got[0].Concept.ID != "maize" {
		t.Errorf("found %v", got)
	}
	if l.Name("maize", "en") != "maize" || len(l.Concepts()) != 1 {
		t.Error("the first pack's name is the one we speak")
	}
}
