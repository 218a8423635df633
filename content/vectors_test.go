package content

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"jembe/advisory"
)

// embedding gives an embed function that makes a file of this name and these words, and notes of how many documents.
func embedding(name, words string, documents *int) func([]*advisory.Document) (string, []byte, error) {
	return func(docs []*advisory.Document) (string, []byte, error) {
		*documents = len(docs)
		return name, []byte(words), nil
	}
}

func TestAddVectors(t *testing.T) {
	archive, dir, n := built(t, office()), t.TempDir(), 0
	first, second := filepath.Join(dir, "1.tar.zst"), filepath.Join(dir, "2.tar.zst")
	m, err := AddVectors(archive, first, "", embedding("small.aaaa.bin", "old", &n))
	if err != nil || m.ID() != "office@1.1" || n != 3 {
		t.Fatalf("%v: %s of %d documents", err, m.ID(), n)
	}
	if m, err = AddVectors(first, second, "2", embedding("small.bbbb.bin", "new", &n)); err != nil || m.ID() != "office@2" {
		t.Fatalf("%v: %s", err, m.ID())
	}
	data := t.TempDir()
	shelf := NewShelf(data)
	for _, a := range []string{archive, first, second} { // each is newer than the one before
		if _, err := shelf.Install(a); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]string{}
	for _, v := range shelf.Load().Vectors {
		raw, err := v.Read()
		if err != nil || v.Pack != "office@2" {
			t.Errorf("%s: %v", v.Pack, err)
		}
		got[v.Name] = string(raw)
	}
	if len(got) != 2 || got["small.bbbb.bin"] != "new" || got["hash-64.bin"] != office()["vectors/hash-64.bin"] {
		t.Errorf("carried: %q", got)
	}
	file := filepath.Join(data, "packs", "office-2", "vectors", "small.bbbb.bin")
	if err := os.WriteFile(file, []byte("bad"), 0o644); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(shelf.Load().Vectors, func(v Vectors) bool { return v.Name == "small.bbbb.bin" })
	_, err = shelf.Load().Vectors[i].Read()
	wantCode(t, err, advisory.CorruptPack)
}

func TestAddVectorsToAFolderAndToTheStarter(t *testing.T) {
	n, out := 0, filepath.Join(t.TempDir(), "out.tar.zst")
	data := t.TempDir()
	if _, err := NewShelf(data).Install(built(t, office())); err != nil {
		t.Fatal(err)
	}
	if m, err := AddVectors(filepath.Join(data, "packs", "office-1"), out, "", embedding("small.aaaa.bin", "x", &n)); err != nil || m.ID() != "office@1.1" {
		t.Errorf("%v: %s", err, m.ID())
	}
	if m, err := AddVectors(StarterName, out, "", embedding("small.aaaa.bin", "x", &n)); err != nil || m.Name != "starter" || n != len(starterPack(t).Documents) {
		t.Errorf("%v: %s of %d documents", err, m.ID(), n)
	}
}

// What fails leaves no pack behind.
func TestAddVectorsIsAllOrNothing(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.tar.zst")
	broken := errors.New("the model is gone")
	if _, err := AddVectors(built(t, office()), out, "", func([]*advisory.Document) (string, []byte, error) { return "", nil, broken }); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	n := 0
	if _, err := AddVectors(filepath.Join(t.TempDir(), "none"), out, "", embedding("a.b.bin", "x", &n)); err == nil {
		t.Error("vectors of no pack")
	}
	if _, err := AddVectors(built(t, office()), out, "", embedding("../../escape.bin", "x", &n)); err == nil {
		t.Error("a file outside of the pack")
	}
	junk := filepath.Join(t.TempDir(), "junk")
	if err := os.WriteFile(junk, []byte("junk"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := AddVectors(junk, out, "", embedding("a.b.bin", "x", &n))
	wantCode(t, err, advisory.CorruptPack)
	if _, err := os.Stat(out); err == nil {
		t.Error("a pack was left behind")
	}
}
