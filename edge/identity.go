package edge

import (
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"jembe/edge/durable"
	"jembe/edge/wire"
)

// loadKey reads the box's Ed25519 key from the data folder; at first use it makes one.
func loadKey(dir string) (ed25519.PrivateKey, error) {
	path := filepath.Join(dir, "key")
	return durable.SigningKey(path, "restore "+path+" from a copy, or move it away: the box then becomes a new device")
}

// newEpoch is 40 random bits in 8 letters and digits.
func newEpoch() string { return wire.RandomID(5) }

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

func readMark(dir, name string) mark {
	data, err := os.ReadFile(filepath.Join(dir, name))
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
	f, err := os.OpenFile(filepath.Join(dir, "epoch"), os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer f.Close()
	// Another process may have begun an epoch since: its mark is a new file, and stays.
	epoch := make([]byte, len(m.epoch))
	if _, err := f.ReadAt(epoch, 0); err != nil || string(epoch) != m.epoch {
		return
	}
	_, _ = f.WriteAt([]byte(m.String()), 0)
}

// announce writes down in <data>/epoch.next which epoch is about to begin, so that a process that is killed between the commit and
// the mark has begun it all the same: kill -9 alone begins no epoch.
func (m mark) announce(dir string) error {
	return durable.WriteFile(filepath.Join(dir, "epoch.next"), []byte(m.String()))
}

// begun puts the mark of an epoch that was announced and is committed.
func (m mark) begun(dir string) error {
	if err := durable.WriteFile(filepath.Join(dir, "epoch"), []byte(m.String())); err != nil {
		return err
	}
	return os.Remove(filepath.Join(dir, "epoch.next"))
}

// folderHint names what an operator can do about a folder that cannot be written.
func folderHint(dir string) string {
	return "make " + dir + " writable for this user, or choose another folder with --data"
}
