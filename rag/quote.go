package rag

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"jembe/advisory"
)

// Quote writes without a model: it gives the best one to three statements of the passages as they are written, in their order. It
// implements advisory.Generator.
type Quote struct {
	Passages int // how many of the passages it quotes from, so that what is quoted hangs together; 0: all
}

const (
	quoteMost  = 3    // statements
	quoteWords = 70   // after which no further statement is added: about half a minute of speech
	quoteNear  = 0.6  // share of the best score from which another statement is worth hearing
	quoteRank  = 0.15 // how soon passages further down count less
	quoteMean  = 15.0 // words of a usual statement
	quoteSame  = 0.7  // share of words in common from which two statements say the same
)

// quotable is a statement with what is known of it.
type quotable struct {
	statement
	passage, at int
	words       int
	terms, own  map[string]bool // of the whole, and without the line that leads in
	score       float64
}

// Generate implements advisory.Generator. Where no statement shares a word with the question the draft is empty.
func (q Quote) Generate(ctx context.Context, r advisory.DraftRequest) (advisory.Draft, error) {
	if err := ctx.Err(); err != nil {
		return advisory.Draft{}, err
	}
	all := quotables(r, q.from(r))
	scoreQuotables(all, r)
	chosen := choose(all)
	slices.SortFunc(chosen, func(a, b quotable) int { return cmp.Or(a.passage-b.passage, a.at-b.at) })
	draft := advisory.Draft{Tier: advisory.Quoted}
	for i, q := range chosen {
		text := q.String()
		if i > 0 && q.lead != "" && q.passage == chosen[i-1].passage && q.lead == chosen[i-1].lead {
			text = q.text // the line that leads in was just said
		}
		draft.Sentences = append(draft.Sentences, advisory.Sentence{Text: stopped(text), Passages: []int{q.passage}})
	}
	return draft, nil
}

// from chooses the passages to quote from: the first ones, but for lists of what one should not do, which nobody may say as advice.
func (q Quote) from(r advisory.DraftRequest) []int {
	var out []int
	for i, p := range r.Passages {
		if !advisory.ListsMistakes(p.Section, r.Lang) && (q.Passages == 0 || len(out) < q.Passages) {
			out = append(out, i)
		}
	}
	return out
}

// quotables gives the statements of the passages that are quoted from.
func quotables(r advisory.DraftRequest, from []int) []quotable {
	var all []quotable
	a := analyzerFor(r.Lang)
	for _, i := range from {
		for at, s := range statements(r.Passages[i].Text, r.Lang) {
			q := quotable{statement: s, passage: i, at: at, words: len(strings.Fields(s.String())), terms: set(a.terms(s.String())), own: set(a.terms(s.text))}
			all = append(all, q)
		}
	}
	return all
}

func set(terms []string) map[string]bool {
	m := make(map[string]bool, len(terms))
	for _, t := range terms {
		m[t] = true
	}
	return m
}

// scoreQuotables weighs each statement by the question's terms in it, rare ones more, long statements and later passages less.
func scoreQuotables(all []quotable, r advisory.DraftRequest) {
	asked := analyzerFor(r.Lang).terms(r.Question)
	slices.Sort(asked)
	for _, term := range slices.Compact(asked) {
		n := 0
		for _, q := range all {
			if q.terms[term] {
				n++
			}
		}
		idf := math.Log(1 + (float64(len(all)-n)+0.5)/(float64(n)+0.5))
		for i := range all {
			if all[i].terms[term] {
				all[i].score += idf
			}
		}
	}
	for i := range all {
		q := &all[i]
		q.score /= (1 + k1*(1-b+b*float64(q.words)/quoteMean)) * (1 + quoteRank*float64(q.passage))
	}
}

// choose takes the best statement, and others that come near it and say something else.
func choose(all []quotable) []quotable {
	order := slices.Clone(all)
	slices.SortStableFunc(order, func(a, b quotable) int { return cmp.Compare(b.score, a.score) })
	var chosen []quotable
	words := 0
	for _, q := range order {
		if q.score <= 0 || len(chosen) == quoteMost || len(chosen) > 0 && q.score < quoteNear*order[0].score {
			break
		}
		if len(chosen) > 0 && words+q.words > quoteWords {
			continue
		}
		if !slices.ContainsFunc(chosen, func(c quotable) bool { return same(c.own, q.own) }) {
			chosen, words = append(chosen, q), words+q.words
		}
	}
	return chosen
}

// same reports whether two statements share most of their terms.
func same(a, b map[string]bool) bool {
	common := 0
	for t := range a {
		if b[t] {
			common++
		}
	}
	return float64(common) >= quoteSame*float64(min(len(a), len(b)))
}

// stopped ends a list item as a sentence, so that the voice pauses after it.
func stopped(text string) string {
	last := []rune(strings.TrimRight(text, `"')]»”’ `))
	if len(last) == 0 || advisory.EndsSentence(last[len(last)-1]) {
		return text
	}
	return strings.TrimRight(text, ",; ") + "."
}
