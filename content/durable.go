package content

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"jembe/advisory"
)

// writeDurably makes or replaces a file so that after a power cut either the old or the new one is there, whole: temporary file
// beside it, fsync, rename, fsync of the folder.
func writeDurably(name string, write func(*os.File) error) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return diskError(err)
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
			err = diskError(err)
		}
	}()
	if err := write(tmp); err != nil {
		return err
	}
	if err := tmp.Chmod(0o644); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), name); err != nil {
		return err
	}
	return syncDir(filepath.Dir(name))
}

// syncDir makes the names in a folder survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// syncTree makes the names in a folder and all folders below it survive a power cut.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return syncDir(name)
	})
}

// diskError gives an error of writing the code and the hint that a person needs to mend it.
func diskError(err error) error {
	var known *advisory.Error
	var at *fs.PathError
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return &advisory.Error{Code: advisory.DiskFull, Hint: "free some space and try again; nothing has changed", Err: err}
	case errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission):
		hint := "the place is read-only for this user; run as the user who owns it, or name another place"
		if errors.As(err, &at) {
			hint = fmt.Sprintf("%s is read-only for this user; run as the user who owns it, or name another place", filepath.Dir(at.Path))
		}
		return &advisory.Error{Code: advisory.Internal, Hint: hint, Err: err}
	}
	return err
}
