package hub

import (
	"context"
	"fmt"
	"os"

	"jembe/edge/wire"
)

// eraseEscalations erases what a farmer said after an answer to which the consent was taken back. That there was a question stays,
// and so does a reply: it is no word of the farmer's.
func (r *record) eraseEscalations(ctx context.Context, tx *transaction, answer string, now int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM escalation_parts WHERE device = $1 AND id IN (SELECT id FROM escalations WHERE device = $1 AND answer = $2)`, r.device, answer)
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE escalations SET erased_ms = $1 WHERE device = $2 AND answer = $3 AND erased_ms IS NULL`, now, r.device, answer)
	}
	return err
}

// noteHeard notes which replies the box tells were heard.
func (r *record) noteHeard(ctx context.Context, tx *transaction, lines []entry, now int64) error {
	for _, e := range lines {
		if !e.heard {
			continue
		}
		_, err := tx.ExecContext(ctx, `UPDATE escalation_replies SET heard_ms = $1 WHERE device = $2 AND heard_ms IS NULL AND got_ms IS NOT NULL
			AND escalation IN (SELECT id FROM escalations WHERE device = $2 AND answer = $3)`, now, r.device, e.answer)
		if err != nil {
			return err
		}
	}
	return nil
}

// acknowledge notes which replies the box has. One that this hub does not know, because it came back from a backup, is confirmed too:
// it will not send it.
func acknowledge(ctx context.Context, tx *transaction, of wire.Header, reply *wire.Reply) error {
	reply.Got = of.Replies[:min(len(of.Replies), wire.MaxListed)]
	for _, id := range reply.Got {
		_, err := tx.ExecContext(ctx, `UPDATE escalation_replies SET got_ms = $1 WHERE id = $2 AND device = $3 AND got_ms IS NULL`, reply.Time, id, of.Device)
		if err != nil {
			return err
		}
	}
	return nil
}

// answerEscalations puts into the reply what the request asks about escalations, and the replies of people that the box has yet to get.
func answerEscalations(ctx context.Context, tx *transaction, of wire.Header, reply *wire.Reply) error {
	if err := tellEscalations(ctx, tx, of, reply); err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, `SELECT r.id, r.text, r.voice_sha256, r.voice_size, e.id, e.answer, e.code, e.picture, e.lang, e.asked_ms
		FROM escalation_replies r JOIN escalations e ON e.device = r.device AND e.id = r.escalation
		WHERE r.device = $1 AND r.got_ms IS NULL ORDER BY r.at_ms, r.id LIMIT $2`, of.Device, wire.MaxReplies)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var p wire.PersonReply
		e := &p.Escalation
		if err := rows.Scan(&p.ID, &p.Text, &p.Voice, &p.VoiceSize, &e.ID, &e.Answer, &e.Code, &e.Picture, &e.Lang, &e.AskedMS); err != nil {
			return err
		}
		reply.Replies = append(reply.Replies, p)
	}
	return rows.Err()
}

// tellEscalations tells which of the escalations that the request names are whole here, and which nobody will reply to.
func tellEscalations(ctx context.Context, tx *transaction, of wire.Header, reply *wire.Reply) error {
	for _, id := range of.Escalations[:min(len(of.Escalations), wire.MaxListed)] {
		var n, closed int
		err := tx.QueryRowContext(ctx, `SELECT count(*), coalesce(max(CASE WHEN (e.closed_by <> '' OR e.expired = 1)
			AND NOT EXISTS (SELECT 1 FROM escalation_replies r WHERE r.device = e.device AND r.escalation = e.id) THEN 1 ELSE 0 END), 0)
			FROM escalations e WHERE e.device = $1 AND e.id = $2 AND (e.whole_ms IS NOT NULL OR e.erased_ms IS NOT NULL)`, of.Device, id).Scan(&n, &closed)
		if err != nil {
			return err
		}
		if closed > 0 {
			reply.Closed = append(reply.Closed, id)
		}
		if n > 0 {
			reply.Has = append(reply.Has, id)
		} else {
			reply.Lacks = append(reply.Lacks, id)
		}
	}
	return nil
}

// copyVoices puts the voices of replies that boxes have yet to get on a stick, in pieces, each sealed to its box.
func (h *Hub) copyVoices(ctx context.Context, stick *os.Root) error {
	rows, err := h.db.Read.QueryContext(ctx, `SELECT r.id, r.device, r.voice_sha256, r.voice, d.recipient FROM escalation_replies r
		JOIN devices d ON d.device = r.device WHERE r.got_ms IS NULL AND r.voice_size > 0 AND d.revoked_ms IS NULL ORDER BY r.device, r.id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, device, sum, recipient string
		var voice []byte
		if err := rows.Scan(&id, &device, &sum, &voice, &recipient); err != nil {
			return err
		}
		for n := 0; n*stickPiece < len(voice); n++ {
			piece := voice[n*stickPiece : min((n+1)*stickPiece, len(voice))]
			sealed, err := wire.Seal(wire.Carried{Device: device, Voice: sum, Offset: int64(n * stickPiece), Body: piece}, recipient)
			if err != nil {
				return err
			}
			if err := wire.WriteSealed(stick, fmt.Sprintf("%s/%s-voice-%s-%03d.age", wire.StickDown, device, id, n), sealed); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

// stickPiece is how much of a voice goes into one file of a stick, in bytes: one that is broken costs no more.
const stickPiece = 1 << 20
