package edge

import (
	"context"
	"crypto/sha256"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/bcrypt"
)

const settingPIN = "pin" // the bcrypt hash of the operator's PIN

// The length of a PIN, in bytes: bcrypt reads no more than 72.
const (
	shortestPIN = 4
	longestPIN  = 64
)

// SetPIN keeps the operator's PIN, hashed; "" takes it away. One that is too short, too long or the same digit throughout is Wrong.
func (s *Store) SetPIN(ctx context.Context, pin string) error {
	if pin == "" {
		return s.saveSetting(ctx, settingPIN, "")
	}
	if err := CheckPIN(pin); err != nil {
		return err
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(pin), bcrypt.DefaultCost)
	if err != nil {
		return err
	}
	return s.saveSetting(ctx, settingPIN, string(hash))
}

// CheckPIN refuses a PIN that would be guessed; the error holds a Wrong.
func CheckPIN(pin string) error {
	if len(pin) > longestPIN || utf8.RuneCountInString(pin) < shortestPIN || strings.TrimSpace(pin) != pin || strings.Trim(pin, pin[:1]) == "" {
		return wrong("pin")
	}
	return nil
}

// HasPIN reports whether a PIN is kept.
func (s *Store) HasPIN(ctx context.Context) (bool, error) {
	hash, err := s.pinHash(ctx)
	return hash != "", err
}

func (s *Store) pinHash(ctx context.Context) (hash string, err error) {
	err = s.setting(ctx, settingPIN, &hash)
	return hash, err
}

// knownPIN remembers the last right PIN by its digest, in memory alone, so that a page of many requests does not hash it each time.
type knownPIN struct {
	hash   string // that it was right for
	digest [sha256.Size]byte
}

// matches reports whether a PIN is the one of a hash.
func (k *knownPIN) matches(hash, pin string) bool {
	digest := sha256.Sum256([]byte(pin))
	if k.hash == hash && k.digest == digest {
		return true
	}
	if bcrypt.CompareHashAndPassword([]byte(hash), []byte(pin)) != nil {
		return false
	}
	k.hash, k.digest = hash, digest
	return true
}
