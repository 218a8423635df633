package hub

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"jembe/advisory"
)

// SmallCount is the least count of questions that may be seen outside the house: below it, one person might be found out.
const SmallCount = advisory.SmallCount

// Figures are what was asked in a span of months.
type Figures struct {
	Total  Count
	Visits Count         // Asked is how often somebody came, who may have asked several questions
	Tables []FigureTable // in the order in which they are shown
	AsOfMS int64         // Unix time of the count
}

// FigureTable are the counts of one dimension, the largest first; days in their order.
type FigureTable struct {
	Dimension string
	Rows      []Count
}

// Count is how often something was asked, and how often no answer was found. What is hidden is a small count, or would give
// one away.
type Count struct {
	Value       string // "": not told
	Asked, Gaps int64
	HideAsked   bool
	HideGaps    bool
}

// shown are the dimensions of the figures in their order.
var shown = []string{byOutcome, byConcept, byReason, byLang, byChannel, byGender, byVillage, byDay}

// byVillage are the counts of all boxes of a village.
const byVillage = "village"

// queryOfAll and queryOfVillage count the months from $1 on, and from $3 on those that have a name, to $2; of the boxes of a village ($4).
const (
	queryOfAll = `SELECT t.dimension, COALESCE(d.village, t.value), SUM(t.asked), SUM(t.gaps) FROM tally t
		LEFT JOIN devices d ON t.dimension = 'device' AND d.device = t.value
		WHERE t.month >= $1 AND t.month <= $2 AND (t.month = '' OR t.month >= $3) GROUP BY t.dimension, COALESCE(d.village, t.value)`
	queryOfVillage = `SELECT t.dimension, CASE WHEN t.dimension = 'device' THEN d.village ELSE t.value END, SUM(t.asked), SUM(t.gaps) FROM devices d
		JOIN tally_boxes t ON t.device = d.device
		WHERE t.month >= $1 AND t.month <= $2 AND (t.month = '' OR t.month >= $3) AND d.village = $4
		GROUP BY t.dimension, CASE WHEN t.dimension = 'device' THEN d.village ELSE t.value END`
)

// Figures gives the counts of the months from to to (2026-11), of what a box without a clock recorded too when undated is set; of the boxes
// of a village, or of all ("").
func (h *Hub) Figures(ctx context.Context, from, to string, undated bool, village string) (Figures, error) {
	first := from
	if undated {
		first = ""
	}
	query, args := queryOfAll, []any{first, to, from}
	if village != "" {
		query, args = queryOfVillage, append(args, village)
	}
	rows, err := h.db.Read.QueryContext(ctx, query, args...)
	if err != nil {
		return Figures{}, err
	}
	defer rows.Close()
	found := map[string][]Count{}
	for rows.Next() {
		var dimension string
		var c Count
		if err := rows.Scan(&dimension, &c.Value, &c.Asked, &c.Gaps); err != nil {
			return Figures{}, err
		}
		if dimension == byDevice {
			dimension = byVillage
		}
		found[dimension] = append(found[dimension], c)
	}
	f := Figures{AsOfMS: h.now()}
	for _, c := range found[byAll] {
		f.Total.Asked, f.Total.Gaps = f.Total.Asked+c.Asked, f.Total.Gaps+c.Gaps
	}
	for _, c := range found[bySession] {
		f.Visits.Asked += c.Asked
	}
	for _, d := range shown {
		slices.SortFunc(found[d], func(a, b Count) int {
			if d == byDay {
				return cmp.Compare(b.Value, a.Value)
			}
			return cmp.Or(cmp.Compare(b.Asked, a.Asked), cmp.Compare(a.Value, b.Value))
		})
		f.Tables = append(f.Tables, FigureTable{d, found[d]})
	}
	return f, rows.Err()
}

