package rag

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"jembe/advisory"
)

func TestRetrieveFindsTheDocument(t *testing.T) {
	ix := open(t, testDocuments(), Options{})
	for _, c := range []struct {
		text string
		lang advisory.Lang
		id   string
		in   advisory.Lang
	}{
		{"worms in the heart of maize", "en", "maize-fall-armyworm", "en"},
		{"holes in corn leafs", "en", "maize-fall-armyworm", "en"},                        // a form no document has
		{"armywrm eating everything", "en", "maize-fall-armyworm", "en"},                  // a typing error
		{"kuku wamepinda shingo", "sw", "poultry-newcastle", "sw"},                        // its own language
		{"viwavijeshi kwenye mahindi", "sw", "maize-fall-armyworm", "en"},                 // exists in English only: the lexicon joins
		{"makka mein keede", "hi", "maize-fall-armyworm", "en"},                           // Hindi in Latin letters
		{"kinyesi cha kijani", "fr", "poultry-newcastle", "en"},                           // not in the asker's language: English
		{"Retourner le tas de déchets", "fr", "compost-making", "fr"},                     // accents
		{"मुर्गी मर रही है", "hi", "poultry-newcastle", "en"},                             // only the animal's name joins
		{"fumier", "", "compost-making", "en"},                                            // language not known
		{"WORMS!!! in the heart of maize\u0000\u200d", "en", "maize-fall-armyworm", "en"}, // noise
	} {
		matches := find(t, ix, c.text, c.lang)
		if len(matches) == 0 {
			t.Errorf("%q: nothing found", c.text)
			continue
		}
		if d := matches[0].Document; d.ID != c.id || d.Lang != c.in {
			t.Errorf("%q: found %s in %s, want %s in %s", c.text, d.ID, d.Lang, c.id, c.in)
		}
	}
}

// The table learnt from the variants joins words that the lexicon does not know.
func TestLearntWordsJoinLanguages(t *testing.T) {
	docs := append(testDocuments(), &advisory.Document{
		ID: "heap-care", Lang: "en", Title: "Wetting the layer", Answer: "Water the layer when it is dry.",
	})
	ix := open(t, docs, Options{})
	learnt := ix.table.of("fr", "en", analyzerFor("fr").stem("couche"))
	if !slices.ContainsFunc(learnt, func(w translated) bool { return w.Stem == analyzerFor("en").stem("layer") }) {
		t.Fatalf("couche is not learnt as layer: %v", learnt)
	}
	matches := find(t, ix, "une couche", "fr")
	i := slices.IndexFunc(matches, func(m advisory.Match) bool { return m.Document.ID == "heap-care" })
	if i < 0 || !matches[i].Foreign || matches[i].Words == 0 {
		t.Errorf("a French question does not find the English words: %+v", matches)
	}
}

func TestRetrieveGroupsVariants(t *testing.T) {
	ix := open(t, testDocuments(), Options{})
	seen := map[string]bool{}
	for _, m := range find(t, ix, "Newcastle mdondo compost tas chicken kuku", "sw") {
		if seen[m.Document.ID] {
			t.Errorf("%s twice", m.Document.ID)
		}
		seen[m.Document.ID] = true
	}
	q := advisory.Query{Text: "kuku wamepinda shingo", Lang: "sw", Answer: "en", Limit: 1}
	matches, err := ix.Retrieve(context.Background(), q)
	if err != nil || len(matches) != 1 || matches[0].Document.Lang != "en" || matches[0].Foreign {
		t.Errorf("an answer in English to a Swahili question: %+v, %v", matches, err)
	}
}

func TestRetrieveOneDocument(t *testing.T) {
	ix := open(t, testDocuments(), Options{})
	matches, err := ix.Retrieve(context.Background(), advisory.Query{Document: "compost-making", Lang: "fr", Limit: 1})
	if err != nil || len(matches) != 1 || matches[0].Document.ID != "compost-making" || matches[0].Document.Lang != "fr" {
		t.Fatalf("%+v, %v", matches, err)
	}
	if len(matches[0].Passages) == 0 || matches[0].Passages[0].Section != "" {
		t.Error("without a question the short answer comes first")
	}
	matches, err = ix.Retrieve(context.Background(), advisory.Query{Document: "no-such", Lang: "fr", Limit: 1})
	if err != nil || len(matches) != 0 {
		t.Errorf("an unknown document: %+v, %v", matches, err)
	}
}

func TestSignalsAreAbsolute(t *testing.T) {
	ix := open(t, testDocuments(), Options{})
	exact := find(t, ix, "My hens twist their necks and die", "en")[0]
	if exact.Question < 0.99 || exact.Coverage < 0.99 || exact.Concepts < 0.99 || exact.Foreign {
		t.Errorf("a document's own question: %+v", exact)
	}
	if !slices.Contains(exact.About, "chicken") || !slices.Contains(exact.About, "newcastle-disease") || slices.Contains(exact.About, "maize") {
		t.Errorf("about %v", exact.About)
	}
	far := find(t, ix, "price of diesel for my hens tractor loan", "en")[0]
	if far.Coverage > 0.5 || far.Question > 0.5 {
		t.Errorf("a question that the document does not answer: %+v", far)
	}
	wider := find(t, ix, "nafaka", "sw")[0]
	if wider.Document.ID != "maize-fall-armyworm" || wider.Concepts == 0 || wider.Concepts >= exact.Concepts {
		t.Errorf("a wider concept counts, but less: %+v", wider)
	}
}

