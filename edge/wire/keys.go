package wire

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
)

// lowerBase32 writes ids: letters and digits that can be read out over a telephone.
var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// KeyID names a key, a box's or the hub's: the first 80 bits of the SHA-256 of its public half, in 16 letters and digits.
func KeyID(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return lowerBase32.EncodeToString(sum[:10])
}

// RandomID gives so many random bytes in letters and digits, 8 for every 5 bytes.
func RandomID(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails: it ends the program rather than return an error
	return lowerBase32.EncodeToString(b)
}
