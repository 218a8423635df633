package advisory

import (
	"cmp"
	"slices"
	"strings"
)

// Named is a concept as it was looked up: with the names by which people of a language know it.
type Named struct {
	ID    string      `json:"id"`
	Kind  ConceptKind `json:"kind"`
	Name  string      `json:"name"`  // the one we speak
	Names []string    `json:"names"` // all of the language; of English where it has none
}

// LookUp gives the concepts that have a name like a text, in any language, the likest first, at most so many.
func (l *Lexicon) LookUp(text string, lang Lang, most int) []Named {
	wanted := strings.Join(Words(text), " ")
	if wanted == "" {
		return nil
	}
	type hit struct {
		concept *Concept
		unlike  int
	}
	var hits []hit
	for _, id := range l.order {
		c, best := l.concepts[id], notAlike
		for _, names := range c.Names {
			for _, name := range names {
				best = min(best, unlikeName(wanted, strings.Join(Words(name), " ")))
			}
		}
		if best < notAlike {
			hits = append(hits, hit{c, best})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.unlike, b.unlike) })
	var out []Named
	for _, h := range hits[:min(most, len(hits))] {
		n := Named{ID: h.concept.ID, Kind: h.concept.Kind, Name: l.Name(h.concept.ID, lang), Names: h.concept.Names[lang]}
		if n.Names == nil {
			n.Names = h.concept.Names["en"]
		}
		out = append(out, n)
	}
	return out
}

// How unlike a folded name is to what was looked up.
const (
	sameName = iota
	beginsName
	beginsWord
	notAlike
)

func unlikeName(wanted, name string) int {
	switch {
	case name == wanted:
		return sameName
	case strings.HasPrefix(name, wanted):
		return beginsName
	case strings.Contains(name, " "+wanted):
		return beginsWord
	}
	return notAlike
}
