package edge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"jembe/advisory"
	"jembe/edge/wire"
)

// faults are what can go wrong with a request on its way.
var faults = map[string]func(o *office, w http.ResponseWriter, r *http.Request){
	"the reply is lost": func(o *office, w http.ResponseWriter, r *http.Request) {
		o.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	},
	"cut off": func(_ *office, _ http.ResponseWriter, r *http.Request) {
		r.Body.Read(make([]byte, 100))
		panic(http.ErrAbortHandler)
	},
	"a sign-in page": func(_ *office, w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>please sign in")) },
	"redirected": func(_ *office, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://elsewhere.invalid/", http.StatusTemporaryRedirect)
	},
	"5xx":     func(_ *office, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
	"endless": func(_ *office, w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, wire.MaxReply+1)) },
	"an answer to another request": func(o *office, w http.ResponseWriter, _ *http.Request) {
		body := []byte(`{"epochs":[{"epoch":"aaaaaaaa","accepted_through":99}]}`)
		w.Header().Set(wire.HeaderSignature, "c2lnbmVk")
		w.Write(body)
	},
}

// Whatever goes wrong on the way, each event arrives once.
func TestFaultsOnTheWay(t *testing.T) {
	for name, spoil := range faults {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			s, y := o.enrolled(t, 50)
			var calls atomic.Int32
			o.spoil(func(w http.ResponseWriter, r *http.Request) bool {
				if calls.Add(1) > 2 {
					return false
				}
				spoil(o, w, r)
				return true
			})
			for range 2 {
				if _, err := y.Once(t.Context()); wire.AsError(err).Code != advisory.Unreachable || wire.AsError(err).Hint == "" {
					t.Fatalf("%v, want unreachable with a hint", err)
				}
			}
			if spoken, err := s.Spoken(t.Context()); err != nil || spoken.Trouble != advisory.Unreachable {
				t.Errorf("%+v %v", spoken, err)
			}
			once(t, y)
			wantAlike(t, o, s)
		})
	}
}

// A card that was cloned bit by bit looks like the same box. Both go on; each event of both arrives once, and words follow theirs.
func TestClonedCard(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 20)
	once(t, y)
	record(t, s, question("common, not yet sent"))
	twin := cloneBox(t, s)
	y2 := NewSyncer(SyncConfig{Store: twin, Version: "test", Log: slog.New(slog.DiscardHandler)})
	record(t, s, question("of the first"))
	record(t, twin, question("of the twin"))
	record(t, twin, spokenQuestion("spoken to the twin", "where is the zebra", true))
	once(t, y)
	once(t, y2)
	record(t, s, question("of the first, later"))
	record(t, twin, question("of the twin, later"))
	once(t, y)
	once(t, y2)
	all := strings.Join(export(t, func(ctx context.Context, b *bytes.Buffer) error { return o.Export(ctx, b) }), "\n")
	for _, answer := range []string{"common, not yet sent", "of the first", "of the twin", "spoken to the twin", "of the first, later", "of the twin, later"} {
		if n := strings.Count(all, `"answer":"`+answer+`"`); n != 1 {
			t.Errorf("%q is at the hub %d times", answer, n)
		}
	}
	if n := strings.Count(all, string(ForkFound)); n != 1 {
		t.Errorf("%d epochs began for the fork, want 1", n)
	}
	if _, err := o.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if err := errors.Join(s.Verify(t.Context()), twin.Verify(t.Context())); err != nil {
		t.Error(err)
	}
	if err := twin.EraseWords(t.Context(), "spoken to the twin"); err != nil {
		t.Errorf("the words did not follow their event: %v", err)
	}
}

