package edge

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
)

// An order to record again that a stick brings was given to what was on the stick. It may reach the box when it no longer holds, or the
// twin of the box that it was given to, for both look alike: each event arrives once all the same.
func TestOrderOnAStickComesLateOrToTheTwin(t *testing.T) {
	for name, then := range map[string]func(o *office, s, twin *Store, stick, backup string){
		"to the one who wrote it": func(_ *office, _, twin *Store, stick, _ string) { put(t, syncerOf(twin), stick) },
		"to the twin, whose line stands at the hub": func(_ *office, s, _ *Store, stick, _ string) {
			put(t, syncerOf(s), stick)
		},
		"to the twin, after another contact": func(_ *office, s, _ *Store, stick, _ string) {
			once(t, syncerOf(s))
			put(t, syncerOf(s), stick)
		},
		"after the same order came by the network": func(_ *office, _, twin *Store, stick, _ string) {
			once(t, syncerOf(twin))
			put(t, syncerOf(twin), stick)
		},
		"after the hub came back from a backup, and took the line": func(o *office, _, twin *Store, stick, backup string) {
			o.restore(t, backup)
			once(t, syncerOf(twin))
			put(t, syncerOf(twin), stick)
		},
	} {
		for _, lost := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				o := newOffice(t)
				s, y := o.enrolled(t, 20)
				once(t, y)
				backup := o.backUp(t)
				twin := cloneBox(t, s)
				record(t, s, question("of the first"))
				record(t, twin, question("of the twin"))
				o.spoil(func(w http.ResponseWriter, r *http.Request) bool {
					if lost { // the line is at the hub, and the box does not know
						faults["the reply is lost"](o, w, r)
					}
					return false
				})
				if _, err := y.Once(t.Context()); (err != nil) != lost {
					t.Fatal(err)
				}
				o.spoil(nil)
				stick := t.TempDir()
				put(t, syncerOf(twin), stick)
				carry(t, o, stick, 1, 0)
				then(o, s, twin, stick, backup)
				for range 3 {
					once(t, syncerOf(s))
					once(t, syncerOf(twin))
				}
				all := strings.Join(export(t, func(ctx context.Context, b *bytes.Buffer) error { return o.Export(ctx, b) }), "\n")
				for _, answer := range []string{"of the first", "of the twin"} {
					if n := strings.Count(all, `"answer":"`+answer+`"`); n != 1 {
						t.Errorf("%q is at the hub %d times", answer, n)
					}
				}
				if _, err := o.Verify(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
	}
}
