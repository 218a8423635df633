package hub

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// transaction is one that prepares each statement once: a group of pushes says the same many times.
type transaction struct {
	*sql.Tx
	prepared map[string]*sql.Stmt // closed with the transaction
}

func preparing(tx *sql.Tx) *transaction { return &transaction{tx, map[string]*sql.Stmt{}} }

func (tx *transaction) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if s := tx.prepared[query]; s != nil {
		return s, nil
	}
	s, err := tx.PrepareContext(ctx, query)
	if err == nil {
		tx.prepared[query] = s
	}
	return s, err
}

// ExecContext is that of sql.Tx, with the statement prepared.
func (tx *transaction) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := tx.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// QueryContext is that of sql.Tx, with the statement prepared.
func (tx *transaction) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := tx.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// insertRows is the most that go into one statement, a power of 2: SQLite takes 32,766 parameters, PostgreSQL twice that.
const insertRows = 128

// insert puts rows into a table, many with one statement. They go by powers of 2, so that there are few statements to prepare.
func (tx *transaction) insert(ctx context.Context, before, after string, rows [][]any) error {
	for n := insertRows; len(rows) > 0; n /= 2 {
		for len(rows) >= n {
			var values []any
			for _, r := range rows[:n] {
				values = append(values, r...)
			}
			if _, err := tx.ExecContext(ctx, before+parameters(n, len(rows[0]))+after, values...); err != nil {
				return err
			}
			rows = rows[n:]
		}
	}
	return nil
}

// parameters gives ($1, $2), ($3, $4) for 2 rows of 2 columns.
func parameters(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	return b.String() + ")"
}
