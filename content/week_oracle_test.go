package content

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"
)

// written is the head of an English document as a plain reader of YAML gets it: nothing of the library's own reader is used.
type written struct {
	ID       string
	Crops    []string
	Animals  []string
	Zones    []string
	Calendar []struct {
		Crop, Animal, Zone string
		Stages             []string
		Days               []int
		Months             []int
	}
}

// grown is what the lexicon says of a crop, read in the same way.
type grown struct {
	ID     string
	Is     []string
	Growth []struct {
		Days []int
		Zone string
	}
}

type allWritten struct {
	documents []written
	crops     map[string]grown
}

var writtenOnce = sync.OnceValues(func() (allWritten, error) {
	all := allWritten{crops: map[string]grown{}}
	documents, _ := filepath.Glob("library/docs/en/*.md")
	for _, file := range documents {
		raw, err := os.ReadFile(file)
		if err != nil {
			return all, err
		}
		var w written
		if err := yaml.Unmarshal([]byte(strings.SplitN(string(raw), "\n---\n", 2)[0]), &w); err != nil {
			return all, err
		}
		all.documents = append(all.documents, w)
	}
	lexicons, _ := filepath.Glob("library/lexicon/*.yaml")
	for _, file := range lexicons {
		raw, err := os.ReadFile(file)
		if err != nil {
			return all, err
		}
		var found []grown
		if err := yaml.Unmarshal(raw, &found); err != nil {
			return all, err
		}
		for _, g := range found {
			all.crops[g.ID] = g
		}
	}
	return all, nil
})

func writtenCalendars(t tester) allWritten {
	t.Helper()
	all, err := writtenOnce()
	if err != nil || len(all.documents) < 200 || len(all.crops) < 100 {
		t.Fatalf("the library is not read: %v", err)
	}
	return all
}

// due is a document that is in season for a crop or animal: at its time (0), for any crop (1), or always (2).
type due struct {
	document, subject string
	class             int
}

// inSeason gives the documents that are in season for the crops and animals of a farm on a day.
func (all allWritten) inSeason(f Farm, day time.Time) []due {
	var out []due
	here := func(zone string) bool { return zone == f.Place.Country || zone == f.Place.Zone }
	for _, d := range all.documents {
		countries := slices.DeleteFunc(slices.Clone(d.Zones), func(z string) bool { return len(z) != 2 })
		if len(countries) > 0 && f.Place.Country != "" && !slices.Contains(countries, f.Place.Country) {
			continue
		}
		if len(countries) < len(d.Zones) && f.Place.Zone != "" && !slices.Contains(d.Zones, f.Place.Zone) {
			continue
		}
		mine := func(ids, of []string) bool {
			return slices.ContainsFunc(ids, func(id string) bool {
				return slices.ContainsFunc(all.kinds(id), func(k string) bool { return slices.Contains(of, k) })
			})
		}
		if len(d.Crops) > 0 && len(d.Animals) > 0 && !(mine(f.Crops, d.Crops) && mine(f.Animals, d.Animals)) {
			continue
		}
		for i, subject := range slices.Concat(f.Crops, f.Animals) {
			for _, e := range d.Calendar {
				of := []string{e.Crop + e.Animal}
				if of[0] == "" && i < len(f.Crops) {
					of = d.Crops
				} else if of[0] == "" {
					of = d.Animals
				}
				anything := e.Crop+e.Animal == "" && len(d.Crops)+len(d.Animals) == 0 && i < len(f.Crops)
				if !anything && !mine([]string{subject}, of) {
					continue
				}
				if e.Zone != "" && !here(e.Zone) {
					continue
				}
				months := slices.Contains(e.Months, int(day.Month())) && (e.Zone != "" || slices.ContainsFunc(d.Zones, here))
				if len(e.Months) > 0 && !months {
					continue
				}
				staged := len(e.Days) > 0 || len(e.Stages) > 0
				matches, known := all.grows(subject, f, day, e.Stages, e.Days)
				switch always := slices.Contains(e.Stages, string(Always)); {
				case always && !months:
					out = append(out, due{d.ID, subject, 2})
				case !always && !matches && !(months && (!staged || !known)):
				case len(d.Crops)+len(d.Animals) == 0:
					out = append(out, due{d.ID, subject, 1})
				default:
					out = append(out, due{d.ID, subject, 0})
				}
			}
		}
	}
	return out
}

// kinds gives a crop or animal and all that it is.
func (all allWritten) kinds(id string) []string {
	out := []string{id}
	for _, up := range all.crops[id].Is {
		out = append(out, all.kinds(up)...)
	}
	return out
}

// grows reports whether a crop is on a day within days after planting, or if none are given in one of the stages by every row of its
// growth that may be meant; and whether anybody knows.
func (all allWritten) grows(crop string, f Farm, day time.Time, stages []string, days []int) (matches, known bool) {
	planted, ok := f.Planted[crop]
	if !ok {
		return false, false
	}
	age := int(day.Sub(planted) / (24 * time.Hour))
	rows := all.crops[crop].Growth
	if own := slices.DeleteFunc(slices.Clone(rows), func(r struct {
		Days []int
		Zone string
	}) bool {
		return r.Zone == "" || r.Zone != f.Place.Country && r.Zone != f.Place.Zone
	}); len(own) > 0 {
		rows = own
	}
	oldest := 366
	for i, r := range rows {
		end := r.Days[0] + r.Days[1] + r.Days[2] + r.Days[3] + 84
		if i == 0 || end > oldest {
			oldest = end
		}
	}
	if age > oldest {
		return false, false
	}
	if len(days) > 0 {
		return days[0] <= age && age <= days[1], true
	}
	if len(rows) == 0 {
		before, sown := slices.Contains(stages, "before-planting") && -30 <= age && age < 0, slices.Contains(stages, "planting") && 0 <= age && age < 7
		return before || sown, true
	}
	for _, r := range rows {
		a, b, c, d := r.Days[0], r.Days[0]+r.Days[1], r.Days[0]+r.Days[1]+r.Days[2], r.Days[0]+r.Days[1]+r.Days[2]+r.Days[3]
		spans := map[string][2]int{
			"before-planting": {-30, -1}, "planting": {0, 6}, "seedling": {0, a - 1}, "growing": {a, b - 1}, "flowering": {b, b + r.Days[2]/3 - 1},
			"filling": {b + r.Days[2]/3, c - 1}, "ripening": {c, d - 1}, "harvest": {d - 10, d + 27}, "storage": {d, d + 83},
		}
		if !slices.ContainsFunc(stages, func(s string) bool { return spans[s][0] <= age && age <= spans[s][1] && s != string(Always) }) {
			return false, true
		}
	}
	return true, true
}
