package advisory_test

import (
	"fmt"
	"slices"
	"testing"

	"jembe/advisory"
	"jembe/content"
)

// starterLexicon is that of the library that every box has.
func starterLexicon(t testing.TB) *advisory.Lexicon {
	t.Helper()
	library, err := content.Starter()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, d := range library.Documents {
		texts = append(append(texts, d.Title, d.Answer), d.Questions...)
	}
	return advisory.NewLexicon(library.Concepts, texts...)
}

func TestLocalWordsAreUnderstood(t *testing.T) {
	plain := starterLexicon(t)
	lexicon := plain.With([]advisory.LocalWord{
		{Name: "mchokoo", Concept: "fall-armyworm", Lang: "sw"}, {Name: "Kidimu cha shambani", Concept: "cassava", Lang: "sw"},
		{Name: "भुट्टाखोर", Concept: "fall-armyworm", Lang: "hi"}, {Name: "mahindi", Concept: "tomato", Lang: "sw"}, {Name: "nowhere", Concept: "none", Lang: "en"},
	})
	for _, c := range []struct {
		text string
		lang advisory.Lang
		want []string
	}{
		{"mchokoo umeingia", "sw", []string{"fall-armyworm"}},
		{"MCHOKOO umeingia mahindi", "sw", []string{"fall-armyworm", "maize"}}, // a name that means something else is left out
		{"mchokkoo umeingia", "sw", []string{"fall-armyworm"}},                 // misspelt
		{"the mchokoo is back", "en", []string{"fall-armyworm"}},               // farmers mix languages
		{"kidimu cha shambani kimeoza", "sw", []string{"cassava"}},
		{"भुट्टाखोर लग गया", "hi", []string{"fall-armyworm"}},
		{"bhuttakhor lag gaya", "hi", []string{"fall-armyworm"}}, // typed in Latin letters
	} {
		u := advisory.Understand(c.text, c.lang, lexicon)
		for _, id := range c.want {
			if !slices.Contains(u.Concepts(), id) {
				t.Errorf("%q names %v, want %v", c.text, u.Concepts(), c.want)
			}
		}
		if slices.Contains(u.Concepts(), "tomato") {
			t.Errorf("%q names %v", c.text, u.Concepts())
		}
		if found := lexicon.FindNative(c.text, c.lang); len(found) != len(plain.FindNative(c.text, c.lang)) {
			t.Errorf("a document that says %q names %v", c.text, found)
		}
	}
	if got := lexicon.With(nil); got != plain {
		t.Error("with no local words the lexicon is another one")
	}
	for name, want := range map[string]advisory.WordFault{"mchokoo": "", "viwavijeshi": advisory.WordKnown, "mahindi": advisory.WordTaken} {
		if got := lexicon.Standing(advisory.LocalWord{Name: name, Concept: "fall-armyworm", Lang: "sw"}); got != want {
			t.Errorf("%s stands as %q, want %q", name, got, want)
		}
	}
}

func TestConceptsAreLookedUp(t *testing.T) {
	lexicon := starterLexicon(t)
	for text, want := range map[string]string{"maize": "maize", "MAHINDI": "maize", "मक्का": "maize", "late bli": "late-blight", "viwavijeshi": "fall-armyworm"} {
		if got := lexicon.LookUp(text, "sw", 5); len(got) == 0 || got[0].ID != want || len(got[0].Names) == 0 {
			t.Errorf("%q finds %v, want %s first", text, got, want)
		}
	}
	if got := lexicon.LookUp("a", "en", 3); len(got) > 3 {
		t.Errorf("%d found, at most 3 are wanted", len(got))
	}
	if got := lexicon.LookUp(" ?! ", "en", 3); got != nil {
		t.Errorf("nothing was looked up, and %v found", got)
	}
}

// FuzzShape: whatever comes, a name that passes is short, in letters, and stays as it is.
func FuzzShape(f *testing.F) {
	for _, name := range []string{"mchokoo", " kiwavi  jeshi ", "ng'ombe", "भुट्टाखोर", "a1", "пшеница", "\u200dab", "e\u0301clair"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, lang := range []advisory.Lang{"sw", "hi"} {
			w, err := advisory.LocalWord{Name: name, Concept: "maize", Lang: lang}.Shape()
			if err != nil {
				continue
			}
			if again, err := w.Shape(); err != nil || again != w || w.Key() == "" || len([]rune(w.Name)) > advisory.MaxLocalWord {
				t.Errorf("%q becomes %q, then %q, %v", name, w.Name, again.Name, err)
			}
		}
	})
}

// manyWords are made-up local words, none of which is a name yet.
func manyWords(n int) []advisory.LocalWord {
	things := []string{"maize", "tomato", "fall-armyworm", "cassava", "goat", "late-blight"}
	var out []advisory.LocalWord
	for i := range n {
		name := fmt.Sprintf("zum%c%c%crwe", 'a'+i%26, 'a'+i/26%26, 'a'+i*7%26)
		out = append(out, advisory.LocalWord{Name: name, Concept: things[i%len(things)], Lang: "sw"})
	}
	return out
}

// BenchmarkUnderstandWithLocalWords tells what they cost: compare the two.
func BenchmarkUnderstandWithLocalWords(b *testing.B) {
	plain := starterLexicon(b)
	for _, n := range []int{0, 500} {
		lexicon := plain.With(manyWords(n))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				advisory.Understand("viwavi wanakula moyo wa mahindi yangu na kuacha unga, nifanye nini", "sw", lexicon)
			}
		})
	}
}
