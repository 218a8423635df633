// Package durable keeps files that are there whole after a power cut, or not at all, and private keys in such files.
//
// It owns no file of its own: the caller names them. It never puts anything else than a key, or what the caller gives it, on the
// disk, and nothing that others than the file's owner may read.
package durable

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// WriteFile makes or replaces a file of mode 0600 so that after a power cut either the old or the new one is there, whole.
func WriteFile(path string, data []byte) error {
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
	return SyncDir(filepath.Dir(path))
}

// SyncDir makes the names in a folder survive a power cut.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Lock opens a file or folder and takes a flock on it (unix.LOCK_EX, unix.LOCK_SH, and unix.LOCK_NB with either), which the kernel
// gives back when the file is closed or the process ends, however it ends.
func Lock(path string, how int) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	for err = unix.EINTR; errors.Is(err, unix.EINTR); {
		err = unix.Flock(int(f.Fd()), how)
	}
	if err != nil {
		return nil, errors.Join(&os.PathError{Op: "flock", Path: path, Err: err}, f.Close())
	}
	return f, nil
}
