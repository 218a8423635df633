package sqlite_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"jembe/edge/sqlite"
)

var schema = fstest.MapFS{
	"0001_things.sql": {Data: []byte("-- +goose Up\nCREATE TABLE things (id INTEGER PRIMARY KEY, body TEXT);\n")},
}

func open(t *testing.T, path string, fsys fstest.MapFS) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path, fsys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestPragmas(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "odd name #1?.db"), schema)
	for _, h := range []struct {
		name   string
		handle *sql.DB
	}{{"write", db.Write}, {"read", db.Read}} {
		for pragma, want := range map[string]string{
			"busy_timeout": "10000", "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1",
		} {
			var got string
			if err := h.handle.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s handle: %s = %q, %v; want %q", h.name, pragma, got, err, want)
			}
		}
	}
}

func TestReadHandleCannotWrite(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "a.db"), schema)
	_, err := db.Read.Exec("INSERT INTO things (body) VALUES ('x')")
	if !sqlite.IsReadOnly(err) {
		t.Fatalf("write through the read handle: %v, want read-only", err)
	}
}

func TestMigrationsAreAppliedOnceAndInOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	first := open(t, path, schema)
	if _, err := first.Write.Exec("INSERT INTO things (body) VALUES ('kept')"); err != nil {
		t.Fatal(err)
	}
	first.Close()
	more := fstest.MapFS{"0002_more.sql": {Data: []byte("-- +goose Up\nALTER TABLE things ADD COLUMN colour TEXT DEFAULT 'green';\n")}}
	more["0001_things.sql"] = schema["0001_things.sql"]
	second := open(t, path, more)
	var body, colour string
	if err := second.Read.QueryRow("SELECT body, colour FROM things").Scan(&body, &colour); err != nil || body != "kept" || colour != "green" {
		t.Fatalf("got %q %q %v", body, colour, err)
	}
}

func TestKindsOfFailure(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte("this was never a database file, whatever its name may say"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), garbage, schema); !sqlite.IsCorrupt(err) {
		t.Errorf("garbage: %v, want corrupt", err)
	}
	if _, err := sqlite.Open(t.Context(), filepath.Join(dir, "no", "such", "folder.db"), schema); !sqlite.IsReadOnly(err) {
		t.Errorf("no folder: %v, want read-only", err)
	}
	db := open(t, filepath.Join(dir, "full.db"), schema)
	if _, err := db.Write.Exec("PRAGMA max_page_count = 8"); err != nil {
		t.Fatal(err)
	}
	_, err := db.Write.Exec("INSERT INTO things (body) VALUES (zeroblob(1000000))")
	if !sqlite.IsFull(err) || sqlite.IsCorrupt(err) || sqlite.IsBusy(err) {
		t.Errorf("full: %v, want full and nothing else", err)
	}
}