func TestSignalsStayInRange(t *testing.T) {
	ix := open(t, testDocuments(), Options{})
	words := []string{"maize", "worm", "kuku", "मक्का", "tas", "12", "", "is", "'", "\u0301", "ng'ombe", "\xff"}
	rapid.Check(t, func(rt *rapid.T) {
		text := ""
		for _, w := range rapid.SliceOfN(rapid.SampledFrom(words), 0, 60).Draw(rt, "words") {
			text += w + " "
		}
		q := advisory.Query{
			Text: text, Lang: rapid.SampledFrom([]advisory.Lang{"en", "sw", "hi", "", "xx"}).Draw(rt, "lang"),
			Concepts: rapid.SliceOf(rapid.SampledFrom([]string{"maize", "chicken", "unheard-of"})).Draw(rt, "concepts"),
			Limit:    rapid.IntRange(-1, 10).Draw(rt, "limit"),
		}
		matches, err := ix.Retrieve(context.Background(), q)
		if err != nil || len(matches) > max(1, q.Limit) {
			rt.Fatalf("%d matches, %v", len(matches), err)
		}
		last := math.Inf(1)
		for _, m := range matches {
			for _, s := range []float64{m.Words, m.Coverage, m.Question, m.Vector, m.Concepts} {
				if !(s >= 0 && s <= 1) {
					rt.Fatalf("a signal out of range: %+v", m)
				}
			}
			if !(m.Score <= last) {
				rt.Fatalf("not in order: %v after %v", m.Score, last)
			}
			last = m.Score
			if len(m.Passages) == 0 || len(m.Passages) > maxPassages {
				rt.Fatalf("%d passages", len(m.Passages))
			}
		}
	})
}

// The same question has the same answer, although chromem-go and Go's maps have no order.
func TestRetrieveIsRepeatable(t *testing.T) {
	ix := open(t, testDocuments(), Options{})
	first := find(t, ix, "maize chicken compost leaf water", "en")
	for range 20 {
		again := find(t, ix, "maize chicken compost leaf water", "en")
		for i := range first {
			if first[i].Document != again[i].Document || math.Abs(first[i].Score-again[i].Score) > 1e-5 {
				t.Fatalf("rank %d: %v then %v", i, first[i].Document.ID, again[i].Document.ID)
			}
		}
	}
}

func TestLaterDocumentReplacesEarlier(t *testing.T) {
	own := *testDocuments()[0]
	own.Answer = "Ring the office."
	ix := open(t, append(testDocuments(), &own), Options{})
	if got := find(t, ix, "worms in maize", "en")[0].Document; got.Answer != own.Answer {
		t.Errorf("the earlier document answers: %q", got.Answer)
	}
}

func TestEmptyIndex(t *testing.T) {
	if matches := find(t, open(t, nil, Options{}), "maize", "en"); len(matches) != 0 {
		t.Errorf("found %v in nothing", matches)
	}
}

// brokenEmbedder is a test double: an embedder that answers, then fails, as a model does that is switched off.
type brokenEmbedder struct {
	HashedGrams
	broken bool
	name   string
	size   int // of the vectors really given; 0: as told
	calls  int
}

func (e *brokenEmbedder) Name() string { return e.name }

func (e *brokenEmbedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if e.broken {
		return nil, errors.New("model is gone")
	}
	e.calls += len(texts)
	out, err := e.HashedGrams.Embed(ctx, texts)
	if e.size > 0 {
		for i := range out {
			out[i] = out[i][:e.size]
		}
	}
	return out, err
}

func TestWordsDecideWithoutEmbedder(t *testing.T) {
	e := &brokenEmbedder{name: "double"}
	ix := open(t, testDocuments(), Options{Embedder: e})
	e.broken = true
	m := find(t, ix, "worms in the heart of maize", "en")[0]
	if m.Document.ID != "maize-fall-armyworm" || m.Vector != 0 {
		t.Errorf("%+v", m)
	}
}

func TestOpenRefusesBadVectors(t *testing.T) {
	for name, e := range map[string]*brokenEmbedder{"fails": {broken: true}, "wrong size": {size: 7}} {
		if _, err := Open(context.Background(), testDocuments(), testLexicon(), Options{Embedder: e}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestRetrieveEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := open(t, testDocuments(), Options{}).Retrieve(ctx, advisory.Query{Text: "maize", Limit: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Questions go on while another index is made beside the one in use.
func TestQuestionsWhileOpening(t *testing.T) {
	ix := open(t, testDocuments(), Options{})
	dir := t.TempDir()
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for range 50 {
				if m := find(t, ix, "worms in maize", "en"); m[0].Document.ID != "maize-fall-armyworm" {
					t.Errorf("found %s", m[0].Document.ID)
				}
			}
		})
	}
	for range 4 {
		open(t, testDocuments(), Options{Cache: dir})
	}
	asking.Wait()
}
