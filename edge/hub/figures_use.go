package hub

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"jembe/advisory"
)

// UseFigures are what farmers who came back said of advice, in a span of months.
type UseFigures struct {
	Total  Use
	Langs  []Use // they add up to the total
	Topics []Use // an advice is of several
	AsOfMS int64 // Unix time of the count
}

// Use is how many were asked whether an advice was of use, and what they said. Of each ticket the last word counts.
type Use struct {
	Value     string // language or topic; "": not told
	Asked     int64
	HideAsked bool
	Done      Split // of those asked
	Helped    Split // of those who did it
	Why       Split // of those who did not
}

// Split parts a count by what was said. A part of it that is small, or would give a small one away, hides all of it.
type Split struct {
	Parts []Part // in a fixed order; the last, "", passed over the question
	Hide  bool
}

// Part is a part of a count.
type Part struct {
	Said string
	N    int64
}

// Of is how many said something.
func (s Split) Of(said string) int64 {
	for _, p := range s.Parts {
		if p.Said == said {
			return p.N
		}
	}
	return 0
}

func (s Split) sum() (n int64) {
	for _, p := range s.Parts {
		n += p.N
	}
	return n
}

func splitOf(said ...string) Split {
	var s Split
	for _, one := range append(said, "") {
		s.Parts = append(s.Parts, Part{Said: one})
	}
	return s
}

func (s *Split) add(said string, n int64) {
	for i := range s.Parts {
		if s.Parts[i].Said == said {
			s.Parts[i].N += n
		}
	}
}

func newUse(value string) *Use {
	return &Use{
		Value: value, Done: splitOf(string(advisory.DoneYes), string(advisory.DoneNo)),
		Helped: splitOf(string(advisory.HelpedYes), string(advisory.HelpedNo), string(advisory.HelpedTooSoon)),
		Why:    splitOf(string(advisory.NoMoney), string(advisory.NotToBeHad), string(advisory.NotUnderstood), string(advisory.NotBelieved)),
	}
}

func (u *Use) add(f advisory.Followup, n int64) {
	u.Asked += n
	u.Done.add(string(f.Done), n)
	switch f.Done {
	case advisory.DoneYes:
		u.Helped.add(string(f.Helped), n)
	case advisory.DoneNo:
		u.Why.add(string(f.Why), n)
	}
}

// UseFigures gives those of the months from to to (2026-11), and of boxes without a clock too when undated is set.
func (h *Hub) UseFigures(ctx context.Context, from, to string, undated bool) (UseFigures, error) {
	first := from
	if undated {
		first = ""
	}
	rows, err := h.db.Read.QueryContext(ctx, `SELECT lang, topics, done, helped, why, COUNT(*) FROM followups
		WHERE month >= $1 AND month <= $2 AND (month = '' OR month >= $3) GROUP BY lang, topics, done, helped, why`, first, to, from)
	if err != nil {
		return UseFigures{}, err
	}
	defer rows.Close()
	total, langs, topics := newUse(""), map[string]*Use{}, map[string]*Use{}
	for rows.Next() {
		var lang, about string
		var f advisory.Followup
		var n int64
		if err := rows.Scan(&lang, &about, &f.Done, &f.Helped, &f.Why, &n); err != nil {
			return UseFigures{}, err
		}
		total.add(f, n)
		useIn(langs, lang).add(f, n)
		for _, topic := range strings.Fields(about) {
			useIn(topics, topic).add(f, n)
		}
	}
	return UseFigures{*total, bySize(langs), bySize(topics), h.now()}, rows.Err()
}

func useIn(all map[string]*Use, value string) *Use {
	if all[value] == nil {
		all[value] = newUse(value)
	}
	return all[value]
}

// bySize gives them the largest first.
func bySize(all map[string]*Use) []Use {
	var out []Use
	for _, u := range all {
		out = append(out, *u)
	}
	slices.SortFunc(out, func(a, b Use) int { return cmp.Or(cmp.Compare(b.Asked, a.Asked), cmp.Compare(a.Value, b.Value)) })
	return out
}

// Withheld gives the figures with small counts hidden, and with them as many others as it takes that nobody finds them by subtraction.
func (f UseFigures) Withheld() UseFigures {
	total := []Use{f.Total}
	withholdUse(total, false)
	out := UseFigures{total[0], slices.Clone(f.Langs), slices.Clone(f.Topics), f.AsOfMS}
	withholdUse(out.Langs, true)
	withholdUse(out.Topics, false)
	return out
}

// withholdUse marks what is to be hidden; parts says that the rows are the parts of a total that is known.
func withholdUse(rows []Use, parts bool) {
	for i := range rows {
		rows[i].HideAsked = smallCount(rows[i].Asked)
	}
	if parts {
		complement(rows, func(u *Use) (*bool, int64) { return &u.HideAsked, u.Asked })
	}
	hideSplits(rows, parts, func(u *Use) (*Split, bool) { return &u.Done, u.HideAsked })
	hideSplits(rows, parts, func(u *Use) (*Split, bool) { return &u.Helped, u.Done.Hide }) // together they are those who did it,
	hideSplits(rows, parts, func(u *Use) (*Split, bool) { return &u.Why, u.Done.Hide })    // and those who did not
}

func smallCount(n int64) bool { return 0 < n && n < SmallCount }

// hideSplits hides each split that holds a small part, or whose sum is hidden. Where the total is known, subtraction finds what is hidden
// of all rows together: then the next smallest are hidden too, until that is of two rows and holds no small part.
func hideSplits(rows []Use, parts bool, of func(*Use) (split *Split, sumHidden bool)) {
	var hidden, shown []*Split
	for i := range rows {
		s, sumHidden := of(&rows[i])
		if s.Hide = sumHidden || s.small(); s.Hide {
			hidden = append(hidden, s)
		} else if s.sum() > 0 {
			shown = append(shown, s)
		}
	}
	slices.SortStableFunc(shown, func(a, b *Split) int { return cmp.Compare(a.sum(), b.sum()) })
	for parts && len(hidden) > 0 && len(shown) > 0 && (len(hidden) < 2 || together(hidden).small()) {
		shown[0].Hide = true
		hidden, shown = append(hidden, shown[0]), shown[1:]
	}
}

// small reports whether a part is small.
func (s Split) small() bool {
	return slices.ContainsFunc(s.Parts, func(p Part) bool { return smallCount(p.N) })
}

// together adds splits of one kind up.
func together(all []*Split) Split {
	sum := Split{Parts: slices.Clone(all[0].Parts)}
	for _, s := range all[1:] {
		for _, p := range s.Parts {
			sum.add(p.Said, p.N)
		}
	}
	return sum
}
