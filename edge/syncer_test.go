package edge

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

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
