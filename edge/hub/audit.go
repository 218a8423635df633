package hub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// Deed is one line of the audit log: who did what. It never holds what a farmer said, nor a password.
type Deed struct {
	N       int64  `json:"n"`
	AtMS    int64  `json:"at_ms"` // Unix time
	Actor   string `json:"actor"` // a user, or "hub" for its command line
	Action  string `json:"action"`
	Object  string `json:"object"`
	Address string `json:"address"`
}

// When is the time of the deed.
func (d Deed) When() time.Time { return time.UnixMilli(d.AtMS) }

// commandLine is the actor of what is done on the hub's own machine.
const commandLine = "hub"

// beginAudit lays down the end of an empty log, once in a hub's life.
func beginAudit(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, `INSERT INTO audit_head (id, n, hash) VALUES (1, 0, $1) ON CONFLICT (id) DO NOTHING`, make([]byte, sha256.Size))
	return err
}

// logDeed adds a deed to the audit log, in the transaction of what was done: neither stands without the other.
func logDeed(ctx context.Context, tx *sql.Tx, d Deed) error {
	var prev []byte
	err := tx.QueryRowContext(ctx, `UPDATE audit_head SET n = n + 1 WHERE id = 1 RETURNING n, hash`).Scan(&d.N, &prev)
	if err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	head, err := d.link(prev)
	if err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `INSERT INTO audit (n, at_ms, actor, action, object, address, prev) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		d.N, d.AtMS, d.Actor, d.Action, d.Object, d.Address, prev); err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE audit_head SET hash = $1 WHERE id = 1`, head[:])
	}
	if err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	return nil
}

// link is the hash of the log up to this deed.
func (d Deed) link(prev []byte) (wire.Hash, error) {
	line, err := json.Marshal(d)
	if err != nil || len(prev) != sha256.Size {
		return wire.Hash{}, fmt.Errorf("line %d of the audit log is damaged: %w", d.N, errors.Join(err, errBrokenLog))
	}
	return wire.Link(wire.Hash(prev), line), nil
}

var errBrokenLog = &advisory.Error{Code: advisory.Internal, Err: errors.New("the audit log was changed after it was written"),
	Hint: "compare it with a backup, and with a hash of its last line that was noted on paper"}

// Audit gives the deeds from the newest on, at most limit of those before the line before (0: from the end).
func (s *Staff) Audit(ctx context.Context, before int64, limit int) ([]Deed, error) {
	rows, err := s.db.Read.QueryContext(ctx, `SELECT n, at_ms, actor, action, object, address FROM audit
		WHERE $1 = 0 OR n < $1 ORDER BY n DESC LIMIT $2`, before, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Deed
	for rows.Next() {
		var d Deed
		if err := rows.Scan(&d.N, &d.AtMS, &d.Actor, &d.Action, &d.Object, &d.Address); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// VerifyAudit recomputes the chain of the audit log, and gives how many lines it has and the hash of the last, which an
// auditor may note elsewhere. A line that was changed, added or taken away is an error that names the first place.
func (s *Staff) VerifyAudit(ctx context.Context) (lines int64, head wire.Hash, err error) {
	return verifyAudit(ctx, s.db.Read)
}

func verifyAudit(ctx context.Context, db querier) (lines int64, head wire.Hash, err error) {
	// One statement, so that lines which are added meanwhile do not disturb it.
	rows, err := db.QueryContext(ctx, `SELECT COALESCE(n, 0), COALESCE(at_ms, 0), COALESCE(actor, ''), COALESCE(action, ''),
		COALESCE(object, ''), COALESCE(address, ''), prev, end_n, end_hash
		FROM (SELECT n AS end_n, hash AS end_hash FROM audit_head WHERE id = 1) AS h LEFT JOIN audit ON 1 = 1 ORDER BY n`)
	if err != nil {
		return 0, head, err
	}
	defer rows.Close()
	end, noted := int64(-1), []byte(nil)
	for rows.Next() {
		var d Deed
		var prev []byte
		if err := rows.Scan(&d.N, &d.AtMS, &d.Actor, &d.Action, &d.Object, &d.Address, &prev, &end, &noted); err != nil {
			return lines, head, err
		}
		if d.N == 0 && prev == nil {
			break // there is no line yet
		}
		if d.N != lines+1 || !bytes.Equal(prev, head[:]) {
			return lines, head, fmt.Errorf("after line %d: %w", lines, errBrokenLog)
		}
		if head, err = d.link(prev); err != nil {
			return lines, head, err
		}
		lines = d.N
	}
	if err := rows.Err(); err != nil {
		return lines, head, err
	}
	if end != lines || !bytes.Equal(noted, head[:]) {
		return lines, head, fmt.Errorf("at its end, after line %d of %d: %w", lines, end, errBrokenLog)
	}
	return lines, head, nil
}
