package content

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"jembe/advisory"
)

// mounted gives a small disk of its own in memory; bytes is its size.
func mounted(t *testing.T, bytes string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+bytes); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("mount a small disk: ", err)
		}
		t.Skip("needs a small disk: run as root with the right to mount: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestFullDisk(t *testing.T) {
	data := mounted(t, "256k")
	s := NewShelf(data)
	install(t, s, pack(t, "office", "1"))
	large := built(t, office().with(files{"manifest.json": `{"name": "office", "version": "2"}`, "vectors/large.bin": strings.Repeat("0123456789abcdef", 1<<15)}))
	_, err := s.Install(large)
	wantCode(t, err, advisory.DiskFull)
	if left, err := filepath.Glob(filepath.Join(data, "packs", staging+"*")); err != nil || len(left) > 0 {
		t.Errorf("left on the disk: %v, %v", left, err)
	}
	fill(t, filepath.Join(data, "filler"))
	_, err = s.Install(pack(t, "office", "3"))
	wantCode(t, err, advisory.DiskFull)
	if want := []string{"office@1"}; !slices.Equal(inUse(s), want) || len(broken(s.Load())) > 0 {
		t.Errorf("on a full disk %v are in use, want %v", inUse(s), want)
	}
	_, _, err = Build(folder(t, "x", office()), filepath.Join(data, "out.tar.zst"), BuildOptions{})
	wantCode(t, err, advisory.DiskFull)
}

// fill writes a file until the disk is full to the last page.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 4096)
	for range 1 << 10 {
		if _, err := f.Write(page); errors.Is(err, syscall.ENOSPC) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("the disk does not get full")
}

func TestReadOnlyDisk(t *testing.T) {
	data := mounted(t, "1m")
	s := NewShelf(data)
	install(t, s, pack(t, "office", "1"))
	if err := syscall.Mount("", data, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	if want := []string{"office@1"}; !slices.Equal(inUse(s), want) || len(broken(s.Load())) > 0 {
		t.Errorf("on a read-only disk %v are in use, want %v", inUse(s), want)
	}
	_, err := s.Install(pack(t, "office", "2"))
	wantHint(t, err, "read-only")
	wantHint(t, s.Rollback(), "read-only")
	_, _, err = Build(folder(t, "x", office()), filepath.Join(data, "out.tar.zst"), BuildOptions{})
	wantHint(t, err, "read-only")
}

// wantHint expects an error whose hint says a word.
func wantHint(t *testing.T, err error, word string) {
	t.Helper()
	var e *advisory.Error
	if !errors.As(err, &e) || !strings.Contains(e.Hint, word) {
		t.Errorf("got %v, want an error with a hint about %s", err, word)
	}
}
