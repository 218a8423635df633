package advisory

import (
	"cmp"
	"slices"
	"strings"
)

const (
	leastSupport   = 0.5  // share of a sentence's words that its passages must hold
	alignedShare   = 0.5  // share of a clause's words that another must hold to say the same
	almostAsGood   = 0.1  // by how much another clause may fit less and still vouch
	backward       = 0.3  // what it counts that a clause says no more
	sameSubject    = 0.25 // share of a sentence's words that the statement must hold from which it takes a measure
	sameWords      = 0.75 // share of words in common, either way, from which two statements are one
	shortCondition = 4    // words up to which each one of what advice is tied to must be the passage's
)

// unapproved reports whether a sentence on pesticides or animal medicines rests on a document that nobody of the office has approved.
// First aid and safety are never held back.
func (g *guarding) unapproved(s Sentence, statements []statement) bool {
	held := false
	for _, i := range s.Passages {
		d := g.passages[i].Document
		held = held || d != nil && d.Status != Reviewed && d.Kind != "safety"
	}
	return held && slices.ContainsFunc(statements, func(st statement) bool {
		return len(st.chemicals) > 0 || st.signs.has(0, len(st.words), listProduct)
	})
}

// meaning holds a statement against the cited ones it must stem from: its words stand there, and no "not" and no condition was
// lost, put in or changed.
func (g *guarding) meaning(st *statement, cited []*source) {
	support := 0.0
	for _, s := range cited {
		support = max(support, sharedKeys(st.about, s.about))
	}
	if len(st.about) > 0 && support < leastSupport {
		g.fall(RuleUnsupported)
		return
	}
	g.whole(st, cited)
	var sources []use
	for i := range st.clauses {
		c := &st.clauses[i]
		found := align(st, c, cited)
		if len(found) == 0 {
			if len(c.conditions) > 0 && len(c.keys) > 1 { // a time or condition of nowhere
				g.fall(RuleCondition)
			}
			continue
		}
		if !slices.ContainsFunc(found, func(f aligned) bool { return f.clause.negations == c.negations }) {
			g.fall(RuleNegation)
		}
		best := found[0]
		for _, f := range found { // of those that fit as well, the one that says the same
			if f.clause.negations == c.negations && slices.Equal(f.clause.conditions, c.conditions) {
				best = f
				break
			}
		}
		g.conditions(st, i, best)
		sources = append(sources, best.use)
	}
	g.used = append(g.used, sources...)
	if len(sources) == 0 {
		g.alike(st, cited)
	}
}

// alike finds what a statement rests on that is too short to be aligned: what says the same.
func (g *guarding) alike(st *statement, cited []*source) {
	anyStatement(cited, func(s *source, i int, t *statement) bool {
		if len(st.about) > 0 && slices.Equal(st.about, t.about) {
			g.used = append(g.used, use{s, i})
		}
		return false
	})
}

// whole holds a statement against those of the passages that are the same but for a word or two: of these one must have as many
// "not"s, and one the same conditions. Commas may part the two in different places, so clauses alone do not show it.
func (g *guarding) whole(st *statement, cited []*source) {
	near, negated, tied := false, false, false
	anyStatement(cited, func(_ *source, _ int, t *statement) bool {
		if sharedKeys(st.about, t.about) >= sameWords && sharedKeys(t.about, st.about) >= sameWords {
			near = true
			negated = negated || t.entire.negations == st.entire.negations
			tied = tied || slices.Equal(t.entire.conditions, st.entire.conditions)
		}
		return false
	})
	if near && !negated {
		g.fall(RuleNegation)
	}
	if near && !tied {
		g.fall(RuleCondition)
	}
}

// aligned is a clause of a passage that says what a clause of the draft says.
type aligned struct {
	use
	clause *clause
	score  float64
}

// align gives the clauses of the passages that say what c says, the best first.
func align(st *statement, c *clause, cited []*source) []aligned {
	if len(c.keys) < 2 {
		return nil
	}
	var out []aligned
	anyStatement(cited, func(s *source, i int, t *statement) bool {
		for k := range t.clauses {
			if a := st.like(c, t, &t.clauses[k]); a.score > 0 {
				a.use = use{s, i}
				out = append(out, a)
			}
		}
		if len(t.clauses) == 1 { // else it may say the whole of t, without its commas
			return false
		}
		if a := st.like(c, t, &t.entire); a.score >= sameWords*(1+backward) {
			a.use = use{s, i}
			out = append(out, a)
		}
		return false
	})
	slices.SortStableFunc(out, func(a, b aligned) int { return cmp.Compare(b.score, a.score) })
	for i, a := range out {
		if a.score < out[0].score-almostAsGood {
			return out[:i]
		}
	}
	return out
}

// like tells how well a clause of another statement says what c says: a score of 0 where it does not.
func (s *statement) like(c *clause, t *statement, other *clause) aligned {
	own, theirs := s.verbsAlike(c, other.stems), t.verbsAlike(other, c.stems)
	covered := sharedKeys(own, theirs)
	if covered < alignedShare {
		return aligned{}
	}
	return aligned{clause: other, score: covered + backward*sharedKeys(theirs, own)}
}

// verbsAlike gives the keys of a clause in which a Swahili verb that is said without "not" is written as the stem of the same verb with it: "iguse" is
// what "isiguse" forbids.
func (s *statement) verbsAlike(c *clause, stems []string) keySet {
	if len(stems) == 0 {
		return c.keys
	}
	keys := slices.Clone(s.subjects[c.from:c.to])
	for i, k := range keys {
		for _, stem := range stems {
			if bare := strings.TrimRight(k, "aeiou"); strings.HasSuffix(bare, stem) && len(bare)-len(stem) <= longestPrefix {
				keys[i] = stem
				break
			}
		}
	}
	return keySetOf(keys)
}

const longestPrefix = 4 // letters before the stem of a Swahili verb: "wata"

// conditions holds the conditions of the i-th clause of a statement against those of the clause it stems from: each kind that
// the passage ties the advice to must stand in the statement, and the statement may tie it to no other.
func (g *guarding) conditions(st *statement, i int, from aligned) {
	source := &from.source.statements[from.at]
	wanted := slices.Clone(from.clause.conditions)
	for _, c := range source.clauses {
		if c.leads { // "If the worms are young, ...": it holds for all that follows
			wanted = append(wanted, c.conditions...)
		}
	}
	var has, may []condition
	for _, c := range st.clauses {
		has = append(has, c.conditions...)
	}
	for _, c := range source.clauses {
		may = append(may, c.conditions...)
	}
	for _, c := range wanted {
		if !slices.Contains(has, c) {
			g.fall(RuleCondition)
		}
	}
	own := st.clauses[i]
	for _, c := range own.conditions {
		if !slices.Contains(may, c) {
			g.fall(RuleCondition)
		}
	}
	// What it is tied to must be the same stage, sign or time: "before flowering" is not "before harvest", "if it is wet" is not "if it is
	// dry". A longer clause may have a word of its own.
	keys, free := own.keys, 0.0
	if len(keys) > shortCondition {
		free = 1 / float64(len(keys))
	}
	if len(own.conditions) > 0 && sharedKeys(keys, source.about) < 1-free-1e-9 {
		g.fall(RuleCondition)
	}
}
