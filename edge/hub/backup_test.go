package hub

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"jembe/advisory"
	"jembe/edge/hub/pgtest"
	"jembe/edge/wire"
)

// A backup of either database is restored on either, and boxes go on as if nothing had been.
func TestBackupIsRestoredOnEitherDatabase(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b := newBox(t, h, 40)
		b.lines[3] = wire.Line{Body: []byte("\x00 never an event")}
		b.wantThrough(1, 30, 30)
		if err := os.MkdirAll(filepath.Join(h.Data, "files"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(h.Data, "files", "voice"), []byte("sealed"), 0o600); err != nil {
			t.Fatal(err)
		}
		path, v, err := h.Backup(t.Context(), "")
		if err != nil || v.Events != 30 || v.Devices != 1 || v.Rejected != 1 {
			t.Fatalf("%+v %v", v, err)
		}
		if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%v %v: the keys are in it", st, err)
		}
		if r := b.wantThrough(31, 40, 40); r.Epochs[0].Safe != 30 {
			t.Errorf("safe through %d, want 30", r.Epochs[0].Safe)
		}
		for name, database := range map[string]string{"sqlite": "", "postgres": pgtest.Database(t)} {
			c := Config{Data: filepath.Join(t.TempDir(), name), Database: database}
			if v, err := Restore(t.Context(), c, path, false); err != nil || v.Events != 30 {
				t.Fatalf("%s: %+v %v", name, v, err)
			}
			again := openHub(t, c)
			b.h = again
			b.wantThrough(41, 40, 30) // a gap: the box is told where to go on
			b.wantThrough(31, 40, 40)
			if again.Fingerprint() != h.Fingerprint() || again.Recipient() != h.Recipient() {
				t.Errorf("%s: another hub came back", name)
			}
			if data, err := os.ReadFile(filepath.Join(c.Data, "files", "voice")); err != nil || string(data) != "sealed" {
				t.Errorf("%s: %q %v", name, data, err)
			}
			if !slices.Equal(exported(t, again), exported(t, h)) {
				t.Errorf("%s: another record", name)
			}
			for _, table := range []string{"words", "invitations", "anchors", "withdrawn", "quarantine"} {
				if got, want := count(t, again, "SELECT count(*) FROM "+table), count(t, h, "SELECT count(*) FROM "+table); got != want {
					t.Errorf("%s: %d rows in %s, want %d", name, got, table, want)
				}
			}
		}
	})
}

func TestRestoreKeepsWhatIsThere(t *testing.T) {
	h := openHub(t, Config{Data: t.TempDir()})
	b := newBox(t, h, 10)
	b.wantThrough(1, 5, 5)
	path, _, err := h.Backup(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b.wantThrough(6, 10, 10)
	_, err = Restore(t.Context(), h.Config, path, false)
	wantCode(t, err, advisory.BadRequest)
	wantRecord(t, h, b.lines)
	if _, err := Restore(t.Context(), h.Config, path, true); err != nil {
		t.Fatal(err)
	}
	wantRecord(t, h, b.lines[:5])
	kept, err := filepath.Glob(filepath.Join(h.Data, "backups", "*"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("%v %v, want the hub that was there", kept, err)
	}
	if v, err := VerifyBackup(kept[0]); err != nil || v.Events != 10 {
		t.Errorf("%+v %v", v, err)
	}
}

// Whatever byte of a backup changes, it is refused, and nothing is safe by it.
func TestDamagedBackupsAreRefused(t *testing.T) {
	h := openHub(t, Config{Data: t.TempDir()})
	b := newBox(t, h, 10)
	b.wantThrough(1, 10, 10)
	path, _, err := h.Backup(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(whole); at += max(len(whole)/150, 1) {
		broken := bytes.Clone(whole)
		broken[at] ^= 0x20
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		if v, err := VerifyBackup(path); err == nil && !sameRecord(t, path, 10, v) {
			t.Errorf("byte %d changed: %+v", at, v)
		}
	}
	if err := os.WriteFile(path, whole[:len(whole)-100], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), Config{Data: t.TempDir()}, path, false); err == nil {
		t.Error("half a backup was restored")
	}
}

// sameRecord reports whether a changed backup reads as the whole one: the byte was one that says nothing, such as a reserved bit.
func sameRecord(t *testing.T, path string, events int, v Verified) bool {
	t.Helper()
	c := Config{Data: t.TempDir()}
	if _, err := Restore(t.Context(), c, path, false); err != nil {
		return false
	}
	h := openHub(t, c)
	return v.Events == events && len(exported(t, h)) == events
}

// A backup of a record whose chain is broken makes nothing safe.
func TestNothingIsSafeInABrokenBackup(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b := newBox(t, h, 10)
		b.wantThrough(1, 10, 10)
		if _, err := h.db.Write.Exec(`UPDATE events SET body = $1 WHERE seq = 5`, string(b.lines[3].Body)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.Backup(t.Context(), ""); err == nil {
			t.Error("the backup of a broken record was taken for whole")
		}
		if n := count(t, h, `SELECT max(safe) FROM epochs`); n != 0 {
			t.Errorf("safe through %d", n)
		}
		if _, err := h.Verify(t.Context()); err == nil {
			t.Error("the broken record was taken for whole")
		}
	})
}
