package hub

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"jembe/advisory"
)

// Regular backups have names of their own: those that somebody made by hand are never removed.
const (
	byHand    = "jembe-hub-"
	regularly = "jembe-hub-regular-"
)

// keptBackups is how many regular backups stay.
const keptBackups = 14

// reserve is the room that a regular backup leaves on its disk, in bytes: the hub's own data may stand there too.
const reserve = 256 << 20

// regularBackup makes a backup, and only once that is verified removes the oldest beyond keptBackups. It does not begin what would fill
// the disk. A backup that does not verify is not left to take up room.
func (h *Hub) regularBackup(ctx context.Context) error {
	if err := os.MkdirAll(h.BackupDir, 0o700); err != nil {
		return folderError(h.BackupDir, err)
	}
	if err := sweepUnfinished(h.BackupDir); err != nil {
		return folderError(h.BackupDir, err)
	}
	before, err := regularBackups(h.BackupDir)
	if err != nil {
		return folderError(h.BackupDir, err)
	}
	if err := h.roomFor(ctx, before); err != nil {
		return err
	}
	path, _, err := h.backup(ctx, h.BackupDir, regularly)
	if err != nil {
		if path != "" {
			err = errors.Join(err, os.Remove(path))
		}
		return err
	}
	for n := len(before) + 1 - keptBackups; n > 0; n-- {
		if err := os.Remove(before[n-1]); err != nil {
			return folderError(h.BackupDir, err)
		}
	}
	return nil
}

// checkBackupDir refuses a folder inside of what is backed up: each backup would hold those before.
func (h *Hub) checkBackupDir() error {
	data, err1 := filepath.Abs(h.Data)
	dir, err2 := filepath.Abs(h.BackupDir)
	rel, err3 := filepath.Rel(data, dir)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if h.BackupDir != "" && err3 == nil && filepath.IsLocal(rel) && inBackup(filepath.ToSlash(rel)) {
		return &advisory.Error{Code: advisory.BadRequest, Err: fmt.Errorf("%s is part of what is backed up", h.BackupDir),
			Hint: "choose a folder with --backup that is not in the data directory, on another disk where there is one"}
	}
	return nil
}

// regularBackups gives the regular backups of a folder, the oldest first.
func regularBackups(dir string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(dir, regularly+"*.tar.zst"))
	slices.Sort(found) // the time stands in the name
	return found, err
}

// sweepUnfinished removes what a program that was killed while it wrote a backup has left.
func sweepUnfinished(dir string) error {
	found, err := filepath.Glob(filepath.Join(dir, unfinished+"*"))
	for _, path := range found {
		if st, serr := os.Stat(path); serr == nil && time.Since(st.ModTime()) > 24*time.Hour {
			err = errors.Join(err, os.Remove(path))
		}
	}
	return err
}

// roomFor refuses a backup for which there is no room: somewhat more than the last one took, and at first as much as what goes into it.
func (h *Hub) roomFor(ctx context.Context, before []string) error {
	need, err := int64(0), error(nil)
	if n := len(before); n > 0 {
		var st fs.FileInfo
		if st, err = os.Stat(before[n-1]); err == nil {
			need = st.Size() * 5 / 4
		}
	} else {
		need, err = h.size(ctx)
	}
	var st unix.Statfs_t
	if err = errors.Join(err, unix.Statfs(h.BackupDir, &st)); err != nil {
		return folderError(h.BackupDir, err)
	}
	if free := int64(st.Bavail) * int64(st.Bsize); free < need+reserve {
		return &advisory.Error{Code: advisory.DiskFull, Err: fmt.Errorf("%d MB are free, a backup needs %d MB", free>>20, (need+reserve)>>20),
			Hint: "free some space on the disk that holds " + h.BackupDir + ", or choose another with --backup"}
	}
	return nil
}

// size gives the bytes of the data folder without its backups, and of a database elsewhere.
func (h *Hub) size(ctx context.Context) (n int64, err error) {
	err = filepath.WalkDir(h.Data, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path == filepath.Join(h.Data, "backups"):
			return fs.SkipDir
		case d.Type().IsRegular():
			if st, err := d.Info(); err == nil { // one that is gone meanwhile needs no room
				n += st.Size()
			}
		}
		return nil
	})
	if err == nil && h.Database != "" {
		var more sql.NullInt64
		err = h.db.Read.QueryRowContext(ctx, `SELECT pg_database_size(current_database())`).Scan(&more)
		n += more.Int64
	}
	return n, err
}
