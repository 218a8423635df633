package content

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestKilledInstall kills a process that installs one version after the other, again and again at another moment. What is in use
// must be whole each time, never older than before, and the next install must work.
func TestKilledInstall(t *testing.T) {
	if data := os.Getenv("CONTENT_TEST_INSTALL"); data != "" {
		installAll(data, os.Getenv("CONTENT_TEST_ARCHIVES"))
		return
	}
	data, archives := t.TempDir(), t.TempDir()
	const versions = 60
	for v := range versions {
		if err := os.Rename(pack(t, "office", fmt.Sprint(v+1)), archive(archives, v+1)); err != nil {
			t.Fatal(err)
		}
	}
	s := NewShelf(data)
	install(t, s, archive(archives, 1))
	last := "office@1"
	for range 20 {
		c := exec.Command(os.Args[0], "-test.run=^TestKilledInstall$")
		c.Env = append(os.Environ(), "CONTENT_TEST_INSTALL="+data, "CONTENT_TEST_ARCHIVES="+archives)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		started := time.Now()
		before, _ := s.Revision()
		for n := before; n == before && time.Since(started) < 10*time.Second; n, _ = s.Revision() { // until it is at work
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rand.IntN(15_000)) * time.Microsecond)
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // it was killed
		lib := s.Load()
		if errs := broken(lib); len(errs) > 0 || len(lib.Packs) != 2 {
			t.Fatalf("after a kill %v are in use, told: %v", lib.Packs, errs)
		}
		if CompareVersions(lib.Packs[1], last) < 0 {
			t.Fatalf("%s went back to %s", last, lib.Packs[1])
		}
		last = lib.Packs[1]
		if last == fmt.Sprintf("office@%d", versions) {
			break
		}
	}
	if last == "office@1" {
		t.Fatal("no install was ever reached before the kill")
	}
	install(t, s, pack(t, "office", "1000"))
}

func archive(dir string, version int) string {
	return filepath.Join(dir, fmt.Sprintf("%d.tar.zst", version))
}

// installAll installs all versions; those that are older than what is there are refused.
func installAll(data, archives string) {
	s := NewShelf(data)
	for v := 1; ; v++ {
		if _, err := os.Stat(archive(archives, v)); err != nil {
			return
		}
		_, _ = s.Install(archive(archives, v))
	}
}
