package content

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jembe/advisory"
)

// TestCorruptPackChangesNothing cuts the archive at many places and flips bytes.
func TestCorruptPackChangesNothing(t *testing.T) {
	data := t.TempDir()
	s := NewShelf(data)
	install(t, s, pack(t, "office", "1"))
	before := s.Load()
	raw, err := os.ReadFile(pack(t, "office", "2"))
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "bad.tar.zst")
	try := func(raw []byte) {
		t.Helper()
		if err := os.WriteFile(bad, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := s.Install(bad)
		wantCode(t, err, advisory.CorruptPack)
	}
	for i := 0; i < len(raw); i += max(1, len(raw)/40) {
		try(raw[:i])
	}
	for i := 10; i < len(raw)-4; i += max(1, len(raw)/40) {
		flipped := slices.Clone(raw)
		flipped[i] ^= 0xff
		try(flipped)
	}
	try([]byte("no archive at all"))
	if after := s.Load(); after.Fingerprint != before.Fingerprint || after.Revision != before.Revision {
		t.Error("a corrupt pack changed the shelf")
	}
	entries, err := os.ReadDir(filepath.Join(data, "packs"))
	if err != nil || len(entries) != 3 { // office-1, lock, set.json
		t.Errorf("left on the disk: %v, %v", entries, err)
	}
}

// TestDamageOnTheDisk harms installed packs: the harmed one is left out and told, the rest answers, a new install mends it.
func TestDamageOnTheDisk(t *testing.T) {
	office, vets := built(t, office()), pack(t, "vets", "5")
	harms := map[string]func(dir string) error{
		"no folder":        os.RemoveAll,
		"no manifest":      func(dir string) error { return os.Remove(filepath.Join(dir, "manifest.json")) },
		"empty manifest":   func(dir string) error { return os.Truncate(filepath.Join(dir, "manifest.json"), 0) },
		"no document":      func(dir string) error { return os.Remove(filepath.Join(dir, "docs/en/goat-pen.md")) },
		"cut document":     func(dir string) error { return os.Truncate(filepath.Join(dir, "docs/en/goat-pen.md"), 40) },
		"cut vectors":      func(dir string) error { return os.Truncate(filepath.Join(dir, "vectors/hash-64.bin"), 1) },
		"other document":   func(dir string) error { return swap(filepath.Join(dir, "docs/en/goat-pen.md"), "A dry", "A wet") },
		"another's folder": func(dir string) error { return swap(filepath.Join(dir, "manifest.json"), "office", "orchid") },
	}
	for name, harm := range harms {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			s := NewShelf(data)
			install(t, s, office)
			install(t, s, vets)
			if err := harm(filepath.Join(data, "packs", "office-1")); err != nil {
				t.Fatal(err)
			}
			lib := s.Load()
			if errs := broken(lib); len(errs) != 1 {
				t.Errorf("told: %v", errs)
			} else {
				wantCode(t, errs[0], advisory.CorruptPack)
			}
			if want := []string{"vets@5"}; !slices.Equal(lib.Packs[1:], want) {
				t.Errorf("in use are %v, want %v", lib.Packs[1:], want)
			}
			install(t, s, office)
			if want := []string{"office@1", "vets@5"}; !slices.Equal(inUse(s), want) {
				t.Errorf("mended, %v are in use, want %v", inUse(s), want)
			}
			if err := s.Rollback(); err != nil { // mending did not forget the set before: without the vets
				t.Fatal(err)
			}
			if want := []string{"office@1"}; !slices.Equal(inUse(s), want) {
				t.Errorf("rolled back, %v are in use, want %v", inUse(s), want)
			}
		})
	}
}

// swap changes a text in a file without changing its length.
func swap(name, old, with string) error {
	raw, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(name, []byte(strings.Replace(string(raw), old, with, 1)), 0o644)
}

func TestRollbackToADamagedPackIsRefused(t *testing.T) {
	data := t.TempDir()
	s := NewShelf(data)
	install(t, s, pack(t, "office", "1"))
	install(t, s, pack(t, "office", "2"))
	if err := os.RemoveAll(filepath.Join(data, "packs", "office-1")); err != nil {
		t.Fatal(err)
	}
	wantCode(t, s.Rollback(), advisory.CorruptPack)
	if want := []string{"office@2"}; !slices.Equal(inUse(s), want) {
		t.Errorf("in use are %v, want %v", inUse(s), want)
	}
}

func TestDamagedSet(t *testing.T) {
	for _, text := range []string{"", "{", "\x00\x00", `{"active": [{"name": "../up", "version": "1"}]}`} {
		data := t.TempDir()
		s := NewShelf(data)
		for _, v := range []string{"9", "10"} {
			install(t, s, pack(t, "office", v))
		}
		install(t, s, pack(t, "vets", "5"))
		if err := os.WriteFile(filepath.Join(data, "packs", "set.json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		lib := s.Load()
		if want := []string{"office@10", "vets@5"}; !slices.Equal(lib.Packs[1:], want) || len(broken(lib)) != 1 {
			t.Errorf("set %q: in use are %v, want %v; told %v", text, lib.Packs[1:], want, broken(lib))
		}
		if _, err := s.Revision(); err == nil {
			t.Errorf("set %q: no error", text)
		}
		wantCode(t, s.Rollback(), advisory.CorruptPack)
		install(t, s, pack(t, "office", "11"))
		if want := []string{"office@11", "vets@5"}; !slices.Equal(inUse(s), want) || len(broken(s.Load())) > 0 {
			t.Errorf("set %q: after an install %v are in use, want %v", text, inUse(s), want)
		}
	}
}
