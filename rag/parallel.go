package rag

import (
	"strings"

	"jembe/advisory"
)

// parallel gathers texts of two languages that say the same, as numbered stems.
type parallel struct {
	langA, langB   advisory.Lang
	stemsA, stemsB *numbered
	a, b           [][]int32
}

// numbered numbers the stems of one language from 1.
type numbered struct {
	analyzer
	list   []string
	number map[string]int32
}

func newNumbered(lang advisory.Lang) *numbered {
	return &numbered{analyzer: analyzerFor(lang), list: []string{""}, number: map[string]int32{}}
}

func (n *numbered) text(text string) []int32 {
	terms := n.terms(text)
	out := make([]int32, len(terms))
	for i, t := range terms {
		id, ok := n.number[t]
		if !ok {
			id = int32(len(n.list))
			n.number[t] = id
			n.list = append(n.list, t)
		}
		out[i] = id
	}
	return out
}

func newParallel(a, b advisory.Lang) *parallel {
	return &parallel{langA: a, langB: b, stemsA: newNumbered(a), stemsB: newNumbered(b)}
}

// add takes in two texts that say the same, unless they are too long for their words to be told apart.
func (p *parallel) add(a, b string) {
	as, bs := p.stemsA.text(a), p.stemsB.text(b)
	if len(as) > 0 && len(bs) > 0 && len(as)*len(bs) <= tableCells {
		p.a, p.b = append(p.a, as), append(p.b, bs)
	}
}

// documents aligns two variants of a document: titles, short answers, and section by section where they have as many. What
// farmers ask is worded freely in each language and not aligned.
func (p *parallel) documents(a, b *advisory.Document) {
	p.add(a.Title, b.Title)
	p.sentences(a.Answer, b.Answer)
	if len(a.Sections) != len(b.Sections) {
		return
	}
	for i, s := range a.Sections {
		p.add(s.Heading, b.Sections[i].Heading)
		p.lines(s.Text, b.Sections[i].Text)
	}
}

// lines aligns two texts line by line where they have as many, else as wholes.
func (p *parallel) lines(a, b string) {
	split := func(text string) []string { return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' }) }
	as, bs := split(a), split(b)
	if len(as) != len(bs) {
		p.add(a, b)
		return
	}
	for i := range as {
		p.sentences(as[i], bs[i])
	}
}

// sentences aligns two lines sentence by sentence where they have as many, else as wholes.
func (p *parallel) sentences(a, b string) {
	as, bs := advisory.Sentences(a), advisory.Sentences(b)
	if len(as) != len(bs) {
		p.add(a, b)
		return
	}
	for i := range as {
		p.add(as[i], bs[i])
	}
}

// names aligns the spoken name of each concept in one language with all its names in the other.
func (p *parallel) names(lexicon *advisory.Lexicon) {
	for _, c := range lexicon.Concepts() {
		as, bs := c.Names[p.langA], c.Names[p.langB]
		if len(as) == 0 || len(bs) == 0 {
			continue
		}
		for _, b := range bs {
			p.add(as[0], b)
		}
		for _, a := range as[1:] {
			p.add(a, bs[0])
		}
	}
}
