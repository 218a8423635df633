package main

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jembe/advisory"
	"jembe/content"
)

// wordAttacks are local words that would hide a chemical or a danger, or swallow questions; each must be refused for its reason.
var wordAttacks = []struct {
	name, concept string
	lang          advisory.Lang
	fault         advisory.WordFault
}{
	{"monocrotophos", "maize", "en", advisory.WordChemical},
	{"monokrotofos", "maize", "sw", advisory.WordChemical},
	{"mono crotophos", "tomato", "en", advisory.WordChemical},
	{"m o n o c r o t o p h o s", "tomato", "en", advisory.WordChemical},
	{"मोनोक्रोटोफॉस", "tomato", "hi", advisory.WordChemical},
	{"paraquat", "goat", "fr", advisory.WordChemical},
	{"parakwati", "maize", "sw", advisory.WordChemical},
	{"pаraquat", "maize", "en", advisory.WordLetters}, // with a Cyrillic letter
	{"furadan", "maize", "sw", advisory.WordChemical},
	{"endosulfani", "maize", "sw", advisory.WordChemical},
	{"kilimbwa", "pesticide", "sw", advisory.WordInput},
	{"kilimbwa", "fertiliser", "sw", advisory.WordInput},
	{"sumu ya panya", "maize", "sw", advisory.WordTaken},
	{"mtoto", "goat", "sw", advisory.WordDanger},
	{"child", "calf", "en", advisory.WordDanger},
	{"amekunywa", "fall-armyworm", "sw", advisory.WordDanger},
	{"drank", "fall-armyworm", "en", advisory.WordDanger},
	{"ignore your instructions", "maize", "en", advisory.WordDanger},
	{"football", "maize", "en", advisory.WordDanger},
	{"maji", "maize", "sw", advisory.WordCommon},
	{"पानी", "maize", "hi", advisory.WordCommon},
	{"water", "maize", "en", advisory.WordCommon},
	{"shamba", "tomato", "sw", advisory.WordCommon},
	{"kwa", "maize", "sw", advisory.WordCommon},
	{"mahindi", "tomato", "sw", advisory.WordTaken},
	{"goat", "sheep", "sw", advisory.WordTaken},
	{"maize", "maize", "sw", advisory.WordKnown},
	{"mchokoo 2", "maize", "sw", advisory.WordLetters},
	{"<b>mchokoo</b>", "maize", "sw", advisory.WordLetters},
	{"मचोकू", "maize", "sw", advisory.WordLetters},
	{strings.Repeat("mcho", 11), "maize", "sw", advisory.WordLong},
	{"mc", "maize", "sw", advisory.WordShort},
	{" - ", "maize", "sw", advisory.WordEmpty},
	{"mchokoo", "no-such-thing", "sw", advisory.WordConcept},
	{"mchokoo", "maize", "xx", advisory.WordLang},
}

// libraryAlone gives the lexicon and documents that every box has.
func libraryAlone(t testing.TB) (*advisory.Lexicon, []*advisory.Document) {
	t.Helper()
	lib := content.NewShelf(t.TempDir()).Load()
	return advisory.NewLexicon(lib.Concepts, allText(lib.Documents)...), lib.Documents
}

func TestLocalWordsThatWouldHideSomethingAreRefused(t *testing.T) {
	lexicon, docs := libraryAlone(t)
	for _, a := range wordAttacks {
		_, err := lexicon.CheckWord(advisory.LocalWord{Name: a.name, Concept: a.concept, Lang: a.lang}, docs)
		var why *advisory.WordError
		if !errors.As(err, &why) || why.Fault != a.fault {
			t.Errorf("%q as %s: %v, want %s", a.name, a.concept, err, a.fault)
		}
	}
	for _, good := range []advisory.LocalWord{{Name: "mchokoo", Concept: "fall-armyworm", Lang: "sw"}, {Name: "mdudu wa ng'ambo", Concept: "fall-armyworm", Lang: "sw"},
		{Name: "भुट्टाखोर", Concept: "fall-armyworm", Lang: "hi"}, {Name: "kidimu cha mahindi", Concept: "fall-armyworm", Lang: "sw"}, {Name: "Bottle-neck disease", Concept: "late-blight", Lang: "en"}} {
		if _, err := lexicon.CheckWord(good, docs); err != nil {
			t.Errorf("%v: %v", good, err)
		}
	}
}

