package content

import (
	"cmp"
	"slices"
	"time"

	"jembe/advisory"
)

// holds reports whether a calendar entry holds for a subject at the moment, and why. All that the entry names must hold on each day
// of the moment; what is not known does not hold, but that an entry with months may do without the stage.
func (s season) holds(e Season, d *advisory.Document, subject string) (Why, bool) {
	if e.Zone != "" && !holdsAt(e.Zone, s.farm.Place) {
		return Why{}, false
	}
	month, inMonths := s.inMonths(e, d)
	switch {
	case len(e.Months) > 0 && !inMonths:
		return Why{}, false
	case slices.Contains(e.Stages, Always):
		if inMonths {
			return Why{Month: month}, true
		}
		return Why{Always: true}, true
	case s.moment.Stage != "":
		return Why{Stage: s.moment.Stage}, slices.Contains(e.Stages, s.moment.Stage)
	case e.Days == nil && len(e.Stages) == 0:
		return Why{Month: month}, inMonths
	}
	if ages := s.ages(subject); ages != nil {
		return Why{Planted: true, Days: ages[0]}, s.inStages(e, ages, growthAt(s.lib.Growth[subject], s.farm.Place))
	}
	return Why{Month: month}, inMonths
}

// inMonths reports whether all of the moment is in the entry's months, in a place for which they are given; and in which month it is.
func (s season) inMonths(e Season, d *advisory.Document) (time.Month, bool) {
	if len(e.Months) == 0 || s.moment.From.IsZero() || !s.hasMonths(e, d) {
		return 0, false
	}
	for day := range s.moment.days() {
		if !slices.Contains(e.Months, day.Month()) {
			return 0, false
		}
	}
	return s.moment.From.Month(), true
}

// hasMonths reports whether the months of an entry are those of the place: of the entry's own country or zone, else of the document's.
func (s season) hasMonths(e Season, d *advisory.Document) bool {
	if e.Zone != "" {
		return holdsAt(e.Zone, s.farm.Place)
	}
	return slices.ContainsFunc(d.Zones, func(z string) bool { return holdsAt(z, s.farm.Place) })
}

// inStages reports whether the entry holds at each of the ages, however fast the crop grows of what is known of it.
func (s season) inStages(e Season, ages []int, rows []Growth) bool {
	for _, age := range ages {
		if e.Days != nil {
			if age < e.Days[0] || age > e.Days[1] {
				return false
			}
			continue
		}
		for _, stages := range stagesAt(rows, age) {
			if !slices.ContainsFunc(stages, func(s Stage) bool { return slices.Contains(e.Stages, s) }) {
				return false
			}
		}
	}
	return true
}

// stagesAt gives the stages at an age by each of the rows; by one that is none where no growth is known, but around planting.
func stagesAt(rows []Growth, age int) [][]Stage {
	if len(rows) == 0 {
		switch {
		case age >= -preparing && age < 0:
			return [][]Stage{{BeforePlanting}}
		case age >= 0 && age < sowing:
			return [][]Stage{{Planting}}
		}
		return [][]Stage{nil}
	}
	out := make([][]Stage, len(rows))
	for i, g := range rows {
		out[i] = g.at(age)
	}
	return out
}

// ages gives the days since a crop was planted, for each day of the moment; nil where nobody knows them, or the planting is so long
// ago that there must have been another.
func (s season) ages(crop string) []int {
	planted, ok := s.farm.Planted[crop]
	if !ok || s.moment.From.IsZero() {
		return nil
	}
	last := 0
	for _, g := range growthAt(s.lib.Growth[crop], s.farm.Place) {
		last = max(last, g.total()+storing)
	}
	last = cmp.Or(last, aYear)
	var out []int
	for day := range s.moment.days() {
		age := int(day.Sub(planted).Hours() / 24)
		if age > last {
			return nil
		}
		out = append(out, age)
	}
	return out
}

// days gives each day of the moment.
func (m Moment) days() func(yield func(time.Time) bool) {
	return func(yield func(time.Time) bool) {
		for day := m.From; !day.After(m.To); day = day.AddDate(0, 0, 1) {
			if !yield(day) {
				return
			}
		}
	}
}

// untold gives the crops whose stage is neither told nor known from their planting.
func (s season) untold() []string {
	var out []string
	for _, crop := range s.farm.Crops {
		known := slices.ContainsFunc(s.ages(crop), func(age int) bool { return stagesAt(growthAt(s.lib.Growth[crop], s.farm.Place), age)[0] != nil })
		if crop != s.moment.Crop && !known {
			out = append(out, crop)
		}
	}
	return out
}
