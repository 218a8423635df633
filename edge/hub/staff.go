package hub

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"jembe/advisory"
)

// Staff are the people who use the office's pages: their roles, passwords and sessions, and the audit log of what they did.
type Staff struct {
	db      *database
	now     func() time.Time // a test may stand in for the clock
	limits  signInLimits
	hashing chan struct{} // a place for each password that is hashed at once: each takes 19 MiB
}

func newStaff(ctx context.Context, db *database) (*Staff, error) {
	if err := beginAudit(ctx, db.Write); err != nil {
		return nil, fmt.Errorf("begin the audit log: %w", err)
	}
	return &Staff{db: db, now: time.Now, hashing: make(chan struct{}, 2)}, nil
}

// User is a person of the office.
type User struct {
	Name    string
	Roles   []Role
	MadeMS  int64 // Unix time
	OneTime bool  // has only a one-time password so far, and must choose one before anything else
	Factor  bool  // has turned a second factor on
}

// May reports whether one of the user's roles allows it.
func (u User) May(what Permission) bool {
	return what == anyoneSignedIn || slices.ContainsFunc(u.Roles, func(r Role) bool { return slices.Contains(may[r], what) })
}

// Refusal is why a user's wish is not granted: the key of a text of the office's pages.
type Refusal string

func (r Refusal) Error() string { return texts("en").say("refused_" + string(r)) }

// oneTimeHolds is how long a one-time password can be used.
const oneTimeHolds = 72 * time.Hour

var userName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)

// Add makes a user, in the name of the actor. Without a password the user gets a one-time password, which is returned, holds
// for 72 hours and must be changed at the first sign-in. Errors are *advisory.Error with a hint.
func (s *Staff) Add(ctx context.Context, by Deed, name string, roles []Role, password string) (oneTime string, err error) {
	if !userName.MatchString(name) || name == commandLine {
		return "", badUser(Refusal("user_name"))
	}
	if _, err := ParseRoles(roleNames(roles)...); err != nil {
		return "", err
	}
	until := sql.NullInt64{}
	if password == "" {
		oneTime = oneTimePassword()
		password = oneTime
		until = sql.NullInt64{Int64: s.now().Add(oneTimeHolds).UnixMilli(), Valid: true}
	} else if err := checkPassword(name, password); err != nil {
		return "", badUser(err)
	}
	phc := hashPassword(password)
	err = s.do(ctx, by.did("user added", name+": "+strings.Join(roleNames(roles), " ")), func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO users (name, roles, password, made_ms, one_time_ms) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (name) DO NOTHING`, name, strings.Join(roleNames(roles), " "), phc, s.now().UnixMilli(), until)
		return oneRow(res, err, Refusal("user_exists"))
	})
	return oneTime, err
}

// Remove takes a user away, whose sessions end at once. The last administrator stays.
func (s *Staff) Remove(ctx context.Context, by Deed, name string) error {
	return s.do(ctx, by.did("user removed", name), func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM users WHERE name = $1`, name)
		if err := oneRow(res, err, Refusal("user_unknown")); err != nil {
			return err
		}
		return keepAdministrator(ctx, tx)
	})
}

// SetRoles gives a user other roles, which hold from their next click on. The last administrator stays one.
func (s *Staff) SetRoles(ctx context.Context, by Deed, name string, roles []Role) error {
	if _, err := ParseRoles(roleNames(roles)...); err != nil {
		return err
	}
	return s.do(ctx, by.did("roles set", name+": "+strings.Join(roleNames(roles), " ")), func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE users SET roles = $1 WHERE name = $2`, strings.Join(roleNames(roles), " "), name)
		if err := oneRow(res, err, Refusal("user_unknown")); err != nil {
			return err
		}
		return keepAdministrator(ctx, tx)
	})
}

// ResetPassword gives a user a one-time password as Add does, turns their second factor off, and signs them out everywhere.
func (s *Staff) ResetPassword(ctx context.Context, by Deed, name string) (oneTime string, err error) {
	oneTime = oneTimePassword()
	phc, until := hashPassword(oneTime), s.now().Add(oneTimeHolds).UnixMilli()
	err = s.do(ctx, by.did("password reset", name), func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE users SET password = $1, one_time_ms = $2 WHERE name = $3`, phc, until, name)
		if err := oneRow(res, err, Refusal("user_unknown")); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM sessions WHERE name = $1`, name)
		return errors.Join(err, forgetFactor(ctx, tx, name))
	})
	return oneTime, err
}

// Users gives all users by name.
func (s *Staff) Users(ctx context.Context) ([]User, error) {
	rows, err := s.db.Read.QueryContext(ctx, `SELECT name, roles, made_ms, one_time_ms, factor <> '' FROM users ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []User
	for rows.Next() {
		var u User
		var roles string
		var until sql.NullInt64
		if err := rows.Scan(&u.Name, &roles, &u.MadeMS, &until, &u.Factor); err != nil {
			return nil, err
		}
		u.Roles, u.OneTime = rolesOf(roles), until.Valid
		out = append(out, u)
	}
	return out, rows.Err()
}

// do carries out a change and notes it in the audit log, both or neither.
func (s *Staff) do(ctx context.Context, d Deed, change func(*sql.Tx) error) error {
	d.AtMS = s.now().UnixMilli()
	tx, err := s.db.Write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := logDeed(ctx, tx, d); err != nil { // first: its lock lets one change at a time pass
		return err
	}
	if err := change(tx); err != nil {
		if r := Refusal(""); errors.As(err, &r) {
			return badUser(r)
		}
		return err
	}
	return tx.Commit()
}

// note adds a deed that changed nothing to the audit log.
func (s *Staff) note(ctx context.Context, d Deed) error {
	return s.do(ctx, d, func(*sql.Tx) error { return nil })
}

// did fills in what the actor did.
func (d Deed) did(action, object string) Deed {
	d.Action, d.Object = action, object
	return d
}

// CommandLine is the actor of what is done on the hub's own machine, for the methods of Staff.
func CommandLine() Deed { return Deed{Actor: commandLine} }

// keepAdministrator refuses a change after which nobody could manage users.
func keepAdministrator(ctx context.Context, tx *sql.Tx) error {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM users WHERE ' ' || roles || ' ' LIKE '% administrator %'`).Scan(&n)
	if err == nil && n == 0 {
		return Refusal("last_administrator")
	}
	return err
}

func oneRow(res sql.Result, err error, none error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return none
	}
	return err
}

// userHints tell whoever types commands what to do about a refusal that does not say it itself.
var userHints = map[Refusal]string{
	"user_exists":  "choose another name, or give them a new password: jembe-hub user reset NAME",
	"user_unknown": "see jembe-hub user list",
}

func badUser(err error) error {
	refusal := Refusal("")
	errors.As(err, &refusal)
	return &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: userHints[refusal]}
}

func roleNames(roles []Role) []string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return out
}

func rolesOf(stored string) []Role {
	var out []Role
	for _, name := range strings.Fields(stored) {
		out = append(out, Role(name))
	}
	return out
}
