package rag

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jembe/advisory"
)

func TestStemsBringInflectionsTogether(t *testing.T) {
	for _, c := range []struct {
		lang  advisory.Lang
		words string
	}{
		{"en", "leaf leafs"}, {"en", "spray sprays sprayed spraying"}, {"en", "worm worms"},
		{"fr", "feuille feuilles"}, {"fr", "sèche sèches"}, {"fr", "animal animaux"}, {"fr", "vert verte vertes"},
		{"hi", "पत्ता पत्ते पत्तों"}, {"hi", "कीड़ा कीड़े कीड़ों"}, {"hi", "मुर्गी मुर्गियां मुर्गियों"},
		{"sw", "zinaoza yameoza iliyooza kuoza"}, {"sw", "kiwavi viwavi"}, {"sw", "mgomba migomba"}, {"sw", "panda nipande kupanda hupandwa inapandwaje"},
		{"sw", "kitalu vitalu kitaluni"}, {"te", "మొక్కజొన్న మొక్కజొన్నలో"}, {"am", "በቆሎ በቆሎውን"},
	} {
		terms := analyzerFor(c.lang).terms(c.words)
		if len(slices.Compact(slices.Sorted(slices.Values(terms)))) != 1 {
			t.Errorf("%s: %s become %q", c.lang, c.words, terms)
		}
	}
}

func TestStemsKeepWordsApart(t *testing.T) {
	for lang, words := range map[advisory.Lang]string{"en": "rice rust root", "fr": "mais mil riz", "hi": "कल काम केला", "sw": "kuku kunde kundi jani kijani tunda tundu shina mashine", "te": "వరి పాలు"} {
		terms := analyzerFor(lang).terms(words)
		if len(slices.Compact(slices.Sorted(slices.Values(terms)))) != len(strings.Fields(words)) {
			t.Errorf("%s: %s become %q", lang, words, terms)
		}
	}
}

func TestTermsLeaveOutStopWords(t *testing.T) {
	if got := analyzerFor("en").terms("What is the price of it?"); !slices.Equal(got, []string{"price"}) {
		t.Errorf("got %q", got)
	}
	if got := analyzerFor("en").terms("What is it?"); len(got) == 0 {
		t.Error("a text of stop words only keeps them")
	}
	if got := analyzerFor("hi").terms("मेरे टमाटर में क्या है"); len(got) != 1 {
		t.Errorf("got %q", got)
	}
}

func TestStemNeverEmpties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom([]advisory.Lang{"en", "fr", "hi", "te", "am", "sw"}).Draw(t, "lang")
		for _, w := range advisory.Words(rapid.String().Draw(t, "text")) {
			if s := analyzerFor(lang).stem(w); s == "" {
				t.Fatalf("%s: %q has no stem", lang, w)
			}
		}
	})
}

func TestGramsOfAWord(t *testing.T) {
	n := 0
	gramHashes("maize", func(uint32) { n++ })
	if n != 5+4+3 { // of <maize>: 5 of three, 4 of four, 3 of five
		t.Errorf("%d n-grams", n)
	}
	common := func(a, b string) int {
		seen, n := map[uint32]bool{}, 0
		gramHashes(a, func(h uint32) { seen[h] = true })
		gramHashes(b, func(h uint32) {
			if seen[h] {
				n++
			}
		})
		return n
	}
	if common("armyworm", "armywrm") <= common("armyworm", "army") {
		t.Error("a typing error is farther than half the word")
	}
}

func TestHashedVectors(t *testing.T) {
	cosine := func(a, b string) float32 {
		va, vb, sum := hashedVector(a), hashedVector(b), float32(0)
		for i := range va {
			sum += va[i] * vb[i]
		}
		return sum
	}
	if same := cosine("worms in maize", "Worms in the maize!"); same < 0.99 {
		t.Errorf("the same words: %v", same)
	}
	if near, far := cosine("armyworm", "armywrm"), cosine("armyworm", "chicken"); near < far+0.3 {
		t.Errorf("a typing error %v, another word %v", near, far)
	}
	if v := hashedVector("is the of"); slices.ContainsFunc(v, func(x float32) bool { return x != 0 }) {
		t.Error("a text that says nothing has a direction")
	}
}
