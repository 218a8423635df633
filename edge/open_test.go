package edge

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"jembe/advisory"
)

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Each way in which a database can come to be another than the one this box last wrote to.
func TestCopiesAndRestoresBeginAnEpoch(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, dir, backup string) string{
		"restored over the file": func(t *testing.T, dir, backup string) string {
			copyFile(t, backup, filepath.Join(dir, "jembe.db"))
			return dir
		},
		"restored as a new file": func(t *testing.T, dir, backup string) string {
			if err := os.Remove(filepath.Join(dir, "jembe.db")); err != nil {
				t.Fatal(err)
			}
			copyFile(t, backup, filepath.Join(dir, "jembe.db"))
			return dir
		},
		"brought to another box": func(t *testing.T, dir, _ string) string {
			other := t.TempDir()
			copyFile(t, filepath.Join(dir, "jembe.db"), filepath.Join(other, "jembe.db"))
			return other
		},
		"whole folder copied": func(t *testing.T, dir, _ string) string {
			other := t.TempDir()
			if err := os.CopyFS(other, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			return other
		},
		"another key": func(t *testing.T, dir, _ string) string {
			if err := os.Remove(filepath.Join(dir, "key")); err != nil {
				t.Fatal(err)
			}
			return dir
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := newStore(t, dir)
			record(t, s, question("1"))
			s.Close()
			backup := filepath.Join(t.TempDir(), "backup")
			copyFile(t, filepath.Join(dir, "jembe.db"), backup)
			record(t, s, question("2"))
			s.Close()
			after := newStore(t, change(t, dir, backup))
			record(t, after, question("3"))
			got := events(t, after)
			last, health := got[len(got)-1], got[len(got)-2]
			if last.Epoch == got[0].Epoch || last.Seq != 2 || health.Kind != advisory.KindHealth || health.Reason != CopyFound || health.Seq != 1 {
				t.Errorf("after the copy: %+v, %+v", health, last)
			}
		})
	}
}

func TestMovedFolderIsNoCopy(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	s := newStore(t, dir)
	record(t, s, question("1"))
	s.Close()
	if err := os.Rename(dir, dir+"b"); err != nil {
		t.Fatal(err)
	}
	after := newStore(t, dir+"b")
	record(t, after, question("2"))
	if got := events(t, after); got[1].Epoch != got[0].Epoch || got[1].Seq != 2 {
		t.Errorf("after the move: %+v", got[1])
	}
}

// Damage is found at open, or when it is met; the damaged file is kept, and a new one begun.
func TestDamagedDatabaseIsMovedAside(t *testing.T) {
	for name, damage := range map[string]func(data []byte) []byte{
		"no database at all": func([]byte) []byte { return []byte("not a database, only text that stands where one should") },
		"pages overwritten":  func(d []byte) []byte { return append(d[:1024:1024], bytes.Repeat([]byte{0x5a}, len(d)-1024)...) },
		"cut short":          func(d []byte) []byte { return d[:len(d)/2] },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := newStore(t, dir)
			for range 50 {
				record(t, s, question("1"))
			}
			before := events(t, s)
			s.Close()
			path := filepath.Join(dir, "jembe.db")
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			broken := damage(whole)
			if err := os.WriteFile(path, broken, 0o600); err != nil {
				t.Fatal(err)
			}
			record(t, s, question("2"))
			got := events(t, s)
			if len(got) != 2 || got[0].Reason != MovedAside || got[1].Seq != 2 || got[1].Epoch == before[0].Epoch || got[1].Device != before[0].Device {
				t.Errorf("after the damage: %+v", got)
			}
			kept, err := os.ReadFile(s.MovedAside())
			if err != nil || s.MovedAside() != path+".damaged-1" || !bytes.Equal(kept, broken) {
				t.Errorf("kept at %q: %d bytes, %v; want the %d damaged ones", s.MovedAside(), len(kept), err, len(broken))
			}
		})
	}
}

