package hub

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"aead.dev/minisign"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/durable"
)

// ChannelKeys are the keys of the content channel, as public keys of minisign.
type ChannelKeys struct {
	Root      string `json:"root"`      // boxes have it pinned at enrolment; it says who publishes
	Publisher string `json:"publisher"` // signs content.json
	RootFile  string `json:"root_file"` // where the root's secret half lies; "": not at the hub, as it should be
}

// keysDir holds the secret halves, <part>-<id>.key in the format of minisign, readable by the hub's user alone.
func (h *Hub) keysDir() string { return filepath.Join(h.Data, "keys") }

// keyFile is the file of a key's secret half; part is root or publisher.
func (h *Hub) keyFile(part, public string) (string, error) {
	id, err := content.KeyID(public)
	return filepath.Join(h.keysDir(), part+"-"+id+".key"), err
}

// newKey makes a key, its secret half on the disk for good.
func (h *Hub) newKey(part string) (minisign.PrivateKey, error) {
	_, key, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		return key, err
	}
	file, err := h.keyFile(part, publicOf(key))
	if err != nil {
		return key, err
	}
	if err := os.MkdirAll(h.keysDir(), 0o700); err != nil {
		return key, folderError(h.Data, err)
	}
	return key, folderError(h.Data, writeKey(file, key))
}

func writeKey(file string, key minisign.PrivateKey) error {
	text, err := key.MarshalText()
	if err != nil {
		return err
	}
	return durable.WriteFile(file, append(text, '\n'))
}

func publicOf(key minisign.PrivateKey) string { return key.Public().(minisign.PublicKey).String() }

// readKey reads the secret half of a public key.
func readKey(file, public string) (minisign.PrivateKey, error) {
	var key minisign.PrivateKey
	raw, err := os.ReadFile(file)
	if err != nil {
		return key, err
	}
	if minisign.IsEncrypted(raw) {
		return key, fmt.Errorf("%s is locked by a password: make a copy without one, minisign -C -W -s FILE", file)
	}
	if err := key.UnmarshalText(raw); err != nil {
		return key, fmt.Errorf("%s: %w", file, err)
	}
	if publicOf(key) != public {
		return key, fmt.Errorf("%s is not the key %s", file, public)
	}
	return key, nil
}

// publisherKey is the key that signs content.json.
func (h *Hub) publisherKey(keys content.ChannelKeys) (minisign.PrivateKey, error) {
	public := keys.Publishers[0]
	file, err := h.keyFile("publisher", public)
	if err != nil {
		return minisign.PrivateKey{}, err
	}
	key, err := readKey(file, public)
	if err != nil {
		return key, &advisory.Error{Code: advisory.Internal, Err: fmt.Errorf("the publisher's key: %w", err),
			Hint: "bring " + file + " back from a copy, or make a new one with jembe-hub keys rotate --root FILE"}
	}
	return key, nil
}

// rootKey is the key that signs keys.json: from the file, or from the hub's own folder where it was not moved away yet.
func (h *Hub) rootKey(keys content.ChannelKeys, file string) (minisign.PrivateKey, error) {
	var err error
	if file == "" {
		if file, err = h.keyFile("root", keys.Root); err != nil {
			return minisign.PrivateKey{}, err
		}
	}
	key, err := readKey(file, keys.Root)
	if err != nil {
		return key, &advisory.Error{Code: advisory.BadRequest, Err: fmt.Errorf("the root key: %w", err),
			Hint: "give the file to which it was moved, with --root FILE"}
	}
	return key, nil
}

// initKeys makes the channel's keys at first use. Cut off anywhere, the next start makes what is missing.
func (h *Hub) initKeys(ctx context.Context) error {
	_, err := h.keysInForce(ctx, h.db.Read)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	root, err := h.newKey("root")
	if err != nil {
		return err
	}
	publisher, err := h.newKey("publisher")
	if err != nil {
		return err
	}
	keys := content.ChannelKeys{Format: content.ChannelFormat, Version: 1, Root: publicOf(root), Publishers: []string{publicOf(publisher)}}
	return h.publishing(ctx, func(tx *sql.Tx) error { return keepSigned(ctx, tx, keysFile, keys.Version, signKeys(root, keys)) })
}

func signKeys(root minisign.PrivateKey, keys content.ChannelKeys) content.Signed {
	return content.Sign(root, keys.Encode(), fmt.Sprintf("jembe keys.json version %d", keys.Version))
}

