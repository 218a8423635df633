package edge

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/hub"
	"jembe/edge/linetest"
	"jembe/edge/wire"
)

// office is a hub that serves, for a test; requests can be made to go wrong.
type office struct {
	*hub.Hub
	dir    string
	server *httptest.Server
	spoil  func(w http.ResponseWriter, r *http.Request) bool // true: it has answered instead
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{dir: t.TempDir()}
	o.open(t)
	o.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.spoil == nil || !o.spoil(w, r) {
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

func TestContactCarriesTheWholeRecord(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 900)
	if spoken, err := s.Spoken(t.Context()); err != nil || spoken.Ever || spoken.Waiting != 900 || spoken.Before != -1 {
		t.Errorf("before: %+v %v", spoken, err)
	}
	done := once(t, y)
	if done.Sent != 900 || done.Waiting != 0 || done.Requests < 3 || done.Bytes == 0 {
		t.Errorf("%+v", done)
	}
	wantAlike(t, o, s)
	if done := once(t, y); done.Sent != 0 || done.Requests != 1 {
		t.Errorf("again: %+v", done)
	}
	record(t, s, question("new"))
	if done := once(t, y); done.Sent != 1 || done.Requests != 1 {
		t.Errorf("one more: %+v", done)
	}
	wantAlike(t, o, s)
	if spoken, err := s.Spoken(t.Context()); err != nil || !spoken.Ever || spoken.Waiting != 0 || spoken.Before < 0 || spoken.Before > 60_000 || spoken.Trouble != "" {
		t.Errorf("after: %+v %v", spoken, err)
	}
}

// Whatever goes wrong on the way, each event arrives once.
func TestFaultsOnTheWay(t *testing.T) {
	for name, spoil := range map[string]func(o *office, w http.ResponseWriter, r *http.Request){
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
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			s, y := o.enrolled(t, 50)
			fails := 2
			o.spoil = func(w http.ResponseWriter, r *http.Request) bool {
				if fails--; fails < 0 {
					return false
				}
				spoil(o, w, r)
				return true
			}
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

// A hub that came back from an older backup says less than before; it gets the rest again.
func TestHubRestoredFromABackup(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 60)
	once(t, y)
	o.Close()
	backup := filepath.Join(t.TempDir(), "hub")
	if err := os.CopyFS(backup, os.DirFS(o.dir)); err != nil {
		t.Fatal(err)
	}
	o.open(t)
	for i := range 40 {
		record(t, s, question(string(rune('a'+i))))
	}
	once(t, y)
	wantAlike(t, o, s)
	o.Close()
	o.dir = backup
	o.open(t)
	record(t, s, question("after"))
	once(t, y)
	if got := wantAlike(t, o, s); len(got) != 101 {
		t.Errorf("%d events, want 101", len(got))
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

// Events go only when they are safe at the hub and a month old by a clock that holds; the chain stays whole.
func TestWhatIsSafeAndOldIsForgotten(t *testing.T) {
	s := newStore(t, t.TempDir())
	at := moment{wall: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()}
	s.clock = func() moment { return at }
	for i := range 10 {
		record(t, s, question(string(rune('a'+i))))
		at.wall += int64(24 * time.Hour / time.Millisecond)
	}
	record(t, s, spokenQuestion("spoken", "kept words", true))
	record(t, s, question("last"))
	epoch := events(t, s)[0].Epoch
	month := int64(30 * 24 * time.Hour / time.Millisecond)
	for _, step := range []struct {
		name       string
		safe, left int
		later      int64
	}{
		{"nothing is safe", 0, 12, 2 * month}, {"nothing is old", 12, 12, 0}, {"the clock is wrong", 12, 12, -10 * month},
		{"five are safe", 5, 7, 2 * month}, {"words are kept", 12, 2, 2 * month},
	} {
		if _, err := s.db.Write.Exec(`INSERT INTO sent VALUES (?1, ?2, ?2) ON CONFLICT (epoch) DO UPDATE SET safe = ?2`, epoch, step.safe); err != nil {
			t.Fatal(err)
		}
		was := at
		at.wall += step.later
		if _, err := s.forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		at = was
		if got := events(t, s); len(got) != step.left {
			t.Errorf("%s: %d events are left, want %d", step.name, len(got), step.left)
		}
		if err := s.Verify(t.Context()); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
	}
	record(t, s, question("after"))
	if got := events(t, s); got[len(got)-1].Seq != 13 {
		t.Errorf("the record goes on at %d, want 13", got[len(got)-1].Seq)
	}
}

func TestNotEnrolledDialsNothing(t *testing.T) {
	y := NewSyncer(SyncConfig{Store: newStore(t, t.TempDir()), Log: slog.New(slog.DiscardHandler)})
	if _, err := y.Once(t.Context()); !errors.Is(err, errNotEnrolled) {
		t.Errorf("%v", err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	y.Run(ctx)
}

func TestRevokedBox(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 5)
	m, err := ReadMembership(s.dir)
	if err != nil || m == nil {
		t.Fatal(err)
	}
	if err := o.Revoke(t.Context(), m.Device); err != nil {
		t.Fatal(err)
	}
	if _, err := y.Once(t.Context()); wire.AsError(err).Code != advisory.Forbidden {
		t.Errorf("%v, want forbidden", err)
	}
}

func TestSameErrorIsToldOnceAnHour(t *testing.T) {
	var log bytes.Buffer
	told := &teller{log: slog.New(slog.NewTextHandler(&log, nil))}
	away := &advisory.Error{Code: advisory.Unreachable, Err: errors.New("no network")}
	for range 50 {
		told.tell(away)
	}
	told.at = time.Now().Add(-2 * time.Hour)
	told.tell(away)
	told.tell(nil)
	told.tell(nil)
	if got := strings.Count(log.String(), "\n"); got != 3 || !strings.Contains(log.String(), "failed=51") {
		t.Errorf("%d lines, want 2 and the recovery: %s", got, log.String())
	}
}

func TestHealthOnceADay(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 1)
	at := now()
	s.clock = func() moment { return at }
	y.Packs = func() []string { return []string{"starter@1"} }
	for _, step := range []struct {
		hours int64
		want  int
	}{{0, 1}, {0, 1}, {24, 2}, {25, 2}, {48, 3}} {
		at.wall = now().wall/86_400_000*86_400_000 + step.hours*3_600_000
		if err := y.inBackground(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := events(t, s)
		if len(got) != 1+step.want {
			t.Errorf("after %d hours: %d events of health, want %d", step.hours, len(got)-1, step.want)
		}
		if h := got[len(got)-1].Health; h == nil || h.FreeMB == 0 || h.Version != "test" || len(got[len(got)-1].Packs) != 1 {
			t.Errorf("%+v", got[len(got)-1])
		}
	}
	wantAlike(t, o, s)
}

func TestBudgetOfTheDay(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 900)
	y.Budget = 16 << 10
	for range 5 {
		if err := y.inBackground(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	used, err := s.carried(t.Context(), 0)
	if err != nil || used < y.Budget || used > y.Budget+maxRequest+4096 {
		t.Errorf("%d bytes passed, %v; the budget is %d and a request", used, err, y.Budget)
	}
	if done := once(t, y); done.Waiting != 0 || done.Sent == 0 { // whoever asks for a contact gets it
		t.Errorf("%+v", done)
	}
	wantAlike(t, o, s)
}
