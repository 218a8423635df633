package edge

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base32"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"jembe/advisory"
)

// lowerBase32 writes ids: letters and digits that can be read out over a telephone.
var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// loadKey reads the box's Ed25519 key (PKCS #8 in PEM, mode 0600) from the data folder; at first use it makes one.
func loadKey(dir string) (ed25519.PrivateKey, error) {
	path := filepath.Join(dir, "key")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(path)
	}
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil { // a restored file may have lost its mode
		return nil, err
	}
	broken := &advisory.Error{Code: advisory.Internal, Hint: "restore " + path + " from a copy, or move it away: the box then becomes a new device"}
	block, _ := pem.Decode(data)
	if block == nil {
		broken.Err = errors.New("the key file holds no key")
		return nil, broken
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		broken.Err = errors.Join(errors.New("the key file holds no Ed25519 key"), err)
		return nil, broken
	}
	return key, nil
}

func makeKey(path string) (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, writeFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// deviceID is the first 80 bits of the SHA-256 of the public key, in 16 letters and digits.
func deviceID(key ed25519.PrivateKey) string {
	sum := sha256.Sum256(key.Public().(ed25519.PublicKey))
	return lowerBase32.EncodeToString(sum[:10])
}

// newEpoch is 40 random bits in 8 letters and digits.
func newEpoch() string {
	b := make([]byte, 5)
	rand.Read(b) // never fails: it ends the program rather than return an error
	return lowerBase32.EncodeToString(b)
}

// fileID tells a file from a copy of it: its inode and the time of its birth, where the file system keeps one.
func fileID(path string) (string, error) {
	var st unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, path, 0, unix.STATX_INO|unix.STATX_BTIME, &st); err != nil {
		return "", &os.PathError{Op: "statx", Path: path, Err: err}
	}
	return fmt.Sprintf("%d.%d.%d", st.Ino, st.Btime.Sec, st.Btime.Nsec), nil
}

// A mark is the file <data>/epoch: how far the database that this box wrote had come. It stands beside the database, so
// a database brought back from a backup is seen to be behind it.
type mark struct {
	epoch string
	seq   int64
}

// String has the same length for every mark, so that it is overwritten in place.
func (m mark) String() string { return fmt.Sprintf("%-8s %019d\n", m.epoch, m.seq) }

func readMark(dir string) mark {
	data, err := os.ReadFile(filepath.Join(dir, "epoch"))
	if err != nil {
		return mark{} // fits no epoch: the database was brought here alone
	}
	var m mark
	if _, err := fmt.Sscanf(string(data), "%8s %d\n", &m.epoch, &m.seq); err != nil {
		return mark{}
	}
	return m
}

// advance moves the mark, without waiting for the disk: after a power cut it may be behind the database, never ahead.
// A failure only makes a later restore harder to see, so it is none of the event's.
func (m mark) advance(dir string) {
	f, err := os.OpenFile(filepath.Join(dir, "epoch"), os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer f.Close()
	_, _ = f.WriteAt([]byte(m.String()), 0)
}

// writeFile puts data into a file of mode 0600 so that it is there whole after a power cut, or not at all.
func writeFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails when the rename has succeeded
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// folderHint names what an operator can do about a folder that cannot be written.
func folderHint(dir string) string {
	return "make " + dir + " writable for this user, or choose another folder with --data"
}
