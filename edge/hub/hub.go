package hub

import (
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"filippo.io/age"
	"github.com/labstack/echo/v4"
	"golang.org/x/sys/unix"

	"jembe/advisory"
	"jembe/edge/durable"
	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// Config says where a hub keeps its things.
type Config struct {
	Data     string // folder, made when there is none
	Database string // postgres://...; "": hub.db in the folder
	Version  string // of the program
	Log      *slog.Logger

	BackupDir   string        // where serve puts its regular backups; "": it makes none
	BackupEvery time.Duration // how often

	SecondFactor bool // is demanded of users who see what farmers said, publish, or manage users
}

// Hub is an open hub. Any number of processes may have one data folder open: enroll works beside serve.
type Hub struct {
	Config
	db       *database
	key      ed25519.PrivateKey
	identity *age.X25519Identity // opens what boxes seal for the office
	staff    *Staff
	routes   *echo.Echo
	clock    func() time.Time
	committer

	escalations     Escalations
	publishingWords sync.Mutex // one brings the pack of local words up to date at a time
}

// Open opens the hub of a data folder; at first use it makes the folder, the hub's keys and the tables. Errors that an operator
// can mend are *advisory.Error with a hint.
func Open(ctx context.Context, c Config) (*Hub, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, folderError(c.Data, err)
	}
	folder, err := durable.Lock(c.Data, unix.LOCK_EX) // two processes must not make the keys or the tables at once
	if err != nil {
		return nil, folderError(c.Data, err)
	}
	defer folder.Close()
	h := &Hub{Config: c, clock: time.Now}
	h.escalations = desk{h}
	if h.Log == nil {
		h.Log = slog.New(slog.DiscardHandler)
	}
	keep := "restore it from a backup: the boxes know this hub by its keys"
	if h.key, err = durable.SigningKey(filepath.Join(c.Data, "key"), keep); err != nil {
		return nil, folderError(c.Data, err)
	}
	if h.identity, err = durable.Identity(filepath.Join(c.Data, "identity"), keep); err != nil {
		return nil, folderError(c.Data, err)
	}
	if h.db, err = openDatabase(ctx, c.Data, c.Database); err != nil {
		return nil, folderError(c.Data, err)
	}
	if err := h.initKeys(ctx); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	if h.staff, err = newStaff(ctx, h.db); err != nil {
		return nil, errors.Join(folderError(c.Data, err), h.Close())
	}
	h.route()
	return h, nil
}

// Close waits for what is being committed, and closes the database.
func (h *Hub) Close() error {
	h.committer.ended.Wait()
	return h.db.close()
}

// Staff are the office's people.
func (h *Hub) Staff() *Staff { return h.staff }

// Desk gives the farmers who asked for a person.
func (h *Hub) Desk() Escalations { return h.escalations }

// Key is the public half of the key that signs every reply; boxes have it pinned.
func (h *Hub) Key() ed25519.PublicKey { return h.key.Public().(ed25519.PublicKey) }

// Recipient is the age recipient to which boxes seal.
func (h *Hub) Recipient() string { return h.identity.Recipient().String() }

// now is the hub's time in Unix ms.
func (h *Hub) now() int64 { return h.clock().UnixMilli() }

// ServeHTTP answers one request.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.routes.ServeHTTP(w, r) }

// folderError gives an error of the data folder a hint; one that has it stays as it is.
func folderError(dir string, err error) error {
	if known := (*advisory.Error)(nil); err == nil || errors.As(err, &known) {
		return err
	}
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return &advisory.Error{Code: advisory.DiskFull, Hint: "free some space on the disk that holds " + dir, Err: err}
	}
	return &advisory.Error{Code: advisory.Internal, Hint: "make " + dir + " writable for this user, or choose another folder with --data", Err: err}
}

// storeError gives an error of the database a hint; what may be tried again is Busy.
func (h *Hub) storeError(err error) error {
	known := (*advisory.Error)(nil)
	switch {
	case errors.As(err, &known):
		return err
	case sqlite.IsFull(err):
		return &advisory.Error{Code: advisory.DiskFull, Hint: "free some space on the disk that holds " + h.Data, Err: err}
	case sqlite.IsBusy(err) || errors.Is(err, context.DeadlineExceeded):
		return &advisory.Error{Code: advisory.Busy, Hint: "the hub's database is busy; try again", Err: err}
	}
	return &advisory.Error{Code: advisory.Internal, Hint: "see jembe-hub doctor", Err: err}
}

// Fingerprint names the hub's signing key.
func (h *Hub) Fingerprint() string { return wire.KeyID(h.Key()) }
