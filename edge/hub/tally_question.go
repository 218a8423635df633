package hub

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// question counts one. A box may be hostile: what is not a plain name is counted as "other".
func (t *tally) question(at place, e wire.Event) {
	gap := e.Gap()
	month, day := t.when(e)
	add := func(dimension, value string) { t.count(at.device, month, dimension, value, gap) }
	add(byAll, "")
	add(byLang, plain(string(e.Lang)))
	add(byOutcome, plain(string(e.Outcome)))
	if e.Reason != advisory.NoReason {
		add(byReason, plain(string(e.Reason)))
	}
	add(byChannel, plain(string(e.Channel)))
	add(byGender, plain(string(e.Gender)))
	add(byDevice, at.device)
	add(byDay, day)
	concepts := plainConcepts(e.Concepts)
	for _, c := range concepts {
		add(byConcept, c)
	}
	if session := plain(e.Session); session != "" && session != "other" {
		if _, met := t.visits[visitAt{at.device, session}]; !met {
			t.visits[visitAt{at.device, session}] = firstQuestion{at, e.Seq, month}
		}
	}
	if gap && e.WordsHash != "" {
		t.unanswered = append(t.unanswered, unanswered{at, e.Seq, day, plain(string(e.Lang)), " " + strings.Join(concepts, " ") + " "})
	}
}

// count counts one in a cell of all boxes, and in that of its own.
func (t *tally) count(device, month, dimension, value string, gap bool) {
	for _, key := range []cell{{"", month, dimension, value}, {device, month, dimension, value}} {
		c := t.cells[key]
		if c == nil {
			c = &counts{}
			t.cells[key] = c
		}
		if c.asked++; gap {
			c.gaps++
		}
	}
}

// when gives month and day of an event in the office's time zone. A contact during the same start of the machine sets right a
// clock that nothing vouches for. Empty when the box did not know, or is ahead of us.
func (t *tally) when(e wire.Event) (month, day string) {
	wall, known := e.Wall, e.Clock != wire.ClockUnknown
	if a, met := t.anchors[e.Boot]; met && e.Clock != wire.ClockSynced {
		wall, known = a.hub-(a.mono-e.Mono), true
	}
	at := time.UnixMilli(wall)
	if !known || at.After(t.now.Add(24*time.Hour)) || at.Year() < 2020 {
		return "", ""
	}
	return at.Format("2006-01"), at.Format(time.DateOnly)
}

var plainName = regexp.MustCompile(`^[a-z0-9_-]{0,80}$`)

func plain(value string) string {
	if plainName.MatchString(value) {
		return value
	}
	return "other"
}

// plainConcepts are the first 20 of an event's, each once.
func plainConcepts(all []string) []string {
	var out []string
	for _, c := range all[:min(len(all), 20)] {
		if c = plain(c); c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}
