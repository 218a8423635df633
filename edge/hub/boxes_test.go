package hub

import (
	"net/http"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/edge/wire"
)

func TestHealthOfABox(t *testing.T) { onEach(t, testHealth) }

func testHealth(t *testing.T, h *Hub) {
	join(t, h, "boxone", "Kibaoni")
	tell := func(free int64, version string) wire.Event {
		return wire.Event{Clock: wire.ClockUnknown, Event: advisory.Event{Kind: advisory.KindHealth, Packs: []string{"starter@1"},
			Health: &advisory.Health{Version: version, FreeMB: free}}}
	}
	if b, err := h.Box(t.Context(), "boxone"); err != nil || b.Health != nil || b.Alarm() {
		t.Errorf("%+v %v", b, err)
	}
	take(t, h, "boxone", tell(9000, "1.0"), tell(150, "1.1"))
	b, err := h.Box(t.Context(), "boxone")
	if err != nil || b.Health == nil || b.Health.Health.Version != "1.1" || !b.Low() || !b.Alarm() {
		t.Errorf("%+v %v", b, err)
	}
	o := serveOffice(t, h)
	page := o.as(t, Auditor).get("/boxes/boxone")
	for _, want := range []string{"150 MB free", "nearly full", "starter@1", "wrong: the box does not know the time"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	take(t, h, "boxone", tell(9000, "1.2"))
	if b, err := h.Box(t.Context(), "boxone"); err != nil || b.Health.Health.Version != "1.2" || b.Low() {
		t.Errorf("%+v %v", b, err)
	}
	join(t, h, "boxtwo", "Mtakuja")
	take(t, h, "boxtwo", wire.Event{Event: advisory.Event{Kind: advisory.KindHealth}}) // tells nothing
	if got := o.as(t, Auditor).get("/boxes/boxtwo"); got.status != http.StatusOK {
		t.Errorf("health that tells nothing: %d", got.status)
	}
}
