package advisory

import (
	"slices"
	"testing"
)

// A box in the field says nothing on pesticides and animal medicines that the office has not approved; safety is never held back.
func TestUnapprovedInTheField(t *testing.T) {
	for _, c := range []struct {
		why   string
		field bool
		doc   Document
		lang  Lang
		text  string
		falls bool
	}{
		{"a product", true, Document{Kind: "pest"}, "en", "Spray a product registered for it.", true},
		{"an approved one", true, Document{Kind: "pest", Status: Reviewed}, "en", "Spray a product registered for it.", false},
		{"a demonstration", false, Document{Kind: "pest"}, "en", "Spray a product registered for it.", false},
		{"first aid", true, Document{Kind: "safety"}, "en", "Take the pesticide label to the clinic.", false},
		{"no product", true, Document{Kind: "pest"}, "en", "Pick the worms by hand.", false},
		{"water is no product", true, Document{Kind: "pest"}, "en", "Wash them off with a spray of water.", false},
		{"a medicine", true, Document{Kind: "animal-health"}, "en", "Deworm the kids.", true},
		{"Hindi", true, Document{Kind: "pest"}, "hi", "पंजीकृत दवा छिड़कें।", true},
		{"Swahili", true, Document{Kind: "animal-health"}, "sw", "Kuku wapewe chanjo.", true},
		{"French", true, Document{Kind: "pest"}, "fr", "Prenez un produit homologué.", true},
	} {
		c.doc.Lang = c.lang
		passages := []Passage{{Document: &c.doc, Text: c.text}}
		d := Draft{Tier: Prepared, Sentences: []Sentence{{Text: c.text, Passages: []int{0}}}}
		fell := Guard(d, passages, Standard{Lexicon: NewLexicon(nil), Lang: c.lang, Country: "IN", Field: c.field})
		if got := slices.Contains(fell, RuleUnapproved); got != c.falls {
			t.Errorf("%s: %q fell at %v", c.why, c.text, fell)
		}
	}
}
