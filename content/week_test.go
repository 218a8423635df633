package content

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jembe/advisory"
)

// village is one of the ten of the golden table, made up so that each zone has two and every language is spoken.
type village struct {
	name string
	lang advisory.Lang
	Farm
}

func villages() []village {
	day := func(month time.Month, day int) time.Time { return time.Date(2027, month, day, 0, 0, 0, 0, time.UTC) }
	type planted = map[string]time.Time
	return []village{
		{"highland-ke", "sw", Farm{advisory.Place{Country: "KE", Zone: "highland"}, []string{"maize", "bean", "potato"}, []string{"cattle", "chicken"},
			planted{"maize": day(3, 25), "bean": day(4, 1), "potato": day(10, 10)}}},
		{"highland-et", "en", Farm{advisory.Place{Country: "ET", Zone: "highland"}, []string{"wheat", "barley", "coffee"}, []string{"sheep", "bee"},
			planted{"wheat": day(7, 5), "barley": day(6, 25)}}},
		{"subhumid-tz", "sw", Farm{advisory.Place{Country: "TZ", Zone: "subhumid"}, []string{"cassava", "sweet-potato", "tomato"}, []string{"goat"},
			planted{"cassava": day(2, 20), "sweet-potato": day(3, 10), "tomato": day(6, 1)}}},
		{"subhumid-ug", "en", Farm{advisory.Place{Country: "UG", Zone: "subhumid"}, []string{"banana", "maize", "groundnut"}, []string{"pig"},
			planted{"maize": day(3, 5), "groundnut": day(8, 25)}}},
		{"humid-cd", "fr", Farm{advisory.Place{Country: "CD", Zone: "humid"}, []string{"cassava", "maize", "oil-palm"}, nil,
			planted{"cassava": day(9, 15), "maize": day(9, 20)}}},
		{"humid-in", "hi", Farm{advisory.Place{Country: "IN", Zone: "humid"}, []string{"rice", "jute", "mustard", "coconut"}, []string{"cattle", "fish"},
			planted{"rice": day(7, 10)}}},
		{"semi-arid-in", "hi", Farm{advisory.Place{Country: "IN", Zone: "semi-arid"}, []string{"wheat", "chickpea", "okra", "onion"}, []string{"buffalo"},
			planted{"onion": day(1, 10)}}},
		{"semi-arid-sn", "fr", Farm{advisory.Place{Country: "SN", Zone: "semi-arid"}, []string{"groundnut", "pearl-millet", "cowpea"}, []string{"goat", "chicken"},
			planted{"groundnut": day(7, 1), "pearl-millet": day(6, 20), "cowpea": day(7, 15)}}},
		{"arid-ke", "sw", Farm{advisory.Place{Country: "KE", Zone: "arid"}, []string{"sorghum", "cowpea"}, []string{"camel", "goat"},
			planted{"sorghum": day(11, 5), "cowpea": day(11, 10)}}},
		{"arid-in", "hi", Farm{advisory.Place{Country: "IN", Zone: "arid"}, []string{"mustard", "pearl-millet", "watermelon"}, []string{"sheep"},
			planted{"mustard": day(10, 12), "pearl-millet": day(7, 8), "watermelon": day(2, 20)}}},
	}
}

// moments are the middle of each month of a year.
func moments() []Moment {
	var out []Moment
	for m := time.January; m <= time.December; m++ {
		day := time.Date(2027, m, 15, 0, 0, 0, 0, time.UTC)
		out = append(out, Moment{From: day, To: day})
	}
	return out
}

func starterLibrary(t *testing.T) (*Library, *advisory.Lexicon) {
	t.Helper()
	lib := NewShelf(t.TempDir()).Load()
	if len(lib.Broken) > 0 {
		t.Fatal(lib.Broken)
	}
	return lib, advisory.NewLexicon(lib.Concepts)
}

