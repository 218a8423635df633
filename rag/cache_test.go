package rag

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"jembe/advisory"
)

// embedded opens the index in dir and gives the number of texts that had to be embedded.
func embedded(t *testing.T, dir string, docs []*advisory.Document, name string) int {
	t.Helper()
	e := &brokenEmbedder{name: name}
	ix := open(t, docs, Options{Embedder: e, Cache: dir})
	made := e.calls
	if m := find(t, ix, "worms in the heart of maize", "en"); len(m) == 0 || m[0].Document.ID != "maize-fall-armyworm" || m[0].Vector < 0.3 {
		t.Errorf("the index is not whole: %+v", m)
	}
	if len(ix.table.of("fr", "en", "couch")) == 0 {
		t.Error("no words learnt")
	}
	return made
}

func TestCacheSavesEmbedding(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "yet", "there")
	docs := testDocuments()
	all := embedded(t, dir, docs, "double")
	if all == 0 {
		t.Fatal("nothing embedded at first")
	}
	if n := embedded(t, dir, docs, "double"); n != 0 {
		t.Errorf("%d texts embedded again", n)
	}
	docs[0].Answer = "Look at ten plants."
	if n := embedded(t, dir, docs, "double"); n != 1 {
		t.Errorf("one text changed, %d embedded", n)
	}
	if n := embedded(t, dir, docs, "double"); n != 0 {
		t.Errorf("the change was not kept: %d embedded", n)
	}
	if n := embedded(t, dir, docs, "other"); n != all {
		t.Errorf("another embedder embeds all %d texts, not %d", all, n)
	}
	if n := embedded(t, "", docs, "double"); n != all {
		t.Errorf("without a cache all %d texts are embedded, not %d", all, n)
	}
}

func TestCacheFollowsTheFingerprint(t *testing.T) {
	dir := t.TempDir()
	two := testDocuments()
	ix := open(t, two[:3], Options{Cache: dir, Fingerprint: "a"})
	if len(ix.table.of("fr", "en", "couch")) != 0 {
		t.Fatal("words learnt from nothing")
	}
	ix = open(t, two, Options{Cache: dir, Fingerprint: "b"})
	if len(ix.table.of("fr", "en", "couch")) == 0 {
		t.Error("the words of other content are taken for these")
	}
}

// The file may be damaged in any way: the index is whole all the same, and the file is sound afterwards.
func TestDamagedCache(t *testing.T) {
	for name, damage := range map[string]func(*testing.T, string){
		"no database":  func(t *testing.T, path string) { write(t, path, []byte("no database at all, but long enough to look")) },
		"empty":        func(t *testing.T, path string) { write(t, path, nil) },
		"cut short":    func(t *testing.T, path string) { raw := read(t, path); write(t, path, raw[:len(raw)/2]) },
		"other tables": func(t *testing.T, path string) { run(t, path, `DROP TABLE units; CREATE TABLE units (x TEXT)`) },
		"bits flipped": func(t *testing.T, path string) { run(t, path, `UPDATE units SET vector = zeroblob(length(vector))`) },
		"short vector": func(t *testing.T, path string) { run(t, path, `UPDATE units SET vector = x'00'`) },
		"bad table":    func(t *testing.T, path string) { run(t, path, `UPDATE meta SET value = x'ff'`) },
		"garbage": func(t *testing.T, path string) {
			raw := read(t, path)
			for i := 200; i < len(raw); i += 3 {
				raw[i] ^= 0x55
			}
			write(t, path, raw)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			embedded(t, dir, testDocuments(), "double")
			damage(t, filepath.Join(dir, cacheFile))
			if embedded(t, dir, testDocuments(), "double") == 0 && name != "bad table" {
				t.Error("damaged vectors were taken")
			}
			if n := embedded(t, dir, testDocuments(), "double"); n != 0 {
				t.Errorf("not mended: %d texts embedded", n)
			}
		})
	}
}

func TestCacheThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, nil)
	if embedded(t, filepath.Join(file, "dir"), testDocuments(), "double") == 0 { // a file stands where the folder should
		t.Error("nothing embedded")
	}
}

func TestProgress(t *testing.T) {
	last, of := 0, 0
	open(t, testDocuments(), Options{Progress: func(done, total int) {
		if done <= last || done > total {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last, of = done, total
	}})
	if last == 0 || last != of {
		t.Errorf("ended at %d of %d", last, of)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func write(t *testing.T, path string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, path, statements string) {
	t.Helper()
	c, err := openCacheFile(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.db.Exec(statements); err != nil {
		t.Fatal(err)
	}
	if err := c.close(); err != nil {
		t.Fatal(err)
	}
}
