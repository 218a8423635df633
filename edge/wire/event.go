// Package wire is what both ends of the line speak: the canonical bytes of an event and the hash that chains it to the one
// before, the bytes of a batch of them, signed requests and replies, invitations, and sealed files on a stick.
//
// It owns the golden files in testdata and the vocabulary, which are only ever added to: a byte that changes there breaks the
// chain, or the requests, of every box in the field. It opens files on a stick that it is given, no other, and no socket.
package wire

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"jembe/advisory"
)

// Event is an advisory.Event at its place in the record of one box. Its id is (Device, Epoch, Seq).
type Event struct {
	Device string `json:"device" class:"device" purpose:"part of the event's id" keep:"730"`
	Epoch  string `json:"epoch" class:"device" purpose:"part of the event's id" keep:"730"` // of the database file
	Seq    int64  `json:"seq" class:"device" purpose:"part of the event's id: nothing is lost, nothing counted twice" keep:"730"`
	Boot   int64  `json:"boot" class:"device" purpose:"orders events of a box without a clock" keep:"730"`    // how often the machine had started
	Mono   int64  `json:"mono_ms" class:"device" purpose:"orders events of a box without a clock" keep:"730"` // since that start
	Wall   int64  `json:"wall_ms" class:"device" purpose:"when things are asked" keep:"730"`                  // Unix time
	Clock  Clock  `json:"clock" class:"device" purpose:"how far wall_ms is to be trusted" keep:"730"`

	// The salted hash of the words, when they are kept; it stays when the words and their salt are erased.
	WordsHash string `json:"words_hash,omitempty" class:"use" purpose:"proves which words belong to the event, once erased says nothing" keep:"730"`

	advisory.Event
}

// Clock says how far a wall time is to be trusted.
type Clock string

// The states of a clock.
const (
	ClockUnknown Clock = "unknown" // behind the program or behind an earlier event: certainly wrong
	ClockSet     Clock = "set"     // not known to be wrong; nothing vouches for it
	ClockSynced  Clock = "synced"  // the system says that it follows network time
)

// Canonical gives the bytes of an event: JSON on one line without a line end, fields in the order of the types, which is
// never changed; what is optional and empty is left out. These bytes are stored, sent and hashed; they are never made again
// from a parsed event. An event without an id or a kind is refused.
func Canonical(e Event) ([]byte, error) {
	if !e.whole() {
		return nil, errNotWhole
	}
	b, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("canonical event: %w", err)
	}
	return b, nil
}

// Parse reads the canonical bytes of an event. Fields that it does not know are passed over: a newer box may send them.
func Parse(b []byte) (Event, error) {
	var e Event
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&e); err != nil {
		return Event{}, fmt.Errorf("parse event: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Event{}, fmt.Errorf("parse event: more than one value")
	}
	if !e.whole() {
		return Event{}, errNotWhole
	}
	return e, nil
}

// Content gives what the canonical bytes of an event say besides its place: it stays the same when the event is recorded again at
// another. Of a line of other bytes it gives all.
func Content(device, epoch string, seq int64, canonical []byte) []byte {
	content, _ := bytes.CutPrefix(canonical, fmt.Appendf(nil, `{"device":%q,"epoch":%q,"seq":%d,`, device, epoch, seq))
	return content
}

var errNotWhole = errors.New("an event needs device, epoch, seq and kind")

func (e Event) whole() bool { return e.Device != "" && e.Epoch != "" && e.Seq >= 1 && e.Kind != "" }

// Hash is a link of the chain of an epoch.
type Hash [sha256.Size]byte

// Link gives the hash of an event from the hash of the one before it (all zero for the first of an epoch) and its
// canonical bytes: SHA-256(before || canonical).
func Link(before Hash, canonical []byte) Hash {
	h := sha256.New()
	h.Write(before[:])
	h.Write(canonical)
	return Hash(h.Sum(nil))
}

// SaltBytes of a new salt: 80 bits, so that words cannot be guessed from their hash once the salt is erased. Older ones have 16.
const SaltBytes = 10

// HashWords gives the salted hash of words as the event holds it: the first 16 bytes of SHA-256(salt || words) in
// unpadded base64url. A salt is SaltBytes random bytes, kept with the words and erased with them.
func HashWords(salt []byte, words string) string {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte(words))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}
