package edge

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"

	"jembe/advisory"
	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// takeReplies takes in what the hub, in a reply that it has signed, says of escalations: which it has, which were closed without a reply,
// and what people replied. Each reply is kept once, however often it comes. One that no hub of ours sends is passed over.
func (s *Store) takeReplies(ctx context.Context, r wire.Reply) error {
	if len(r.Replies)+len(r.Got)+len(r.Has)+len(r.Lacks)+len(r.Closed) == 0 {
		return nil
	}
	wall, _, err := s.Clock(ctx)
	if err != nil {
		return err
	}
	return s.explain(s.with(ctx, func(db *sqlite.DB) error {
		tx, err := db.Write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		for query, ids := range map[string][]string{
			`UPDATE escalations SET sent = length(sealed) WHERE id = ? AND sealed IS NOT NULL`: r.Has,
			`UPDATE escalations SET sent = 0 WHERE id = ? AND sent = length(sealed)`:           r.Lacks,
			`UPDATE replies SET told = 1 WHERE id = ?`:                                         r.Got,
		} {
			for _, id := range ids[:min(len(ids), wire.MaxListed)] {
				if _, err := tx.ExecContext(ctx, query, id); err != nil {
					return err
				}
			}
		}
		expires := max(wall, r.Time) + replyKept.Milliseconds()
		for _, id := range r.Closed[:min(len(r.Closed), wire.MaxListed)] {
			_, err := tx.ExecContext(ctx, `UPDATE escalations SET closed = 1, sealed = NULL, expires_ms = max(expires_ms, ?) WHERE id = ? AND closed = 0`, expires, id)
			if err != nil {
				return err
			}
		}
		for _, p := range r.Replies[:min(len(r.Replies), wire.MaxReplies)] {
			if p.Validate() != nil {
				continue
			}
			if err := keepReply(ctx, tx, p, expires); err != nil {
				return err
			}
		}
		return tx.Commit()
	}))
}

// keepReply keeps a reply, and the escalation anew where the record of it went with a damaged database. What the farmer said is then
// sealed here no longer: it has been answered.
func keepReply(ctx context.Context, tx *sql.Tx, p wire.PersonReply, expires int64) error {
	e := p.Escalation
	_, err := tx.ExecContext(ctx, `INSERT INTO escalations (id, answer, code, picture, lang, asked_ms, voice, recipient, sealed, sha256, sent, refused, expires_ms)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', NULL, '', 0, 0, ?8) ON CONFLICT (id) DO UPDATE SET sealed = NULL, expires_ms = ?8`,
		e.ID, e.Answer, e.Code, e.Picture, string(e.Lang), e.AskedMS, e.Voice, expires)
	if err != nil {
		return err
	}
	var here bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM replies WHERE id = ?)`, p.ID).Scan(&here); err != nil {
		return err
	}
	if !here {
		if err := (counting{countReplies: 1}).keep(ctx, tx); err != nil {
			return err
		}
	}
	// One that comes again has not been told enough.
	_, err = tx.ExecContext(ctx, `INSERT INTO replies (id, escalation, text, voice_sha256, voice_size, have, told, heard, expires_ms) VALUES (?, ?, ?, ?, ?, 0, 0, 0, ?)
		ON CONFLICT (id) DO UPDATE SET told = 0`, p.ID, e.ID, p.Text, p.Voice, p.VoiceSize, expires)
	return err
}

// missing is a voice of which bytes are still to come.
type missing struct {
	reply, sha256 string
	size, have    int64
}

// voicesMissing gives the voices that are still to come.
func (s *Store) voicesMissing(ctx context.Context) (out []missing, err error) {
	err = s.with(ctx, func(db *sqlite.DB) error {
		rows, err := db.Read.QueryContext(ctx, `SELECT id, voice_sha256, voice_size, have FROM replies WHERE have < voice_size ORDER BY rowid`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var m missing
			if err := rows.Scan(&m.reply, &m.sha256, &m.size, &m.have); err != nil {
				return err
			}
			out = append(out, m)
		}
		return rows.Err()
	})
	return out, s.explain(err)
}

// errOtherVoice is for a voice whose bytes are not those that the hub has signed for.
var errOtherVoice = &advisory.Error{Code: advisory.Unreachable, Err: errors.New("the voice of a reply is not the one that the hub has signed for"),
	Hint: "what came is thrown away, and fetched again at the next contact"}

// growVoice puts a piece behind what has come of a voice. One that begins elsewhere changes nothing; a whole one of other bytes than
// the hub has signed for is thrown away, with an error.
func (s *Store) growVoice(ctx context.Context, m missing, from int64, piece []byte) (have int64, err error) {
	if from != m.have || from+int64(len(piece)) > m.size {
		return m.have, nil
	}
	err = s.with(ctx, func(db *sqlite.DB) error {
		tx, err := db.Write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		result, err := tx.ExecContext(ctx, `UPDATE replies SET have = ? WHERE id = ? AND have = ?`, from+int64(len(piece)), m.reply, from)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err // another process has been quicker, or the reply is gone
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO reply_voices (reply, at, data) VALUES (?, ?, ?)`, m.reply, from, piece); err != nil {
			return err
		}
		if have = from + int64(len(piece)); have < m.size {
			return tx.Commit()
		}
		voice, err := voiceOf(ctx, tx, m.reply)
		if sum := sha256.Sum256(voice); err != nil || hex.EncodeToString(sum[:]) == m.sha256 {
			return errors.Join(err, tx.Commit())
		}
		have = 0
		_, err1 := tx.ExecContext(ctx, `DELETE FROM reply_voices WHERE reply = ?`, m.reply)
		_, err2 := tx.ExecContext(ctx, `UPDATE replies SET have = 0 WHERE id = ?`, m.reply)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		return errors.Join(tx.Commit(), errOtherVoice)
	})
	return have, s.explain(err)
}

