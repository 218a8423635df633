package hub

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"time"
)

// A session ends after an hour without a click, and after twelve hours at the latest: a working day.
const (
	sessionIdle     = time.Hour
	sessionAbsolute = 12 * time.Hour
)

// seenEvery is how exactly the last click is known: not every click is worth a write.
const seenEvery = time.Minute

// errNoSession: the token belongs to no session, or to one that has ended.
var errNoSession = errors.New("no session")

// TooManyTries: signing in is held back for a while.
type TooManyTries struct{ Wait time.Duration }

func (e *TooManyTries) Error() string {
	return fmt.Sprintf("too many tries to sign in: wait %v", e.Wait.Round(time.Second))
}

// decoy is checked when there is no such user, so that the answer takes as long as for one there is.
var decoy = sync.OnceValue(func() string { return hashPassword(oneTimePassword()) })

// Credentials are what a user signs in with.
type Credentials struct {
	Name, Password string
	Code           string // of the second factor, or a recovery code; "" where none is turned on
}

// SignIn checks credentials and begins a session, whose token goes into the browser's cookie; the session of the token that the
// browser had before ends. A Refusal tells nothing of which part was wrong; *TooManyTries holds back who guesses.
func (s *Staff) SignIn(ctx context.Context, c Credentials, address, before string) (token string, err error) {
	name := c.Name
	if !userName.MatchString(name) {
		name = "" // nobody's; the limits keep no text that anyone can make as long as they like
	}
	wait, back := s.limits.take(s.now(), name, address)
	if wait > 0 {
		return "", &TooManyTries{wait}
	}
	known, err := s.check(ctx, name, c.Password)
	if err == nil {
		token = newToken()
		err = s.do(ctx, Deed{Actor: name, Action: "signed in", Address: address}, func(tx *sql.Tx) error {
			if err := s.useFactor(ctx, tx, name, c.Code); err != nil {
				return err
			}
			return s.begin(ctx, tx, name, token, before)
		})
	}
	if r := Refusal(""); errors.As(err, &r) {
		who := name
		if !known {
			who = "?" // what was typed may be a password in the wrong place
		}
		return "", errors.Join(err, s.note(ctx, Deed{Actor: who, Action: "sign-in refused", Address: address}))
	}
	back()
	return token, err
}

// check compares the password. A hash that was made at another cost is made anew.
func (s *Staff) check(ctx context.Context, name, password string) (known bool, err error) {
	phc, until := decoy(), sql.NullInt64{}
	err = s.db.Read.QueryRowContext(ctx, `SELECT password, one_time_ms FROM users WHERE name = $1`, name).Scan(&phc, &until)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	known = err == nil
	select {
	case s.hashing <- struct{}{}:
	case <-ctx.Done():
		return known, ctx.Err()
	}
	ok, stale, err := false, false, error(nil)
	if len(password) <= maxPassword {
		ok, stale, err = passwordMatches(phc, password)
	}
	<-s.hashing
	switch {
	case err != nil:
		return known, err
	case !known || !ok || until.Valid && until.Int64 < s.now().UnixMilli():
		return known, Refusal("sign_in")
	case stale:
		_, err = s.db.Write.ExecContext(ctx, `UPDATE users SET password = $1 WHERE name = $2 AND password = $3`, hashPassword(password), name, phc)
	}
	return known, err
}

func (s *Staff) begin(ctx context.Context, tx *sql.Tx, name, token, before string) error {
	now := s.now()
	_, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE token_hash = $1 OR made_ms < $2 OR seen_ms < $3`,
		hashToken(before), now.Add(-sessionAbsolute).UnixMilli(), now.Add(-sessionIdle).UnixMilli())
	if err == nil {
		_, err = tx.ExecContext(ctx, `INSERT INTO sessions (token_hash, name, made_ms, seen_ms) VALUES ($1, $2, $3, $3)`,
			hashToken(token), name, now.UnixMilli())
	}
	return err
}

// Session gives the user whose session has this token; errNoSession when there is none, or it has ended.
func (s *Staff) Session(ctx context.Context, token string) (User, error) {
	var u User
	var roles string
	var until sql.NullInt64
	var made, seen int64
	err := s.db.Read.QueryRowContext(ctx, `SELECT u.name, u.roles, u.made_ms, u.one_time_ms, u.factor <> '', s.made_ms, s.seen_ms
		FROM sessions s JOIN users u ON u.name = s.name WHERE s.token_hash = $1`, hashToken(token)).
		Scan(&u.Name, &roles, &u.MadeMS, &until, &u.Factor, &made, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, errNoSession
	}
	if err != nil {
		return User{}, err
	}
	u.Roles, u.OneTime = rolesOf(roles), until.Valid
	now := s.now()
	if now.After(time.UnixMilli(made).Add(sessionAbsolute)) || now.After(time.UnixMilli(seen).Add(sessionIdle)) {
		return User{}, errNoSession
	}
	if now.After(time.UnixMilli(seen).Add(seenEvery)) {
		_, err = s.db.Write.ExecContext(ctx, `UPDATE sessions SET seen_ms = $1 WHERE token_hash = $2`, now.UnixMilli(), hashToken(token))
	}
	return u, err
}

// SignOut ends one session.
func (s *Staff) SignOut(ctx context.Context, by Deed, token string) error {
	return s.do(ctx, by.did("signed out", ""), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE token_hash = $1`, hashToken(token))
		return err
	})
}

// SignOutEverywhere ends all sessions of the user.
func (s *Staff) SignOutEverywhere(ctx context.Context, by Deed, name string) error {
	return s.do(ctx, by.did("signed out everywhere", name), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE name = $1`, name)
		return err
	})
}

// withPassword carries out what a user changes of their own sign-in, given their password. Wrong tries count as at sign-in, and so do
// wrong codes of a second factor.
func (s *Staff) withPassword(ctx context.Context, d Deed, password string, change func(*sql.Tx) error) error {
	wait, back := s.limits.take(s.now(), d.Actor, d.Address)
	if wait > 0 {
		return &TooManyTries{wait}
	}
	if _, err := s.check(ctx, d.Actor, password); err != nil {
		if errors.Is(err, Refusal("sign_in")) {
			return Refusal("old_password")
		}
		return err
	}
	err := s.do(ctx, d, change)
	if !errors.Is(err, Refusal("factor_code")) {
		back()
	}
	return err
}

// ChangePassword sets the user's own password, given the one before, ends all their sessions, and begins a new one.
func (s *Staff) ChangePassword(ctx context.Context, by Deed, old, new string) (token string, err error) {
	if old == new {
		return "", Refusal("password_same")
	}
	if err := checkPassword(by.Actor, new); err != nil {
		return "", err
	}
	token = newToken()
	phc := hashPassword(new)
	return token, s.withPassword(ctx, by.did("password changed", by.Actor), old, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE users SET password = $1, one_time_ms = NULL WHERE name = $2`, phc, by.Actor)
		if err := oneRow(res, err, Refusal("user_unknown")); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE name = $1`, by.Actor); err != nil {
			return err
		}
		return s.begin(ctx, tx, by.Actor, token, "")
	})
}

// newToken is 256 random bits.
func newToken() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
