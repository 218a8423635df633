package hub

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"
	"golang.org/x/crypto/argon2"
)

// hashing is the cost of a password's hash: what the OWASP Password Storage Cheat Sheet (2025) recommends for argon2id,
// 19 MiB, two passes, one lane.
var hashing = argon2Cost{memory: 19 * 1024, time: 2, threads: 1}

// argon2Cost: memory in KiB, time in passes.
type argon2Cost struct {
	memory, time uint32
	threads      uint8
}

// Length of the salt and of the hash, in bytes.
const (
	saltLength = 16
	hashLength = 32
)

// Limits of a password, in characters and in bytes. ASVS 5.0 asks for at least 8 characters (6.2.1) and room for 64 (6.2.9).
const (
	minPassword = 12
	maxPassword = 256
)

// leastStrength of a password on zxcvbn's scale of 0 to 4: 3 stands for more than 10^8 guesses. It knows the 30,000 most used
// passwords (ASVS 6.2.4) and what is like them.
const leastStrength = 3

// checkPassword says why the user cannot take this password, as a Refusal; nil: it is good.
func checkPassword(name, password string) error {
	switch {
	case len(password) > maxPassword || !utf8.ValidString(password):
		return Refusal("password_long")
	case utf8.RuneCountInString(password) < minPassword:
		return Refusal("password_short")
	case zxcvbn.PasswordStrength(beginning(password), []string{name, "jembe"}).Score < leastStrength:
		return Refusal("password_weak")
	}
	return nil
}

// beginning is what the strength is measured by: a whole is no weaker than its beginning, and the measure takes seconds for a long one.
func beginning(password string) string {
	r := []rune(password)
	return string(r[:min(len(r), 64)])
}

// hashPassword gives the PHC string of a password with a salt of its own.
func hashPassword(password string) string {
	salt := make([]byte, saltLength)
	rand.Read(salt) // never fails
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashing.memory, hashing.time, hashing.threads,
		b64(salt), b64(hashing.hash(password, salt)))
}

func (c argon2Cost) hash(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, hashLength)
}

// passwordMatches reports whether the password is the one of the PHC string; stale says that the string was made at another
// cost than ours.
func passwordMatches(phc, password string) (ok, stale bool, err error) {
	cost, salt, want, err := parsePHC(phc)
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(cost.hash(password, salt), want) == 1, cost != hashing, nil
}

var errPHC = errors.New("a stored password is not an argon2id string: set the user's password again")

// parsePHC reads an argon2id string of at most 1 GiB and 16 passes: more would be an attack on the hub.
func parsePHC(s string) (c argon2Cost, salt, hash []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errPHC
	}
	n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads)
	if err != nil || n != 3 || c.memory > 1<<20 || c.time < 1 || c.time > 16 || c.threads < 1 {
		return c, nil, nil, errPHC
	}
	salt, err1 := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	hash, err2 := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(salt) < 8 || len(hash) != hashLength {
		return c, nil, nil, errPHC
	}
	return c, salt, hash, nil
}

// oneTimePassword is 80 random bits in four groups that can be read out over a telephone.
func oneTimePassword() string {
	b := make([]byte, 10)
	rand.Read(b) // never fails
	s := strings.ToLower(base32.StdEncoding.EncodeToString(b))
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}
