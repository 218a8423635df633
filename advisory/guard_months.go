package advisory

import (
	"slices"
	"strings"
)

// monthsOf gives the months that a text names. The English "may" is one only where it has a capital and begins no sentence.
func monthsOf(text string, words []string, g grammar) []int {
	var out []int
	for i, name := range g.months {
		if slices.Contains(words, name) && (name != "may" || strings.LastIndex(text, "May") > 0) {
			out = append(out, i)
		}
	}
	return out
}

// months holds the months of a statement against the cited passages: a prepared answer sums up a document, what a model writes must
// have them from one statement that says the same.
func (g *guarding) months(st *statement, cited []*source) {
	if len(st.months) == 0 {
		return
	}
	var all []int
	anyStatement(cited, func(_ *source, _ int, t *statement) bool {
		all = append(all, t.months...)
		return false
	})
	stand := func(months []int) bool {
		return !slices.ContainsFunc(st.months, func(m int) bool { return !slices.Contains(months, m) })
	}
	if !stand(all) || g.draft.Tier != Prepared && !anyStatement(cited, func(_ *source, _ int, t *statement) bool {
		return stand(t.months) && sharedKeys(st.about, t.about) >= leastSupport
	}) {
		g.fall(RuleNumber)
	}
}

// mistaken turns statements round that stand under a heading such as "Common mistakes", and say what people do without a "not": the
// first of each item. What follows tells why.
func mistaken(statements []statement, heading string, lang Lang) {
	if !ListsMistakes(heading, lang) {
		return
	}
	line := -1
	for i := range statements {
		st := &statements[i]
		if st.line == line {
			continue
		}
		line = st.line
		if slices.ContainsFunc(st.clauses, func(c clause) bool { return c.negations > 0 }) {
			continue
		}
		for k := range st.clauses {
			st.clauses[k].negations = 1
		}
	}
}

// ListsMistakes reports whether what stands under a heading is what one should not do.
func ListsMistakes(heading string, lang Lang) bool {
	g, words := grammars[lang], wordingOf(heading)
	signs := g.phrases.find(words)
	return signs.has(0, len(words.words), listMistakes)
}
