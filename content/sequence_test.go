package content

import (
	"os"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// TestLoadDuringInstalls: who loads sees a whole set, never half of one, and two who install wait for one another.
func TestLoadDuringInstalls(t *testing.T) {
	s := NewShelf(t.TempDir())
	install(t, s, pack(t, "office", "1"))
	archives := []string{pack(t, "office", "2"), pack(t, "office", "3"), pack(t, "vets", "1"), pack(t, "vets", "2")}
	var wg sync.WaitGroup
	for _, some := range [][]string{archives[:2], archives[2:]} {
		wg.Go(func() {
			for _, a := range some {
				if _, err := s.Install(a); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		lib := s.Load()
		if said(lib, "office") == "" && len(broken(lib)) == 0 {
			t.Fatalf("the pack of the office vanished: %v", lib.Packs)
		}
	}
	got := inUse(s)
	slices.Sort(got)
	if want := []string{"office@3", "vets@2"}; !slices.Equal(got, want) {
		t.Errorf("in use are %v, want %v", got, want)
	}
}

// TestInstallAndRollbackInAnyOrder holds the shelf against a model: two lists of names.
func TestInstallAndRollbackInAnyOrder(t *testing.T) {
	archives := map[ref]string{}
	for _, name := range []string{"a", "b"} {
		for _, v := range []string{"1", "2", "3"} {
			archives[ref{name, v}] = pack(t, name, v)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		data, err := os.MkdirTemp(t.TempDir(), "data")
		if err != nil {
			rt.Fatal(err)
		}
		s := NewShelf(data)
		var active, before []string
		changed := false
		for range rapid.IntRange(1, 7).Draw(rt, "steps") {
			if rapid.IntRange(0, 3).Draw(rt, "what") == 0 {
				if err := s.Rollback(); (err == nil) != changed {
					rt.Fatalf("rollback: %v", err)
				}
				active, before = before, active
			} else {
				r := ref{rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "name"), rapid.SampledFrom([]string{"1", "2", "3"}).Draw(rt, "version")}
				_, err := s.Install(archives[r])
				i := slices.IndexFunc(active, func(id string) bool { return id[:1] == r.Name })
				allowed := i < 0 || active[i] < r.Name+"@"+r.Version
				if (err == nil) != allowed {
					rt.Fatalf("install of %v on %v: %v", r, active, err)
				}
				if allowed {
					before, changed = active, true
					if active = slices.Clone(active); i < 0 {
						active = append(active, r.Name+"@"+r.Version)
					} else {
						active[i] = r.Name + "@" + r.Version
					}
				}
			}
			if lib := s.Load(); !slices.Equal(lib.Packs[1:], active) || len(broken(lib)) > 0 {
				rt.Fatalf("in use are %v, want %v; broken %v", lib.Packs[1:], active, broken(lib))
			}
		}
	})
}
