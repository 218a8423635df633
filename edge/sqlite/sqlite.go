// Package sqlite says how a database file of ours is opened: WAL with synchronous=FULL, so that what was committed survives
// a power cut; one writer, and readers that cannot write; embedded migrations applied in order.
//
// It owns no file of its own: the caller names the file (beside which SQLite keeps -wal and -shm) and brings the
// migrations. It never repairs or deletes a file; it tells the caller which kind of failure it met.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// pragmas of every connection. The wait for another process's lock comes first, so that it holds for the others too.
// secure_delete overwrites what is erased: the words of a farmer must not stay readable in free pages.
const pragmas = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_pragma=journal_size_limit(1048576)"

// DB is an open database file.
type DB struct {
	Write *sql.DB // one connection; its transactions begin as writers (BEGIN IMMEDIATE)
	Read  *sql.DB // any number of connections, none of which can write
}

// Open opens the file, makes it when there is none, and brings its schema up to date with the migrations: goose files
// (0001_name.sql) in the root of fsys. Two processes must not open one file for the first time at once: the caller keeps
// them apart.
func Open(ctx context.Context, path string, fsys fs.FS) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	name := (&url.URL{Scheme: "file", Path: abs}).String() + "?" + pragmas
	write, err := sql.Open("sqlite", name+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	if err := migrate(ctx, write, fsys); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate: %w", err), write.Close())
	}
	read, err := sql.Open("sqlite", name+"&mode=ro&_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return &DB{Write: write, Read: read}, nil
}

func migrate(ctx context.Context, db *sql.DB, fsys fs.FS) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db, fsys, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// Close closes both handles. The last one to close a file moves the write-ahead log into it.
func (db *DB) Close() error {
	return errors.Join(db.Read.Close(), db.Write.Close())
}

// IsFull reports whether err means that the disk has no room. An open on a full disk fails earlier than a write does:
// when the shared memory beside the file cannot grow.
func IsFull(err error) bool {
	c := code(err)
	return c == lib.SQLITE_FULL || c == lib.SQLITE_IOERR_SHMSIZE || c == lib.SQLITE_IOERR_WRITE
}

// IsCorrupt reports whether err means that the file's content is damaged, or is no database.
func IsCorrupt(err error) bool {
	c := code(err) & 0xff
	return c == lib.SQLITE_CORRUPT || c == lib.SQLITE_NOTADB
}

// IsReadOnly reports whether err means that the file or its folder cannot be written.
func IsReadOnly(err error) bool {
	c := code(err) & 0xff
	return c == lib.SQLITE_READONLY || c == lib.SQLITE_CANTOPEN || c == lib.SQLITE_PERM
}

// IsBusy reports whether err means that another process kept the file locked for longer than we wait.
func IsBusy(err error) bool {
	c := code(err) & 0xff
	return c == lib.SQLITE_BUSY || c == lib.SQLITE_LOCKED
}

// code is SQLite's extended result code of err; 0 when err is none of SQLite's.
func code(err error) int {
	if e := (*sqlite.Error)(nil); errors.As(err, &e) {
		return e.Code()
	}
	return 0
}
