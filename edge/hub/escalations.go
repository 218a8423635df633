package hub

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"

	"jembe/advisory"
	"jembe/edge/wire"
)

// desk is the Escalations of a hub. What farmers said stays sealed in the tables; it is opened for one reader at a time, in memory.
type desk struct{ hub *Hub }

// escalationColumns are those that escalationRow reads.
const escalationColumns = `e.device, e.id, e.code, e.picture, COALESCE(d.village, ''), e.lang, e.asked_ms, e.voice, COALESCE(e.answered_ms, 0), e.erased_ms, e.expired
	FROM escalations e LEFT JOIN devices d ON d.device = e.device`

// scanner is a row that can be read.
type scanner interface{ Scan(...any) error }

func escalationRow(row scanner) (e Escalation, device, id string, err error) {
	var voice, expired int
	var erased sql.NullInt64
	err = row.Scan(&device, &id, &e.Code, &e.Picture, &e.Village, &e.Lang, &e.AskedMS, &voice, &e.AnsweredMS, &erased, &expired)
	e.ID, e.HasVoice, e.Erased = device+"-"+id, voice == 1 && !erased.Valid, erased.Valid
	e.Expired = expired == 1
	return e, device, id, err
}

// escalationsQuery is that of a page: of a village ($1) and a language ($2), or of all; how many ($3), after how many ($4). Each of the two
// lists is read in the order of an index of its own.
func escalationsQuery(of Waiting) string {
	where, order := `e.answered_ms IS NULL AND e.erased_ms IS NULL`, `e.whole_ms, e.device, e.id`
	if of.Answered {
		where, order = `e.answered_ms IS NOT NULL`, `e.answered_ms DESC, e.device, e.id`
	}
	return `SELECT ` + escalationColumns + ` WHERE e.whole_ms IS NOT NULL AND ` + where + `
		AND ($1 = '' OR d.village = $1) AND ($2 = '' OR e.lang = $2) ORDER BY ` + order + ` LIMIT $3 OFFSET $4`
}

// Escalations implements Escalations.
func (k desk) Escalations(ctx context.Context, of Waiting, page, size int) ([]Escalation, error) {
	rows, err := k.hub.db.Read.QueryContext(ctx, escalationsQuery(of), of.Village, string(of.Lang), size, page*size)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Escalation
	for rows.Next() {
		e, _, _, err := escalationRow(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// find gives an escalation that is whole, as it is without opening it.
func (k desk) find(ctx context.Context, db querier, id string) (Escalation, string, string, error) {
	device, own, _ := strings.Cut(id, "-")
	e, device, own, err := escalationRow(db.QueryRowContext(ctx, `SELECT `+escalationColumns+` WHERE e.device = $1 AND e.id = $2 AND e.whole_ms IS NOT NULL`, device, own))
	if errors.Is(err, sql.ErrNoRows) {
		err = &advisory.Error{Code: advisory.NotFound}
	}
	return e, device, own, err
}

// Escalation implements Escalations.
func (k desk) Escalation(ctx context.Context, id string) (Escalation, error) {
	e, device, own, err := k.find(ctx, k.hub.db.Read, id)
	if err != nil {
		return e, err
	}
	if !e.Erased {
		asked, err := k.open(ctx, device, own)
		if err != nil {
			return e, err
		}
		e.Words, e.Concepts, e.HasVoice = asked.Words, plainConcepts(asked.Concepts), len(asked.Voice) > 0
	}
	e.Replies, err = k.replies(ctx, device, own)
	return e, err
}

// open unseals what the farmer said.
func (k desk) open(ctx context.Context, device, id string) (wire.Asked, error) {
	sealed, err := sealedOf(ctx, k.hub.db.Read, device, id)
	if err != nil {
		return wire.Asked{}, err
	}
	asked, err := wire.OpenAsked(sealed, k.hub.identity)
	if err != nil {
		return asked, &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: "it is not sealed to this hub: the farmer must ask again"}
	}
	return asked, nil
}

func (k desk) replies(ctx context.Context, device, id string) ([]EscalationReply, error) {
	rows, err := k.hub.db.Read.QueryContext(ctx, `SELECT by_user, at_ms, text, voice_size > 0, COALESCE(heard_ms, 0) FROM escalation_replies
		WHERE device = $1 AND escalation = $2 ORDER BY at_ms, id`, device, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []EscalationReply
	for rows.Next() {
		var r EscalationReply
		if err := rows.Scan(&r.By, &r.AtMS, &r.Text, &r.HasVoice, &r.HeardMS); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Voice implements Escalations.
func (k desk) Voice(ctx context.Context, id string, reply int) (Recording, error) {
	e, device, own, err := k.find(ctx, k.hub.db.Read, id)
	if err != nil {
		return nil, err
	}
	var voice []byte
	switch {
	case reply > 0:
		err = k.hub.db.Read.QueryRowContext(ctx, `SELECT voice FROM escalation_replies WHERE device = $1 AND escalation = $2
			ORDER BY at_ms, id LIMIT 1 OFFSET $3`, device, own, reply-1).Scan(&voice)
	case !e.Erased:
		var asked wire.Asked
		asked, err = k.open(ctx, device, own)
		voice = asked.Voice
	}
	if errors.Is(err, sql.ErrNoRows) || err == nil && len(voice) == 0 {
		err = &advisory.Error{Code: advisory.NotFound}
	}
	return voice, err
}

// Reply implements Escalations. The box gets it with its next contact.
func (k desk) Reply(ctx context.Context, id string, r EscalationReply, voice Recording) error {
	return k.hub.db.write(ctx, func(tx *sql.Tx) error {
		_, device, own, err := k.find(ctx, tx, id)
		if err != nil {
			return err
		}
		sum := ""
		if len(voice) > 0 {
			s := sha256.Sum256(voice)
			sum = hex.EncodeToString(s[:])
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO escalation_replies (id, device, escalation, by_user, at_ms, text, voice, voice_sha256, voice_size)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, wire.RandomID(10), device, own, r.By, r.AtMS, r.Text, []byte(voice), sum, len(voice))
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE escalations SET answered_ms = $1 WHERE device = $2 AND id = $3`, r.AtMS, device, own)
		}
		return err
	})
}

// Close implements Escalations.
func (k desk) Close(ctx context.Context, id, by string) error {
	return k.hub.db.write(ctx, func(tx *sql.Tx) error {
		_, device, own, err := k.find(ctx, tx, id)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE escalations SET answered_ms = $1, closed_by = $2 WHERE device = $3 AND id = $4 AND answered_ms IS NULL`,
			k.hub.now(), by, device, own)
		return err
	})
}

// villages gives those that boxes stand in, by name.
func (h *Hub) villages(ctx context.Context) ([]string, error) {
	rows, err := h.db.Read.QueryContext(ctx, `SELECT DISTINCT village FROM devices ORDER BY village`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return names(rows)
}

// names reads a column of texts.
func names(rows *sql.Rows) ([]string, error) {
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, rows.Err()
}
