package advisory

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestUnderstand(t *testing.T) {
	l := testLexicon()
	for _, c := range []struct {
		text          string
		asked         Lang
		lang, written Lang
		crops         []string
		animals       []string
		problems      []string
	}{
		{"what is eating my maize", "", "en", "en", []string{"maize"}, nil, nil},
		{"armyworm in maize", "hi", "hi", "en", []string{"maize"}, nil, []string{"fall-armyworm"}}, // the caller's language is the answer's
		{"मक्का में इल्ली", "", "hi", "hi", []string{"maize"}, nil, nil},
		{"makka ke patte kha rahe hain", "", "hi", "hi", []string{"maize"}, nil, nil},
		{"mbuzi wangu ni mgonjwa", "", "sw", "sw", nil, []string{"goat"}, nil},
		{"mes tomates et mes chèvres", "", "fr", "fr", []string{"tomato"}, []string{"goat"}, nil},
		{"maize maize maize", "", "en", "en", []string{"maize"}, nil, nil},
	} {
		u := Understand(c.text, c.asked, l)
		if u.Lang != c.lang || u.Written != c.written || !slices.Equal(u.Crops, c.crops) || !slices.Equal(u.Animals, c.animals) || !slices.Equal(u.Problems, c.problems) {
			t.Errorf("%q: %+v", c.text, u)
		}
	}
}

func TestFootballFieldOfMaizeIsFarming(t *testing.T) {
	if u := Understand("my maize field is as big as a football field", "", testLexicon()); u.Reason != NoReason {
		t.Errorf("refused: %s", u.Reason)
	}
}

func TestEmergencyIsNeverRefused(t *testing.T) {
	u := Understand("my child drank poison, the neighbour's bottle", "", testLexicon())
	if !u.Emergency || u.Reason != NoReason {
		t.Errorf("%+v", u)
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"  my\tmaize\n is\x00 sick ", "my maize is sick"},
		{"bad \xff bytes", "bad bytes"},
	} {
		if got, err := Clean(c.in); err != nil || got != c.want {
			t.Errorf("%q: %q, %v", c.in, got, err)
		}
	}
	for in, want := range map[string]Code{
		"":                          EmptyQuestion,
		"\x00\x01":                  EmptyQuestion,
		"?!":                        EmptyQuestion,
		strings.Repeat("a ", 50000): TextTooLong,
	} {
		_, err := Clean(in)
		var e *Error
		if !errors.As(err, &e) || e.Code != want {
			t.Errorf("%.10q: %v, want %s", in, err, want)
		}
	}
}

func FuzzUnderstand(f *testing.F) {
	for _, s := range []string{"armyworm in maize", "मक्का में कीड़े", "\u200d\u0901\u093c", "l'eau ng'ombe", "\xff\xfe", strings.Repeat("ा", 300)} {
		f.Add(s)
	}
	l := testLexicon()
	f.Fuzz(func(t *testing.T, s string) {
		clean, err := Clean(s)
		if err != nil {
			return
		}
		if strings.ContainsFunc(clean, unicode.IsControl) {
			t.Errorf("control character left in %q", clean)
		}
		u := Understand(clean, "", l)
		if u.Lang == "" {
			t.Error("no language")
		}
	})
}

func TestAnAnimalToBeCookedIsNoFarmQuestion(t *testing.T) {
	l := NewLexicon([]Concept{
		{ID: "livestock", Kind: Animal}, {ID: "goat", Kind: Animal, Is: []string{"livestock"}, Names: map[Lang][]string{"fr": {"chèvre"}}},
		{ID: "cooking-recipe", Kind: Topic, Names: map[Lang][]string{"fr": {"frire"}}},
		{ID: "bird", Kind: Animal, Names: map[Lang][]string{"fr": {"oiseau"}}},
		{ID: "sorghum", Kind: Crop, Names: map[Lang][]string{"fr": {"sorgho"}}},
	})
	for text, want := range map[string]Reason{
		"comment frire la chèvre":   OffTopic,
		"mon frere a une chèvre":    NoReason, // mended to what it is not
		"les oiseaux sur le sorgho": NoReason,
	} {
		if u := Understand(text, "fr", l); u.Reason != want || u.TooLittle {
			t.Errorf("%q: reason %q, want %q; too little %v", text, u.Reason, want, u.TooLittle)
		}
	}
}
