package advisory

import (
	"fmt"
	"time"
)

// Status says whether a named person has approved a document.
type Status string

// The states of a document.
const (
	Unreviewed Status = "unreviewed"
	Reviewed   Status = "reviewed"
)

// Document is one topic in one language: what a pack holds and an answer stands on.
type Document struct {
	ID        string // kebab-case, the same in every language: "maize-fall-armyworm"
	Lang      Lang
	Title     string
	Kind      string   // pest, disease, practice, animal-health, storage, safety or business; "" when not given
	Crops     []string // lexicon ids; a document of no crop and no animal holds for all of them
	Animals   []string // lexicon ids
	Topics    []string // lexicon ids of what it answers: pests, diseases, practices
	Zones     []string // where it holds: countries ("KE"), zones ("semi-arid"); empty: everywhere
	Sources   []Source // at least one
	Status    Status
	Reviewer  string    // who approved it as it stands; empty: nobody
	ReviewBy  time.Time // the day from which it wants another look; zero: never
	Questions []string  // ways in which a farmer would ask
	Answer    string    // the short answer to be spoken, at most 60 words
	Simple    string    // the answer in fewer and easier words, at most 40, for whoever finds it hard; may be empty
	Check     string    // of a diagnosis: the one check that tells it from its look-alikes before money is spent; may be empty
	Sections  []Section
	Pack      string // name@version of the pack it came from
}

// Source says who stands behind a document.
type Source struct {
	Name string
	URL  string
	Year int
}

// Cited is how the source is named in an answer: with its year where that is known.
func (s Source) Cited() string {
	if s.Year > 0 {
		return fmt.Sprintf("%s, %d", s.Name, s.Year)
	}
	return s.Name
}

// Section is one headed part of a document's body.
type Section struct {
	Heading string
	Text    string // plain text: paragraphs parted by a blank line, list items as lines
}

// Passage is a piece of a document small enough to quote from: a section or a part of one.
type Passage struct {
	Document *Document
	Section  string // heading; "" for the short answer
	Text     string
	Score    float64 // how well it fits the question, for ordering within one retrieval
}

// HoldsIn reports whether the document is advice for the place: its countries and its zones each include the place's,
// or it names none, or the place has none set.
func (d *Document) HoldsIn(p Place) bool {
	var countries, zones, country, zone bool
	for _, z := range d.Zones {
		if isCountry(z) {
			countries = true
			country = country || z == p.Country
		} else {
			zones = true
			zone = zone || z == p.Zone
		}
	}
	return (!countries || p.Country == "" || country) && (!zones || p.Zone == "" || zone)
}

// isCountry tells an ISO 3166-1 alpha-2 code ("KE") from the name of a zone ("semi-arid").
func isCountry(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}