// tester is a test, or one try of a property.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// given to everybody, as on a box that is a demonstration.
func giveAll(*advisory.Document) bool { return true }

// The golden table is what ten villages in five zones hear in each month; go test ./content -run TenVillages -update writes it.
func TestTheYearOfTenVillages(t *testing.T) {
	lib, lexicon := starterLibrary(t)
	file := filepath.Join("testdata", "season.tsv")
	var b bytes.Buffer
	states, advices := map[WeekState]int{}, 0
	for _, v := range villages() {
		for _, m := range moments() {
			week := lib.Week(lexicon, v.lang, v.Farm, m, giveAll)
			states[week.State]++
			advices += len(week.Advices)
			fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", v.name, m.From.Month().String()[:3], week.State, shown(week))
			oracle(t, v, m, week)
		}
	}
	t.Logf("120 weeks: %v, %d advices", states, advices)
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, b.Bytes()) {
		got, want := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
		for i := range min(len(got), len(want)) {
			if got[i] != want[i] {
				t.Errorf("line %d\n got %s\nwant %s", i+1, got[i], want[i])
			}
		}
	}
}

// Whatever is grown, wherever and whenever: what is said is in season, and of a month that was told it is on each of its days.
func TestAnyFarmAtAnyTime(t *testing.T) {
	lib, lexicon := starterLibrary(t)
	crops := slices.Sorted(maps.Keys(lib.Growth))
	crops = append(crops, "mustard", "okra", "gourd", "chickpea", "jute", "banana", "mango", "tea", "coconut")
	rapid.Check(t, func(r *rapid.T) {
		f := Farm{
			Place: advisory.Place{Country: rapid.SampledFrom([]string{"", "KE", "IN", "NG"}).Draw(r, "country"), Zone: rapid.SampledFrom(append(advisory.Zones(), "")).Draw(r, "zone")},
			Crops: rapid.SliceOfNDistinct(rapid.SampledFrom(crops), 1, 4, rapid.ID[string]).Draw(r, "crops"), Planted: map[string]time.Time{},
		}
		day := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		for _, crop := range f.Crops {
			if n := rapid.IntRange(-400, 400).Draw(r, "planted"); n > -390 {
				f.Planted[crop] = day.AddDate(0, 0, n)
			}
		}
		from := day.AddDate(0, 0, rapid.IntRange(0, 364).Draw(r, "day"))
		oracle(r, village{"farm", "en", f}, Moment{From: from, To: from}, lib.Week(lexicon, "en", f, Moment{From: from, To: from}, giveAll))
		month := Moment{From: from.AddDate(0, 0, 1-from.Day()), To: from.AddDate(0, 1, -from.Day())}
		for _, a := range lib.Week(lexicon, "en", f, month, giveAll).Advices {
			for at := range month.days() {
				in := writtenCalendars(r).inSeason(f, at)
				if !slices.ContainsFunc(in, func(d due) bool { return d.document == a.Document.ID && d.subject == a.Subject }) {
					r.Fatalf("%s of %s is said of all %s, but is out of season on %s", a.Document.ID, a.Subject, from.Month(), at.Format(time.DateOnly))
				}
			}
		}
	})
}

