package edge

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"jembe/advisory"
)

// villageLexicon has what the villages of these tests keep.
var villageLexicon = advisory.NewLexicon([]advisory.Concept{
	{ID: "maize", Kind: advisory.Crop, Names: map[advisory.Lang][]string{"en": {"maize"}}},
	{ID: "bean", Kind: advisory.Crop, Names: map[advisory.Lang][]string{"en": {"bean"}}},
	{ID: "goat", Kind: advisory.Animal, Names: map[advisory.Lang][]string{"en": {"goat"}}},
	{ID: "late-blight", Kind: advisory.Disease, Names: map[advisory.Lang][]string{"en": {"late blight"}}},
})

func TestVillageIsKept(t *testing.T) {
	dir := t.TempDir()
	s := newStore(t, dir)
	if got, err := s.Village(t.Context()); err != nil || !reflect.DeepEqual(got, Village{}) {
		t.Fatalf("before setup: %+v, %v", got, err)
	}
	v := Village{
		Country: "KE", Zone: "highland", Name: "Kipsigak", Crops: []string{"maize", "bean"}, Animals: []string{"goat"},
		Contacts: advisory.Contacts{{Kind: advisory.Vet, Name: "Vet of the ward", Number: "0722 000 111"}},
		Planted:  map[string]string{"maize": "2026-03-20"}, Languages: []advisory.Lang{"sw", "en"},
	}
	if err := s.SaveVillage(t.Context(), v, villageLexicon); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if got, err := newStore(t, dir).Village(t.Context()); err != nil || !reflect.DeepEqual(got, v) {
		t.Errorf("kept %+v, %v; want %+v", got, err, v)
	}
	v.Crops = []string{"bean"}
	if err := s.SaveVillage(t.Context(), v, villageLexicon); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Village(t.Context()); err != nil || len(got.Planted) != 0 {
		t.Errorf("maize is grown no longer, and planted on %v, %v", got.Planted, err)
	}
	if v.Planted["maize"] == "" {
		t.Error("the caller's own map was changed")
	}
}

func TestWrongVillagesAreRefused(t *testing.T) {
	s := newStore(t, t.TempDir())
	for field, bad := range map[string][]Village{
		"country":  {{Country: "Kenya"}, {Country: "ke"}},
		"zone":     {{Zone: "moon"}},
		"contacts": {{Contacts: advisory.Contacts{{Kind: advisory.Vet, Number: "call me"}}}},
		"name":     {{Name: strings.Repeat("a", longestVillage+1)}, {Name: "Kipsigak <b>"}, {Name: "a\nb"}, {Name: "ask 0722 000 111"}},
		"crops":    {{Crops: []string{"goat"}}, {Crops: []string{"unicorn"}}, {Crops: []string{"maize", "maize"}}},
		"animals":  {{Animals: []string{"maize"}}, {Animals: []string{"late-blight"}}},
		"planted": {{Crops: []string{"maize"}, Planted: map[string]string{"maize": "20 March"}},
			{Crops: []string{"maize"}, Planted: map[string]string{"maize": "2026-02-30"}}},
		"languages": {{Languages: []advisory.Lang{"xx"}}, {Languages: []advisory.Lang{"sw", "sw"}}},
	} {
		for _, v := range bad {
			err := s.SaveVillage(t.Context(), v, villageLexicon)
			if w := Wrong(""); !errors.As(err, &w) || string(w) != field {
				t.Errorf("%+v: %v, want %s to be wrong", v, err, field)
			}
			for _, l := range advisory.MessageLangs() {
				if told := Wrong(field).In(l); strings.HasPrefix(told, "setup_") {
					t.Errorf("%s is not told in %s", field, l)
				}
			}
		}
	}
	if got, err := s.Village(t.Context()); err != nil || !reflect.DeepEqual(got, Village{}) {
		t.Errorf("kept %+v, %v", got, err)
	}
}
