package edge

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"jembe/edge/hub"
	"jembe/edge/linetest"
	"jembe/edge/wire"
)

// office is a hub that serves, for a test; requests can be made to go wrong.
type office struct {
	*hub.Hub
	dir    string
	server *httptest.Server
	spoils atomic.Pointer[spoiler]
}

// spoiler makes a request go wrong; true: it has answered instead of the hub. A handler can outlive the request that it aborted, so
// that two may run at once.
type spoiler func(w http.ResponseWriter, r *http.Request) bool

// spoil has the requests from here on go through f; nil: all is well again.
func (o *office) spoil(f spoiler) { o.spoils.Store(&f) }

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{dir: t.TempDir()}
	o.spoil(nil)
	o.open(t)
	o.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := *o.spoils.Load(); f == nil || !f(w, r) {
			o.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(o.server.Close)
	return o
}

func (o *office) open(t *testing.T) {
	t.Helper()
	h, err := hub.Open(t.Context(), hub.Config{Data: o.dir})
	if err != nil {
		t.Fatal(err)
	}
	o.Hub = h
	t.Cleanup(func() { h.Close() })
}

// backUp writes a backup of the office.
func (o *office) backUp(t *testing.T) (path string) {
	t.Helper()
	path, _, err := o.Backup(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// restore brings the office back from a backup.
func (o *office) restore(t *testing.T, path string) {
	t.Helper()
	o.Close()
	if _, err := hub.Restore(t.Context(), hub.Config{Data: o.dir}, path, true); err != nil {
		t.Fatal(err)
	}
	o.open(t)
}

// invite makes an invitation to the office.
func (o *office) invite(t *testing.T) wire.Invitation {
	t.Helper()
	i, err := o.Enroll(t.Context(), o.server.URL, "Kipsigak")
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// enrolled gives a box of the office, with a record of n events.
func (o *office) enrolled(t *testing.T, n int) (*Store, *Syncer) {
	t.Helper()
	s := newStore(t, t.TempDir())
	v := linetest.New(int64(n))
	v.Words = true
	for range n {
		record(t, s, v.Next())
	}
	if _, err := Enrol(t.Context(), s, o.invite(t), "test"); err != nil {
		t.Fatal(err)
	}
	return s, NewSyncer(SyncConfig{Store: s, Version: "test", Log: slog.New(slog.DiscardHandler)})
}

// once makes a contact that must succeed.
func once(t *testing.T, y *Syncer) Contact {
	t.Helper()
	done, err := y.Once(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// export gives all lines of an Export.
func export(t *testing.T, do func(context.Context, *bytes.Buffer) error) []string {
	t.Helper()
	var b bytes.Buffer
	if err := do(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

// wantAlike checks that the hub has exactly the events of the box.
func wantAlike(t *testing.T, o *office, s *Store) []string {
	t.Helper()
	mine := export(t, func(ctx context.Context, b *bytes.Buffer) error { return s.Export(ctx, b) })
	theirs := export(t, func(ctx context.Context, b *bytes.Buffer) error { return o.Export(ctx, b) })
	if len(mine) != len(theirs) {
		t.Fatalf("the hub has %d events, the box %d", len(theirs), len(mine))
	}
	have := map[string]bool{}
	for _, l := range theirs {
		have[l] = true
	}
	for _, l := range mine {
		if !have[l] {
			t.Fatalf("the hub lacks %s", l)
		}
	}
	if _, err := o.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	return theirs
}
