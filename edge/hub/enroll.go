package hub

import (
	"context"
	"crypto/sha256"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"jembe/advisory"
	"jembe/edge/wire"
)

// invitationHolds is how long an invitation can be used.
const invitationHolds = 7 * 24 * time.Hour

// codeBytes of an invitation's one-time code: 80 bits cannot be guessed in 7 days at any rate a network carries.
const codeBytes = 10

// What the name of a village may be, which stands in reports: fewer digits than a telephone number has, which belongs to a person.
const (
	maxVillage        = 60 // characters
	mostVillageDigits = 6
)

// villageName gives a name with its spaces set right, or refuses what is none.
func villageName(text string) (string, error) {
	name, digits := strings.Join(strings.Fields(text), " "), 0
	for _, r := range name {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if name == "" || utf8.RuneCountInString(name) > maxVillage || digits > mostVillageDigits || strings.ContainsFunc(name, unicode.IsControl) {
		return "", &advisory.Error{Code: advisory.BadRequest, Err: Refusal("village")}
	}
	return name, nil
}

// Enroll makes an invitation for one box in a village; "" is one that is not told yet. The address is that of this hub as the box
// reaches it; "" takes the one that serve keeps. Only the hash of the code is kept.
func (h *Hub) Enroll(ctx context.Context, address, village string) (_ wire.Invitation, err error) {
	if village != "" {
		if village, err = villageName(village); err != nil {
			return wire.Invitation{}, err
		}
	}
	if address == "" {
		if address, err = h.servedAddress(); err != nil {
			return wire.Invitation{}, err
		}
	}
	if err := wire.CheckAddress(address); err != nil {
		return wire.Invitation{}, err
	}
	i := wire.Invitation{Address: address, Key: h.Key(), Code: wire.RandomID(codeBytes)}
	hash := hashCode(i.Code)
	_, err = h.db.Write.ExecContext(ctx, `INSERT INTO invitations (code_hash, village, made_ms, expires_ms) VALUES ($1, $2, $3, $4)`,
		hash, village, h.now(), h.clock().Add(invitationHolds).UnixMilli())
	return i, err
}

func hashCode(code string) []byte {
	sum := sha256.Sum256([]byte(code))
	return sum[:]
}