// A stage that was told is believed, of that crop alone; a crop that is not grown here, or no clock, gives nothing.
func TestWhatIsToldOfACrop(t *testing.T) {
	lib, lexicon := starterLibrary(t)
	f := Farm{Place: advisory.Place{Country: "KE"}, Crops: []string{"maize", "bean"}}
	for _, c := range []struct {
		why   string
		farm  Farm
		m     Moment
		give  bool
		state WeekState
		first string
	}{
		{"no farm", Farm{}, Moment{}, true, WeekNoCrops, ""},
		{"no time, and no calendar of months", f, Moment{}, true, WeekWhichStage, ""},
		{"no time, and a day of planting", Farm{Crops: f.Crops, Planted: map[string]time.Time{"bean": time.Now()}}, Moment{}, true, WeekWhichMonth, ""},
		{"no time, and a calendar of months", Farm{Place: advisory.Place{Country: "IN"}, Crops: []string{"pea"}}, Moment{}, true, WeekWhichMonth, ""},
		{"no time, and animals alone", Farm{Place: f.Place, Animals: []string{"goat"}}, Moment{}, true, WeekKnown, "livestock-lameness"},
		{"a stage and no time", f, Moment{Crop: "maize", Stage: Growing}, true, WeekKnown, "maize-top-dressing"},
		{"nothing may be given", f, Moment{Crop: "maize", Stage: Growing}, false, WeekNothing, ""},
		{"a crop of others", f, Moment{Crop: "rice", Stage: Growing}, true, WeekNothing, ""},
		{"a month of which no calendar speaks", f, Moment{From: time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2027, 5, 31, 0, 0, 0, 0, time.UTC)}, true, WeekWhichStage, ""},
	} {
		week := lib.Week(lexicon, "sw", c.farm, c.m, func(*advisory.Document) bool { return c.give })
		if week.State != c.state || (len(week.Advices) > 0) != (c.first != "") || c.first != "" && week.Advices[0].Document.ID != c.first {
			t.Errorf("%s: %+v", c.why, week)
		}
		for _, a := range week.Advices {
			if c.m.Crop != "" && a.Subject != c.m.Crop || a.Document.Lang != "sw" || a.When == "" {
				t.Errorf("%s: %+v", c.why, a)
			}
		}
	}
}

// shown writes the advices of a week as the golden table has them.
func shown(week Week) string {
	var out []string
	for _, a := range week.Advices {
		out = append(out, a.Document.ID+" ("+a.Subject+" "+reason(a.Why)+")")
	}
	if len(week.Untold) > 0 {
		out = append(out, "untold "+strings.Join(week.Untold, " "))
	}
	return strings.Join(out, "; ")
}

func reason(w Why) string {
	switch {
	case w.Planted:
		return fmt.Sprintf("day %d", w.Days)
	case w.Stage != "":
		return string(w.Stage)
	case w.Month > 0:
		return "month"
	}
	return "always"
}

// oracle holds a week against the calendars as they are written, read by another reader, in the plainest way.
func oracle(t tester, v village, m Moment, week Week) {
	t.Helper()
	in := writtenCalendars(t).inSeason(v.Farm, m.From)
	fail := func(format string, args ...any) {
		t.Errorf("%s in %s: %s", v.name, m.From.Month(), fmt.Sprintf(format, args...))
	}
	said, of := map[string]bool{}, map[string]int{}
	for _, a := range week.Advices {
		said[a.Document.ID] = true
		of[a.Subject]++
		if !slices.ContainsFunc(in, func(d due) bool { return d.document == a.Document.ID && d.subject == a.Subject }) {
			fail("%s of %s is said out of season", a.Document.ID, a.Subject)
		}
		if !slices.Contains(v.Crops, a.Subject) && !slices.Contains(v.Animals, a.Subject) {
			fail("%s is said of %s, which is not here", a.Document.ID, a.Subject)
		}
		if a.Document.Lang != v.lang {
			fail("%s is said in %s", a.Document.ID, a.Document.Lang)
		}
	}
	last := 0 // class of what was said
	for _, a := range week.Advices {
		for _, d := range in {
			if d.document == a.Document.ID && d.subject == a.Subject {
				last = max(last, d.class)
			}
		}
	}
	for _, d := range in {
		switch {
		case said[d.document], week.State != WeekKnown && d.class == 2:
		case len(week.Advices) < mostAdvices:
			fail("%s of %s is in season and there was room for it", d.document, d.subject)
		case d.class < last:
			fail("%s of %s comes before what is said", d.document, d.subject)
		case d.class == 0 && of[d.subject] == 0 && len(of) < len(week.Advices):
			fail("nothing is said of %s, and of another twice", d.subject)
		}
	}
}
