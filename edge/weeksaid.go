package edge

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
	"jembe/content"
)

// weekPicture is that of key 0, and of what has no picture of its own.
const weekPicture = "calendar"

// saying puts a week into words.
type saying struct {
	Weeks
	q       WeekAsked
	library advisory.Library
}

// state is a week that says one text.
func (s *saying) state(state content.WeekState, key string, pairs ...string) WeekSaid {
	said := WeekSaid{Lang: s.q.Lang, State: state, Text: capital(advisory.Say(s.q.Lang, key, pairs...)), Sound: []string{}, Items: []weekItem{}, Choices: []weekChoice{}}
	said.speech = []advisory.Speech{{Text: said.Text, Lang: s.q.Lang}}
	return said
}

// row is what is said of a key in a row of them.
func (s *saying) row(key int, label string) []advisory.Speech {
	return []advisory.Speech{{Text: label, Lang: s.q.Lang, Label: true}, {Text: fmt.Sprint(key), Lang: s.q.Lang, Label: true}}
}

func (s *saying) whichMonth() WeekSaid {
	said := s.state(content.WeekWhichMonth, "week_which_month")
	for m := time.January; m <= time.December; m++ {
		label := advisory.Say(s.q.Lang, fmt.Sprintf("month_%d", m))
		said.Choices = append(said.Choices, weekChoice{Key: int(m), Label: label, Picture: content.MonthPicture, Month: m, Sound: []string{}, speech: s.row(int(m), label)})
	}
	return said
}

// whichCrop offers the first nine of the crops.
func (s *saying) whichCrop(crops []string) WeekSaid {
	said := s.state(content.WeekWhichStage, "week_which_crop")
	for i, crop := range crops[:min(len(crops), 9)] {
		label := s.library.Lexicon.Name(crop, s.q.Lang)
		said.Choices = append(said.Choices, weekChoice{Key: i + 1, Label: label, Picture: cmp.Or(content.PictureOf(crop), weekPicture), Crop: crop, Month: s.q.Month,
			Sound: []string{}, speech: s.row(i+1, label)})
	}
	return said
}

func (s *saying) whichStage() WeekSaid {
	said := s.state(content.WeekWhichStage, "week_which_stage", "crop", s.library.Lexicon.Name(s.q.Crop, s.q.Lang))
	for i, stage := range content.Stages() {
		label := advisory.Say(s.q.Lang, "stage_"+string(stage))
		said.Choices = append(said.Choices, weekChoice{
			Key: i + 1, Label: label, Picture: stage.Picture(), Crop: s.q.Crop, Stage: stage, Month: s.q.Month, Sound: []string{}, speech: s.row(i+1, label),
		})
	}
	return said
}

// advices says what matters, and that another crop's stage can be told where nobody knows it.
func (s *saying) advices(week content.Week) WeekSaid {
	said := s.state(content.WeekKnown, "week_known")
	leaves := map[string]advisory.Branch{}
	s.library.Menu.Walk(func(_ []int, b advisory.Branch) {
		if b.Document != "" && !b.Also {
			leaves[b.Document] = b
		}
	})
	numbers := s.library.Menu.Numbers()
	for i, a := range week.Advices {
		d, leaf := a.Document, leaves[a.Document.ID]
		item := weekItem{
			Key: i + 1, Document: d.ID, Lang: d.Lang, Title: d.Title, Label: d.Title, Picture: weekPicture, Number: numbers[d.ID], Text: capital(s.why(a)), Sound: []string{},
		}
		if leaf.Picture != "" {
			item.Label, item.Picture = leaf.Label(s.q.Lang), leaf.Picture
		}
		item.speech = []advisory.Speech{
			{Text: d.Title, Lang: d.Lang, Label: true}, {Text: item.Text, Lang: s.q.Lang, Label: true}, {Text: fmt.Sprint(item.Key), Lang: s.q.Lang, Label: true},
		}
		said.Items = append(said.Items, item)
	}
	if len(week.Untold) > 0 {
		label := advisory.Say(s.q.Lang, "week_other")
		said.Choices = append(said.Choices, weekChoice{Label: label, Picture: "sprout", Other: true, Month: s.q.Month, Sound: []string{}, speech: s.row(0, label)})
	}
	return said
}

// capital begins a sentence that begins with the name of a crop.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// why says on what an advice stands.
func (s *saying) why(a content.Advice) string {
	lang, crop := s.q.Lang, s.library.Lexicon.Name(a.Subject, s.q.Lang)
	switch w, weeks := a.Why, a.Why.Days/7; {
	case w.Stage != "":
		return advisory.Say(lang, "week_stage", "crop", crop, "stage", advisory.Say(lang, "stage_"+string(w.Stage)))
	case w.Planted && w.Days < 0:
		return advisory.Say(lang, "week_planted_soon", "crop", crop)
	case w.Planted && weeks < 2:
		return advisory.Say(lang, "week_planted_just", "crop", crop)
	case w.Planted:
		return advisory.Say(lang, "week_planted", "crop", crop, "weeks", fmt.Sprint(weeks))
	case w.Month > 0:
		return advisory.Say(lang, "week_month", "month", advisory.Say(lang, fmt.Sprintf("month_%d", w.Month)))
	}
	return advisory.Say(lang, "week_always")
}

// week is GET /v1/week.
func (s *Server) week(c echo.Context) error {
	lang, err := langOf(c)
	if err != nil {
		return err
	}
	q, err := readWeek(c.QueryParam)
	if err != nil {
		return err
	}
	q.Lang = lang
	if !s.tellsWeeks() {
		return &advisory.Error{Code: advisory.NotFound, Hint: "this box tells nothing of the week"}
	}
	session := c.QueryParam("session")
	if !sessionPattern.MatchString(session) {
		return badSession()
	}
	said, err := Weeks{s.Store, s.Advisor, s.Content}.Week(c.Request().Context(), q)
	if err != nil {
		return err
	}
	if said.Bulletins, err = s.bulletins(c.Request().Context(), q.Lang); err != nil {
		return err
	}
	id := s.answers.addMessage(q.Lang, session)
	said.Sound = s.sounds(id, said.speech)
	for i := range said.Items {
		said.Items[i].Sound = s.sounds(id, said.Items[i].speech)
	}
	for i := range said.Choices {
		said.Choices[i].Sound = s.sounds(id, said.Choices[i].speech)
	}
	return c.JSON(http.StatusOK, said)
}

// Speech is all that is said of the week, in order.
func (w WeekSaid) Speech() []advisory.Speech {
	out := slices.Clone(w.speech)
	for _, item := range w.Items {
		out = append(out, item.speech...)
	}
	for _, c := range w.Choices {
		out = append(out, c.speech...)
	}
	return out
}

// tellsWeeks reports whether there are calendars to go by, and a record that knows the village.
func (s *Server) tellsWeeks() bool { return s.Content != nil && s.Store != nil }

// weekBranch is key 0 of the menu, as a branch of it.
func weekBranch() advisory.Branch {
	b := advisory.Branch{Key: "week", Picture: weekPicture, Labels: map[advisory.Lang]string{}}
	for _, lang := range advisory.MessageLangs() {
		b.Labels[lang] = advisory.Say(lang, "week")
	}
	return b
}
