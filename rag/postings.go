package rag

import (
	"slices"
)

// postings list for each term the places (units or documents) in which it stands and how often, in one flat array: four bytes
// a posting, the place in the upper 24 bits, the count, at most 255, in the lower 8.
type postings struct {
	start []uint32 // the postings of term t are list[start[t]:start[t+1]], by rising place
	list  []uint32
}

func (p *postings) of(term int32) []uint32 { return p.list[p.start[term]:p.start[term+1]] }

// newPostings turns what each place holds into lists by term. A place's entries are term<<8|count, each term once.
func newPostings(terms int, places [][]uint32) postings {
	p := postings{start: make([]uint32, terms+1)}
	for _, entries := range places {
		for _, e := range entries {
			p.start[e>>8+1]++
		}
	}
	for t := range terms {
		p.start[t+1] += p.start[t]
	}
	p.list = make([]uint32, p.start[terms])
	next := slices.Clone(p.start[:terms])
	for place, entries := range places {
		for _, e := range entries {
			p.list[next[e>>8]] = uint32(place)<<8 | e&255
			next[e>>8]++
		}
	}
	return p
}

// counter counts the terms of one place at a time.
type counter struct {
	counts []uint8 // term -> count, all 0 between places
	met    []uint32
}

// add counts a term once more, up to 255.
func (c *counter) add(term uint32) {
	for int(term) >= len(c.counts) {
		c.counts = append(c.counts, make([]uint8, max(1024, len(c.counts)))...)
	}
	switch c.counts[term] {
	case 0:
		c.met = append(c.met, term)
	case 255:
		return
	}
	c.counts[term]++
}

// take gives the entries of the place, and begins the next.
func (c *counter) take() []uint32 {
	entries := make([]uint32, len(c.met))
	for i, term := range c.met {
		entries[i] = term<<8 | uint32(c.counts[term])
		c.counts[term] = 0
	}
	c.met = c.met[:0]
	return entries
}
