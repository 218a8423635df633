package content

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Channel is what an office publishes for its boxes: the file content.json, signed by a publisher's key in content.json.minisig.
// It has one form in bytes, see Encode, so that nothing can be hidden beside what is read.
type Channel struct {
	Format   int           `json:"format"`              // ChannelFormat
	Version  int64         `json:"version"`             // from 1; only grows
	Keys     int64         `json:"keys"`                // version of the ChannelKeys under which it is signed
	Issued   string        `json:"issued"`              // RFC 3339 in UTC, by the office's clock
	ReviewBy string        `json:"review_by,omitempty"` // 2027-03-31: the day from which it wants another look; warns, never blocks
	Packs    []ChannelPack `json:"packs"`               // in order: a later pack's document takes the place of an earlier one's
	Revoked  []Revocation  `json:"revoked"`
}

// ChannelPack is a pack that boxes are to have in use.
type ChannelPack struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Size    int64  `json:"size"`   // bytes of the archive
	SHA256  string `json:"sha256"` // of the archive, in hexadecimal
}

// ChannelFormat is the form of content.json and keys.json that this program reads and writes.
const ChannelFormat = 1

// Limits of the channel's files, so that reading one costs a small computer nothing.
const (
	maxChannel     = 256 << 10 // bytes of content.json
	maxSignature   = 2 << 10   // bytes of a .minisig
	maxChannelPack = 512 << 20 // bytes of an archive
	maxPacks       = 64
	maxRevoked     = 2000
	maxExcept      = 16
)

// Encode gives the bytes of content.json: JSON on one line, fields in the order of the type.
func (c Channel) Encode() []byte { return encodeLine(c) }

func encodeLine(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return append(raw, '\n')
}

// ParseChannel reads a content.json strictly: what Encode would not write in the same bytes is refused, and so is what breaks the
// rules of a channel.
func ParseChannel(raw []byte) (Channel, error) {
	var c Channel
	if err := parseLine("content.json", raw, maxChannel, &c); err != nil {
		return c, err
	}
	if c.Format != ChannelFormat {
		return c, newerFormat("content.json", c.Format)
	}
	if !bytes.Equal(c.Encode(), raw) {
		return c, notCanonical("content.json")
	}
	return c, c.check()
}

// parseLine reads JSON of at most limit bytes.
func parseLine(name string, raw []byte, limit int, into any) error {
	if len(raw) > limit {
		return fmt.Errorf("%s has %d bytes, at most %d are allowed", name, len(raw), limit)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func newerFormat(name string, format int) error {
	return fmt.Errorf("%s has format %d, this program reads format %d: a newer jembe is needed", name, format, ChannelFormat)
}

func notCanonical(name string) error {
	return fmt.Errorf("%s is not written as jembe-hub writes it: fields, order or spaces differ", name)
}

// check holds a channel against its rules.
func (c Channel) check() error {
	if c.Version < 1 || c.Keys < 1 {
		return fmt.Errorf("content.json has version %d and keys %d, both count from 1", c.Version, c.Keys)
	}
	if at, err := time.Parse(time.RFC3339, c.Issued); err != nil || at.UTC().Format(time.RFC3339) != c.Issued {
		return fmt.Errorf("content.json: issued %q is no time such as 2026-11-25T19:00:00Z", c.Issued)
	}
	if _, err := time.Parse(time.DateOnly, c.ReviewBy); c.ReviewBy != "" && err != nil {
		return fmt.Errorf("content.json: review_by %q is no day such as 2027-03-31", c.ReviewBy)
	}
	if c.Packs == nil || len(c.Packs) > maxPacks || c.Revoked == nil || len(c.Revoked) > maxRevoked {
		return fmt.Errorf("content.json must list packs (at most %d) and what is revoked (at most %d), if only as []", maxPacks, maxRevoked)
	}
	names := map[string]bool{}
	for _, p := range c.Packs {
		if err := p.check(); err != nil {
			return fmt.Errorf("content.json: %w", err)
		}
		if names[p.Name] {
			return fmt.Errorf("content.json lists the pack %s twice", p.Name)
		}
		names[p.Name] = true
		if slices.ContainsFunc(c.Revoked, func(r Revocation) bool { return r.takesBack(p.Name, p.Version) }) {
			return fmt.Errorf("content.json both lists and revokes %s", p.ID())
		}
	}
	return checkRevoked(c.Revoked)
}

// ID is name@version, as of the pack itself.
func (p ChannelPack) ID() string { return p.Name + "@" + p.Version }

func (p ChannelPack) ref() ref { return ref{p.Name, p.Version} }

func (p ChannelPack) check() error {
	if err := checkLabel(p.Name, p.Version); err != nil {
		return err
	}
	if p.Size < 1 || p.Size > maxChannelPack {
		return fmt.Errorf("the pack %s has %d bytes, 1 to %d are allowed", p.ID(), p.Size, maxChannelPack)
	}
	if !sum.MatchString(p.SHA256) {
		return fmt.Errorf("the pack %s has no SHA-256", p.ID())
	}
	return nil
}
