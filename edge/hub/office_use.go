package hub

// useView is what the page of follow-ups shows.
type useView struct {
	Spans    []span
	Span     string
	Figures  UseFigures
	Withheld bool // small counts are hidden from this visitor
	Small    int
	Cut      int // topics that are not shown
}

// use is GET /asked/use?span=: whether advice was of use to those who came back.
func (o *office) use(v *visit) error {
	s := o.chosenSpan(v)
	f, err := o.hub.UseFigures(v.Request().Context(), s.From, s.To, s.Undated)
	if err != nil {
		return err
	}
	view := useView{Spans: spans(o.hub.clock()), Span: s.Name, Figures: f, Small: SmallCount}
	if view.Withheld = !v.user.May(SeeSmallCounts); view.Withheld {
		view.Figures = f.Withheld()
	}
	if view.Cut = len(view.Figures.Topics) - mostRows; view.Cut > 0 {
		view.Figures.Topics = view.Figures.Topics[:mostRows]
	}
	return o.show(v, "use", view)
}

// useCSV is GET /asked/use.csv: made to leave the house, so small counts are hidden in it whoever asks.
func (o *office) useCSV(v *visit) error {
	ctx, s := v.Request().Context(), o.chosenSpan(v)
	f, err := o.hub.UseFigures(ctx, s.From, s.To, s.Undated)
	if err != nil {
		return err
	}
	if err := o.staff.note(ctx, v.by().did("counts exported", "use "+s.Name)); err != nil {
		return err
	}
	f = f.Withheld()
	out := v.table("use-" + s.Name + ".csv")
	head := []string{"dimension", "value", "asked"}
	for name, split := range eachSplit(f.Total) {
		for _, p := range split.Parts {
			head = append(head, columnOf(name, p.Said))
		}
	}
	out.write(head...)
	out.use(byAll, f.Total)
	for _, u := range f.Langs {
		out.use(byLang, u)
	}
	for _, u := range f.Topics {
		out.use(byConcept, u)
	}
	return out.end()
}

// eachSplit gives the splits of a row in their order, by name.
func eachSplit(u Use) func(func(string, Split) bool) {
	return func(yield func(string, Split) bool) {
		_ = yield("done", u.Done) && yield("helped", u.Helped) && yield("why", u.Why)
	}
}

func columnOf(split, said string) string {
	if said == "" {
		said = "passed_over"
	}
	return split + "_" + said
}

func (t *table) use(dimension string, u Use) {
	cells := []string{dimension, u.Value, shownCount(u.Asked, u.HideAsked)}
	for _, split := range eachSplit(u) {
		for _, p := range split.Parts {
			cells = append(cells, shownCount(p.N, split.Hide))
		}
	}
	t.write(cells...)
}
