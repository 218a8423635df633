package advisory

import (
	"fmt"
	"slices"
	"strings"
)

// ContactKind is what a contact of the box can be called for.
type ContactKind string

// The kinds of contacts.
const (
	PoisonLine ContactKind = "poison"   // a person has swallowed, breathed in or been splashed with poison
	Vet        ContactKind = "vet"      // an animal is poisoned or dying
	Officer    ContactKind = "officer"  // the extension officer: all that the box cannot answer
	Helpline   ContactKind = "helpline" // a person is in despair
)

// ContactKinds lists the kinds in the order of their urgency.
func ContactKinds() []ContactKind { return []ContactKind{PoisonLine, Helpline, Vet, Officer} }

// Contact is whom one can call, as the office has set it. It is public: an office's line, and never a farmer's number.
type Contact struct {
	Kind   ContactKind `json:"kind"`
	Name   string      `json:"name"` // "" where the office gave none
	Number string      `json:"number"`
}

// Contacts are those of a box, each kind at most once. A kind that is not set is not spoken of.
type Contacts []Contact

// Of gives the contact of a kind, and whether there is one.
func (cs Contacts) Of(kind ContactKind) (Contact, bool) {
	i := slices.IndexFunc(cs, func(c Contact) bool { return c.Kind == kind })
	if i < 0 {
		return Contact{Kind: kind}, false
	}
	return cs[i], true
}

// The bounds of a number. Emergency services have three digits; international numbers at most fifteen.
const (
	leastDigits = 3
	mostDigits  = 15
	longestName = 60
)

// ParseContact reads "Name, +254 700 000000", or a number alone.
func ParseContact(kind ContactKind, text string) (Contact, error) {
	c := Contact{Kind: kind, Number: text}
	if i := strings.LastIndex(text, ","); i >= 0 {
		c.Name, c.Number = text[:i], text[i+1:]
	}
	c.Name = strings.Join(strings.Fields(c.Name), " ")
	c.Number = strings.Join(strings.Fields(c.Number), " ")
	return c, c.Validate()
}

// Validate refuses what cannot be called or read aloud; the error says what to write instead.
func (c Contact) Validate() error {
	const want = "; write it as \"Name, +254 700 000000\", or the number alone"
	switch digits := strings.NewReplacer(" ", "").Replace(strings.TrimPrefix(c.Number, "+")); {
	case !slices.Contains(ContactKinds(), c.Kind):
		return fmt.Errorf("contact %q is of no kind that there is", c.Kind)
	case strings.Trim(digits, "0123456789") != "":
		return fmt.Errorf("contact %s: %q is no phone number: only digits, spaces and a + in front%s", c.Kind, c.Number, want)
	case len(digits) < leastDigits || len(digits) > mostDigits:
		return fmt.Errorf("contact %s: %q has %d digits, want %d to %d%s", c.Kind, c.Number, len(digits), leastDigits, mostDigits, want)
	case len([]rune(c.Name)) > longestName:
		return fmt.Errorf("contact %s: the name is longer than %d letters, too long to be read aloud", c.Kind, longestName)
	}
	return nil
}

// spokenNumber is a phone number as people read it to each other: digit by digit, with a pause between groups, so that no voice
// makes millions of it.
func spokenNumber(number string, lang Lang) string {
	var groups []string
	for _, g := range strings.Fields(strings.ReplaceAll(number, "+", "")) {
		for len(g) > 4 { // nobody keeps more than four in mind
			groups, g = append(groups, g[:3]), g[3:]
		}
		groups = append(groups, g)
	}
	for i, g := range groups {
		groups[i] = strings.Join(strings.Split(g, ""), " ")
	}
	said := strings.Join(groups, ", ")
	if strings.HasPrefix(number, "+") {
		return Say(lang, "plus") + " " + said
	}
	return said
}

// AskPerson says whom one can ask, as an answer that falls short does; "" where the office has set no officer.
func (cs Contacts) AskPerson(lang Lang) string { return cs.sentence(Officer, lang, "ask_person") }

// sentence names the contact in a sentence of the catalog; "" where the kind is not set, so that no slot is ever empty.
func (cs Contacts) sentence(kind ContactKind, lang Lang, key string) string {
	c, ok := cs.Of(kind)
	if !ok {
		return ""
	}
	name := c.Name
	if name == "" {
		name = Say(lang, "contact_"+string(kind))
	}
	return Say(lang, key, "name", name, "number", spokenNumber(c.Number, lang))
}