// keysInForce gives the last keys.json.
func (h *Hub) keysInForce(ctx context.Context, q querier) (content.ChannelKeys, error) {
	s, _, err := lastSigned(ctx, q, keysFile)
	if err != nil {
		return content.ChannelKeys{}, err
	}
	return content.ParseChannelKeys(s.Body)
}

// ChannelKeys tells which keys are in force.
func (h *Hub) ChannelKeys(ctx context.Context) (ChannelKeys, error) {
	keys, err := h.keysInForce(ctx, h.db.Read)
	if err != nil {
		return ChannelKeys{}, err
	}
	out := ChannelKeys{Root: keys.Root, Publisher: keys.Publishers[0]}
	if out.RootFile, err = h.keyFile("root", keys.Root); err != nil {
		return out, err
	}
	if _, err := os.Stat(out.RootFile); errors.Is(err, fs.ErrNotExist) {
		out.RootFile = ""
	}
	return out, nil
}

// ExportRoot moves the secret half of the root key out of the hub, into a new file that its owner keeps apart: with it alone a
// stolen hub cannot be made to look like the office.
func (h *Hub) ExportRoot(ctx context.Context, to string) error {
	keys, err := h.keysInForce(ctx, h.db.Read)
	if err != nil {
		return err
	}
	key, err := h.rootKey(keys, "")
	if err != nil {
		return &advisory.Error{Code: advisory.NotFound, Err: err, Hint: "it was moved away before"}
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return &advisory.Error{Code: advisory.BadRequest, Err: fmt.Errorf("%s is there already", to), Hint: "name a new file, on a stick that is kept under lock"}
	}
	if err := writeKey(to, key); err != nil {
		return folderError(filepath.Dir(to), err)
	}
	if _, err := readKey(to, keys.Root); err != nil {
		return fmt.Errorf("read the root key back: %w", err)
	}
	from, err := h.keyFile("root", keys.Root)
	if err != nil {
		return err
	}
	return errors.Join(os.Remove(from), durable.SyncDir(h.keysDir()))
}

// RotateKeys makes a new publisher's key, or a new root key with newRoot, and takes the one before out of force; rootFile is where
// the root key lies, "" for the hub's own folder. The content is signed anew: boxes take it up at their next contact.
func (h *Hub) RotateKeys(ctx context.Context, rootFile string, newRoot bool) error {
	var old string // file of the key that held before
	err := h.publishing(ctx, func(tx *sql.Tx) error {
		keys, err := h.keysInForce(ctx, tx)
		if err != nil {
			return err
		}
		root, err := h.rootKey(keys, rootFile)
		if err != nil {
			return err
		}
		if newRoot {
			if old, err = h.keyFile("root", keys.Root); err != nil {
				return err
			}
			return h.handOver(ctx, tx, keys, root)
		}
		if old, err = h.keyFile("publisher", keys.Publishers[0]); err != nil {
			return err
		}
		key, err := h.newKey("publisher")
		if err != nil {
			return err
		}
		keys.Version++
		keys.Publishers = []string{publicOf(key)}
		return h.signAnew(ctx, tx, keys, root)
	})
	if err != nil {
		return err
	}
	if err := os.Remove(old); !errors.Is(err, fs.ErrNotExist) { // kept apart, or lost
		return err
	}
	return nil
}

// handOver has the old root name the new one, and the new one sign from then on.
func (h *Hub) handOver(ctx context.Context, tx *sql.Tx, keys content.ChannelKeys, old minisign.PrivateKey) error {
	id, err := content.KeyID(keys.Root)
	if err != nil {
		return err
	}
	now, err := h.newKey("root")
	if err != nil {
		return err
	}
	keys.Version++
	keys.Root = publicOf(now)
	if err := keepSigned(ctx, tx, "root-"+id+".json", keys.Version, signKeys(old, keys)); err != nil {
		return err
	}
	keys.Version++
	return h.signAnew(ctx, tx, keys, now)
}

// signAnew puts keys into force, and the content under them.
func (h *Hub) signAnew(ctx context.Context, tx *sql.Tx, keys content.ChannelKeys, root minisign.PrivateKey) error {
	if err := keepSigned(ctx, tx, keysFile, keys.Version, signKeys(root, keys)); err != nil {
		return err
	}
	_, err := h.issue(ctx, tx)
	return err
}
