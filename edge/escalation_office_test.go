package edge

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"jembe/edge/wire"
)

// A hub that came back from an older backup lacks what it has confirmed: the box still holds it sealed, and sends it again.
func TestEscalationsOutliveAHubFromABackup(t *testing.T) {
	v := newVillage(t)
	once(t, v.syncer)
	v.office.Close()
	backup := filepath.Join(t.TempDir(), "hub")
	if err := os.CopyFS(backup, os.DirFS(v.office.dir)); err != nil {
		t.Fatal(err)
	}
	v.office.open(t)
	n := v.escalateVoice(t, tone(3e9))
	once(t, v.syncer)
	v.waiting(t)
	v.office.Close()
	v.office.dir = backup
	v.office.open(t)
	once(t, v.syncer)
	e := v.waiting(t)
	v.replyTo(t, e.ID, "Fence the plot.", nil)
	once(t, v.syncer)
	if got := v.back(t, n); got.State != replyReady {
		t.Errorf("%+v", got)
	}
	once(t, v.syncer)
	wantAlike(t, v.office, v.Store)
}

// Enrolled again at the same hub a box goes on; at another one, what is sealed to the first can reach nobody, and the farmer is told.
func TestEscalationsAcrossEnrolments(t *testing.T) {
	v := newVillage(t)
	n := v.escalateWords(t, plantedWords)
	if _, err := Enrol(t.Context(), v.Store, v.office.invite(t), "test"); err != nil {
		t.Fatal(err)
	}
	once(t, v.syncer)
	v.replyTo(t, v.waiting(t).ID, "Fence the plot.", nil)
	if _, err := Enrol(t.Context(), v.Store, v.office.invite(t), "test"); err != nil {
		t.Fatal(err)
	}
	once(t, v.syncer)
	if got := v.back(t, n); got.State != replyReady {
		t.Errorf("the same office: %+v", got)
	}
	late := v.escalateWords(t, plantedWords)
	second := newOffice(t)
	if _, err := Enrol(t.Context(), v.Store, second.invite(t), "test"); err != nil {
		t.Fatal(err)
	}
	once(t, NewSyncer(SyncConfig{Store: v.Store, Version: "test", Log: slog.New(slog.DiscardHandler)}))
	if got := v.back(t, late); got.State != replyLost {
		t.Errorf("another office: %+v", got)
	}
	if got := v.back(t, n); got.State != replyReady {
		t.Errorf("what came before it: %+v", got)
	}
}

// A ticket that waits is kept for 180 days, a reply for 90; a clock that is wrong erases nothing.
func TestEscalationsAndRepliesAreErasedInTime(t *testing.T) {
	v := newVillage(t)
	day := int64(24 * time.Hour / time.Millisecond)
	start := time.Now().UnixMilli()
	at := moment{wall: start}
	v.Store.clock = func() moment { return at }
	answered := v.escalateWords(t, plantedWords)
	once(t, v.syncer)
	v.replyTo(t, v.waiting(t).ID, "Fence the plot.", nil)
	once(t, v.syncer)
	waits := v.escalateWords(t, plantedWords)
	for _, step := range []struct {
		day             int64
		answered, waits bool
	}{{89, true, true}, {-9000, true, true}, {91, false, true}, {179, false, true}, {181, false, false}} {
		at.wall = start + step.day*day
		if _, err := v.Store.EraseExpired(t.Context()); err != nil {
			t.Fatal(err)
		}
		for n, want := range map[*noted]bool{&answered: step.answered, &waits: step.waits} {
			_, _, _, err := v.Store.openReplies(t.Context(), Ticket{n.Code, n.Picture})
			if got := err == nil; got != want {
				t.Errorf("day %d: %s is there: %v, want %v (%v)", step.day, n.Code, got, want, err)
			}
		}
	}
	var left int
	if err := v.Store.db.Read.QueryRow(`SELECT (SELECT count(*) FROM replies) + (SELECT count(*) FROM escalations)`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d rows are left, %v", left, err)
	}
}

// No two that wait have the same code, and where all are taken it is said so.
func TestCodesAreUniqueAmongThoseThatWait(t *testing.T) {
	v := newVillage(t)
	record(t, v.Store, question("before"))
	tx, err := v.Store.db.Write.Begin()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for range codes {
		ticket, err := v.Store.addEscalation(t.Context(), tx, wire.Escalation{ID: wire.RandomID(10), Answer: "a", Lang: "sw"}, []byte("sealed"), "r")
		if err != nil {
			t.Fatal(err)
		}
		if seen[ticket.Code] || len(ticket.Code) != 3 || ticket.Picture < 1 || ticket.Picture > wire.PictureCount {
			t.Fatalf("%+v", ticket)
		}
		seen[ticket.Code] = true
	}
	if _, err := freeCode(t.Context(), tx); err == nil {
		t.Error("a code that is free, of none")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
}

// A recording waits in memory only, for the latest few, and until the person leaves.
func TestRecordingsAreForgotten(t *testing.T) {
	a := newAnswers()
	for i := range maxHeard + 2 {
		a.add(fmt.Sprint(i), "sw", "s")
		a.keep(fmt.Sprint(i), wire.Asked{Voice: []byte{1}})
	}
	a.add("large", "sw", "s")
	a.keep("large", wire.Asked{Words: "w", Voice: make([]byte, wire.MaxAsked+1)})
	kept := 0
	for _, g := range a.byID {
		if g.asked.Voice != nil {
			kept++
		}
	}
	if kept != maxHeard || a.byID["0"].asked.Voice != nil || a.byID["large"].asked.Words != "w" {
		t.Errorf("%d recordings in memory, want %d", kept, maxHeard)
	}
	a.forget("s")
	if len(a.byID) != 0 {
		t.Error("the person has left, and is not forgotten")
	}
	a.add("old", "sw", "s")
	a.clock = func() time.Time { return time.Now().Add(2 * maxAge) }
	a.dropOld()
	if len(a.byID) != 0 {
		t.Error("too old, and not forgotten")
	}
}
