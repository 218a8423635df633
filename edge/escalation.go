package edge

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"jembe/advisory"
	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// How long things about an escalation are kept: one that waits, and a reply that came.
const (
	escalationKept = 180 * 24 * time.Hour
	replyKept      = 90 * 24 * time.Hour
)

// Ticket is what a farmer takes home: by code and picture they hear the reply, or an advice again. It is random, and tied to nobody.
type Ticket struct {
	Code    string // three digits
	Picture int    // from 1 to wire.PictureCount
}

// Escalate records that a farmer asks for a person, and with it keeps what they let go to the office, sealed to the hub as it is
// written. Where the box is enrolled nowhere there is no key: only the event is kept, and ticket is nil. So it is where nothing was
// allowed to go.
func (s *Store) Escalate(ctx context.Context, e advisory.Event, lang advisory.Lang, asked wire.Asked) (ticket *Ticket, err error) {
	m, err := ReadMembership(s.dir)
	if err != nil {
		return nil, err
	}
	if m == nil || asked.Words == "" && asked.Voice == nil {
		return nil, s.Record(ctx, e)
	}
	asked.Words = Redact(asked.Words)
	if asked.Concepts, err = s.conceptsOf(ctx, e.Answer); err != nil {
		return nil, err
	}
	sealed, err := wire.SealAsked(asked, m.Recipient)
	if err != nil {
		return nil, fmt.Errorf("seal escalation: %w", err)
	}
	err = s.commit(ctx, func(tx *sql.Tx) (mark, error) {
		at, err := s.add(ctx, tx, e)
		if err != nil {
			return mark{}, err
		}
		w := wire.Escalation{ID: wire.RandomID(10), Answer: e.Answer, Lang: lang, Voice: asked.Voice != nil}
		ticket, err = s.addEscalation(ctx, tx, w, sealed, m.Recipient)
		return at, err
	})
	if err != nil {
		return nil, err
	}
	return ticket, nil
}

// conceptsOf gives the concepts of a question that was recorded lately.
func (s *Store) conceptsOf(ctx context.Context, answer string) ([]string, error) {
	var body []byte
	err := s.with(ctx, func(db *sqlite.DB) error {
		return db.Read.QueryRowContext(ctx, `SELECT body FROM events WHERE n > (SELECT max(n) FROM events) - 1000 AND instr(body, ?) ORDER BY n LIMIT 1`,
			`"answer":"`+answer+`"`).Scan(&body)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, s.explain(err)
	}
	e, err := wire.Parse(body)
	return e.Concepts, err
}

// addEscalation keeps a sealed escalation under a new ticket.
func (s *Store) addEscalation(ctx context.Context, tx *sql.Tx, w wire.Escalation, sealed []byte, recipient string) (*Ticket, error) {
	ticket, err := drawTicket(ctx, tx)
	if err != nil {
		return nil, err
	}
	w.Code, w.Picture = ticket.Code, ticket.Picture
	known, trust, err := s.knownTime(ctx, tx)
	if err != nil {
		return nil, err
	}
	if trust != wire.ClockUnknown {
		w.AskedMS = known
	}
	sum := sha256.Sum256(sealed)
	_, err = tx.ExecContext(ctx, `INSERT INTO escalations (id, answer, code, picture, lang, asked_ms, voice, recipient, sealed, sha256, sent, refused, expires_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)`, w.ID, w.Answer, w.Code, w.Picture, string(w.Lang), w.AskedMS, w.Voice, recipient,
		sealed, hex.EncodeToString(sum[:]), known+escalationKept.Milliseconds())
	return &ticket, err
}

// codes there are.
const codes = 1000

// freeCode draws a code that no ticket here has.
func freeCode(ctx context.Context, tx *sql.Tx) (string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT code FROM escalations UNION SELECT code FROM tickets`)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	taken := map[string]bool{}
	for rows.Next() {
		var code string
		if err := rows.Scan(&code); err != nil {
			return "", err
		}
		taken[code] = true
	}
	if err := rows.Err(); err != nil {
		return "", err
	}
	var free []string
	for n := range codes {
		if code := fmt.Sprintf("%03d", n); !taken[code] {
			free = append(free, code)
		}
	}
	if len(free) == 0 {
		return "", &advisory.Error{Code: advisory.NoCode, Hint: "all 1000 codes wait for a reply: bring this box together with its hub"}
	}
	n, err := rand.Int(rand.Reader, big.NewInt(int64(len(free))))
	if err != nil {
		return "", err
	}
	return free[n.Int64()], nil
}

// parcel is a sealed escalation on its way to the hub.
type parcel struct {
	wire.Escalation
	sha256     string
	size, sent int64
}

// parcels gives the sealed escalations for a hub of which bytes wait, oldest first.
func (s *Store) parcels(ctx context.Context, recipient string) (out []parcel, err error) {
	err = s.with(ctx, func(db *sqlite.DB) error {
		rows, err := db.Read.QueryContext(ctx, `SELECT id, answer, code, picture, lang, asked_ms, voice, sha256, length(sealed), sent FROM escalations
			WHERE sealed IS NOT NULL AND refused = 0 AND recipient = ? AND sent < length(sealed) ORDER BY rowid`, recipient)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var p parcel
			if err := rows.Scan(&p.ID, &p.Answer, &p.Code, &p.Picture, &p.Lang, &p.AskedMS, &p.Voice, &p.sha256, &p.size, &p.sent); err != nil {
				return err
			}
			out = append(out, p)
		}
		return rows.Err()
	})
	return out, s.explain(err)
}

// sealedPiece gives the bytes of a sealed escalation from a place on, as many as one part holds.
func (s *Store) sealedPiece(ctx context.Context, id string, from int64) (data []byte, err error) {
	err = s.with(ctx, func(db *sqlite.DB) error {
		return db.Read.QueryRowContext(ctx, `SELECT substr(sealed, ?, ?) FROM escalations WHERE id = ?`, from+1, wire.MaxPart, id).Scan(&data)
	})
	return data, s.explain(err)
}

// progressed keeps how much of a sealed escalation the hub has, or that it will not have it.
func (s *Store) progressed(ctx context.Context, id string, sent int64, refused bool) error {
	return s.explain(s.with(ctx, func(db *sqlite.DB) error {
		_, err := db.Write.ExecContext(ctx, `UPDATE escalations SET sent = ?, refused = ? WHERE id = ?`, sent, refused, id)
		return err
	}))
}

// listed gives what a request says of escalations and replies: those of which the sealed file is still here, and the replies of which
// the hub is not known to know that they are.
func (s *Store) listed(ctx context.Context, recipient string) (escalations, replies []string, err error) {
	err = s.with(ctx, func(db *sqlite.DB) error {
		escalations, err = column(ctx, db.Read, `SELECT id FROM escalations WHERE sealed IS NOT NULL AND refused = 0 AND recipient = ? ORDER BY rowid LIMIT ?`, recipient, wire.MaxListed)
		if err != nil {
			return err
		}
		replies, err = column(ctx, db.Read, `SELECT id FROM replies WHERE told = 0 AND have = voice_size ORDER BY rowid LIMIT ?`, wire.MaxListed)
		return err
	})
	return escalations, replies, s.explain(err)
}

func column(ctx context.Context, db *sql.DB, query string, args ...any) ([]string, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return slices.Clip(out), rows.Err()
}
