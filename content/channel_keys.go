package content

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"aead.dev/minisign"
)

// ChannelKeys says whose signature on a content.json holds: the file keys.json, signed by the root key in keys.json.minisig.
// Where it names another root than the one that signed it, the old root hands over to the new one; such a file stays to be had as
// root-ID.json, ID being that of the key that signed it, for boxes that were away meanwhile.
type ChannelKeys struct {
	Format     int      `json:"format"`     // ChannelFormat
	Version    int64    `json:"version"`    // from 1; only grows
	Root       string   `json:"root"`       // public key that signs the next version, as `minisign -P` takes it
	Publishers []string `json:"publishers"` // public keys
}

// Limits of the keys.
const (
	maxKeys       = 16 << 10 // bytes of keys.json
	maxPublishers = 8
	maxHandovers  = 32 // of one root to the next that a box catches up with at once
)

// Encode gives the bytes of keys.json: JSON on one line, fields in the order of the type.
func (k ChannelKeys) Encode() []byte { return encodeLine(k) }

// ParseChannelKeys reads a keys.json as strictly as ParseChannel reads a content.json.
func ParseChannelKeys(raw []byte) (ChannelKeys, error) {
	var k ChannelKeys
	if err := parseLine("keys.json", raw, maxKeys, &k); err != nil {
		return k, err
	}
	if k.Format != ChannelFormat {
		return k, newerFormat("keys.json", k.Format)
	}
	if !bytes.Equal(k.Encode(), raw) {
		return k, notCanonical("keys.json")
	}
	return k, k.check()
}

// check holds keys against their rules: the root never publishes, so that it can be kept apart.
func (k ChannelKeys) check() error {
	if k.Version < 1 {
		return fmt.Errorf("keys.json has version %d, it counts from 1", k.Version)
	}
	if len(k.Publishers) == 0 || len(k.Publishers) > maxPublishers {
		return fmt.Errorf("keys.json has %d publishers, 1 to %d are allowed", len(k.Publishers), maxPublishers)
	}
	seen := map[string]bool{}
	for _, text := range append([]string{k.Root}, k.Publishers...) {
		if _, err := publicKey(text); err != nil {
			return fmt.Errorf("keys.json: %w", err)
		}
		if seen[text] {
			return fmt.Errorf("keys.json names the key %s twice: each has one part", text)
		}
		seen[text] = true
	}
	return nil
}

// publicKey reads a minisign public key of one line, in the only form that is written.
func publicKey(text string) (minisign.PublicKey, error) {
	var k minisign.PublicKey
	if err := k.UnmarshalText([]byte(text)); err != nil || k.String() != text {
		return k, fmt.Errorf("%q is no minisign public key", text)
	}
	return k, nil
}

// KeyID is the short name of a public key, 16 hexadecimal digits, as in the names of files that a root signed when it handed over.
func KeyID(public string) (string, error) {
	k, err := publicKey(public)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%016x", k.ID()), nil
}

// Signed is a file of the channel with its signature, in the format of minisign.
type Signed struct {
	Body      []byte
	Signature []byte // of the .minisig
}

// Sign signs a file of the channel. The comment, which is signed too, says what the file is: "jembe content.json version 7".
func Sign(key minisign.PrivateKey, body []byte, comment string) Signed {
	r := minisign.NewReader(bytes.NewReader(body))
	if _, err := io.Copy(io.Discard, r); err != nil {
		panic(err) // a reader of bytes gives them all
	}
	return Signed{body, r.SignWithComments(key, comment, fmt.Sprintf("signature of a Jembe office, key %016x", key.ID()))}
}

// errForged is a signature that no key which holds has made.
var errForged = errors.New("the signature is not by a key that holds")

// by gives the first of the keys that signed the file; errForged when none did. The signature must be in the form in which minisign
// writes it, so that no byte of it can be changed but in its untrusted comment, which is never read; and of the hashed kind.
func (s Signed) by(keys ...string) (string, error) {
	var sig minisign.Signature
	if len(s.Signature) > maxSignature || sig.UnmarshalText(s.Signature) != nil || sig.Algorithm != minisign.HashEdDSA {
		return "", errForged
	}
	if text, err := sig.MarshalText(); err != nil || !bytes.Equal(text, s.Signature) {
		return "", errForged
	}
	i := slices.IndexFunc(keys, func(text string) bool {
		k, err := publicKey(text)
		return err == nil && minisign.Verify(k, s.Body, s.Signature)
	})
	if i < 0 {
		return "", errForged
	}
	return keys[i], nil
}

// RootOf reads the public key pinned at enrolment; it may be written as a .pub file of minisign.
func RootOf(text string) (string, error) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	k, err := publicKey(strings.TrimSpace(lines[len(lines)-1]))
	if err != nil {
		return "", err
	}
	return k.String(), nil
}
