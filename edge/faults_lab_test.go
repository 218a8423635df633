package edge

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"flag"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"jembe/edge/hub"
	"jembe/edge/hub/pgtest"
)

var full = flag.Bool("full", false, "the long form of the faults: some minutes")

// lab is what schedules of faults share: a network, the address of the hub, and a hub at which two boxes are enrolled, from which
// each schedule begins.
//
// Schedules run in memory where the machine has a tmpfs: there the wait for the disk is nothing. What is on the disk when the power is
// cut is for the power cuts to show.
type lab struct {
	dir      string // of the hub and the boxes to begin from
	postgres string // address of their database; "": SQLite
	server   *httptest.Server
	network  *network

	mu       sync.Mutex
	hub      *hub.Hub
	requests []*request // that came to the hub in this schedule
}

// request is one that may come again.
type request struct {
	path   string
	header http.Header
	body   []byte
}

// memory gives a folder in memory, or at least a temporary one.
func memory(t testing.TB) string {
	t.Helper()
	if st, err := os.Stat("/dev/shm"); err != nil || !st.IsDir() {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp("/dev/shm", "jembe-faults-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func newLab(t *testing.T, postgres string) *lab {
	t.Helper()
	l := &lab{dir: memory(t), postgres: postgres}
	l.server = httptest.NewServer(http.HandlerFunc(l.serve))
	t.Cleanup(l.server.Close)
	l.network = newNetwork(t, l.server.Listener.Addr().String())
	h, err := hub.Open(t.Context(), hub.Config{Data: filepath.Join(l.dir, "hub"), Database: postgres})
	if err != nil {
		t.Fatal(err)
	}
	l.hub = h
	for _, name := range []string{"a", "b"} {
		s := newStore(t, filepath.Join(l.dir, name))
		i, err := h.Enroll(t.Context(), l.network.url(), "Kipsigak")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Enrol(t.Context(), s, i, "test"); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	return l
}

// serve passes a request to the hub of the schedule, and remembers it.
func (l *lab) serve(w http.ResponseWriter, r *http.Request) {
	body, err := readAll(r)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	l.mu.Lock()
	h := l.hub
	l.requests = append(l.requests, &request{r.URL.Path, r.Header.Clone(), body})
	l.mu.Unlock()
	h.ServeHTTP(w, r)
}

// readAll reads the body of a request and puts it back.
func readAll(r *http.Request) ([]byte, error) {
	var b bytes.Buffer
	_, err := b.ReadFrom(r.Body)
	r.Body = readCloser{bytes.NewReader(b.Bytes())}
	return b.Bytes(), err
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// repeat brings a request to the hub once more, whenever it came first.
func (l *lab) repeat(r *request) {
	again := httptest.NewRequest(http.MethodPost, r.path, bytes.NewReader(r.body))
	again.Header = r.header
	l.hub.ServeHTTP(httptest.NewRecorder(), again)
}

// begin copies the lab's hub and boxes into a folder, and gives the hub's database.
func (l *lab) begin(ctx context.Context, dir string) (postgres string, err error) {
	if err := copyFolder(dir, l.dir); err != nil {
		return "", err
	}
	if l.postgres != "" {
		postgres, err = pgtest.Copy(ctx, l.postgres)
	}
	return postgres, errors.Join(err, asOriginal(ctx, filepath.Join(dir, "a")), asOriginal(ctx, filepath.Join(dir, "b")))
}

// asOriginal makes a copy of a box's folder look as an image of its card would: a database that cannot see that it is a copy.
func asOriginal(ctx context.Context, dir string) error {
	path := filepath.Join(dir, "jembe.db")
	file, err := fileID(path)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `UPDATE box SET file = ?`, file)
	return errors.Join(err, db.Close())
}

// copyFolder puts the files of boxes or hubs, which must be closed, in place of a folder.
func copyFolder(to, from string) error {
	return errors.Join(os.RemoveAll(to), mergeFolder(to, from))
}

// mergeFolder copies files into a folder. The ballast of a box, 4 MiB of nothing, is made anew.
func mergeFolder(to, from string) error {
	return fs.WalkDir(os.DirFS(from), ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		case name == "ballast" || strings.HasSuffix(name, "-shm"):
			return nil
		}
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), data, 0o600)
	})
}

func syncerOf(s *Store) *Syncer {
	return NewSyncer(SyncConfig{Store: s, Version: "test", Log: slog.New(slog.DiscardHandler)})
}