// voiceOf puts the pieces of a voice together.
func voiceOf(ctx context.Context, db interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, reply string) ([]byte, error) {
	rows, err := db.QueryContext(ctx, `SELECT data FROM reply_voices WHERE reply = ? ORDER BY at`, reply)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var voice, piece []byte
	for rows.Next() {
		if err := rows.Scan(&piece); err != nil {
			return nil, err
		}
		voice = append(voice, piece...)
	}
	return voice, rows.Err()
}

// heardReply is a reply as the farmer gets it.
type heardReply struct {
	id, text string
	voiced   bool // there is a recording, and all of it is here
}

// openReplies gives the replies that wait under a ticket, the first first; none while nobody has replied. NotFound: no such ticket.
func (s *Store) openReplies(ctx context.Context, t Ticket) (e wire.Escalation, sealedFor string, out []heardReply, err error) {
	err = s.with(ctx, func(db *sqlite.DB) error {
		err := db.Read.QueryRowContext(ctx, `SELECT id, answer, lang, recipient FROM escalations WHERE code = ? AND picture = ? ORDER BY rowid DESC LIMIT 1`,
			t.Code, t.Picture).Scan(&e.ID, &e.Answer, &e.Lang, &sealedFor)
		if errors.Is(err, sql.ErrNoRows) {
			return &advisory.Error{Code: advisory.WrongCode}
		}
		if err != nil {
			return err
		}
		rows, err := db.Read.QueryContext(ctx, `SELECT id, text, voice_size > 0 AND have = voice_size FROM replies
			WHERE escalation = ? AND (text <> '' OR have = voice_size) ORDER BY rowid`, e.ID)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r heardReply
			if err := rows.Scan(&r.id, &r.text, &r.voiced); err != nil {
				return err
			}
			out = append(out, r)
		}
		return rows.Err()
	})
	return e, sealedFor, out, s.explain(err)
}

// closed reports whether the office has told that nobody will reply to an escalation here.
func (s *Store) closed(ctx context.Context, id string) (closed bool, err error) {
	err = s.with(ctx, func(db *sqlite.DB) error {
		return db.Read.QueryRowContext(ctx, `SELECT closed FROM escalations WHERE id = ?`, id).Scan(&closed)
	})
	return closed, s.explain(err)
}

// replyVoice gives the recording of a reply; NotFound when its time is over.
func (s *Store) replyVoice(ctx context.Context, id string) (voice []byte, err error) {
	err = s.with(ctx, func(db *sqlite.DB) error {
		if voice, err = voiceOf(ctx, db.Read, id); err == nil && len(voice) == 0 {
			err = &advisory.Error{Code: advisory.NotFound}
		}
		return err
	})
	return voice, s.explain(err)
}

// eraseEscalations erases escalations and replies whose time is over.
func (s *Store) eraseEscalations(ctx context.Context, wall int64) error {
	_, err := s.erase(ctx, func(tx *sql.Tx) (sql.Result, mark, error) {
		result, err := tx.ExecContext(ctx, `DELETE FROM escalations WHERE expires_ms <= ?`, wall)
		return result, mark{}, err
	})
	return err
}