// Withheld gives the figures with small counts hidden, and with them as many others as it takes that nobody finds them by
// subtraction.
func (f Figures) Withheld() Figures {
	total := []Count{f.Total}
	withhold(total, false)
	visits := []Count{f.Visits}
	withhold(visits, false)
	out := Figures{Total: total[0], Visits: visits[0], AsOfMS: f.AsOfMS}
	for _, t := range f.Tables {
		rows := slices.Clone(t.Rows)
		withhold(rows, t.Dimension != byConcept) // a question has several concepts: they add up to nothing
		out.Tables = append(out.Tables, FigureTable{t.Dimension, rows})
	}
	return out
}

// withhold marks what is to be hidden; parts says that the rows are the parts of a total that is known.
func withhold(rows []Count, parts bool) {
	small := func(n int64) bool { return 0 < n && n < SmallCount }
	asked := func(c *Count) (*bool, int64) { return &c.HideAsked, c.Asked }
	gaps := func(c *Count) (*bool, int64) { return &c.HideGaps, c.Gaps }
	for i := range rows {
		rows[i].HideAsked = small(rows[i].Asked)
	}
	if parts {
		complement(rows, asked)
	}
	for i := range rows {
		c := &rows[i]
		c.HideGaps = c.HideAsked || small(c.Gaps) || small(c.Asked-c.Gaps) // the answered ones are what is left
	}
	if parts {
		complement(rows, gaps)
	}
}

// complement hides the next smallest counts until what is hidden is at least two counts, and SmallCount together.
func complement(rows []Count, of func(*Count) (hide *bool, n int64)) {
	for {
		var hidden, sum int64
		next := -1
		for i := range rows {
			hide, n := of(&rows[i])
			if *hide {
				hidden, sum = hidden+1, sum+n
				continue
			}
			if _, least := of(&rows[max(next, 0)]); n > 0 && (next < 0 || n < least) {
				next = i
			}
		}
		if hidden == 0 || hidden > 1 && sum >= SmallCount || next < 0 {
			return
		}
		hide, _ := of(&rows[next])
		*hide = true
	}
}

// Unanswered is a question that found no answer, in the words of the farmer who agreed to have them kept.
type Unanswered struct {
	Day, Lang, Village string
	Concepts           []string
	Words              string
}

// UnansweredWords gives the newest questions without an answer, of one concept or of all (""), a page at a time from 0.
func (h *Hub) UnansweredWords(ctx context.Context, concept string, page, size int) ([]Unanswered, error) {
	like := "%"
	if concept = plain(concept); concept != "" {
		like = "% " + concept + " %"
	}
	rows, err := h.db.Read.QueryContext(ctx, `SELECT u.day, u.lang, COALESCE(d.village, ''), u.concepts, w.words FROM unanswered u
		JOIN words w ON w.device = u.device AND w.epoch = u.epoch AND w.seq = u.seq
		LEFT JOIN devices d ON d.device = u.device
		WHERE u.concepts LIKE $1 ORDER BY u.day DESC, u.device DESC, u.epoch DESC, u.seq DESC LIMIT $2 OFFSET $3`, like, size, page*size)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Unanswered
	for rows.Next() {
		var u Unanswered
		var concepts string
		if err := rows.Scan(&u.Day, &u.Lang, &u.Village, &concepts, &u.Words); err != nil {
			return nil, err
		}
		u.Concepts = strings.Fields(concepts)
		out = append(out, u)
	}
	return out, rows.Err()
}

// span is a choice of months.
type span struct {
	Name     string // in the address, and of its text
	From, To string
	Undated  bool
}

// spans are the choices at a moment, the first first.
func spans(now time.Time) []span {
	month := func(back int) string { // counted from the first of the month: there is no 31 February
		return time.Date(now.Year(), now.Month(), 1, 12, 0, 0, 0, now.Location()).AddDate(0, -back, 0).Format("2006-01")
	}
	return []span{
		{"month", month(0), month(0), false}, {"last_month", month(1), month(1), false},
		{"year", month(11), month(0), false}, {"all", "2020-01", "9999-12", true},
	}
}
