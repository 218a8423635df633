package edge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/content"
)

// WeekAsked is what somebody wants to know of this week, and what they told for it. The zero value is: what the clock and the village say.
type WeekAsked struct {
	Lang  advisory.Lang // never empty
	Month time.Month    // told; 0: not
	Crop  string        // told, one of the village's
	Stage content.Stage // of Crop, told
	Other bool          // wants to tell of a crop, whatever there is to say without
}

// WeekSaid is what the box says of this week: advice to choose from, or what it has to be told first.
type WeekSaid struct {
	Lang    advisory.Lang     `json:"lang"`
	State   content.WeekState `json:"state"`
	Text    string            `json:"text"`
	Sound   []string          `json:"sound"` // addresses of its pieces in order
	Items   []weekItem        `json:"items"`
	Choices []weekChoice      `json:"choices"` // what to tell: a month, a crop or a stage; beside items a way to another crop

	Bulletins []heardBulletin `json:"bulletins,omitempty"` // of the office, as far as a trusted time tells what is in force

	speech []advisory.Speech
}

// weekItem is an advice of this week.
type weekItem struct {
	Key      int           `json:"key"` // to press, 1 to 3
	Document string        `json:"document"`
	Lang     advisory.Lang `json:"lang"`
	Title    string        `json:"title"`
	Label    string        `json:"label"`   // of the menu: two or three words
	Picture  string        `json:"picture"` // /page/pictures.svg#picture
	Number   string        `json:"number"`  // of the advice, "2-1-4", which is asked as a choice
	Text     string        `json:"text"`    // why it is said now
	Sound    []string      `json:"sound"`   // title, why and key

	speech []advisory.Speech
}

// weekChoice is something that can be told: each of its fields from Month on goes into the next request as it stands.
type weekChoice struct {
	Key     int           `json:"key"` // to press, 0 to 12
	Label   string        `json:"label"`
	Picture string        `json:"picture"`
	Sound   []string      `json:"sound"` // label and key
	Month   time.Month    `json:"month,omitempty"`
	Crop    string        `json:"crop,omitempty"`
	Stage   content.Stage `json:"stage,omitempty"`
	Other   bool          `json:"other,omitempty"`

	speech []advisory.Speech
}

// Weeks is what a week is made of.
type Weeks struct {
	Store   *Store
	Advisor *advisory.Advisor
	Content func() *content.Library // the packs of this moment
}

// Week gives what matters this week in the village. BadRequest for a crop that is not the village's, a stage without a crop, or a
// month or stage that there is not.
func (w Weeks) Week(ctx context.Context, q WeekAsked) (WeekSaid, error) {
	village, err1 := w.Store.Village(ctx)
	moment, err2 := w.moment(ctx, q)
	if err := errors.Join(err1, err2); err != nil {
		return WeekSaid{}, err
	}
	if q.Crop != "" && len(village.Crops) == 0 {
		return WeekSaid{}, badRequest("no crop of the village is set up: jembe setup, or the page /setup")
	}
	if q.Crop != "" && !slices.Contains(village.Crops, q.Crop) {
		return WeekSaid{}, badRequest("crop is one of the village's: " + strings.Join(village.Crops, ", "))
	}
	s := &saying{Weeks: w, q: q, library: w.Advisor.Library()}
	week := w.Content().Week(s.library.Lexicon, q.Lang, farmOf(village, w.place()), moment, w.Advisor.MayGive)
	switch {
	case week.State == content.WeekNoCrops:
		return s.state(week.State, "week_no_crops"), nil
	case q.Crop != "" && q.Stage == "":
		return s.whichStage(), nil
	case week.State == content.WeekWhichStage, q.Other && len(village.Crops) > 0:
		return s.whichCrop(village.Crops), nil
	case week.State == content.WeekWhichMonth:
		return s.whichMonth(), nil
	case week.State == content.WeekNothing:
		return s.state(week.State, "week_nothing"), nil
	}
	return s.advices(week), nil
}

// moment is the time that was told, else that of the clock.
func (w Weeks) moment(ctx context.Context, q WeekAsked) (m content.Moment, err error) {
	switch {
	case q.Month < 0 || q.Month > time.December:
		return m, badRequest("month is a number from 1 to 12")
	case q.Stage != "" && (q.Crop == "" || !slices.Contains(content.Stages(), q.Stage)):
		return m, badRequest(fmt.Sprintf("stage goes with a crop, and is one of %v", content.Stages()))
	case q.Month != 0:
		m, err = w.Store.SeasonOf(ctx, q.Month)
	default:
		m, err = w.Store.Season(ctx)
	}
	m.Crop, m.Stage = q.Crop, q.Stage
	return m, err
}

func (w Weeks) place() advisory.Place {
	if w.Advisor.Setting == nil {
		return advisory.Place{}
	}
	return w.Advisor.Setting().Place
}

// farmOf is the village as calendars see it, at the place of the box.
func farmOf(v Village, place advisory.Place) content.Farm {
	f := content.Farm{Place: place, Crops: v.Crops, Animals: v.Animals, Planted: map[string]time.Time{}}
	for crop, day := range v.Planted {
		if t, err := time.Parse(time.DateOnly, day); err == nil { // which Validate has seen to
			f.Planted[crop] = t
		}
	}
	return f
}

// readWeek reads what was told, as the parameters of a request have it.
func readWeek(param func(string) string) (q WeekAsked, err error) {
	q.Crop, q.Stage, q.Other = param("crop"), content.Stage(param("stage")), param("other") == "true"
	if m := param("month"); m != "" {
		n, err := strconv.Atoi(m)
		if err != nil || n < 1 || n > 12 {
			return q, badRequest("month is a number from 1 to 12")
		}
		q.Month = time.Month(n)
	}
	return q, nil
}
