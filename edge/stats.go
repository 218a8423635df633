package edge

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// Stats are a box's own figures, for those who look after it. They are not for publication: small counts are not held back.
type Stats struct {
	Events    int            `json:"events"`
	Questions int            `json:"questions"`
	Sessions  int            `json:"sessions"` // that asked something
	Lang      map[string]int `json:"by_lang"`
	Outcome   map[string]int `json:"by_outcome"`
	Tier      map[string]int `json:"by_tier"`
	Channel   map[string]int `json:"by_channel"`
	Day       map[string]int `json:"by_day"`  // 2026-03-27 in the box's time zone; "unknown" while the clock was wrong
	Ratings   map[string]int `json:"ratings"` // the last of each answer
	Escalated int            `json:"escalated"`
	Concepts  []Count        `json:"top_concepts"`  // asked about most, at most 20
	Documents []Count        `json:"top_documents"` // answered from most, at most 20
	Gaps      []Count        `json:"gaps"`          // concepts of questions that found no answer, at most 20
	MedianMS  float64        `json:"median_ms"`     // of the whole way of a question
	P95MS     float64        `json:"p95_ms"`
}

// Count is how often a thing came up.
type Count struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// tally counts while the events pass by.
type tally struct {
	Stats
	sessions                  map[string]bool
	ratings                   map[string]advisory.Rating
	concepts, documents, gaps map[string]int
	totals                    []float64
}

// Stats reads all events once.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	t := tally{
		Stats:    Stats{Lang: map[string]int{}, Outcome: map[string]int{}, Tier: map[string]int{}, Channel: map[string]int{}, Day: map[string]int{}, Ratings: map[string]int{}},
		sessions: map[string]bool{}, ratings: map[string]advisory.Rating{},
		concepts: map[string]int{}, documents: map[string]int{}, gaps: map[string]int{},
	}
	err := s.each(ctx, func(_ wire.Hash, body []byte) error {
		e, err := wire.Parse(body)
		if err == nil {
			t.count(e)
		}
		return err
	})
	if err != nil {
		return Stats{}, err
	}
	t.Sessions = len(t.sessions)
	for _, r := range t.ratings {
		t.Ratings[string(r)]++
	}
	t.Concepts, t.Documents, t.Gaps = top(t.concepts), top(t.documents), top(t.gaps)
	t.MedianMS, t.P95MS = percentile(t.totals, 50), percentile(t.totals, 95)
	return t.Stats, nil
}

func (t *tally) count(e wire.Event) {
	t.Events++
	switch e.Kind {
	case advisory.KindQuestion:
		t.question(e)
	case advisory.KindRating:
		t.ratings[e.Answer] = e.Rating
	case advisory.KindEscalation:
		t.Escalated++
	}
}

func (t *tally) question(e wire.Event) {
	t.Questions++
	if e.Session != "" {
		t.sessions[e.Session] = true
	}
	t.Lang[string(e.Lang)]++
	t.Outcome[string(e.Outcome)]++
	t.Channel[string(e.Channel)]++
	if e.Tier != "" {
		t.Tier[string(e.Tier)]++
	}
	day := "unknown"
	if e.Clock != wire.ClockUnknown {
		day = time.UnixMilli(e.Wall).Format(time.DateOnly)
	}
	t.Day[day]++
	for _, c := range e.Concepts {
		t.concepts[c]++
		if e.Outcome == advisory.Unsure {
			t.gaps[c]++
		}
	}
	for _, d := range e.Documents {
		t.documents[d]++
	}
	if e.Timings != nil {
		t.totals = append(t.totals, e.Timings.Total)
	}
}

// top gives the 20 counted most, by name among equals.
func top(counts map[string]int) []Count {
	out := make([]Count, 0, len(counts))
	for name, n := range counts {
		out = append(out, Count{name, n})
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Name, b.Name)) })
	return out[:min(len(out), 20)]
}

// percentile gives the smallest value that p per cent of the values do not exceed (nearest rank); 0 of none.
func percentile(values []float64, p int) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[(len(values)*p+99)/100-1]
}
