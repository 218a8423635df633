package hub

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"jembe/advisory"
	"jembe/content"
)

// The signed files of the channel; beside them there is root-ID.json for each root key that handed over.
const (
	contentFile = "content.json"
	keysFile    = "keys.json"
)

// querier is what reads: a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// publishing runs do in a transaction; those of other goroutines and processes wait for it, and see what it did: in SQLite because
// each begins as a writer, in PostgreSQL because each begins with the same row.
func (h *Hub) publishing(ctx context.Context, do func(*sql.Tx) error) error {
	return h.db.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE signed_files SET body = body WHERE name = $1 AND version = 1`, keysFile); err != nil {
			return err
		}
		return do(tx)
	})
}

// keepSigned puts a signed file into force.
func keepSigned(ctx context.Context, tx *sql.Tx, name string, version int64, s content.Signed) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO signed_files (name, version, body, signature) VALUES ($1, $2, $3, $4)`,
		name, version, string(s.Body), string(s.Signature))
	return err
}

// lastSigned gives the file of a name that is in force, and its version; sql.ErrNoRows when there is none.
func lastSigned(ctx context.Context, q querier, name string) (s content.Signed, version int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT version, body, signature FROM signed_files WHERE name = $1 ORDER BY version DESC LIMIT 1`, name).
		Scan(&version, &s.Body, &s.Signature)
	return s, version, err
}

// issue signs the next content.json: the packs that hold, and all that was ever taken back. Its version is the time in seconds, or
// one more than the last where the clock is behind, so that a hub that came back from a backup does not repeat versions that boxes
// have seen.
func (h *Hub) issue(ctx context.Context, tx *sql.Tx) (content.Channel, error) {
	keys, err := h.keysInForce(ctx, tx)
	if err != nil {
		return content.Channel{}, err
	}
	c := content.Channel{Format: content.ChannelFormat, Keys: keys.Version, Issued: h.clock().UTC().Format(time.RFC3339)}
	var last int64
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(version), 0) FROM signed_files WHERE name = $1`, contentFile).Scan(&last); err != nil {
		return c, err
	}
	c.Version = max(last+1, h.clock().Unix())
	all, err := packs(ctx, tx)
	if err != nil {
		return c, err
	}
	c.Packs, c.ReviewBy = listed(all)
	if c.Revoked, err = revoked(ctx, tx, all); err != nil {
		return c, err
	}
	key, err := h.publisherKey(keys)
	if err != nil {
		return c, err
	}
	s := content.Sign(key, c.Encode(), fmt.Sprintf("jembe content.json version %d", c.Version))
	if _, err := content.ParseChannel(s.Body); err != nil { // what boxes would refuse is never published
		return c, &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: "put several packs into one, and leave out of them what was taken back"}
	}
	return c, keepSigned(ctx, tx, contentFile, c.Version, s)
}

// listed gives of each name the newest version that holds, by when the name was first published, and the first day of review.
func listed(all []Published) (list []content.ChannelPack, reviewBy string) {
	list = []content.ChannelPack{}
	for _, p := range all {
		if p.Withdrawn != 0 {
			continue
		}
		i := slices.IndexFunc(list, func(l content.ChannelPack) bool { return l.Name == p.Name })
		switch {
		case i < 0:
			list = append(list, p.ChannelPack)
		case content.CompareVersions(p.Version, list[i].Version) > 0:
			list[i] = p.ChannelPack
		}
	}
	for _, p := range all {
		if slices.Contains(list, p.ChannelPack) && p.ReviewBy != "" && (reviewBy == "" || p.ReviewBy < reviewBy) {
			reviewBy = p.ReviewBy
		}
	}
	return list, reviewBy
}

// revoked gives all that was ever taken back.
func revoked(ctx context.Context, q querier, all []Published) ([]content.Revocation, error) {
	out := []content.Revocation{}
	for _, p := range all {
		if p.Withdrawn != 0 {
			out = append(out, content.Revocation{Pack: p.Name, Version: p.Version})
		}
	}
	documents, err := withdrawnDocuments(ctx, q)
	return append(out, documents...), err
}

// mostCorrections of one document hold: the last ones.
const mostCorrections = 16

// withdrawnDocuments gives the documents that were taken back, with the files that hold all the same.
func withdrawnDocuments(ctx context.Context, q querier) ([]content.Revocation, error) {
	rows, err := q.QueryContext(ctx, `SELECT w.document, w.lang, coalesce(c.sha256, '') FROM withdrawn_documents w
		LEFT JOIN corrections c ON c.document = w.document AND c.lang = w.lang
		ORDER BY w.document, w.lang, c.corrected_ms DESC, c.sha256`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []content.Revocation
	for rows.Next() {
		var r content.Revocation
		var except string
		if err := rows.Scan(&r.Document, &r.Lang, &except); err != nil {
			return nil, err
		}
		if n := len(out); n == 0 || out[n-1].String() != r.String() {
			out = append(out, r)
		}
		if last := &out[len(out)-1]; except != "" && len(last.Except) < mostCorrections {
			last.Except = append(last.Except, except)
		}
	}
	return out, rows.Err()
}

// Announced gives the version and the SHA-256 (hexadecimal) of the content.json in force; 0 and "" while nothing was published.
func (h *Hub) Announced(ctx context.Context) (version int64, sum string, err error) {
	s, version, err := lastSigned(ctx, h.db.Read, contentFile)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", nil
	}
	if err != nil {
		return 0, "", err
	}
	hash := sha256.Sum256(s.Body)
	return version, hex.EncodeToString(hash[:]), nil
}
