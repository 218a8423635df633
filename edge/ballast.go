package edge

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// ballastSize is held back so that a database opens on a full card: SQLite needs room for its shared memory.
const ballastSize = 4 << 20

// ballastRoom is how much must be free before the ballast is made again: enough that it does not bring the next full card.
const ballastRoom = 4 * ballastSize

func ballastPath(dir string) string { return filepath.Join(dir, "ballast") }

// dropBallast gives the ballast up; false when there is none.
func dropBallast(dir string) bool { return os.Remove(ballastPath(dir)) == nil }

// keepBallast makes the ballast when it is missing and there is room. It reports whether it stands.
func keepBallast(dir string) bool {
	if _, err := os.Stat(ballastPath(dir)); !errors.Is(err, fs.ErrNotExist) {
		return err == nil
	}
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil || uint64(st.Bavail)*uint64(st.Bsize) < ballastRoom {
		return false
	}
	f, err := os.OpenFile(ballastPath(dir), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return false
	}
	err = unix.Fallocate(int(f.Fd()), 0, 0, ballastSize)
	if errors.Is(err, unix.EOPNOTSUPP) {
		_, err = f.Write(make([]byte, ballastSize))
	}
	if errors.Join(err, f.Close()) != nil {
		os.Remove(f.Name())
		return false
	}
	return true
}
