package ollamatest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/rag"
)

// What the reciters say: two sentences in the form of the schema; and one sentence, and then one without an end.
var (
	twoSentences = []string{
		`{"sentences":[{"text":"`, "Give", " 50", " kg", " of", " urea.", `","passages":[1]}`,
		`,{"text":"`, "Wash", " your", " hands.", `","passages":[1,2]}`, `]}`,
	}
	noEnd = []string{
		`{"sentences":[{"text":"`, "Give", " 50", " kg", " of", " urea.", `","passages":[1]}`,
		`,{"text":"`, " and", " on", " and on", " and",
	}
)

var asked = advisory.DraftRequest{Question: "how much urea?", Lang: "en", Passages: []advisory.Passage{
	{Text: "Give 50 kg of urea."}, {Text: "Wash your hands."},
}}

func newWriter(t *testing.T, address, model string) *rag.Writer {
	t.Helper()
	// These models read a letter at a time, so a prompt has many more tokens than with real ones.
	w, err := rag.NewWriter(rag.WriterConfig{URL: address, Model: model, Prompt: 1200, Tokens: 120})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// setback is the word for the record.
func setback(err error) advisory.Setback {
	var e *advisory.DraftError
	if !errors.As(err, &e) {
		return ""
	}
	return e.Setback
}

func TestRealServer(t *testing.T) {
	s := start(t)
	began := time.Now()
	s.install(t, "two", reciter(twoSentences...))
	s.install(t, "noend", reciter(noEnd...))
	s.install(t, "alike", likener("maize", "urea", "goat", "vaccine", "rain"))
	t.Logf("three models made and installed in %v", time.Since(began).Round(time.Millisecond))
	t.Run("models", func(t *testing.T) { testModels(t, s) })
	t.Run("writes", func(t *testing.T) { testWrites(t, s) })
	t.Run("missing", func(t *testing.T) {
		if _, err := newWriter(t, s.address, "none").Generate(t.Context(), asked); setback(err) != advisory.Missing {
			t.Errorf("error %v", err)
		}
	})
	t.Run("endless", func(t *testing.T) {
		began := time.Now()
		_, err := newWriter(t, s.address, "noend").Generate(t.Context(), asked)
		if setback(err) != advisory.Endless {
			t.Errorf("error %v", err)
		}
		t.Logf("stopped after %v", time.Since(began).Round(time.Millisecond))
	})
	t.Run("cancel", func(t *testing.T) { testCancel(t, s) })
	t.Run("embed", func(t *testing.T) { testEmbed(t, s) })
	t.Run("killed", func(t *testing.T) { testKilled(t, s) }) // the last: the server is gone
}

func testModels(t *testing.T, s *server) {
	models, err := rag.Models(t.Context(), s.address)
	if err != nil || len(models) != 3 {
		t.Fatalf("%v: %+v", err, models)
	}
	if m, ok := rag.FindModel(models, "two"); !ok || len(m.Digest) != 64 || m.Size == 0 || m.Remote {
		t.Errorf("%+v", m)
	}
}

func testWrites(t *testing.T, s *server) {
	w := newWriter(t, s.address, "two")
	if err := w.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	var each []string
	request := asked
	began := time.Now()
	request.Each = func(s advisory.Sentence) error {
		each = append(each, s.Text)
		return nil
	}
	draft, err := w.Generate(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	estimated, counted := w.PromptTokens()
	t.Logf("two sentences in %v; the prompt was estimated at %d tokens and counted as %d", time.Since(began).Round(time.Millisecond), estimated, counted)
	want := []advisory.Sentence{{Text: "Give 50 kg of urea.", Passages: []int{0}}, {Text: "Wash your hands.", Passages: []int{0, 1}}}
	same := func(a, b advisory.Sentence) bool { return a.Text == b.Text && slices.Equal(a.Passages, b.Passages) }
	if draft.Tier != advisory.Generated || !slices.EqualFunc(draft.Sentences, want, same) || len(each) != 2 {
		t.Errorf("%+v, one by one %q", draft, each)
	}
	if counted < estimated {
		t.Errorf("the server counts %d tokens", counted)
	}
}

// An asker who goes away in mid-sentence, or a sentence that nobody wants, ends the writing.
func testCancel(t *testing.T, s *server) {
	w := newWriter(t, s.address, "noend")
	ctx, cancel := context.WithCancel(t.Context())
	request := asked
	request.Each = func(advisory.Sentence) error { cancel(); return nil }
	if _, err := w.Generate(ctx, request); err == nil || ctx.Err() == nil {
		t.Errorf("cancelled: %v", err)
	}
	unwanted := errors.New("unwanted")
	request.Each = func(advisory.Sentence) error { return unwanted }
	if _, err := w.Generate(t.Context(), request); !errors.Is(err, unwanted) {
		t.Errorf("refused: %v", err)
	}
	if _, err := newWriter(t, s.address, "two").Generate(t.Context(), asked); err != nil {
		t.Errorf("the next question: %v", err)
	}
}

func testEmbed(t *testing.T, s *server) {
	e, err := rag.NewModelEmbedder(t.Context(), s.address, "alike")
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	vs, err := e.Embed(t.Context(), []string{"maize urea", "urea maize rain", "goat vaccine"})
	if err != nil || len(vs) != 3 || len(vs[0]) != width {
		t.Fatalf("%v: %d vectors", err, len(vs))
	}
	t.Logf("three texts embedded in %v", time.Since(began).Round(time.Millisecond))
	if near, far := dot(vs[0], vs[1]), dot(vs[0], vs[2]); near < far+0.1 {
		t.Errorf("like texts %.2f, unlike ones %.2f", near, far)
	}
	if _, err := e.Embed(t.Context(), []string{strings.Repeat("maize ", 1000)}); err == nil {
		t.Error("a text that is too long was cut unseen")
	}
	testPackVectors(t, e)
}

// testPackVectors makes the vectors of documents as for a pack, and finds by them what shares no word of spelling with the rest.
func testPackVectors(t *testing.T, e *rag.ModelEmbedder) {
	doc := func(id, answer string) *advisory.Document {
		return &advisory.Document{ID: id, Lang: "en", Title: id, Answer: answer, Sources: []advisory.Source{{Name: "Double"}}}
	}
	docs := []*advisory.Document{doc("feeding", "urea maize rain"), doc("goats", "goat vaccine"), doc("long", strings.Repeat("maize ", 1000))}
	began := time.Now()
	made, err := rag.EmbedDocuments(t.Context(), e, docs, nil)
	if err != nil || made.LeftOut != 1 || made.Size != width {
		t.Fatalf("%v: %+v", err, made)
	}
	t.Logf("%d texts embedded for a pack in %v, %d bytes; one too long was left out", made.Texts, time.Since(began).Round(time.Millisecond), len(made.File))
	v, err := rag.ParseVectors(made.File)
	if err != nil {
		t.Fatal(err)
	}
	ix, err := rag.Open(t.Context(), docs, advisory.NewLexicon(nil), rag.Options{Meaning: e, Vectors: []*rag.Vectors{v}})
	if err != nil {
		t.Fatal(err)
	}
	began = time.Now()
	found, err := ix.Retrieve(t.Context(), advisory.Query{Text: "vaccine goat", Lang: "en", Limit: 3})
	if err != nil || len(found) == 0 || found[0].Document.ID != "goats" || found[0].Vector < 0.9 {
		t.Errorf("%v: %+v", err, found)
	}
	t.Logf("a question found by meaning in %v", time.Since(began).Round(100*time.Microsecond))
}

func dot(a, b []float32) (sum float32) {
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

func testKilled(t *testing.T, s *server) {
	w := newWriter(t, s.address, "noend")
	request := asked
	var killed time.Time
	request.Each = func(advisory.Sentence) error {
		killed = time.Now()
		s.kill()
		return nil
	}
	_, err := w.Generate(t.Context(), request)
	if setback(err) != advisory.Away || time.Since(killed) > 500*time.Millisecond {
		t.Errorf("killed in mid-sentence: %v after %v", err, time.Since(killed))
	}
	t.Logf("killed in mid-sentence: known after %v", time.Since(killed).Round(10*time.Microsecond))
	began := time.Now()
	if _, err := w.Generate(t.Context(), asked); setback(err) != advisory.Away || time.Since(began) > 500*time.Millisecond {
		t.Errorf("with no server: %v after %v", err, time.Since(began))
	}
}
