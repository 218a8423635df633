package content

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"jembe/advisory"
)

// Growth says how long the stages of a crop last, as FAO Irrigation and Drainage Paper 56, table 11, gives it: days of the initial,
// the development, the mid-season and the late stage, counted from sowing, or from planting out where seedlings are. The mid-season
// runs from flowering to the start of ripening.
type Growth struct {
	Days [4]int
	Zone string // country or zone for which it is given; "": any
}

// What table 11 does not say, and the box takes: how long before planting its preparation matters, how long planting does, how long
// harvest and storage go on after the late stage, in days; and that the first third of the mid-season is flowering, and the rest filling.
const (
	preparing    = 30
	sowing       = 7
	harvesting   = 28 // from harvestEarly before the late stage ends
	storing      = 84
	harvestEarly = 10
	aYear        = 366 // after which a crop of unknown growth must have been planted again
)

// growth reads how long the stages of a crop last.
func (f *fields) growth(n *yaml.Node) []Growth {
	var out []Growth
	for _, item := range f.list(n, "growth") {
		var g Growth
		values, _ := f.mapping(item, "a growth", "days", "zone")
		if item.Kind != yaml.MappingNode {
			continue
		}
		f.need(item, values, " of a growth", "days")
		if v := values["zone"]; v != nil {
			g.Zone = f.zone(v)
		}
		if v := values["days"]; v != nil {
			days := f.list(v, "days")
			if len(days) != len(g.Days) {
				f.fail(v.Line, "days must be those of the initial, development, mid-season and late stage, such as [20, 35, 40, 30]")
				continue
			}
			for i, d := range days {
				g.Days[i] = f.number(d, "the days of a stage", 1, 400)
			}
		}
		out = append(out, g)
	}
	return out
}

// growthOf gives the growth of the crops that have one.
func growthOf(found []concept) map[string][]Growth {
	out := map[string][]Growth{}
	for _, c := range found {
		if len(c.growth) > 0 {
			out[c.ID] = c.growth
		}
	}
	return out
}

// joinGrowth puts that of packs together, a later one's in place of an earlier one's.
func joinGrowth(packs ...*Pack) map[string][]Growth {
	out := map[string][]Growth{}
	for _, p := range packs {
		maps.Copy(out, p.Growth)
	}
	return out
}

// growthAt gives the rows that hold for a place: its own, else all, since nobody knows which fits.
func growthAt(rows []Growth, place advisory.Place) []Growth {
	own := slices.DeleteFunc(slices.Clone(rows), func(g Growth) bool { return !holdsAt(g.Zone, place) })
	if len(own) == 0 {
		return rows
	}
	return own
}

// holdsAt reports whether what is said of a country or zone is said of the place. A place that is not set is nowhere.
func holdsAt(zone string, place advisory.Place) bool {
	return zone != "" && (zone == place.Country || zone == place.Zone)
}

// total is how many days the crop stands.
func (g Growth) total() int { return g.Days[0] + g.Days[1] + g.Days[2] + g.Days[3] }

// at gives the stages in which the crop may be so many days after planting; below 0 is before it. None: it is over, or far off.
func (g Growth) at(age int) []Stage {
	var out []Stage
	during := func(from, to int, s Stage) {
		if from <= age && age < to {
			out = append(out, s)
		}
	}
	grows := g.Days[0]
	blooms := grows + g.Days[1]
	ripens := blooms + g.Days[2]
	end := g.total()
	during(-preparing, 0, BeforePlanting)
	during(0, sowing, Planting)
	during(0, grows, Seedling)
	during(grows, blooms, Growing)
	during(blooms, blooms+g.Days[2]/3, Flowering)
	during(blooms+g.Days[2]/3, ripens, Filling)
	during(ripens, end, Ripening)
	during(end-harvestEarly, end+harvesting, Harvest)
	during(end, end+storing, Storage)
	return out
}
