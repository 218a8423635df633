package rag

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/rag/ragtest"
)

// embedServer is a model server with one model, and that model.
func embedServer(t *testing.T) (*ragtest.Server, *ModelEmbedder) {
	t.Helper()
	server := ragtest.NewServer(ragtest.Script{})
	t.Cleanup(server.Close)
	server.Install(ragtest.Model{Name: "e:latest", Digest: "0123456789abcdef"}, ragtest.Model{Name: "far:latest", Remote: "https://far.example"})
	e, err := NewModelEmbedder(t.Context(), server.URL, "e")
	if err != nil {
		t.Fatal(err)
	}
	return server, e
}

func parseVectors(t *testing.T, raw []byte) *Vectors {
	t.Helper()
	v, err := ParseVectors(raw)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestModelEmbedder(t *testing.T) {
	server, e := embedServer(t)
	for _, missing := range []string{"none", "far"} {
		if _, err := NewModelEmbedder(t.Context(), server.URL, missing); err == nil {
			t.Errorf("embeds with %s", missing)
		}
	}
	if e.Model().Digest != "0123456789abcdef" || server.Embeds() != 0 {
		t.Errorf("%+v after %d calls", e.Model(), server.Embeds())
	}
	if v, err := e.Question(t.Context(), "abc"); err != nil || len(v) != 8 {
		t.Errorf("%v: %v", err, v)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Question(gone, "abc"); err == nil || e.away.Load() {
		t.Errorf("an asker who leaves is no failure of the model: %v", err)
	}
	server.Slow(time.Minute)
	began := time.Now()
	if _, err := e.Question(t.Context(), "abc"); err == nil || time.Since(began) > 2*questionTime {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	began = time.Now()
	if _, err := e.Question(t.Context(), "abc"); !errors.Is(err, errModelAway) || time.Since(began) > questionTime/2 {
		t.Errorf("the next farmer waits: %v after %v", err, time.Since(began))
	}
	server.Slow(0)
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Question(t.Context(), "abc"); err != nil {
		t.Errorf("the model is back: %v", err)
	}
}

// The vectors of a library are made once, elsewhere; opening the index embeds nothing, and the model's vectors are used where it has
// them and answers.
func TestVectorsOfAPack(t *testing.T) {
	server, e := embedServer(t)
	docs := testDocuments()
	var seen []int
	made, err := EmbedDocuments(t.Context(), e, docs[:4], func(done, total int) { seen = append(seen, done, total) })
	if err != nil || made.Texts == 0 || made.LeftOut != 0 || made.Size != 8 || made.Name != "e-latest.0123456789ab.bin" || seen[len(seen)-2] != made.Texts {
		t.Fatalf("%v: %+v, progress %v", err, made, seen)
	}
	files := []*Vectors{parseVectors(t, made.File)}
	calls := server.Embeds()
	if calls > made.Texts/embedBatch+1 {
		t.Errorf("%d calls for %d texts", calls, made.Texts)
	}
	ix := open(t, docs, Options{Meaning: e, Vectors: files})
	if texts, of := ix.Meant(); texts != made.Texts || of <= texts || server.Embeds() != calls {
		t.Errorf("%d of %d texts have vectors, want %d; %d calls to open the index", texts, of, made.Texts, server.Embeds()-calls)
	}
	plain := open(t, docs, Options{})
	vector := func(ix *Index, text, document string) float64 {
		t.Helper()
		for _, m := range find(t, ix, text, "en") {
			if m.Document.ID == document {
				return m.Vector
			}
		}
		t.Fatalf("%s is not found", document)
		return 0
	}
	const asked = "worms in the heart of maize"
	mine, spelt := vector(ix, asked, docs[0].ID), vector(plain, asked, docs[0].ID)
	if mine == spelt || server.Embeds() == calls {
		t.Errorf("the model's vectors are not used: %v and %v", mine, spelt)
	}
	docs[0].Title, docs[0].Questions, docs[0].Answer, docs[0].Sections = "Maize worms", nil, "Crush worms of maize.", nil // no text that has a vector
	if got := vector(open(t, docs, Options{Meaning: e, Vectors: files}), asked, docs[0].ID); got != vector(open(t, docs, Options{}), asked, docs[0].ID) {
		t.Errorf("a document that was changed since has the likeness %v by vectors of its old words", got)
	}
	server.Close()
	if got := vector(ix, asked, docs[0].ID); math.Abs(got-spelt) > 1e-9 {
		t.Errorf("with the model away %v, want that of spelling, %v", got, spelt)
	}
}

func TestVectorsOfAnotherVersionAreNotUsed(t *testing.T) {
	server, e := embedServer(t)
	made, err := EmbedDocuments(t.Context(), e, testDocuments(), nil)
	if err != nil {
		t.Fatal(err)
	}
	server.Install(ragtest.Model{Name: "e:latest", Digest: "another"})
	other, err := NewModelEmbedder(t.Context(), server.URL, "e")
	if err != nil {
		t.Fatal(err)
	}
	calls := server.Embeds()
	ix := open(t, testDocuments(), Options{Meaning: other, Vectors: []*Vectors{parseVectors(t, made.File)}})
	if texts, _ := ix.Meant(); texts != 0 || ix.meaning != nil {
		t.Errorf("%d texts by vectors of another version", texts)
	}
	if find(t, ix, "worms in maize", "en"); server.Embeds() != calls {
		t.Error("the model is asked though nothing can be compared")
	}
}

func TestTextsTooLongAreLeftOut(t *testing.T) {
	server, e := embedServer(t)
	docs := testDocuments()
	docs[1].Answer = strings.Repeat("long ", 2000)
	server.Longest(1000)
	made, err := EmbedDocuments(t.Context(), e, docs, nil)
	if err != nil || made.LeftOut != 1 || parseVectors(t, made.File).Len() == 0 {
		t.Errorf("%v: %+v", err, made)
	}
	server.Longest(1)
	if made, err := EmbedDocuments(t.Context(), e, docs, nil); err == nil {
		t.Errorf("vectors of nothing: %+v", made)
	}
	server.Close()
	if _, err := EmbedDocuments(t.Context(), e, docs, nil); err == nil {
		t.Error("vectors of nobody")
	}
}

// A vector comes back with its direction: the cosine changes by less than 0.001 in 768 dimensions.
func TestVectorsKeepTheirDirection(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const n, size = 50, 768
	texts, vectors := make([]string, n), make([][]float32, n)
	for i := range vectors {
		texts[i] = strings.Repeat("x", i+1)
		for range size {
			vectors[i] = append(vectors[i], float32(random.NormFloat64()))
		}
		normalise(vectors[i])
	}
	h := vectorHeader{Model: "m", Digest: "d", Size: size, Documents: []vectorDocument{{"a", "en", n}}}
	raw, err := encodeVectors(h, texts, vectors)
	if err != nil {
		t.Fatal(err)
	}
	v, worst := parseVectors(t, raw), 0.0
	if v.Len() != n || v.of("y") != nil || v.Model().Name != "m" {
		t.Errorf("%d texts of %v", v.Len(), v.Model())
	}
	for i := range vectors {
		got := v.of(texts[i])
		normalise(got)
		for j := range vectors {
			worst = max(worst, math.Abs(dot(got, vectors[j])-dot(vectors[i], vectors[j])))
		}
	}
	t.Logf("%d bytes a text; the cosine is off by %.5f at most", h.rowBytes(), worst)
	if worst > 0.001 {
		t.Errorf("the cosine is off by %.5f", worst)
	}
}

func dot(a, b []float32) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func someVectors(t testing.TB) []byte {
	t.Helper()
	raw, err := encodeVectors(vectorHeader{Model: "m", Digest: "d", Size: 3, Documents: []vectorDocument{{"a", "en", 2}}}, []string{"x", "y"}, [][]float32{{1, 2, -3}, nil})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestParseVectorsRefuses(t *testing.T) {
	good := someVectors(t)
	if v := parseVectors(t, good); v.Len() != 1 || v.of("y") != nil || !slices.Equal(v.of("x"), []float32{3. / 127 * 42, 3. / 127 * 85, -3}) {
		t.Fatalf("%+v", v)
	}
	header := func(text string) []byte {
		return slices.Concat([]byte(vectorMark), []byte{byte(len(text)), 0, 0, 0}, []byte(text))
	}
	sick := bytes.Clone(good)
	copy(sick[len(sick)-3-4:], []byte{0, 0, 0xc0, 0x7f}) // not a number
	for name, raw := range map[string][]byte{
		"nothing": nil, "another file": []byte("GIF89a  "), "no header": []byte(vectorMark), "cut": good[:len(good)-1], "more": append(bytes.Clone(good), 0),
		"long header":  slices.Concat([]byte(vectorMark), []byte{0xff, 0xff, 0xff, 0xff}),
		"no JSON":      header("x"),
		"no model":     header(`{"digest":"d","size":1}`),
		"no size":      header(`{"model":"m","digest":"d"}`),
		"large size":   header(`{"model":"m","digest":"d","size":100000}`),
		"many texts":   header(`{"model":"m","digest":"d","size":1,"documents":[{"texts":999999},{"texts":999999}]}`),
		"less than 0":  header(`{"model":"m","digest":"d","size":1,"documents":[{"texts":-1}]}`),
		"not a number": sick,
	} {
		if v, err := ParseVectors(raw); err == nil {
			t.Errorf("%s is taken as %+v", name, v.header)
		}
	}
}

// FuzzParseVectors: whatever the bytes, what is taken can be used, and is no larger than they are.
func FuzzParseVectors(f *testing.F) {
	f.Add(someVectors(f))
	f.Add([]byte(vectorMark + "\x10\x00\x00\x00{\"size\":1}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, err := ParseVectors(raw)
		if err != nil {
			return
		}
		if v.Len()*v.header.rowBytes() > len(raw) {
			t.Fatalf("%d texts of %d bytes out of %d", v.Len(), v.header.rowBytes(), len(raw))
		}
		for _, d := range testDocuments() {
			if x := v.of(d.Title); x != nil && (len(x) != v.header.Size || slices.ContainsFunc(x, func(n float32) bool { return n != n })) {
				t.Fatalf("the vector %v", x)
			}
		}
	})
}
