package edge

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"math/big"
	"time"

	"jembe/advisory"
	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// ticketKept is how long the code of an advice is kept: a season.
const ticketKept = 120 * 24 * time.Hour

// mostTickets are kept for advice at once: the codes that are left are for those who ask for a person.
const mostTickets = 800

// Taken is an advice for which a farmer took a ticket.
type Taken struct {
	Answer   string // id of the answer that gave it
	Document string
	Lang     advisory.Lang
	Settled  bool // whether it helped was said
}

// TakeTicket gives an answer a ticket, the same one however often it is asked for. NoCode: all are taken.
func (s *Store) TakeTicket(ctx context.Context, a Taken) (t Ticket, err error) {
	err = s.with(ctx, func(db *sqlite.DB) error {
		tx, err := db.Write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		err = tx.QueryRowContext(ctx, `SELECT code, picture FROM tickets WHERE answer = ?`, a.Answer).Scan(&t.Code, &t.Picture)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM tickets`).Scan(&n); err != nil {
			return err
		}
		if n >= mostTickets {
			return &advisory.Error{Code: advisory.NoCode, Hint: "the codes of advice are kept for 120 days; none is free"}
		}
		if t, err = drawTicket(ctx, tx); err != nil {
			return err
		}
		if err := s.addTicket(ctx, tx, a, t); err != nil {
			return err
		}
		return tx.Commit()
	})
	return t, s.explain(err)
}

func (s *Store) addTicket(ctx context.Context, tx *sql.Tx, a Taken, t Ticket) error {
	known, trust, err := s.knownTime(ctx, tx)
	if err != nil {
		return err
	}
	expires := int64(0)
	if trust != wire.ClockUnknown {
		expires = known + ticketKept.Milliseconds()
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO tickets (answer, code, picture, document, lang, settled, expires_ms) VALUES (?, ?, ?, ?, ?, 0, ?)`,
		a.Answer, t.Code, t.Picture, a.Document, string(a.Lang), expires)
	return err
}

// drawTicket draws a code that nobody has here, and a picture.
func drawTicket(ctx context.Context, tx *sql.Tx) (Ticket, error) {
	code, err := freeCode(ctx, tx)
	if err != nil {
		return Ticket{}, err
	}
	picture, err := rand.Int(rand.Reader, big.NewInt(wire.PictureCount))
	if err != nil {
		return Ticket{}, err
	}
	return Ticket{code, int(picture.Int64()) + 1}, nil
}

// knownTime gives the latest wall time that is not known to be wrong, and how far the clock is to be trusted.
func (s *Store) knownTime(ctx context.Context, tx *sql.Tx) (known int64, trust wire.Clock, err error) {
	err = tx.QueryRowContext(ctx, `SELECT known_ms FROM events ORDER BY n DESC LIMIT 1`).Scan(&known)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, wire.ClockUnknown, err
	}
	trust, known = s.clock().trust(known)
	return known, trust, nil
}

// taken gives the advice under a ticket; WrongCode: there is none.
func (s *Store) taken(ctx context.Context, t Ticket) (a Taken, err error) {
	err = s.with(ctx, func(db *sqlite.DB) error {
		err := db.Read.QueryRowContext(ctx, `SELECT answer, document, lang, settled FROM tickets WHERE code = ? AND picture = ?`, t.Code, t.Picture).
			Scan(&a.Answer, &a.Document, &a.Lang, &a.Settled)
		if errors.Is(err, sql.ErrNoRows) {
			return &advisory.Error{Code: advisory.WrongCode}
		}
		return err
	})
	return a, s.explain(err)
}

// ReturnTicket frees the code of an answer; what the farmer said of the advice stays in the record.
func (s *Store) ReturnTicket(ctx context.Context, answer string) error {
	_, err := s.erase(ctx, func(tx *sql.Tx) (sql.Result, mark, error) {
		result, err := tx.ExecContext(ctx, `DELETE FROM tickets WHERE answer = ?`, answer)
		return result, mark{}, err
	})
	return err
}

// FollowUp records what a farmer who came back says of an advice, and with it whether the ticket asks again.
func (s *Store) FollowUp(ctx context.Context, e advisory.Event) error {
	return s.commit(ctx, func(tx *sql.Tx) (mark, error) {
		helped := e.Followup.Helped
		settled := helped == advisory.HelpedYes || helped == advisory.HelpedNo
		if _, err := tx.ExecContext(ctx, `UPDATE tickets SET settled = ? WHERE answer = ?`, settled, e.Answer); err != nil {
			return mark{}, err
		}
		return s.add(ctx, tx, e)
	})
}

// eraseTickets erases those whose time is over. One that was given while the box had no clock is kept from now on as long as others.
func (s *Store) eraseTickets(ctx context.Context, wall int64) error {
	_, err := s.erase(ctx, func(tx *sql.Tx) (sql.Result, mark, error) {
		var changed int64
		for query, at := range map[string]int64{
			`DELETE FROM tickets WHERE expires_ms BETWEEN 1 AND ?`:   wall,
			`UPDATE tickets SET expires_ms = ? WHERE expires_ms = 0`: wall + ticketKept.Milliseconds(),
		} {
			result, err := tx.ExecContext(ctx, query, at)
			if err != nil {
				return nil, mark{}, err
			}
			n, err := result.RowsAffected()
			if err != nil {
				return nil, mark{}, err
			}
			changed += n
		}
		return driver.RowsAffected(changed), mark{}, nil
	})
	return err
}
