package wire

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"filippo.io/age"
)

// Folders of a stick: what goes up to the hub, and what comes down to the boxes, where files are named by the box and a running
// number; and the content of the office, for every box, as the hub serves it.
const (
	StickUp      = "jembe/up"
	StickDown    = "jembe/down"
	StickContent = "jembe/content"
)

// MaxSealed is the largest sealed file on a stick that is read, in bytes.
const MaxSealed = MaxReply + MaxReply/2

// Carried is a request, or the reply to one, as a stick carries it: the bytes that would go over the network, and what its headers say.
type Carried struct {
	Device    string `json:"device"`
	Signature string `json:"signature"`
	Status    int    `json:"status,omitempty"`  // of a reply
	Request   []byte `json:"request,omitempty"` // of a reply: the SHA-256 of what it answers
	Part      bool   `json:"part,omitempty"`    // of a request: the body is a Part
	Voice     string `json:"voice,omitempty"`   // the body is a piece of a reply's voice: its SHA-256, and where the piece begins
	Offset    int64  `json:"offset,omitempty"`
	Body      []byte `json:"-"`
}

// Seal gives the bytes of a file on a stick that only the recipient (age) can open.
func Seal(c Carried, recipient string) ([]byte, error) {
	return seal(c, c.Body, recipient)
}

// Unseal opens a file of a stick. Who wrote it is for the signature to tell.
func Unseal(sealed []byte, id age.Identity) (Carried, error) {
	if len(sealed) > MaxSealed {
		return Carried{}, fmt.Errorf("a sealed file of more than %d bytes", MaxSealed)
	}
	var c Carried
	body, err := open(sealed, id, &c)
	c.Body = body
	return c, err
}

// StickFiles lists the sealed files of a folder of a stick in the order of their names: those of one device, or of all when it is "".
// There may be none.
func StickFiles(stick *os.Root, folder, device string) ([]string, error) {
	entries, err := fs.ReadDir(stick.FS(), folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var out []string
	for _, e := range entries { // sorted by name
		of, _, named := strings.Cut(e.Name(), "-")
		if named && strings.HasSuffix(e.Name(), ".age") && (device == "" || of == device) {
			out = append(out, path.Join(folder, e.Name()))
		}
	}
	return out, err
}

// ReadSealed reads a file of a stick that is no larger than a sealed one can be.
func ReadSealed(stick *os.Root, name string) ([]byte, error) {
	st, err := stick.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() || st.Size() > MaxSealed {
		return nil, errors.New("no sealed file of ours")
	}
	return stick.ReadFile(name)
}

// WriteSealed puts a file on a stick so that it is there whole, or not at all.
func WriteSealed(stick *os.Root, name string, data []byte) error {
	if err := stick.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := stick.Create(name + ".part")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return stick.Rename(name+".part", name)
}
