package edge

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/durable"
	"jembe/edge/wire"
)

// Membership is the box's place at an office's hub, kept in <data>/hub.json: it outlives a damaged database.
type Membership struct {
	Address   string            `json:"address"`
	Key       ed25519.PublicKey `json:"key"`       // of the hub: a word from no other is taken
	Recipient string            `json:"recipient"` // age, of the hub
	Root      string            `json:"root"`      // public key of minisign that says who publishes content
	Village   string            `json:"village"`
	Device    string            `json:"device"` // this box, as the hub knows it
}

// ReadMembership reads the box's membership; nil where it is not enrolled.
func ReadMembership(dir string) (*Membership, error) {
	path := filepath.Join(dir, "hub.json")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var m Membership
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil || len(m.Key) != ed25519.PublicKeySize {
		return nil, &advisory.Error{Code: advisory.Internal, Err: err, Hint: "move " + path + " away and enrol the box again with a new invitation"}
	}
	return &m, nil
}

// Enrol joins the hub of an invitation, and keeps the membership. It may be called again with the same invitation when the reply
// was lost. Errors are *advisory.Error: Unreachable, and what the hub refuses.
func Enrol(ctx context.Context, s *Store, i wire.Invitation, version string) (Membership, error) {
	if err := s.Check(ctx); err != nil { // which makes the folder and the key
		return Membership{}, err
	}
	key, err := loadKey(s.dir)
	if err != nil {
		return Membership{}, err
	}
	id, err := boxIdentity(s.dir)
	if err != nil {
		return Membership{}, err
	}
	public := key.Public().(ed25519.PublicKey)
	body, err := json.Marshal(wire.Enrolment{Code: i.Code, Key: public, Recipient: id.Recipient().String(), Version: version})
	if err != nil {
		return Membership{}, err
	}
	m := Membership{Address: i.Address, Key: i.Key, Device: wire.KeyID(public)}
	h := dialHub(m, key)
	defer h.close()
	var e wire.Enrolled
	if err := h.post(ctx, wire.PathEnroll, body, &e); err != nil {
		return Membership{}, err
	}
	m.Recipient, m.Village = e.Recipient, e.Village
	if m.Root, err = content.RootOf(e.Root); err != nil {
		return Membership{}, err
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return Membership{}, err
	}
	return m, s.explain(durable.WriteFile(filepath.Join(s.dir, "hub.json"), append(data, '\n')))
}

// boxIdentity is the age identity that opens what comes down on a stick.
func boxIdentity(dir string) (*age.X25519Identity, error) {
	path := filepath.Join(dir, "identity")
	return durable.Identity(path, "move "+path+" away and enrol the box again with a new invitation")
}