// Another process that has the database open would go on writing to the file that was moved.
func TestDamagedDatabaseInUseStays(t *testing.T) {
	dir := t.TempDir()
	first, second := newStore(t, dir), newStore(t, dir)
	record(t, first, question("1"))
	second.mu.Lock()
	err := second.open(t.Context(), true)
	second.mu.Unlock()
	if e := (*advisory.Error)(nil); !errors.As(err, &e) || e.Hint == "" {
		t.Fatalf("%v, want an error with a hint", err)
	}
	if second.MovedAside() != "" {
		t.Errorf("moved to %s while in use", second.MovedAside())
	}
}

func TestFullDatabaseSaysSoAndRecovers(t *testing.T) {
	s := newStore(t, t.TempDir())
	record(t, s, question("1"))
	limit := func(pages int) {
		t.Helper()
		if _, err := s.db.Write.Exec("PRAGMA max_page_count = " + map[int]string{1: "1", 0: "1000000"}[pages]); err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // no page more than there are
	var err error
	acknowledged := 1
	for range 1000 {
		if err = s.Record(t.Context(), question("more")); err != nil {
			break
		}
		acknowledged++
	}
	if e := (*advisory.Error)(nil); !errors.As(err, &e) || e.Code != advisory.DiskFull || e.Hint == "" {
		t.Fatalf("%v, want disk_full with a hint", err)
	}
	limit(0)
	record(t, s, question("room again"))
	if got := events(t, s); len(got) != acknowledged+1 {
		t.Errorf("%d events, want %d", len(got), acknowledged+1)
	}
}

// A real full disk: the database was closed in order, the disk filled to the last byte; the ballast lets it open.
func TestBallastLetsTheDatabaseOpenOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("mounting a small disk takes root (%v); TestFullDatabaseSaysSoAndRecovers covers the rest", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, 0) })
	s := newStore(t, dir)
	record(t, s, question("1"))
	s.Close()
	filler, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 4096); err == nil; {
		_, err = filler.Write(block)
	}
	filler.Close()
	if got := events(t, s); len(got) != 1 {
		t.Fatalf("%d events on the full disk, want 1", len(got))
	}
	if _, err := os.Stat(ballastPath(dir)); err == nil {
		t.Error("the disk is full, and the ballast still stands")
	}
	saved := 1
	for err = nil; err == nil && saved < 100000; saved++ {
		err = s.Record(t.Context(), question("fill"))
	}
	if e := (*advisory.Error)(nil); !errors.As(err, &e) || e.Code != advisory.DiskFull {
		t.Fatalf("%v, want disk_full", err)
	}
	if err := os.Remove(filler.Name()); err != nil {
		t.Fatal(err)
	}
	record(t, s, question("room again"))
	if got := events(t, s); len(got) != saved {
		t.Errorf("%d events, want %d", len(got), saved)
	}
	record(t, s, question("ballast"))
	if _, err := os.Stat(ballastPath(dir)); err != nil {
		t.Errorf("there is room, but no ballast: %v", err)
	}
}

// kill -9 between the commit of a new epoch and its mark, or before the commit, begins no epoch more.
func TestKilledWhileAnEpochBegins(t *testing.T) {
	for name, undo := range map[string]func(t *testing.T, dir string){
		"before the commit": func(t *testing.T, dir string) {
			if err := (mark{epoch: "aaaaaaaa"}).announce(dir); err != nil {
				t.Fatal(err)
			}
		},
		"before the mark": func(t *testing.T, dir string) {
			m := readMark(dir, "epoch")
			if err := (mark{epoch: m.epoch}).announce(dir); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "epoch"), []byte(mark{epoch: "bbbbbbbb", seq: 7}.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"at the first start": func(t *testing.T, dir string) {
			if err := os.Rename(filepath.Join(dir, "epoch"), filepath.Join(dir, "epoch.next")); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := newStore(t, dir)
			record(t, s, question("1"))
			s.Close()
			undo(t, dir)
			after := newStore(t, dir)
			record(t, after, question("2"))
			if got := events(t, after); len(got) != 2 || got[1].Epoch != got[0].Epoch || got[1].Seq != 2 {
				t.Errorf("%+v", got)
			}
			after.Close()
			again := newStore(t, dir)
			record(t, again, question("3"))
			if got := events(t, again); len(got) != 3 || got[2].Epoch != got[0].Epoch {
				t.Errorf("at the next start: %+v", got)
			}
		})
	}
}
