package edge

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

func spokenQuestion(answer, words string, consent bool) advisory.Event {
	e := question(answer)
	e.Words, e.Consent = words, &advisory.Consent{Words: consent}
	return e
}

// holds reports whether any file of the folder holds the bytes.
func holds(t *testing.T, dir, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(text)) {
			return true
		}
	}
	return false
}

func TestWordsAreKeptOnlyWithConsentAndErasedWithoutATrace(t *testing.T) {
	dir := t.TempDir()
	s := newStore(t, dir)
	record(t, s, spokenQuestion("no", "zebra manure", false))
	record(t, s, spokenQuestion("yes", "giraffe manure, call 0712 345 678", true))
	got := events(t, s)
	if holds(t, dir, "zebra") || got[0].WordsHash != "" {
		t.Error("words were kept without consent")
	}
	if !holds(t, dir, "giraffe manure, call …") || holds(t, dir, "345 678") || len(got[1].WordsHash) != 22 {
		t.Errorf("words with consent: hash %q", got[1].WordsHash)
	}
	if err := s.EraseWords(t.Context(), "yes"); err != nil {
		t.Fatal(err)
	}
	if holds(t, dir, "giraffe") {
		t.Error("erased words can still be read in a file")
	}
	after := events(t, s)
	if len(after) != len(got)+1 || !reflect.DeepEqual(after[:len(got)], got) {
		t.Error("the events changed with the erasure")
	}
	if e := after[len(got)]; e.Kind != advisory.KindConsent || e.Answer != "yes" || e.Consent == nil || e.Consent.Words {
		t.Errorf("the erasure is recorded as %+v", e)
	}
	err := s.EraseWords(t.Context(), "yes")
	if e := (*advisory.Error)(nil); !errors.As(err, &e) || e.Code != advisory.NotFound {
		t.Errorf("erased twice: %v, want not_found", err)
	}
}

func TestExpiredWordsAreErasedByATrustedClockOnly(t *testing.T) {
	s := newStore(t, t.TempDir())
	day := int64(24 * time.Hour / time.Millisecond)
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	at := moment{wall: start}
	s.clock = func() moment { return at }
	record(t, s, spokenQuestion("old", "old words", true))
	at.wall = start + 100*day
	record(t, s, spokenQuestion("young", "young words", true))
	for _, step := range []struct {
		day  int64
		want int64
	}{{179, 0}, {-9000, 0}, {180, 1}, {279, 0}, {280, 1}} { // the clock of day -9000 is behind the events: wrong
		at.wall = start + step.day*day
		if n, err := s.EraseExpired(t.Context()); n != step.want || err != nil {
			t.Errorf("day %d: %d erased, %v; want %d", step.day, n, err, step.want)
		}
	}
}

func TestRetentionIsThatOfTheTag(t *testing.T) {
	f, _ := reflect.TypeFor[advisory.Event]().FieldByName("Words")
	if days, err := strconv.Atoi(f.Tag.Get("keep")); err != nil || time.Duration(days)*24*time.Hour != wordsKept {
		t.Errorf("keep tag %q, wordsKept %v", f.Tag.Get("keep"), wordsKept)
	}
}

func TestClockTrust(t *testing.T) {
	later := max(built, 0) + 1_000_000
	for _, c := range []struct {
		name  string
		at    moment
		known int64
		want  wire.Clock
		next  int64
	}{
		{"first event, plausible", moment{wall: later}, 0, wire.ClockSet, later},
		{"runs on", moment{wall: later + 5}, later, wire.ClockSet, later + 5},
		{"behind the last event", moment{wall: later - 5}, later, wire.ClockUnknown, later},
		{"network time may go back", moment{wall: later - 5, synced: true}, later, wire.ClockSynced, later - 5},
		{"before the program was built", moment{wall: built - 1}, 0, wire.ClockUnknown, built},
	} {
		if built == 0 && c.at.wall < 0 {
			continue // the tests are not built from a commit
		}
		if got, next := c.at.trust(c.known); got != c.want || next != c.next {
			t.Errorf("%s: %s %d, want %s %d", c.name, got, next, c.want, c.next)
		}
	}
}

func TestRedact(t *testing.T) {
	for in, want := range map[string]string{
		"my maize has worms":                "my maize has worms",
		"call me 0712 345 678 please":       "call me … please",
		"+254712345678":                     "…",
		"(020) 271-4567 or +91 98765 43210": "… or …",
		"06 12 34 56 78":                    "…", // French habit: pairs
		"id 12345678":                       "id …",
		"मेरा नंबर ९८७६५४३२१० है":                       "मेरा नंबर … है",
		"write to juma.k@example.co.ke now":             "write to … now",
		"17-17-17 50 kg, 2 bags, 100 by 200":            "17-17-17 50 kg, 2 bags, 100 by 200",
		"75 x 25 cm, 125000 plants":                     "75 x 25 cm, 125000 plants",
		"from 12.5 to 14.5 in 2026":                     "from 12.5 to 14.5 in 2026",
		"ring zero seven one two three four five now":   "ring … now",
		"sifuri saba moja mbili tatu nne tano sita":     " … ",
		"one two three bags":                            "one two three bags",
		"एक दो तीन चार पांच छह सात आठ":                  " … ",
		"Juma of Kitui asks":                            "Juma of Kitui asks", // names cannot be found reliably
		"20kg DAP 50kg CAN per acre 2024 2025 seasons.": "20kg DAP 50kg CAN per acre 2024 2025 seasons.",
	} {
		if got := Redact(in); got != want {
			t.Errorf("Redact(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("0712 345 678")
	f.Add("a@b.cd (1)2-3/4567890")
	f.Fuzz(func(t *testing.T, text string) {
		if out := Redact(text); oneRun.MatchString(out) {
			t.Errorf("Redact(%q) = %q holds a long number", text, out)
		}
	})
}

func TestStats(t *testing.T) {
	s := newStore(t, t.TempDir())
	s.clock = func() moment { return moment{wall: time.Date(2030, 5, 6, 12, 0, 0, 0, time.Local).UnixMilli()} }
	for i, total := range []float64{10, 20, 30, 40} {
		e := question(string(rune('a' + i)))
		e.Timings = &advisory.Timings{Total: total}
		record(t, s, e)
	}
	gap := advisory.Event{Kind: advisory.KindQuestion, Answer: "g", Session: "t", Lang: "sw", Channel: advisory.ByVoice,
		Outcome: advisory.Unsure, Reason: advisory.NoEvidence, Concepts: []string{"quail"}, Timings: &advisory.Timings{Total: 1000}}
	record(t, s, gap)
	for _, r := range []advisory.Rating{advisory.ThumbDown, advisory.ThumbUp} { // the second replaces the first
		record(t, s, advisory.Event{Kind: advisory.KindRating, Answer: "a", Rating: r})
	}
	record(t, s, advisory.Event{Kind: advisory.KindEscalation, Answer: "g"})
	got, err := s.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := Stats{
		Events: 8, Questions: 5, Sessions: 2, Escalated: 1, MedianMS: 30, P95MS: 1000,
		Lang: map[string]int{"en": 4, "sw": 1}, Outcome: map[string]int{"answered": 4, "unsure": 1}, Tier: map[string]int{"prepared": 4},
		Channel: map[string]int{"text": 4, "voice": 1}, Day: map[string]int{"2030-05-06": 5}, Ratings: map[string]int{"up": 1},
		Concepts: []Count{{"maize", 4}, {"quail", 1}}, Documents: []Count{{"maize-fall-armyworm", 4}}, Gaps: []Count{{"quail", 1}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
