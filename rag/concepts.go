package rag

import (
	"math"
	"slices"

	"jembe/advisory"
)

// How much a document is about a concept, by where it is said.
const (
	aboutDeclared = 1.0 // its crops, animals and topics
	aboutTitle    = 0.8
	aboutQuestion = 0.6
	aboutAnswer   = 0.5
	aboutPassage  = 0.25
	aboutWider    = 0.5 // of a wider or narrower concept: a document on vegetables, a question on tomatoes
)

var aboutUnit = [...]float32{titleUnit: aboutTitle, questionUnit: aboutQuestion, answerUnit: aboutAnswer, passageUnit: aboutPassage}

// concepts knows which groups (documents of one id) are about which concepts; being of no language, concepts join languages.
type concepts struct {
	lexicon *advisory.Lexicon
	groups  int
	said    map[string]map[int32]float32 // concept -> group -> how much its documents say of it, 0 to 1
	about   map[string]map[int32]float32 // the same, with what they say of narrower and wider concepts
}

func newConcepts(lexicon *advisory.Lexicon, groups int) *concepts {
	return &concepts{lexicon: lexicon, groups: groups, said: map[string]map[int32]float32{}}
}

// add notes what a document says.
func (c *concepts) add(d *advisory.Document, group int32, us []unit) {
	for _, ids := range [][]string{d.Crops, d.Animals, d.Topics} {
		for _, id := range ids {
			raise(c.said, id, group, aboutDeclared)
		}
	}
	for _, u := range us {
		for _, m := range c.lexicon.FindNative(u.searched(), d.Lang) {
			raise(c.said, m.Concept.ID, group, aboutUnit[u.kind])
		}
	}
}

// widen works out, when all documents are in, what they are about: a document on tomatoes is about vegetables a little, and one
// on vegetables about tomatoes.
func (c *concepts) widen() {
	c.about = map[string]map[int32]float32{}
	for id, groups := range c.said {
		for g, w := range groups {
			raise(c.about, id, g, w)
			for _, wider := range c.wider(id) {
				raise(c.about, wider, g, w*aboutWider)
			}
		}
	}
	for _, concept := range c.lexicon.Concepts() {
		for _, wider := range c.wider(concept.ID) {
			for g, w := range c.said[wider] {
				if w == aboutDeclared {
					raise(c.about, concept.ID, g, aboutWider)
				}
			}
		}
	}
}

// wider gives the concepts next above one.
func (c *concepts) wider(id string) []string {
	if concept := c.lexicon.Concept(id); concept != nil {
		return concept.Is
	}
	return nil
}

func raise(m map[string]map[int32]float32, id string, group int32, weight float32) {
	if m[id] == nil {
		m[id] = map[int32]float32{}
	}
	m[id][group] = max(m[id][group], weight)
}

// clearlyAbout lists, by group, the concepts that its documents declare or that their title, questions or short answer name.
func (c *concepts) clearlyAbout() [][]string {
	out := make([][]string, c.groups)
	for id, groups := range c.said {
		for g, w := range groups {
			if w >= aboutAnswer {
				out[g] = append(out[g], id)
			}
		}
	}
	for _, ids := range out {
		slices.Sort(ids)
	}
	return out
}

// shares gives, by group, the share of the named concepts that its documents are about, each concept weighing by its rarity. Groups
// that are about none of them are left out.
func (c *concepts) shares(named []string) map[int32]float32 {
	shares := map[int32]float32{}
	total := float32(0)
	seen := map[string]bool{}
	for _, id := range named {
		if seen[id] {
			continue
		}
		seen[id] = true
		about := c.about[id]
		rarity := float32(math.Log(1 + float64(c.groups)/(float64(len(about))+0.5)))
		total += rarity
		for g, w := range about {
			shares[g] += rarity * w
		}
	}
	for g := range shares {
		shares[g] /= total
	}
	return shares
}
