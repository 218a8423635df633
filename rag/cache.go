package rag

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"jembe/advisory"
)

// cacheFile is the file of the cache; it may be deleted at any time.
const cacheFile = "index.db"

// cacheSchema: meta holds the embedder's name and size, and the word table with the fingerprint of what it was learnt from; units
// the vector of each text. sum is a CRC-32 of text and vector, because SQLite keeps no checksums.
const cacheSchema = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS units (id INTEGER PRIMARY KEY, text TEXT NOT NULL, vector BLOB NOT NULL, sum INTEGER NOT NULL)`

// cache keeps between starts what is dear to make: vectors and the word table.
type cache struct{ db *sql.DB }

// openCache opens the cache of a directory. A file that is damaged is made anew.
func openCache(ctx context.Context, dir string) (*cache, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("open index cache: %w", err)
	}
	path := filepath.Join(dir, cacheFile)
	c, err := openCacheFile(ctx, path)
	if damaged(err) {
		removeCache(path)
		c, err = openCacheFile(ctx, path)
	}
	if err != nil {
		return nil, fmt.Errorf("open index cache: %w", err)
	}
	return c, nil
}

func openCacheFile(ctx context.Context, path string) (*cache, error) {
	dsn := url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: "_pragma=busy_timeout(2000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	for _, statement := range []string{cacheSchema, `SELECT key, value FROM meta LIMIT 0`, `SELECT id, text, vector, sum FROM units LIMIT 0`} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return &cache{db}, nil
}

func removeCache(path string) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(path + suffix) // what cannot be removed cannot be opened either, and that is told
	}
}

// damaged reports whether the file is no sound database, or one of another form.
func damaged(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff { // without the extended part
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_MISMATCH:
		return true
	}
	return false
}

func (c *cache) close() error { return c.db.Close() }

// value gives a value of meta, nil where there is none.
func (c *cache) value(ctx context.Context, key string) ([]byte, error) {
	var v []byte
	err := c.db.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = ?`, key).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return v, err
}

// table gives the word table learnt from what the fingerprint names, or nil.
func (c *cache) table(ctx context.Context, fingerprint string) (*wordTable, error) {
	raw, err := c.value(ctx, "table")
	if err != nil {
		return nil, err
	}
	body, ok := bytes.CutPrefix(raw, []byte(fingerprint+"\n"))
	if !ok {
		return nil, nil
	}
	t := &wordTable{}
	if json.Unmarshal(body, t) != nil {
		return nil, nil // learnt anew
	}
	return t, nil
}

// vectors calls each with every sound text and vector of the embedder. Vectors of another name or size are not given.
func (c *cache) vectors(ctx context.Context, e Embedder, each func(text string, vector []byte)) error {
	name, err := c.value(ctx, "embedder")
	if err != nil || string(name) != embedderKey(e) {
		return err
	}
	rows, err := c.db.QueryContext(ctx, `SELECT text, vector, sum FROM units`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	for rows.Next() {
		var text string
		var vector sql.RawBytes
		var sum uint32
		if err := rows.Scan(&text, &vector, &sum); err != nil {
			return err
		}
		if len(vector) == 4*e.Size() && checksum(text, vector) == sum {
			each(text, vector)
		}
	}
	return rows.Err()
}

// save replaces what the cache holds, in one transaction.
func (c *cache) save(ctx context.Context, e Embedder, texts []string, data []float32, fingerprint string, table *wordTable) error {
	body, err := json.Marshal(table)
	if err != nil {
		return fmt.Errorf("save index cache: %w", err)
	}
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("save index cache: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	for _, m := range [][2]string{{"embedder", embedderKey(e)}, {"table", fingerprint + "\n" + string(body)}} {
		if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)`, m[0], []byte(m[1])); err != nil {
			return fmt.Errorf("save index cache: %w", err)
		}
	}
	if err := saveUnits(ctx, tx, texts, data, e.Size()); err != nil {
		return fmt.Errorf("save index cache: %w", err)
	}
	return tx.Commit()
}

func saveUnits(ctx context.Context, tx *sql.Tx, texts []string, data []float32, size int) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM units`); err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO units (text, vector, sum) VALUES (?, ?, ?)`)
	if err != nil {
		return err
	}
	defer func() { _ = insert.Close() }() // the transaction tells
	blob := make([]byte, 4*size)
	for i, text := range texts {
		for k, x := range data[i*size : (i+1)*size] {
			binary.LittleEndian.PutUint32(blob[4*k:], math.Float32bits(x))
		}
		if _, err := insert.ExecContext(ctx, text, blob, checksum(text, blob)); err != nil {
			return err
		}
	}
	return nil
}

// embedderKey names an embedder with its size.
func embedderKey(e Embedder) string { return fmt.Sprintf("%s/%d", e.Name(), e.Size()) }

func checksum(text string, vector []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE([]byte(text)), crc32.IEEETable, vector)
}

// learnVersion changes when the way does in which a word table is learnt.
const learnVersion = "words-1"

// contentFingerprint names the texts from which a word table is learnt.
func contentFingerprint(docs []*advisory.Document, lexicon *advisory.Lexicon) string {
	h := sha256.New()
	e := json.NewEncoder(h)
	for _, d := range docs {
		// a hash takes everything
		_ = e.Encode([]any{d.ID, d.Lang, d.Title, d.Answer, d.Sections})
	}
	for _, c := range lexicon.Concepts() {
		for _, lang := range slices.Sorted(maps.Keys(c.Names)) {
			_ = e.Encode([]any{lang, c.Names[lang]})
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
