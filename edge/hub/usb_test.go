package hub

import (
	"testing"

	"jembe/edge/wire"
)

// What a box's clocks said when a stick was written says nothing of when that was: only what the network brings is an anchor.
func TestAStickIsNoAnchor(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		b := newBox(t, h, 30)
		bring := func(first, last int, mono int64, late bool) {
			t.Helper()
			batch := b.batch(first, last)
			batch.Boot, batch.Mono = 3, mono
			body, err := wire.EncodeBatch(batch)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := h.receive(t.Context(), b.device, wire.Sign(body, b.key), body, late); err != nil {
				t.Fatal(err)
			}
		}
		const anchored, seen = `SELECT coalesce(sum(mono_ms), 0) FROM anchors`, `SELECT count(*) FROM devices WHERE seen_ms > 5`
		if _, err := h.db.Write.Exec(`UPDATE devices SET seen_ms = 5`); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			name                string
			first, last         int
			mono                int64
			late                bool
			wantMono, wantHeard int
		}{
			{"a stick with nothing new", 1, 0, 500, true, 0, 0}, {"a stick", 1, 10, 1000, true, 0, 1},
			{"the network", 11, 20, 900, false, 900, 1}, {"a stick written later", 21, 30, 5000, true, 900, 1},
			{"the network again", 31, 30, 6000, false, 6000, 1},
		} {
			bring(step.first, step.last, step.mono, step.late)
			if mono, heard := count(t, h, anchored), count(t, h, seen); mono != step.wantMono || heard != step.wantHeard {
				t.Errorf("%s: anchored at %d and heard of %d, want %d and %d", step.name, mono, heard, step.wantMono, step.wantHeard)
			}
		}
		wantRecord(t, h, b.lines)
	})
}
