package hub

import (
	"context"
	"crypto/sha256"
	"time"

	"jembe/edge/wire"
)

// invitationHolds is how long an invitation can be used.
const invitationHolds = 7 * 24 * time.Hour

// codeBytes of an invitation's one-time code: 80 bits cannot be guessed in 7 days at any rate a network carries.
const codeBytes = 10

// Enroll makes an invitation for one box in a village. The address is that of this hub as the box reaches it; "" takes the one that
// serve keeps. Only the hash of the code is kept.
func (h *Hub) Enroll(ctx context.Context, address, village string) (wire.Invitation, error) {
	if address == "" {
		var err error
		if address, err = h.servedAddress(); err != nil {
			return wire.Invitation{}, err
		}
	}
	if err := wire.CheckAddress(address); err != nil {
		return wire.Invitation{}, err
	}
	i := wire.Invitation{Address: address, Key: h.Key(), Code: wire.RandomID(codeBytes)}
	hash := hashCode(i.Code)
	_, err := h.db.Write.ExecContext(ctx, `INSERT INTO invitations (code_hash, village, made_ms, expires_ms) VALUES ($1, $2, $3, $4)`,
		hash, village, h.now(), h.clock().Add(invitationHolds).UnixMilli())
	return i, err
}

func hashCode(code string) []byte {
	sum := sha256.Sum256([]byte(code))
	return sum[:]
}
