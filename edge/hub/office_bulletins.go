package hub

import (
	"strings"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// bulletinsView is what the page of bulletins shows.
type bulletinsView struct {
	Bulletins []bulletinLine // the newest first
	Boxes     []Box
	Kinds     []wire.BulletinKind
	Langs     []advisory.Lang
	Zones     []string
	Today     string
	Most      int                 // letters of a text
	Form      map[string][]string // what was filled in, where it is shown again
}

// bulletinLine is a bulletin with where it stands now.
type bulletinLine struct {
	Bulletin
	State string // now, later, over or withdrawn
}

// FirstDay and LastDay are the days on which it is said.
func (l bulletinLine) FirstDay() string { return dayOf(l.From) }

// LastDay is the last of them.
func (l bulletinLine) LastDay() string { return dayOf(l.Until - 1) }

func dayOf(ms int64) string { return time.UnixMilli(ms).Format(time.DateOnly) }

// StateAt tells where a bulletin stands at a time: "now", "later", "over" or "withdrawn".
func (b Bulletin) StateAt(ms int64) string {
	switch {
	case b.WithdrawnMS != 0:
		return "withdrawn"
	case ms >= b.Until:
		return "over"
	case ms < b.From:
		return "later"
	}
	return "now"
}

// bulletins is GET /bulletins.
func (o *office) bulletins(v *visit) error {
	ctx := v.Request().Context()
	all, err := o.hub.Bulletins(ctx)
	if err != nil {
		return err
	}
	boxes, err := o.hub.Boxes(ctx)
	if err != nil {
		return err
	}
	now := o.hub.now()
	view := bulletinsView{Boxes: boxes, Kinds: wire.BulletinKinds(), Langs: advisory.MessageLangs(), Zones: advisory.Zones(), Today: dayOf(now), Most: advisory.MaxNotice,
		Form: map[string][]string{}}
	if v.problem != "" { // what was wrong can be put right
		if view.Form, err = v.FormParams(); err != nil {
			return err
		}
	}
	for _, b := range all {
		view.Bulletins = append(view.Bulletins, bulletinLine{b, b.StateAt(now)})
	}
	return o.show(v, "bulletins", view)
}

// Was gives what was filled into a field.
func (w bulletinsView) Was(field string) string { return strings.Join(w.Form[field], " ") }

// Had reports whether a value was chosen.
func (w bulletinsView) Had(field, value string) bool {
	for _, chosen := range w.Form[field] {
		if chosen == value {
			return true
		}
	}
	return false
}

// addBulletin is POST /bulletins.
func (o *office) addBulletin(v *visit) error {
	form, err := v.FormParams()
	if err != nil {
		return err
	}
	b := Bulletin{Bulletin: wire.Bulletin{
		Kind: wire.BulletinKind(v.FormValue("kind")), Where: append(countriesIn(v.FormValue("countries")), form["zone"]...), Texts: map[advisory.Lang]string{},
	}, Boxes: form["box"]}
	for _, lang := range advisory.MessageLangs() {
		if text := strings.Join(strings.Fields(v.FormValue("text_"+string(lang))), " "); text != "" {
			b.Texts[lang] = text
		}
	}
	if b.From, b.Until, err = Days(v.FormValue("from"), v.FormValue("until")); err == nil {
		_, err = o.hub.AddBulletin(v.Request().Context(), v.by(), b)
	}
	if err != nil {
		return o.again(v, err, o.bulletins)
	}
	return v.done("/bulletins", "bulletin")
}

// countriesIn reads codes of countries.
func countriesIn(text string) []string {
	return strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool { return r == ',' || r == ' ' })
}

// Days gives from the beginning of a day to the end of another, both as YYYY-MM-DD, by the hub's own time of day, in Unix ms.
func Days(first, last string) (from, until int64, err error) {
	bad := &advisory.Error{Code: advisory.BadRequest, Hint: "give the first and the last day as year-month-day, such as 2027-03-31"}
	a, err := time.ParseInLocation(time.DateOnly, strings.TrimSpace(first), time.Local)
	if err != nil {
		return 0, 0, bad
	}
	b, err := time.ParseInLocation(time.DateOnly, strings.TrimSpace(last), time.Local)
	if err != nil {
		return 0, 0, bad
	}
	return a.UnixMilli(), b.AddDate(0, 0, 1).UnixMilli(), nil
}

// withdrawBulletin is POST /bulletins/{id}/withdraw.
func (o *office) withdrawBulletin(v *visit) error {
	if err := o.hub.WithdrawBulletin(v.Request().Context(), v.by(), v.Param("id")); err != nil {
		return o.again(v, err, o.bulletins)
	}
	return v.done("/bulletins", "withdrawn")
}
