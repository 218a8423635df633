package edge

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// A card is brought back from an image, and cloned later: what it recorded between is the same event on both cards. Where the line of
// the card before stands in its place at the hub both record it again, each in an epoch of its own; and where the hub came back from a
// backup in between, the place is free again for one of them. The event counts once all the same, however it comes.
func TestWhatBothTwinsRecordAgainCountsOnce(t *testing.T) {
	for name, then := range map[string]func(o *office, s, twin *Store, backup string){
		"both record it again": func(_ *office, s, twin *Store, _ string) {
			once(t, syncerOf(s))
			once(t, syncerOf(twin))
		},
		"the hub takes it from the twin, after the other has recorded it again": func(o *office, s, twin *Store, backup string) {
			once(t, syncerOf(s))
			o.restore(t, backup)
			once(t, syncerOf(s))
			once(t, syncerOf(twin))
		},
		"the hub takes it from the twin, before the other sends what it has recorded again": func(o *office, s, twin *Store, backup string) {
			once(t, syncerOf(s))
			o.restore(t, backup)
			once(t, syncerOf(twin))
			once(t, syncerOf(s))
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			s, y := o.enrolled(t, 20)
			once(t, y)
			backup := o.backUp(t)
			image := t.TempDir()
			s.Close()
			if err := os.CopyFS(image, os.DirFS(s.dir)); err != nil {
				t.Fatal(err)
			}
			record(t, s, question("of the card before"))
			once(t, y)
			s.Close()
			if err := copyFolder(s.dir, image); err != nil {
				t.Fatal(err)
			}
			if err := asOriginal(t.Context(), s.dir); err != nil {
				t.Fatal(err)
			}
			record(t, s, spokenQuestion("on both cards", "where is the zebra", true))
			record(t, s, question("on both cards too"))
			twin := cloneBox(t, s)
			record(t, s, question("of the first"))
			record(t, twin, question("of the twin"))
			then(o, s, twin, backup)
			for range 2 {
				once(t, syncerOf(s))
				once(t, syncerOf(twin))
			}
			wantOnce(t, o, "on both cards", "on both cards too", "of the first", "of the twin")
			for _, box := range []*Store{s, twin} {
				if spoken, err := box.Spoken(t.Context()); err != nil || spoken.Waiting != 0 {
					t.Errorf("%+v %v", spoken, err)
				}
				if err := box.Verify(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// wantOnce checks that events stand in the hub's record once each, and that its chains are whole.
func wantOnce(t *testing.T, o *office, answers ...string) {
	t.Helper()
	all := strings.Join(export(t, func(ctx context.Context, b *bytes.Buffer) error { return o.Export(ctx, b) }), "\n")
	for _, answer := range answers {
		if n := strings.Count(all, `"answer":"`+answer+`"`); n != 1 {
			t.Errorf("%q is at the hub %d times", answer, n)
		}
	}
	if _, err := o.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}
