// Package hub is the regional office's server: it takes in what boxes send, hands out content and replies, and shows the office
// its first pages.
//
// It owns the hub's data folder (hub.db unless the office uses PostgreSQL, key, identity, files/, backups/) and the schema in
// migrations. It never computes a figure while it takes events in, and never changes an event.
package hub

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/pressly/goose/v3"

	"jembe/advisory"
	"jembe/edge/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// database is the hub's tables, in a SQLite file or in PostgreSQL: the same schema and the same statements on both, with
// parameters $1, $2 ...
type database struct {
	Write *sql.DB            // SQLite: one connection, whose transactions begin as writers
	Read  *sql.DB            // PostgreSQL: the same pool
	level sql.IsolationLevel // at which a transaction sees one moment
	close func() error
}

// write runs do in a transaction and commits it, unless do fails.
func (db *database) write(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := db.Write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// snapshot runs do in a transaction that sees the database as it is at one moment, and writes nothing.
func (db *database) snapshot(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := db.Read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: db.level})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return do(tx)
}

// openDatabase opens PostgreSQL when the address begins with postgres://, else hub.db in the data folder, and brings the schema up
// to date. A server that is away, or an address that is wrong, is told as *advisory.Error with a hint.
func openDatabase(ctx context.Context, dir, address string) (*database, error) {
	schema, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if address == "" {
		return openSQLite(ctx, dir, schema)
	}
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return nil, &advisory.Error{Code: advisory.BadRequest, Err: fmt.Errorf("database %q", address),
			Hint: "give an address such as postgres://user:password@host/jembe, or leave it out for a file in the data folder"}
	}
	return openPostgres(ctx, address, schema)
}

func openSQLite(ctx context.Context, dir string, schema fs.FS) (*database, error) {
	db, err := sqlite.Open(ctx, filepath.Join(dir, "hub.db"), schema)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(filepath.Join(dir, "hub.db"), 0o600); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &database{Write: db.Write, Read: db.Read, close: db.Close}, nil
}

func openPostgres(ctx context.Context, address string, schema fs.FS) (*database, error) {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(16)
	away := func(err error) error {
		lines := strings.Split(err.Error(), "\n") // one for each address that was tried, below the one they have in common
		return errors.Join(&advisory.Error{Code: advisory.Internal, Err: fmt.Errorf("PostgreSQL cannot be used: %s", strings.TrimSpace(lines[len(lines)-1])),
			Hint: "see that PostgreSQL runs, that the database exists, and that this user may create tables in it"}, db.Close())
	}
	if err := db.PingContext(ctx); err != nil {
		return nil, away(err)
	}
	// SQLite calls its type of bytes BLOB; with a domain of that name one schema serves both.
	if _, err := db.ExecContext(ctx, `DO $$ BEGIN CREATE DOMAIN blob AS bytea; EXCEPTION WHEN duplicate_object THEN NULL; END $$`); err != nil {
		return nil, away(err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, schema, goose.WithLogger(goose.NopLogger()))
	if err == nil {
		_, err = p.Up(ctx)
	}
	if err != nil {
		return nil, away(fmt.Errorf("bring the schema up to date: %w", err))
	}
	return &database{Write: db, Read: db, level: sql.LevelRepeatableRead, close: db.Close}, nil
}
