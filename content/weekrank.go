package content

import (
	"cmp"
	"slices"
	"strings"

	"jembe/advisory"
)

// ranked is an advice with what it is ordered by, the smallest first.
type ranked struct {
	Advice
	class class
	vague int // days after planting are least vague, then few stages, then months
	place int // of the subject among the village's
}

// class parts advices: those of one come before all of the next.
type class int

const (
	own     class = iota // on a crop or animal, at its time
	general              // on any crop
	lasts                // right at all times
)

// ranked gives all that is in season in order, a document once for each subject.
func (s season) ranked(docs []*advisory.Document) []ranked {
	var all []ranked
	for _, d := range docs {
		if !d.HoldsIn(s.farm.Place) {
			continue
		}
		for place, subject := range s.subjects() {
			if r, ok := s.best(d, subject); ok {
				r.place = place
				all = append(all, r)
			}
		}
	}
	slices.SortFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.vague, b.vague), cmp.Compare(a.place, b.place), strings.Compare(a.Document.ID, b.Document.ID))
	})
	return all
}

// choose takes the first of what is in season: of each class, one on each subject before a second on any.
func choose(all []ranked, give func(*advisory.Document) bool) []Advice {
	var out []Advice
	said := map[string]bool{} // documents
	for c := own; c <= lasts; c++ {
		for {
			before, heard := len(out), map[string]bool{}
			for _, r := range all {
				if r.class != c || said[r.Document.ID] || heard[r.Subject] || len(out) == mostAdvices {
					continue
				}
				said[r.Document.ID] = true
				if give(r.Document) {
					heard[r.Subject] = true
					out = append(out, r.Advice)
				}
			}
			if len(out) == before {
				break
			}
		}
	}
	return out
}

// best gives the most exact reason for which a document matters to a subject.
func (s season) best(d *advisory.Document, subject string) (best ranked, ok bool) {
	calendar := s.lib.calendars.of(d)
	for _, entry := range calendar {
		if !s.about(entry, d, subject) {
			continue
		}
		why, holds := s.holds(entry, d, subject)
		r := ranked{Advice: Advice{d, subject, why, entry.Stage}, class: why.class(d), vague: why.vague(entry)}
		if holds && (!ok || cmp.Or(cmp.Compare(r.class, best.class), cmp.Compare(r.vague, best.vague)) < 0) {
			best, ok = r, true
		}
	}
	return best, ok
}

func (w Why) class(d *advisory.Document) class {
	switch {
	case w.Always:
		return lasts
	case len(d.Crops)+len(d.Animals) == 0:
		return general
	}
	return own
}

// vague orders reasons by how exact they are.
func (w Why) vague(s Season) int {
	switch {
	case w.Month > 0:
		return len(Stages()) + 1
	case w.Planted && s.Days != nil:
		return 0
	}
	return len(s.Stages)
}
