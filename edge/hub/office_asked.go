package hub

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jembe/edge/wire"
)

// most rows of a table that the page shows at once; the file of counts has them all.
const mostRows = 40

// askedView is what the page of figures shows.
type askedView struct {
	Spans    []span
	Span     string
	Figures  Figures
	Withheld bool // small counts are hidden from this visitor
	Small    int
	Cut      map[string]int // rows that are not shown, by dimension

	Village  string   // "": every village
	Villages []string // to choose from; none for whom small counts are withheld
}

// asked is GET /asked?span=&village=. The figures of one village are for those who see small counts: held against those of all, and of
// the other villages, they would give away what is withheld.
func (o *office) asked(v *visit) (err error) {
	village, villages := "", []string(nil)
	if v.user.May(SeeSmallCounts) {
		village = v.QueryParam("village")
		if villages, err = o.hub.villages(v.Request().Context()); err != nil {
			return err
		}
	}
	f, s, err := o.figures(v, village)
	if err != nil {
		return err
	}
	view := askedView{Village: village, Villages: villages, Spans: spans(o.hub.clock()), Span: s.Name, Figures: f, Small: SmallCount, Cut: map[string]int{}}
	if view.Withheld = !v.user.May(SeeSmallCounts); view.Withheld {
		view.Figures = f.Withheld()
	}
	for i, t := range view.Figures.Tables {
		if n := len(t.Rows) - mostRows; n > 0 {
			view.Cut[t.Dimension] = n
			view.Figures.Tables[i].Rows = t.Rows[:mostRows]
		}
	}
	return o.show(v, "asked", view)
}

// figures gives those of the span that the address names; without one, or with an unknown one, of the year; of a village or of all ("").
func (o *office) figures(v *visit, village string) (Figures, span, error) {
	all := spans(o.hub.clock())
	chosen := all[2]
	for _, s := range all {
		if s.Name == v.QueryParam("span") {
			chosen = s
		}
	}
	f, err := o.hub.Figures(v.Request().Context(), chosen.From, chosen.To, chosen.Undated, village)
	return f, chosen, err
}

// wordsPage is how many questions a page shows.
const wordsPage = 50

// wordsView is what the page of unanswered questions shows.
type wordsView struct {
	Concept   string
	Questions []Unanswered
	Page      int
	Newer     bool
	Older     bool
}

// words is GET /asked/words?concept=&page=.
func (o *office) words(v *visit) error {
	ctx := v.Request().Context()
	page, _ := strconv.Atoi(v.QueryParam("page"))
	page = min(max(page, 0), 10_000)
	view := wordsView{Concept: v.QueryParam("concept"), Page: page, Newer: page > 0}
	found, err := o.hub.UnansweredWords(ctx, view.Concept, page, wordsPage+1)
	if err != nil {
		return err
	}
	if view.Questions = found; len(found) > wordsPage {
		view.Questions, view.Older = found[:wordsPage], true
	}
	return o.show(v, "words", view)
}

// countsCSV is GET /asked/counts.csv: made to leave the house, so small counts are hidden in it whoever asks.
func (o *office) countsCSV(v *visit) error {
	f, s, err := o.figures(v, "")
	if err != nil {
		return err
	}
	if err := o.staff.note(v.Request().Context(), v.by().did("counts exported", s.Name)); err != nil {
		return err
	}
	f = f.Withheld()
	out := v.table("counts-" + s.Name + ".csv")
	out.write("dimension", "value", "asked", "unanswered")
	out.count(byAll, f.Total)
	out.count(bySession, f.Visits)
	for _, t := range f.Tables {
		for _, c := range t.Rows {
			out.count(t.Dimension, c)
		}
	}
	return out.end()
}

func (t *table) count(dimension string, c Count) {
	say := func(n int64, hidden bool) string {
		if hidden {
			return "withheld"
		}
		return strconv.FormatInt(n, 10)
	}
	t.write(dimension, c.Value, say(c.Asked, c.HideAsked), say(c.Gaps, c.HideGaps))
}

// eventsCSV is GET /asked/events.csv: every event on a line, without anybody's words.
func (o *office) eventsCSV(v *visit) error {
	ctx := v.Request().Context()
	if err := o.staff.note(ctx, v.by().did("events exported", "")); err != nil {
		return err
	}
	out := v.table("events.csv")
	out.write("device", "epoch", "seq", "received", "time", "clock", "kind", "answer", "session", "lang", "channel", "outcome", "tier", "reason",
		"concepts", "documents", "gender", "rating", "total_ms")
	rows, err := o.hub.db.Read.QueryContext(ctx, `SELECT received_ms, body FROM events WHERE kind NOT IN ('rejected', 'repeated') ORDER BY device, epoch, seq`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var received int64
		var body []byte
		if err := rows.Scan(&received, &body); err != nil {
			return err
		}
		if e, err := wire.Parse(body); err == nil {
			out.event(received, e)
		}
	}
	return errors.Join(rows.Err(), out.end())
}

func (t *table) event(received int64, e wire.Event) {
	total := ""
	if e.Timings != nil {
		total = fmt.Sprintf("%.0f", e.Timings.Total)
	}
	at := func(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }
	t.write(e.Device, e.Epoch, strconv.FormatInt(e.Seq, 10), at(received), at(e.Wall), string(e.Clock), string(e.Kind), e.Answer, e.Session,
		string(e.Lang), string(e.Channel), string(e.Outcome), string(e.Tier), string(e.Reason),
		strings.Join(e.Concepts, " "), strings.Join(e.Documents, " "), string(e.Gender), string(e.Rating), total)
}

// table writes a CSV file as the reply.
type table struct {
	*csv.Writer
	err error
}

func (v *visit) table(name string) *table {
	h := v.Response().Header()
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return &table{Writer: csv.NewWriter(v.Response())}
}

func (t *table) write(cells ...string) {
	for i, c := range cells {
		cells[i] = harmless(c)
	}
	t.err = errors.Join(t.err, t.Write(cells))
}

func (t *table) end() error {
	t.Flush()
	return errors.Join(t.err, t.Error())
}

// harmless puts a quote before what a spreadsheet would take for a formula (OWASP, CSV injection).
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
