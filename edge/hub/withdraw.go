package hub

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"jembe/advisory"
	"jembe/content"
)

// Withdraw takes back a version of a pack, "office@3", or all of it, "office". Where a version before it holds, boxes return to that.
func (h *Hub) Withdraw(ctx context.Context, pack, by string) error {
	name, version, _ := strings.Cut(pack, "@")
	return h.publishing(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE packs SET withdrawn_ms = $1, withdrawn_by = $2
			WHERE withdrawn_ms IS NULL AND name = $3 AND ($4 = '' OR version = $4)`, h.now(), by, name, version)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, &advisory.Error{Code: advisory.NotFound, Err: fmt.Errorf("%s is not published", pack), Hint: "see jembe-hub pack list"})
		}
		_, err = h.issue(ctx, tx)
		return err
	})
}

// WithdrawDocument takes back a document in whatever pack it stands, the boxes' starter too: "sw/maize-stem-borer" in one language,
// "maize-stem-borer" in all. Taken back once more, what was corrected meanwhile falls too.
func (h *Hub) WithdrawDocument(ctx context.Context, document, by string) error {
	r, err := content.RevokeDocument(document)
	if err != nil {
		return err
	}
	return h.publishing(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM corrections WHERE document = $1 AND lang = $2`, r.Document, string(r.Lang))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO withdrawn_documents (document, lang, withdrawn_ms, withdrawn_by) VALUES ($1, $2, $3, $4)
			ON CONFLICT (document, lang) DO UPDATE SET withdrawn_ms = excluded.withdrawn_ms, withdrawn_by = excluded.withdrawn_by`,
			r.Document, string(r.Lang), h.now(), by)
		if err != nil {
			return err
		}
		_, err = h.issue(ctx, tx)
		return err
	})
}

// WithdrawnDocuments gives the documents that were taken back, with the files that hold all the same.
func (h *Hub) WithdrawnDocuments(ctx context.Context) ([]content.Revocation, error) {
	return withdrawnDocuments(ctx, h.db.Read)
}