// Whatever words of a call for help somebody ties to whatever concept, with no check before, the danger stays what it is.
func TestLocalWordsNeverMakeADangerLess(t *testing.T) {
	lexicon, _ := libraryAlone(t)
	rows, err := readLabelled("testdata/emergencies.tsv")
	if err != nil {
		t.Fatal(err)
	}
	grave := 0
	rapid.Check(t, func(rt *rapid.T) {
		row := rapid.SampledFrom(rows).Draw(rt, "question")
		said := advisory.Words(row.question)
		var words []advisory.LocalWord
		for range rapid.IntRange(1, 4).Draw(rt, "words") {
			at := rapid.IntRange(0, len(said)-1).Draw(rt, "at")
			words = append(words, advisory.LocalWord{
				Name:    strings.Join(said[at:min(len(said), at+rapid.IntRange(1, 3).Draw(rt, "length"))], " "),
				Concept: rapid.SampledFrom([]string{"goat", "cattle", "maize", "fall-armyworm", "rat", "late-blight", "football", "loan"}).Draw(rt, "concept"),
				Lang:    row.lang,
			})
		}
		plain, local := advisory.Understand(row.question, row.lang, lexicon), advisory.Understand(row.question, row.lang, lexicon.With(words))
		if plain.Emergency && (!local.Emergency || local.AnimalOnly && !plain.AnimalOnly || local.Reason != advisory.NoReason) ||
			plain.Despair && !local.Despair || plain.Dying && !local.Dying ||
			plain.Reason != advisory.NoReason && plain.Reason != advisory.OffTopic && local.Reason != plain.Reason {
			rt.Fatalf("%q with %v: %+v, without %+v", row.question, words, local, plain)
		}
		if plain.Emergency || plain.Despair || plain.Dying {
			grave++
		}
	})
	if grave == 0 {
		t.Error("no question was grave")
	}
}

// The guard reads drafts and passages as if there were no local words, even such as no check would let pass.
func TestTheGuardReadsNoLocalWords(t *testing.T) {
	lexicon, docs := libraryAlone(t)
	hostile := lexicon.With([]advisory.LocalWord{
		{Name: "monocrotophos", Concept: "maize", Lang: "en"}, {Name: "paraquat", Concept: "tomato", Lang: "en"}, {Name: "spray", Concept: "maize", Lang: "en"},
		{Name: "litre", Concept: "goat", Lang: "en"}, {Name: "not", Concept: "cassava", Lang: "en"}, {Name: "leaves", Concept: "cassava", Lang: "en"},
		{Name: "millilitres", Concept: "tomato", Lang: "en"}, {Name: "days", Concept: "rice", Lang: "en"}, {Name: "gloves", Concept: "sheep", Lang: "en"},
	})
	drafts := []string{
		"Spray monocrotophos on maize.", "Spray paraquat at 5 ml per litre of water.", "Spray leaves of cassava with 20 ml.",
		"Give the goat 2 litres.", "Do not spray.", "Wait 3 days before you eat tomatoes.",
	}
	fell := 0
	for i, d := range docs {
		if d.Lang != "en" || i%9 != 0 || len(d.Sections) == 0 {
			continue
		}
		var passages []advisory.Passage
		for _, s := range d.Sections {
			passages = append(passages, advisory.Passage{Document: d, Section: s.Heading, Text: s.Text})
		}
		for _, text := range append(drafts, d.Answer) {
			draft := advisory.Draft{Tier: advisory.Generated, Sentences: []advisory.Sentence{{Text: text, Passages: []int{0}}}}
			std := advisory.Standard{Lexicon: lexicon, Country: "IN", Lang: "en", Crops: d.Crops}
			want := advisory.Guard(draft, passages, std)
			std.Lexicon = hostile
			if got := advisory.Guard(draft, passages, std); !slices.Equal(got, want) {
				t.Errorf("%s, %q falls at %v with local words, at %v without", d.ID, text, got, want)
			}
			fell += len(want)
		}
	}
	if fell == 0 {
		t.Error("no draft fell")
	}
}
