package hub

import (
	"net/http"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/edge/wire"
)

// What boxes send over the line is what the office counts, once, however it came in and whenever it was counted; a box that
// is revoked on the page is refused.
func TestWhatBoxesSendIsCounted(t *testing.T) { onEach(t, testSentIsCounted) }

func testSentIsCounted(t *testing.T, h *Hub) {
	const n = 300
	want := map[string]map[string]int64{byLang: {}, byOutcome: {}, byConcept: {}}
	var questions int64
	boxes := []*box{newBox(t, h, n), newBox(t, h, n)}
	for i, b := range boxes {
		questions += countLines(t, b.lines, want)
		for at := 0; at < n; at += 50 {
			b.wantThrough(max(1, at-10), at+50, int64(at+50)) // some come twice
			if (at/50+i)%2 == 0 {
				if _, err := h.Count(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if _, err := h.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	f := figuresOfAll(t, h)
	if f.Total.Asked != questions || f.table(t, byVillage)["Kipsigak"].Asked != questions {
		t.Errorf("%d questions counted, %d asked", f.Total.Asked, questions)
	}
	for dimension, values := range want {
		got := f.table(t, dimension)
		if len(got) != len(values) {
			t.Errorf("%s: %d values, want %d", dimension, len(got), len(values))
		}
		for value, n := range values {
			if got[value].Asked != n {
				t.Errorf("%s %s: %d, want %d", dimension, value, got[value].Asked, n)
			}
		}
	}
	watchFork(t, h, boxes[0])
	revokeOnThePage(t, h, boxes[1])
}

// countLines counts what is in a box's record, and gives how many questions there are.
func countLines(t *testing.T, lines []wire.Line, into map[string]map[string]int64) (questions int64) {
	t.Helper()
	for _, l := range lines {
		e, err := wire.Parse(l.Body)
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind != advisory.KindQuestion {
			continue
		}
		questions++
		into[byLang][string(e.Lang)]++
		into[byOutcome][string(e.Outcome)]++
		for _, c := range plainConcepts(e.Concepts) {
			into[byConcept][c]++
		}
	}
	return questions
}

// watchFork lets a copy of the first box's card send something else, which the office sees.
func watchFork(t *testing.T, h *Hub, b *box) {
	t.Helper()
	b.lines[9].Body = []byte(strings.Replace(string(b.lines[9].Body), `"boot":1`, `"boot":2`, 1))
	if _, err := b.push(5, 15); err != nil {
		t.Fatal(err)
	}
	seen, err := h.Box(t.Context(), b.device)
	if err != nil || !seen.Alarm() || seen.Forks() != 1 || seen.Quarantined == 0 || seen.Records[0].Through != 300 || seen.Version != "test" {
		t.Errorf("%+v %v", seen, err)
	}
}

func revokeOnThePage(t *testing.T, h *Hub, b *box) {
	t.Helper()
	o := serveOffice(t, h)
	admin := o.as(t, Administrator)
	page := admin.get("/boxes")
	if strings.Count(page.body, "Kipsigak") != 2 || strings.Count(page.body, "tag alarm") != 1 || strings.Count(page.body, "tag good") != 1 {
		t.Errorf("the page of boxes: %s", page.body)
	}
	if got := admin.post("/boxes/" + b.device + "/revoke"); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	if got := admin.post("/boxes/" + b.device + "/revoke"); got.status != http.StatusNotFound {
		t.Errorf("revoked twice: %d", got.status)
	}
	if _, err := b.push(290, 300); err == nil {
		t.Error("a revoked box is served")
	}
}