// The same while the hub comes back from a backup that is older than what both have been told: the first to speak takes the places,
// and what the other had confirmed there arrives all the same.
func TestClonedCardAndRestoredHub(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 20)
	once(t, y)
	o.Close()
	backup := filepath.Join(t.TempDir(), "hub")
	if err := os.CopyFS(backup, os.DirFS(o.dir)); err != nil {
		t.Fatal(err)
	}
	o.open(t)
	twin := cloneBox(t, s)
	y2 := NewSyncer(SyncConfig{Store: twin, Version: "test", Log: slog.New(slog.DiscardHandler)})
	for i := range 10 {
		record(t, s, question(fmt.Sprintf("first %d", i)))
		record(t, twin, question(fmt.Sprintf("twin %d", i)))
	}
	once(t, y) // confirmed, and then lost with the hub
	o.Close()
	o.dir = backup
	o.open(t)
	once(t, y2)
	record(t, s, question("first, later"))
	for range 2 {
		once(t, y)
		once(t, y2)
	}
	all := strings.Join(export(t, func(ctx context.Context, b *bytes.Buffer) error { return o.Export(ctx, b) }), "\n")
	for i := range 10 {
		for _, answer := range []string{fmt.Sprintf("first %d", i), fmt.Sprintf("twin %d", i)} {
			if n := strings.Count(all, `"answer":"`+answer+`"`); n != 1 {
				t.Errorf("%q is at the hub %d times", answer, n)
			}
		}
	}
	if n := strings.Count(all, "\n") + 1; n != 20+20+1+1 { // and one event of health for the fork
		t.Errorf("%d events, want 42", n)
	}
	if err := errors.Join(s.Verify(t.Context()), twin.Verify(t.Context())); err != nil {
		t.Error(err)
	}
}

// An old epoch of a copy is another box's by now: what the copy recorded in it is recorded again, and stands behind nothing that is
// later.
func TestForkInAnOldEpoch(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 5)
	once(t, y)
	twin := cloneBox(t, s)
	y2 := NewSyncer(SyncConfig{Store: twin, Version: "test", Log: slog.New(slog.DiscardHandler)})
	record(t, twin, question("twin, in the old epoch"))
	beginEpoch(t, twin)
	record(t, twin, question("twin, in the new epoch"))
	for i := range 3 {
		record(t, s, question(fmt.Sprint(i)))
	}
	once(t, y)
	once(t, y2)
	once(t, y2)
	all := strings.Join(export(t, func(ctx context.Context, b *bytes.Buffer) error { return o.Export(ctx, b) }), "\n")
	for _, answer := range []string{"0", "1", "2", "twin, in the old epoch", "twin, in the new epoch"} {
		if n := strings.Count(all, `"answer":"`+answer+`"`); n != 1 {
			t.Errorf("%q is at the hub %d times", answer, n)
		}
	}
	wall := map[string]int64{}
	for line := range strings.Lines(all) {
		e, err := wire.Parse([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind != advisory.KindQuestion {
			continue
		}
		if e.Wall < wall[e.Epoch] {
			t.Errorf("%q stands behind what was asked later", e.Answer)
		}
		wall[e.Epoch] = e.Wall
	}
	if spoken, err := twin.Spoken(t.Context()); err != nil || spoken.Waiting != 0 {
		t.Errorf("%+v %v", spoken, err)
	}
	if err := errors.Join(s.Verify(t.Context()), twin.Verify(t.Context())); err != nil {
		t.Error(err)
	}
}

// cloneBox copies a box so that it cannot see that it is a copy, as an image of its card would be.
func cloneBox(t *testing.T, s *Store) *Store {
	t.Helper()
	s.Close()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(s.dir)); err != nil {
		t.Fatal(err)
	}
	file, err := fileID(filepath.Join(dir, "jembe.db"))
	if err != nil {
		t.Fatal(err)
	}
	epoch := readMark(s.dir, "epoch").epoch
	twin := newStore(t, dir)
	if err := twin.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The copy has begun an epoch of its own: take it back.
	for _, q := range []string{`DELETE FROM events WHERE epoch <> '` + epoch + `'`, `UPDATE box SET epoch = '` + epoch + `', file = '` + file + `'`} {
		if _, err := twin.db.Write.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	mark, err := os.ReadFile(filepath.Join(s.dir, "epoch"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "epoch"), mark, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return twin
}
