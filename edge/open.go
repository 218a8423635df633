package edge

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"jembe/advisory"
	"jembe/edge/durable"
	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// The causes of a health event: why an epoch began.
const (
	MovedAside advisory.Reason = "database_moved_aside" // the one before was damaged
	CopyFound  advisory.Reason = "copy_found"           // the database is a copy, or was brought back from a backup
)

// open opens the database if it is closed, and sees to the ballast. Processes come here one at a time: the data folder is
// locked meanwhile.
func (s *Store) open(ctx context.Context, damaged bool) error {
	if s.db != nil {
		s.ballast = keepBallast(s.dir)
		return nil
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	folder, err := durable.Lock(s.dir, unix.LOCK_EX)
	if err != nil {
		return err
	}
	defer folder.Close()
	key, err := loadKey(s.dir)
	if isFull(err) && dropBallast(s.dir) {
		key, err = loadKey(s.dir)
	}
	if err != nil {
		return err
	}
	db, cause, err := s.openSound(ctx, damaged)
	if err != nil {
		return err
	}
	err = s.settle(ctx, db, wire.KeyID(key.Public().(ed25519.PublicKey)), cause)
	if err == nil {
		s.use, err = durable.Lock(filepath.Join(s.dir, "key"), unix.LOCK_SH)
	}
	if err != nil {
		return errors.Join(err, db.Close())
	}
	s.db, s.ballast = db, keepBallast(s.dir)
	return nil
}

// openSound opens the database; one that is damaged, or that the caller knows to be, is moved aside, and a new one begun.
func (s *Store) openSound(ctx context.Context, damaged bool) (db *sqlite.DB, cause advisory.Reason, err error) {
	if !damaged && s.sound(ctx) {
		if db, err = s.openFile(ctx); !sqlite.IsCorrupt(err) {
			return db, advisory.NoReason, err
		}
	}
	if err = s.moveAside(); err != nil {
		return nil, advisory.NoReason, err
	}
	db, err = s.openFile(ctx)
	return db, MovedAside, err
}

// shut closes the database.
func (s *Store) shut() error {
	if s.db == nil {
		return nil
	}
	err := errors.Join(s.db.Close(), s.use.Close())
	s.db, s.use = nil, nil
	return err
}

func (s *Store) path() string { return filepath.Join(s.dir, "jembe.db") }

// openFile opens the database file, giving the ballast up where the disk is too full for that. SQLite gives the files beside
// it the same mode: what is in them is nobody else's.
func (s *Store) openFile(ctx context.Context) (*sqlite.DB, error) {
	own, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := s.makePrivate(); err != nil {
		return nil, err
	}
	db, err := sqlite.Open(ctx, s.path(), own)
	if isFull(err) && dropBallast(s.dir) {
		db, err = sqlite.Open(ctx, s.path(), own)
	}
	return db, err
}

// makePrivate makes the file when there is none, and its mode 0600. A file that exists is not opened for that: closing it
// would give up the locks that another connection of this process holds on it (POSIX).
func (s *Store) makePrivate() error {
	f, err := os.OpenFile(s.path(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return os.Chmod(s.path(), 0o600)
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// sound checks the pages of a database that was not closed in order: it has a write-ahead log, and nobody uses it.
func (s *Store) sound(ctx context.Context) bool {
	st, err := os.Stat(s.path() + "-wal")
	if err != nil || st.Size() == 0 || s.usedByOthers() {
		return true
	}
	db, err := s.openFile(ctx)
	if err != nil {
		return !sqlite.IsCorrupt(err)
	}
	defer db.Close()
	var verdict string
	err = db.Read.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict)
	return !sqlite.IsCorrupt(err) && (err != nil || verdict == "ok")
}

// usedByOthers reports whether another process, or another Store of this one, has the database open.
func (s *Store) usedByOthers() bool {
	f, err := durable.Lock(filepath.Join(s.dir, "key"), unix.LOCK_EX|unix.LOCK_NB)
	if err != nil {
		return true
	}
	return f.Close() != nil
}

// moveAside renames the damaged database and what belongs to it to jembe.db.damaged-1 (or the next free number).
func (s *Store) moveAside() error {
	if s.usedByOthers() {
		return &advisory.Error{Code: advisory.Internal, Err: errors.New("the database is damaged"),
			Hint: "stop all jembe programs that use " + s.dir + ", then start again: the damaged file is kept, and a new one begun"}
	}
	to := ""
	for i := 1; ; i++ {
		to = fmt.Sprintf("%s.damaged-%d", s.path(), i)
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	for _, part := range []string{"-shm", "-wal", ""} {
		if err := os.Rename(s.path()+part, to+part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("move damaged database aside: %w", err)
		}
	}
	s.aside = to
	return durable.SyncDir(s.dir)
}

// settle makes sure that the database is this box's own and the one it last wrote to; otherwise it begins a new epoch,
// with a health event that says why. It counts the machine's starts.
func (s *Store) settle(ctx context.Context, db *sqlite.DB, device string, cause advisory.Reason) error {
	m, next := readMark(s.dir, "epoch"), readMark(s.dir, "epoch.next") // before the database is read: another process may go on writing
	file, err := fileID(s.path())
	if err != nil {
		return err
	}
	tx, err := db.Write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var ours, epoch, was, boot string
	var seq int64
	err = tx.QueryRowContext(ctx, `SELECT device, epoch, file, boot_id,
		(SELECT coalesce(max(seq), 0) FROM events WHERE epoch = box.epoch) FROM box`).Scan(&ours, &epoch, &was, &boot, &seq)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		_, err = tx.ExecContext(ctx, `INSERT INTO box (id, device, epoch, file, boot, boot_id) VALUES (1, '', '', '', 1, ?)`, bootID())
	case err == nil && boot != bootID():
		_, err = tx.ExecContext(ctx, `UPDATE box SET boot = boot + 1, boot_id = ?`, bootID())
	}
	if err == nil {
		err = countPast(ctx, tx)
	}
	if err != nil {
		return fmt.Errorf("read box: %w", err)
	}
	if ours == device && was == file && m.epoch != epoch && next.epoch == epoch {
		return errors.Join(tx.Commit(), next.begun(s.dir)) // killed after it had begun this epoch
	}
	if ours == device && was == file && m.epoch == epoch && m.seq <= seq {
		return tx.Commit()
	}
	if ours != "" {
		cause = CopyFound
	}
	return s.begin(ctx, tx, device, file, cause)
}

// begin commits tx with a new epoch, and puts the mark beside it.
func (s *Store) begin(ctx context.Context, tx *sql.Tx, device, file string, cause advisory.Reason) error {
	m := mark{epoch: newEpoch()}
	if err := m.announce(s.dir); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE box SET device = ?, epoch = ?, file = ?`, device, m.epoch, file)
	if err == nil && cause != advisory.NoReason {
		m, err = s.add(ctx, tx, advisory.Event{Kind: advisory.KindHealth, Reason: cause})
	}
	if err != nil {
		return fmt.Errorf("begin epoch: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return m.begun(s.dir)
}

func isFull(err error) bool {
	return sqlite.IsFull(err) || errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT)
}

func isReadOnly(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, unix.EROFS) || errors.Is(err, unix.ENOTDIR) || errors.Is(err, fs.ErrNotExist)
}
