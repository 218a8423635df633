package rag

import (
	"context"
	"testing"

	"jembe/advisory"
)

// The fixtures are a library of a few short documents, in the words of farmers, some in two languages.

func testLexicon() *advisory.Lexicon {
	type names = map[advisory.Lang][]string
	return advisory.NewLexicon([]advisory.Concept{
		{ID: "maize", Kind: advisory.Crop, Is: []string{"cereal"}, Names: names{"en": {"maize", "corn"}, "sw": {"mahindi"}, "hi": {"मक्का", "makka"}, "fr": {"maïs"}}},
		{ID: "cereal", Kind: advisory.Crop, Names: names{"en": {"cereal"}, "sw": {"nafaka"}}},
		{ID: "tomato", Kind: advisory.Crop, Names: names{"en": {"tomato"}, "sw": {"nyanya"}, "hi": {"टमाटर"}, "fr": {"tomate"}}},
		{ID: "chicken", Kind: advisory.Animal, Names: names{"en": {"chicken", "hen"}, "sw": {"kuku"}, "hi": {"मुर्गी"}, "fr": {"poule"}}},
		{ID: "fall-armyworm", Kind: advisory.Pest, Names: names{"en": {"fall armyworm", "armyworm"}, "sw": {"viwavijeshi"}}},
		{ID: "newcastle-disease", Kind: advisory.Disease, Names: names{"en": {"Newcastle disease"}, "sw": {"mdondo", "kideri"}}},
		{ID: "compost", Kind: advisory.Practice, Names: names{"en": {"compost"}, "sw": {"mboji"}, "fr": {"compost"}}},
	})
}

func testDocuments() []*advisory.Document {
	return []*advisory.Document{
		{
			ID: "maize-fall-armyworm", Lang: "en", Title: "Fall armyworm in maize", Crops: []string{"maize"}, Topics: []string{"fall-armyworm"},
			Questions: []string{"Worms are eating the heart of my maize", "There are holes in the leaves of my corn"},
			Answer:    "Look into the funnel of ten plants in five places. Crush eggs and worms by hand. Put a pinch of sand or ash into each funnel.",
			Sections: []advisory.Section{
				{Heading: "How to know it", Text: "The worm has a pale Y on its dark head.\n\nLook for:\n\nRagged holes in the leaves.\nWet sawdust in the funnel."},
				{Heading: "What to do now", Text: "Crush eggs and young worms by hand, twice a week.\n\nIf two plants in ten are attacked:\n\nPut sand mixed with ash into the funnels.\nAsk the officer for a registered product."},
			},
		},
		{
			ID: "poultry-newcastle", Lang: "en", Title: "Newcastle disease of chickens", Animals: []string{"chicken"}, Topics: []string{"newcastle-disease"},
			Questions: []string{"My hens twist their necks and die"},
			Answer:    "Vaccinate every chicken every three months. There is no medicine.",
			Sections:  []advisory.Section{{Heading: "How to know it", Text: "Many birds die at once. The droppings are green. The neck is twisted."}},
		},
		{
			ID: "poultry-newcastle", Lang: "sw", Title: "Ugonjwa wa mdondo wa kuku", Animals: []string{"chicken"}, Topics: []string{"newcastle-disease"},
			Questions: []string{"Kuku wangu wanapinda shingo na kufa"},
			Answer:    "Chanja kila kuku kila miezi mitatu. Hakuna dawa.",
			Sections:  []advisory.Section{{Heading: "Namna ya kuutambua", Text: "Ndege wengi hufa mara moja. Kinyesi ni cha kijani. Shingo imepinda."}},
		},
		{
			ID: "compost-making", Lang: "en", Title: "Making compost", Topics: []string{"compost"},
			Questions: []string{"How do I turn waste into manure"},
			Answer:    "Pile dry and green matter in layers. Keep the heap moist. Turn it every two weeks.",
			Sections:  []advisory.Section{{Heading: "What to do", Text: "Lay dry stalks first. Add green leaves, then manure. Water each layer. Turn the heap every two weeks."}},
		},
		{
			ID: "compost-making", Lang: "fr", Title: "Faire du compost", Topics: []string{"compost"},
			Questions: []string{"Comment transformer les déchets en fumier"},
			Answer:    "Empilez des matières sèches et vertes en couches. Gardez le tas humide. Retournez-le toutes les deux semaines.",
			Sections:  []advisory.Section{{Heading: "Que faire", Text: "Posez d'abord des tiges sèches. Ajoutez des feuilles vertes, puis du fumier. Arrosez chaque couche. Retournez le tas toutes les deux semaines."}},
		},
	}
}

func open(t testing.TB, docs []*advisory.Document, o Options) *Index {
	t.Helper()
	ix, err := Open(context.Background(), docs, testLexicon(), o)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

// find asks as the Advisor does, with the concepts that the text names.
func find(t testing.TB, ix *Index, text string, lang advisory.Lang) []advisory.Match {
	t.Helper()
	q := advisory.Query{Text: text, Lang: lang, Limit: 5}
	for _, m := range testLexicon().Find(text, lang) {
		q.Concepts = append(q.Concepts, m.Concept.ID)
	}
	matches, err := ix.Retrieve(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return matches
}
