package edge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

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

// A hub that came back from a backup may have nothing of an epoch that is no longer the box's current one: it gets that too.
func TestHubRestoredToBeforeAnOldEpoch(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 5)
	once(t, y)
	path := o.backUp(t)
	for i := range 2 {
		beginEpoch(t, s)
		record(t, s, question(fmt.Sprint(i)))
		once(t, y)
	}
	wantAlike(t, o, s)
	o.restore(t, path)
	once(t, y)
	if got := wantAlike(t, o, s); len(got) != 5+2*2 {
		t.Errorf("%d events, want 9", len(got))
	}
}

// The same where the beginning of that epoch is deleted, while the first reply already orders to record the current one again.
func TestHubRestoredToBeforeAnOldEpochAndAFork(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 0)
	empty := o.backUp(t)
	at := now()
	s.clock = func() moment { return at }
	for i := range 20 {
		record(t, s, question(fmt.Sprint("deleted ", i)))
	}
	once(t, y)
	o.backUp(t)
	at.wall += 2 * eventsKept.Milliseconds()
	record(t, s, question("two months later"))
	once(t, y)
	if n := len(events(t, s)); n != 1 {
		t.Fatalf("%d events are left, want the last", n)
	}
	beginEpoch(t, s)
	twin := cloneBox(t, s)
	record(t, s, question("of the first"))
	record(t, twin, question("of the twin"))
	o.restore(t, empty)
	for range 2 {
		once(t, syncerOf(twin))
		once(t, y)
	}
	all := strings.Join(export(t, func(ctx context.Context, b *bytes.Buffer) error { return o.Export(ctx, b) }), "\n")
	for _, answer := range []string{"two months later", "of the first", "of the twin"} {
		if !strings.Contains(all, `"answer":"`+answer+`"`) {
			t.Errorf("%q is not at the hub", answer)
		}
	}
	if v, err := o.Hub.Verify(t.Context()); err != nil || v.Rejected > 0 {
		t.Errorf("%+v %v, want none rejected", v, err)
	}
	if err := errors.Join(s.Verify(t.Context()), twin.Verify(t.Context())); err != nil {
		t.Error(err)
	}
}

// A hub that came back says that less is safe than a box has deleted by then: the record of the box is no less whole for it.
func TestHubRestoredAfterTheBoxDeleted(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 0)
	at := now()
	s.clock = func() moment { return at }
	for i := range 20 {
		record(t, s, question(fmt.Sprint(i)))
	}
	once(t, y)
	path := o.backUp(t)
	at.wall += 2 * eventsKept.Milliseconds()
	record(t, s, question("two months later"))
	once(t, y)
	if n := len(events(t, s)); n != 1 {
		t.Fatalf("%d events are left, want the last", n)
	}
	o.restore(t, path)
	once(t, y)
	if err := s.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if v, err := o.Hub.Verify(t.Context()); err != nil || v.Events != 21 {
		t.Errorf("%+v %v, want all 21", v, err)
	}
}

// What a device recorded that the box no longer is, and the hub confirmed to it, is none of the new device's: it does not go again.
func TestNewDeviceLeavesWhatWasConfirmed(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 5)
	once(t, y)
	s.Close()
	if err := os.Remove(filepath.Join(s.dir, "key")); err != nil {
		t.Fatal(err)
	}
	if _, err := Enrol(t.Context(), s, o.invite(t), "test"); err != nil {
		t.Fatal(err)
	}
	once(t, syncerOf(s))
	if v, err := o.Verify(t.Context()); err != nil || v.Events != 6 || v.Rejected > 0 {
		t.Errorf("%+v %v, want 6 events, none rejected", v, err)
	}
}

// beginEpoch lets a box see that its database is a copy: it begins an epoch, with an event of health.
func beginEpoch(t *testing.T, s *Store) {
	t.Helper()
	s.Close()
	if err := os.WriteFile(filepath.Join(s.dir, "epoch"), []byte(mark{epoch: "zzzzzzzz"}.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
}
