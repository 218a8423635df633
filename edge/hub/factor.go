package hub

import (
	"context"
	"database/sql"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// The second factor is a code of six digits that an app shows, another every 30 seconds (RFC 6238 with its defaults, which every app
// knows). A code counts once, and those just before and after too: clocks differ (RFC 6238, 5.2).
const (
	factorPeriod = 30 * time.Second
	factorSkew   = 1 // codes before and after
)

// recoveryCodes is how many a user gets, each good for one sign-in without the app.
const recoveryCodes = 10

// secretBytes of a new second factor, as RFC 4226 recommends (section 4).
const secretBytes = 20

// needsFactor reports whether the office may demand a second factor of the user: of who sees what farmers said, publishes, or manages
// users.
func (u User) needsFactor() bool {
	return u.May(SeeWords) || u.May(SeeEscalations) || u.May(PublishContent) || u.May(ManageUsers)
}

// newFactor gives a secret for a user's app; with a secret, the same once more.
func newFactor(name, secret string) (*otp.Key, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if secret != "" && (err != nil || len(raw) != secretBytes) {
		return nil, Refusal("factor_code") // no page of ours has shown it
	}
	return totp.Generate(totp.GenerateOpts{Issuer: "Jembe", AccountName: name, Secret: raw, SecretSize: secretBytes})
}

// factorStep gives the step of time of which a code is the one; false when it is of none near.
func factorStep(code, secret string, now time.Time) (step int64, ok bool) {
	at := now.Unix() / int64(factorPeriod/time.Second)
	for step = at - factorSkew; step <= at+factorSkew; step++ {
		ok, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if ok && err == nil {
			return step, true
		}
	}
	return 0, false
}

// useFactor takes the code of a user who has turned a second factor on, or one of their recovery codes, neither of which counts again. A
// wrong one is the Refusal of a wrong password.
func (s *Staff) useFactor(ctx context.Context, tx *sql.Tx, name, code string) error {
	var secret string
	if err := tx.QueryRowContext(ctx, `SELECT factor FROM users WHERE name = $1`, name).Scan(&secret); err != nil {
		return err
	}
	if secret == "" {
		return nil
	}
	code = strings.ToLower(strings.Join(strings.Fields(code), ""))
	if step, ok := factorStep(code, secret, s.now()); ok {
		res, err := tx.ExecContext(ctx, `UPDATE users SET factor_used = $1 WHERE name = $2 AND factor_used < $1`, step, name)
		return oneRow(res, err, Refusal("sign_in"))
	}
	res, err := tx.ExecContext(ctx, `DELETE FROM recovery_codes WHERE name = $1 AND hash = $2`, name, hashToken(code))
	return oneRow(res, err, Refusal("sign_in"))
}

// TurnOnFactor turns a second factor on, whose secret the user's app has by now, given the password and a code. All sessions of the user
// end, and a new one begins. The recovery codes are kept only as hashes. Wrong tries count as at sign-in.
func (s *Staff) TurnOnFactor(ctx context.Context, by Deed, password, secret, code string) (token string, recovery []string, err error) {
	if _, err := newFactor(by.Actor, secret); err != nil || secret == "" {
		return "", nil, Refusal("factor_code")
	}
	token = newToken()
	for range recoveryCodes {
		recovery = append(recovery, oneTimePassword())
	}
	return token, recovery, s.withPassword(ctx, by.did("second factor turned on", by.Actor), password, func(tx *sql.Tx) error {
		step, ok := factorStep(strings.Join(strings.Fields(code), ""), secret, s.now())
		if !ok {
			return Refusal("factor_code")
		}
		if err := forgetFactor(ctx, tx, by.Actor); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE users SET factor = $1, factor_used = $2 WHERE name = $3`, secret, step, by.Actor); err != nil {
			return err
		}
		for _, c := range recovery {
			if _, err := tx.ExecContext(ctx, `INSERT INTO recovery_codes (name, hash) VALUES ($1, $2)`, by.Actor, hashToken(c)); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE name = $1`, by.Actor); err != nil {
			return err
		}
		return s.begin(ctx, tx, by.Actor, token, "")
	})
}

// TurnOffFactor turns the second factor off, given the password and a code.
func (s *Staff) TurnOffFactor(ctx context.Context, by Deed, password, code string) error {
	return s.withPassword(ctx, by.did("second factor turned off", by.Actor), password, func(tx *sql.Tx) error {
		if err := s.useFactor(ctx, tx, by.Actor, code); err != nil {
			return Refusal("factor_code")
		}
		return forgetFactor(ctx, tx, by.Actor)
	})
}

// forgetFactor turns a user's second factor off.
func forgetFactor(ctx context.Context, tx *sql.Tx, name string) error {
	_, err1 := tx.ExecContext(ctx, `UPDATE users SET factor = '' WHERE name = $1`, name)
	_, err2 := tx.ExecContext(ctx, `DELETE FROM recovery_codes WHERE name = $1`, name)
	return errors.Join(err1, err2)
}

// RecoveryCodes tells how many of a user's are left.
func (s *Staff) RecoveryCodes(ctx context.Context, name string) (n int, err error) {
	err = s.db.Read.QueryRowContext(ctx, `SELECT count(*) FROM recovery_codes WHERE name = $1`, name).Scan(&n)
	return n, err
}
