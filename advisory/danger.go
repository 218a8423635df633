package advisory

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
)

// The phrases that tell who is in danger, of all languages side by side; compared as those of scope.json.
//
//go:embed danger.json
var dangerFile []byte

// danger holds, by name: people, who speak of a person wherever they stand; subjects and others, pronouns, which do so only where
// they take something in; takes, the words for that, and eats, those that a pest does too; possessed and possessing, the words
// after and before who owns; dying, what befalls an animal.
var danger = loadDanger()

func loadDanger() map[string][]phrase {
	var texts map[string][]string
	if err := json.Unmarshal(dangerFile, &texts); err != nil {
		panic(err)
	}
	out := map[string][]phrase{}
	for name, list := range texts {
		out[name] = phrases(list)
	}
	return out
}

// takesWithin is how many words may stand between who takes poison in and the word for it.
const takesWithin = 5

// animalOnly reports whether an emergency is an animal's: one is named, and no person but as its owner. "I drank the goat's
// medicine" is of a person, "what do I do, my goat drank it" is not: between the pronoun and the drinking stands the goat. A he or
// she that comes after the animal is the animal.
func (u *Understanding) animalOnly() bool {
	kept, words, keys := u.kept(), Words(u.Search), nameKeys(u.Search)
	if len(kept) == 0 || slices.ContainsFunc(places(danger["people"], words, keys), func(at int) bool { return !u.owner(at, words, keys) }) {
		return false
	}
	takes := places(danger["takes"], words, keys)
	self := slices.ContainsFunc(places(danger["subjects"], words, keys), func(at int) bool { return u.takesIn(at, takes, words, keys) })
	other := slices.ContainsFunc(places(danger["others"], words, keys), func(at int) bool { return at < kept[0].At && u.takesIn(at, takes, words, keys) })
	return !self && !other
}

// takesIn reports whether a word for taking in follows the pronoun at a place, with no animal between them that does it: the cow's
// medicine is no cow.
func (u *Understanding) takesIn(at int, takes []int, words, keys []string) bool {
	possessed := places(danger["possessed"], words, keys)
	return slices.ContainsFunc(takes, func(take int) bool {
		return take > at && take-at <= takesWithin && !slices.ContainsFunc(u.kept(), func(m Mention) bool {
			return m.At > at && m.At < take && !slices.Contains(possessed, m.End)
		})
	})
}

// owner reports whether the person at a place is spoken of as an animal's owner: "the neighbour's goat", "mbuzi wa jirani".
func (u *Understanding) owner(at int, words, keys []string) bool {
	possessed, possessing := places(danger["possessed"], words, keys), places(danger["possessing"], words, keys)
	return slices.ContainsFunc(u.kept(), func(m Mention) bool {
		if m.At == at+1 && !slices.Contains(possessed, m.End) { // "neighbours dog"
			return true
		}
		before := m.At > at && m.At-at <= 3 && slices.ContainsFunc(possessed, func(p int) bool { return p > at && p < m.At })
		return before || at > m.End && at-m.End <= 2 && slices.Contains(possessing, m.End)
	})
}

// wild are the animals that nobody calls a vet for: "rat poison" names a rat.
var wild = []string{"rat", "mole", "snake", "scorpion", "monkey", "elephant", "wild-boar", "predator", "bird"}

// kept gives the mentions of animals that people keep, in order. Two letters of Devanagari are what is left of a word without its
// ending: पड़, "fell", is no पड़िया, and a splash must not be taken for a calf.
func (u *Understanding) kept() []Mention {
	return slices.DeleteFunc(slices.Clone(u.Mentions), func(m Mention) bool {
		stem := []rune(strings.Join(m.Words, ""))
		return m.Concept.Kind != Animal || slices.Contains(wild, m.Concept.ID) || len(stem) < 3 && stem[0] > unicode.MaxLatin1
	})
}

// pestEats reports whether it is a pest that eats, and nobody else is named who could.
func (u *Understanding) pestEats() bool {
	words, keys := Words(u.Search), nameKeys(u.Search)
	possessed, possessing, eats := places(danger["possessed"], words, keys), places(danger["possessing"], words, keys), places(danger["eats"], words, keys)
	takes := places(danger["takes"], words, keys)
	for _, who := range [][]phrase{danger["subjects"], danger["others"]} {
		if slices.ContainsFunc(places(who, words, keys), func(at int) bool { return u.takesIn(at, takes, words, keys) }) {
			return false
		}
	}
	return len(u.kept()) == 0 && len(places(danger["people"], words, keys)) == 0 && slices.ContainsFunc(u.Mentions, func(m Mention) bool {
		return m.Concept.Kind == Pest && !slices.Contains(possessed, m.End) && !slices.Contains(possessing, m.At-1) &&
			slices.ContainsFunc(eats, func(at int) bool { return at >= m.End })
	})
}

// dying reports whether the question is of an animal that dies, and not of a person or a plant.
func (u *Understanding) dying() bool {
	return len(u.kept()) > 0 && len(u.Crops) == 0 && u.speaksOfDying()
}

// speaksOfDying reports whether there is a word for dying, whoever it is said of.
func (u *Understanding) speaksOfDying() bool {
	return len(places(danger["dying"], Words(u.Search), nameKeys(u.Search))) > 0
}
