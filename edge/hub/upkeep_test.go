package hub

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// A task is done when it is due, again soon after it failed, and by one of several programs.
func TestUpkeepIsDoneWhenItIsDue(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		began, runs := h.clock(), 0
		var fails error
		at := func(after time.Duration, want int) {
			t.Helper()
			h.clock = func() time.Time { return began.Add(after) }
			for range 2 { // at once again: it is not due
				h.keepUp(t.Context(), "task", aDay, func(context.Context, Upkeep) error { runs++; return fails })
			}
			if runs != want {
				t.Errorf("after %v: %d runs, want %d", after, runs, want)
			}
		}
		at(0, 1)
		at(23*time.Hour, 1)
		fails = &advisory.Error{Code: advisory.DiskFull, Err: errors.New("no room"), Hint: "free some"}
		at(25*time.Hour, 2)
		u, err := h.Upkeep(t.Context(), "task")
		if err != nil || u.Trouble != "no room; free some" || u.DoneMS != began.UnixMilli() {
			t.Errorf("%+v %v", u, err)
		}
		fails = nil
		at(25*time.Hour+30*time.Minute, 2)
		at(26*time.Hour+time.Minute, 3)
		at(-300*aDay, 4) // the clock went back: once, and then a day later
		at(-300*aDay+time.Hour, 4)
		at(-299*aDay, 5)
		if err := h.beginUpkeep(t.Context(), "task", 77, 99); !errors.Is(err, errOtherUpkeep) {
			t.Errorf("%v, want that another program has it", err)
		}
	})
}

// A clock that has jumped erases nothing before it has stood there for a day.
func TestAClockThatJumpsErasesNothingAtOnce(t *testing.T) {
	h := openHub(t, Config{Data: t.TempDir()})
	b, began := newBox(t, h, 20), h.clock()
	b.wantThrough(1, 20, 20)
	if _, err := h.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ days, left int }{{0, 20}, {1, 20}, {9000, 20}, {2, 20}, {3, 20}, {9000, 20}, {9001, 0}} {
		b.at(began, step.days)
		h.keepUp(t.Context(), taskRetention, aDay, h.regularRetention)
		if n := count(t, h, `SELECT count(*) FROM events`); n != step.left {
			t.Errorf("on day %d: %d events are left, want %d", step.days, n, step.left)
		}
	}
}

// Regular backups: the last 14 stay, what somebody made by hand too, and what is not verified makes nothing safe and leaves nothing.
func TestRegularBackups(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		h.BackupDir, h.BackupEvery = filepath.Join(t.TempDir(), "backups"), aDay
		b, began := newBox(t, h, 40), h.clock()
		b.wantThrough(1, 30, 30)
		hand, _, err := h.Backup(t.Context(), h.BackupDir)
		if err != nil {
			t.Fatal(err)
		}
		left := filepath.Join(h.BackupDir, unfinished+"123")
		if err := errors.Join(os.WriteFile(left, []byte("half"), 0o600), os.Chtimes(left, began.Add(-2*aDay), began.Add(-2*aDay))); err != nil {
			t.Fatal(err)
		}
		b.wantThrough(31, 40, 40)
		for i := range keptBackups + 2 {
			b.at(began, i)
			if err := h.regularBackup(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := regularBackups(h.BackupDir)
		if err != nil || len(kept) != keptBackups {
			t.Errorf("%d stay, want %d: %v", len(kept), keptBackups, err)
		}
		if v, err := VerifyBackup(kept[0]); err != nil || v.Events != 40 {
			t.Errorf("%+v %v", v, err)
		}
		if r := b.wantThrough(41, 40, 40); r.Epochs[0].Safe != 40 {
			t.Errorf("safe through %d, want 40", r.Epochs[0].Safe)
		}
		if _, err := os.Stat(hand); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(left); err == nil {
			t.Error("what a killed program left is still there")
		}
		if _, err := h.db.Write.Exec(`UPDATE events SET body = $1 WHERE seq = 5`, string(b.lines[3].Body)); err != nil {
			t.Fatal(err)
		}
		b.at(began, keptBackups+2)
		h.keepUp(t.Context(), taskBackup, aDay, func(ctx context.Context, _ Upkeep) error { return h.regularBackup(ctx) })
		if now, err := regularBackups(h.BackupDir); err != nil || strings.Join(now, " ") != strings.Join(kept, " ") {
			t.Errorf("%v, want those of before: %v", now, err)
		}
		if u, err := h.LastBackup(t.Context()); err != nil || u.Trouble == "" || u.DoneMS == 0 {
			t.Errorf("%+v %v, want the trouble and when it went well last", u, err)
		}
		page := serveOffice(t, h).as(t, Auditor).get("/boxes").body
		if !strings.Contains(page, "The last backup failed.") {
			t.Error("the page does not tell")
		}
	})
}

// Where there is no room nothing is begun.
func TestNoRoomForABackup(t *testing.T) {
	h := openHub(t, Config{Data: t.TempDir()})
	h.BackupDir = t.TempDir()
	huge := filepath.Join(h.BackupDir, regularly+"20260101-000000.000.tar.zst")
	f, err := os.Create(huge)
	if err == nil {
		err = errors.Join(f.Truncate(1<<42), f.Close()) // sparse: the next one would be as large
	}
	if err != nil {
		t.Skipf("needs a file system that takes a sparse file of 4 TiB (ext4 with 4 KiB blocks, xfs, tmpfs); name one in TMPDIR: %v", err)
	}
	err = h.regularBackup(t.Context())
	wantCode(t, err, advisory.DiskFull)
	if found, err := os.ReadDir(h.BackupDir); err != nil || len(found) != 1 {
		t.Errorf("%v %v", found, err)
	}
	h.BackupDir = filepath.Join(h.Data, "content")
	wantCode(t, h.checkBackupDir(), advisory.BadRequest)
	h.BackupDir = filepath.Join(h.Data, "backups", "daily")
	if err := h.checkBackupDir(); err != nil {
		t.Error(err)
	}
}

// A backup brings nobody's sign-in back, and no invitation that was open.
func TestRestoreSignsNobodyIn(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		ctx := t.Context()
		if _, err := h.Staff().Add(ctx, CommandLine(), "grace", []Role{Expert}, goodPassword); err != nil {
			t.Fatal(err)
		}
		token, err := h.Staff().SignIn(ctx, Credentials{Name: "grace", Password: goodPassword}, "10.0.0.1", "")
		if err != nil {
			t.Fatal(err)
		}
		b := newBox(t, h, 3)
		open, err := h.Enroll(ctx, "https://hub.example", "Mtakuja")
		if err != nil {
			t.Fatal(err)
		}
		path, _, err := h.Backup(ctx, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(ctx, h.Config, path, true); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Staff().Session(ctx, token); !errors.Is(err, errNoSession) {
			t.Errorf("the sign-in came back: %v", err)
		}
		if _, err := h.Staff().SignIn(ctx, Credentials{Name: "grace", Password: goodPassword}, "10.0.0.1", ""); err != nil {
			t.Error(err)
		}
		if n := count(t, h, `SELECT count(*) FROM invitations`); n != 1 {
			t.Errorf("%d invitations, want the one that the box used", n)
		}
		if village, err := h.admit(ctx, "another", wire.Enrolment{Code: open.Code}); err == nil {
			t.Errorf("an old invitation holds again: %q", village)
		}
		b.wantThrough(1, 3, 3)
	})
}
