package content

import (
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"jembe/advisory"
)

// Season says when in the life of a crop or animal, or in the year, a document matters. Stage says it to people; the other fields say
// it to the box, which goes by them alone, and all of those that are given must hold. One without them never holds.
type Season struct {
	Crop, Animal string // lexicon id, at most one of the two; neither: whatever the document is about
	Stage        string // such as "2 to 6 leaves"
	Stages       []Stage
	Days         []int // first and last day after planting; more exact than Stages, which then only hold for a stage that is told
	Months       []time.Month
	Zone         string // country or zone; "": wherever the document holds
}

// Stage is a stage in the life of a crop.
type Stage string

// The stages of a crop, as a farmer sees them, and Always, of what lasts: an animal, or a crop that stands for years.
const (
	BeforePlanting Stage = "before-planting" // the last month before: land, seed, and the nursery of what is planted out
	Planting       Stage = "planting"        // sowing, or planting out; the first week
	Seedling       Stage = "seedling"        // until a tenth of the ground is covered
	Growing        Stage = "growing"         // leaves and stems, until the first flowers
	Flowering      Stage = "flowering"
	Filling        Stage = "filling" // grain, pods, fruit, heads or tubers
	Ripening       Stage = "ripening"
	Harvest        Stage = "harvest"
	Storage        Stage = "storage"

	Always Stage = "always"
)

// Stages lists the stages of a crop in the order of its life, without Always.
func Stages() []Stage {
	return []Stage{BeforePlanting, Planting, Seedling, Growing, Flowering, Filling, Ripening, Harvest, Storage}
}

// MonthPicture is a year that is turned to the month: of January it stands upright.
const MonthPicture = "month"

// Picture names the picture of a crop at the stage.
func (s Stage) Picture() string {
	return map[Stage]string{
		BeforePlanting: "spade", Planting: "planting", Seedling: "sprout", Growing: "plant-grown", Flowering: "plant-flower",
		Filling: "plant-fruit", Ripening: "plant-ripe", Harvest: "basket", Storage: "store",
	}[s]
}

// stageNames are what a calendar entry may name.
func stageNames() []string {
	var out []string
	for _, s := range append(Stages(), Always) {
		out = append(out, string(s))
	}
	return out
}

// Bounds of the days after planting in a calendar entry: from the nursery of a slow crop to the third year of sugar cane.
const (
	firstDay = -120
	lastDay  = 1000
)

// season reads one entry of a calendar.
func (f *fields) season(n *yaml.Node) Season {
	var s Season
	values, _ := f.mapping(n, "a calendar entry", "crop", "animal", "stage", "stages", "days", "months", "zone")
	if v := values["crop"]; v != nil {
		s.Crop = f.id(v, "crop")
	}
	if v := values["animal"]; v != nil {
		s.Animal = f.id(v, "animal")
	}
	if v := values["stage"]; v != nil {
		s.Stage = f.text(v, "stage")
	}
	if v := values["stages"]; v != nil {
		s.Stages = f.stages(v)
	}
	if v := values["days"]; v != nil {
		s.Days = f.days(v)
	}
	if v := values["zone"]; v != nil {
		s.Zone = f.zone(v)
	}
	if v := values["months"]; v != nil {
		for _, m := range f.list(v, "months") {
			s.Months = append(s.Months, time.Month(f.number(m, "a month", 1, 12)))
		}
	}
	switch {
	case values["crop"] != nil && values["animal"] != nil:
		f.fail(n.Line, "a calendar entry is about a crop or an animal: make two of it")
	case values["stage"] == nil && values["stages"] == nil && values["days"] == nil && values["months"] == nil:
		f.fail(n.Line, "a calendar entry needs a stage, stages, days or months")
	case s.Animal != "" && (s.Days != nil || slices.ContainsFunc(s.Stages, func(s Stage) bool { return s != Always })):
		f.fail(n.Line, "an animal has no stages or days after planting: give months, or stages: [always]")
	}
	return s
}

func (f *fields) stages(n *yaml.Node) []Stage {
	var out []Stage
	items := f.list(n, "stages")
	for _, item := range items {
		s := Stage(f.oneOf(item, "a stage", stageNames()...))
		switch {
		case s == "":
		case slices.Contains(out, s):
			f.fail(item.Line, "%s is given twice in stages", s)
		default:
			out = append(out, s)
		}
	}
	if len(out) > 1 && slices.Contains(out, Always) {
		f.fail(n.Line, "always stands alone in stages")
	}
	if len(items) == 0 && n.Kind == yaml.SequenceNode {
		f.fail(n.Line, "stages names none of %s", strings.Join(stageNames(), ", "))
	}
	return out
}

func (f *fields) days(n *yaml.Node) []int {
	items, before := f.list(n, "days"), len(f.problems)
	if len(items) != 2 {
		f.fail(n.Line, "days must be the first and the last day after planting, such as [20, 30]")
		return nil
	}
	out := []int{f.number(items[0], "a day after planting", firstDay, lastDay), f.number(items[1], "a day after planting", firstDay, lastDay)}
	if out[0] > out[1] && len(f.problems) == before {
		f.fail(n.Line, "the first of the days, %d, is after the last, %d", out[0], out[1])
	}
	return out
}

// calendar tells of entries that can never hold, that say more than is possible, or that say in a translation what the English
// document does not.
func (c *checker) calendar(d *Document) {
	for _, s := range d.Calendar {
		c.known(d, "calendar", given(s.Crop), advisory.Crop)
		c.known(d, "calendar", given(s.Animal), advisory.Animal)
		if len(s.Months) > 0 && s.Zone == "" && len(d.Zones) == 0 {
			c.say(d, "calendar", "months hold in a country or zone, not everywhere: say which, such as zone: KE")
		}
		if slices.Contains(s.Stages, Always) && len(c.growth[s.Crop]) > 0 {
			c.say(d, "calendar", "%s does not stand all year: name its stages instead of always", s.Crop)
		}
	}
	e := c.english[d.ID]
	if e == nil || e == d {
		return
	}
	for _, s := range d.Calendar {
		same := func(o Season) bool {
			return o.Crop == s.Crop && o.Animal == s.Animal && o.Zone == s.Zone && slices.Equal(o.Months, s.Months)
		}
		if len(s.Stages) > 0 || s.Days != nil {
			c.say(d, "calendar", "stages and days stand in the English document alone, and hold for its translations: take them out")
		} else if !slices.ContainsFunc(e.Calendar, same) {
			c.say(d, "calendar", "the English document has no calendar entry of the same crop or animal, months and zone")
		}
	}
}
