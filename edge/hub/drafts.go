package hub

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/wire"
)

// Draft is a document that somebody of the office has begun.
type Draft struct {
	ID        string
	Place     string // where it will stand in a pack: docs/LANG/ID.md
	Body      string // Markdown with front matter
	MadeBy    string
	ChangedMS int64 // Unix time
}

// Problems tells what is still wrong in the draft, one by one.
func (d Draft) Problems() []string {
	_, err := content.ParseDocument(d.Place, []byte(d.Body))
	var all content.Problems
	if !errors.As(err, &all) {
		return nil
	}
	var out []string
	for _, p := range all {
		out = append(out, fmt.Sprintf("%d: %s", p.Line, p.Text))
	}
	return out
}

// maxDraft is the most bytes of a draft, which is more than content allows of a document's text.
const maxDraft = 128 << 10

// draftOf begins a document from a farmer's question and the last reply that was written. The address of the hub stands as its
// source until the curator names a better one.
func draftOf(e Escalation, address string, now time.Time) (Draft, error) {
	reply := ""
	for _, r := range e.Replies {
		if r.Text != "" {
			reply = r.Text
		}
	}
	lang := e.Lang
	if lang == "" {
		lang = "en"
	}
	id := "reply-" + now.Format("20060102") + "-" + wire.RandomID(3)
	d := content.Draft{ID: id, Lang: lang, Question: e.Words, Reply: reply, Topics: e.Concepts, ReviewBy: now.AddDate(1, 0, 0),
		Source: advisory.Source{Name: "Regional office: reply to a farmer", URL: address, Year: now.Year()}}
	body, err := d.Markdown()
	return Draft{ID: wire.RandomID(5), Place: "docs/" + string(lang) + "/" + id + ".md", Body: string(body)}, err
}

// Drafts gives all drafts, the one changed last first, without their texts.
func (h *Hub) Drafts(ctx context.Context) ([]Draft, error) {
	rows, err := h.db.Read.QueryContext(ctx, `SELECT id, place, made_by, changed_ms FROM drafts ORDER BY changed_ms DESC, id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Draft
	for rows.Next() {
		var d Draft
		if err := rows.Scan(&d.ID, &d.Place, &d.MadeBy, &d.ChangedMS); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// Draft gives one; NotFound when there is none.
func (h *Hub) Draft(ctx context.Context, id string) (Draft, error) {
	d := Draft{ID: id}
	err := h.db.Read.QueryRowContext(ctx, `SELECT place, body, made_by, changed_ms FROM drafts WHERE id = $1`, id).
		Scan(&d.Place, &d.Body, &d.MadeBy, &d.ChangedMS)
	if errors.Is(err, sql.ErrNoRows) {
		err = &advisory.Error{Code: advisory.NotFound}
	}
	return d, err
}

// keepDraft keeps a new draft, in the name of the actor.
func (s *Staff) keepDraft(ctx context.Context, by Deed, d Draft) error {
	return s.do(ctx, by.did("draft begun", d.Place), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO drafts (id, place, body, made_by, changed_ms) VALUES ($1, $2, $3, $4, $5)`,
			d.ID, d.Place, d.Body, by.Actor, s.now().UnixMilli())
		return err
	})
}

// changeDraft puts another text into a draft.
func (s *Staff) changeDraft(ctx context.Context, by Deed, id, body string) error {
	return s.do(ctx, by.did("draft changed", id), func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE drafts SET body = $1, changed_ms = $2 WHERE id = $3`, body, s.now().UnixMilli(), id)
		return oneRow(res, err, &advisory.Error{Code: advisory.NotFound})
	})
}

// dropDraft takes a draft away.
func (s *Staff) dropDraft(ctx context.Context, by Deed, id string) error {
	return s.do(ctx, by.did("draft removed", id), func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM drafts WHERE id = $1`, id)
		return oneRow(res, err, &advisory.Error{Code: advisory.NotFound})
	})
}
