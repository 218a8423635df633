package content

import (
	"cmp"
	"slices"
	"time"

	"jembe/advisory"
)

// mostAdvices is how many advices a week has: as many as are taken in when heard once.
const mostAdvices = 3

// Farm is what a village grows and keeps.
type Farm struct {
	Place   advisory.Place
	Crops   []string             // lexicon ids, the most important first
	Animals []string             // lexicon ids
	Planted map[string]time.Time // crop -> the day on which it is sown, or planted out; may lie ahead
}

// Moment is the time of which a week is wanted.
type Moment struct {
	From, To time.Time // one day where the clock is right, all days of a month that was told; zero: nobody knows
	Crop     string    // whose stage was told: then only this crop is wanted
	Stage    Stage     // of Crop
}

// WeekState says what a week holds, or what must be told before there is one.
type WeekState string

// The states.
const (
	WeekKnown      WeekState = "known"
	WeekWhichMonth WeekState = "which_month" // nobody knows the time of year
	WeekWhichStage WeekState = "which_stage" // nothing is known to be in season; how far the crops are may bring more
	WeekNothing    WeekState = "nothing"     // no document's calendar speaks of now
	WeekNoCrops    WeekState = "no_crops"    // nobody has said what is grown here
)

// Week is what matters now.
type Week struct {
	State   WeekState
	Advices []Advice // most important first; none unless the state is WeekKnown
	Untold  []string // crops of the village whose stage nobody knows
}

// Advice is a document that matters now, and why.
type Advice struct {
	Document *advisory.Document
	Subject  string // crop or animal of the village
	Why      Why
	When     string // when it matters in words, in the document's language; may be empty
}

// Why says on what an advice stands: exactly one of its fields but Days, which goes with Planted.
type Why struct {
	Planted bool
	Days    int // since planting; below 0 before it. Of a told month its first day
	Stage   Stage
	Month   time.Month
	Always  bool
}

// calendars are the calendars of documents, by id and language.
type calendars map[string]map[advisory.Lang][]Season

func (c calendars) add(d *Document) {
	if c[d.ID] == nil {
		c[d.ID] = map[advisory.Lang][]Season{}
	}
	c[d.ID][d.Lang] = d.Calendar
}

// of gives the calendar of a document. English says when, where there is it, and the document's own language says it in words.
func (c calendars) of(d *advisory.Document) []Season {
	own := c[d.ID][d.Lang]
	out := slices.Clone(own)
	if english := c[d.ID]["en"]; english != nil {
		out = slices.Clone(english)
	}
	for i := range out {
		out[i].Stage = wordsFor(out[i], own)
	}
	return out
}

// wordsFor finds in a calendar what is said of the same crop or animal, else its first words.
func wordsFor(s Season, own []Season) (words string) {
	for _, o := range own {
		if o.Stage != "" && (words == "" || o.Crop == s.Crop && o.Animal == s.Animal) {
			words = o.Stage
		}
	}
	return words
}

// Week gives what matters in a village at a moment by the documents' own calendars, in a language; give says whether a document may
// be given there at all. What cannot be known to be in season is left out.
func (lib *Library) Week(lexicon *advisory.Lexicon, lang advisory.Lang, f Farm, m Moment, give func(*advisory.Document) bool) Week {
	if len(f.Crops)+len(f.Animals) == 0 {
		return Week{State: WeekNoCrops}
	}
	season := season{lib: lib, lexicon: lexicon, farm: f, moment: m}
	docs, week := lib.inLang(lang), Week{Untold: season.untold()}
	if m.From.IsZero() && m.Stage == "" && season.monthHelps(docs) {
		week.State = WeekWhichMonth
		return week
	}
	all := season.ranked(docs)
	lasting := slices.IndexFunc(all, func(r ranked) bool { return r.class == lasts })
	switch week.Advices = choose(all, give); {
	case lasting == 0 && len(week.Untold) > 0 || len(week.Advices) == 0 && len(week.Untold) > 0 && m.Stage == "":
		week.State, week.Advices = WeekWhichStage, nil
	case len(week.Advices) == 0:
		week.State = WeekNothing
	default:
		week.State = WeekKnown
	}
	return week
}

// inLang gives each document once, in the language where it exists in it, else in English, else in any.
func (lib *Library) inLang(lang advisory.Lang) []*advisory.Document {
	at := map[string]int{}
	var out []*advisory.Document
	for _, d := range lib.Documents {
		i, ok := at[d.ID]
		switch {
		case !ok:
			at[d.ID] = len(out)
			out = append(out, d)
		case d.Lang == lang, d.Lang == "en" && out[i].Lang != lang:
			out[i] = d
		}
	}
	return out
}

// season is a week while it is made.
type season struct {
	lib     *Library
	lexicon *advisory.Lexicon
	farm    Farm
	moment  Moment
}

// monthHelps reports whether any calendar says more once the month is known.
func (s season) monthHelps(docs []*advisory.Document) bool {
	if slices.ContainsFunc(s.subjects(), func(subject string) bool { return !s.farm.Planted[subject].IsZero() }) {
		return true
	}
	return slices.ContainsFunc(docs, func(d *advisory.Document) bool {
		return slices.ContainsFunc(s.lib.calendars.of(d), func(e Season) bool {
			return len(e.Months) > 0 && s.hasMonths(e, d) && slices.ContainsFunc(s.subjects(), func(subject string) bool { return s.about(e, d, subject) })
		})
	})
}

// subjects are what the week is of: the crop that was told of, else all crops and then all animals of the village.
func (s season) subjects() []string {
	if s.moment.Crop == "" {
		return slices.Concat(s.farm.Crops, s.farm.Animals)
	}
	if slices.Contains(s.farm.Crops, s.moment.Crop) {
		return []string{s.moment.Crop}
	}
	return nil
}

// about reports whether an entry of a document is about a subject: it names it, or a group to which it belongs; or it names nothing,
// and the document is about it. A document of crops and animals, as one on fodder, is for those who have both.
func (s season) about(e Season, d *advisory.Document, subject string) bool {
	if len(d.Crops) > 0 && len(d.Animals) > 0 && (!s.any(s.farm.Crops, d.Crops) || !s.any(s.farm.Animals, d.Animals)) {
		return false
	}
	isCrop := slices.Contains(s.farm.Crops, subject)
	switch of := cmp.Or(e.Crop, e.Animal); {
	case of != "":
		return s.within(subject, of)
	case len(d.Crops)+len(d.Animals) == 0:
		return isCrop
	case isCrop:
		return s.any([]string{subject}, d.Crops)
	}
	return s.any([]string{subject}, d.Animals)
}

// any reports whether any of the ids is one of the wider ones, or of its kind.
func (s season) any(ids, wider []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool {
		return slices.ContainsFunc(wider, func(w string) bool { return s.within(id, w) })
	})
}

// within reports whether a crop or animal is another, or of that kind.
func (s season) within(id, wider string) bool {
	if id == wider {
		return true
	}
	c := s.lexicon.Concept(id)
	return c != nil && slices.ContainsFunc(c.Is, func(up string) bool { return s.within(up, wider) })
}
