package advisory

import (
	"slices"
	"strings"
)

// help is whom an answer names: what is said before it, what is said after it, and the contacts in that order.
type help struct {
	before, after []Speech
	contacts      []Contact
}

// helpFor gives whom the answer to a question should name. It is pure, and the same in every language.
func (cs Contacts) helpFor(u Understanding, a Answer, doc *Document) help {
	h := help{}
	switch {
	case poisoned(u, doc) || a.Reason == Poisoned:
		cs.aid(&h, u)
	case a.Reason == Despair:
		cs.company(&h, u.Lang)
	case a.Reason == CallVet:
		cs.first(&h.after, &h, u.Lang, "call_now", Vet, Officer)
	case a.Outcome == Answered && u.Dying: // the advice may help at once; the vet's number stays in the ear when it comes last
		cs.first(&h.after, &h, u.Lang, "call_vet", Vet)
	case u.Dying:
		cs.first(&h.before, &h, u.Lang, "call_vet", Vet)
		cs.asks(&h, u.Lang, a)
	default:
		cs.asks(&h, u.Lang, a)
	}
	return h
}

// poisoned reports whether the question is of a poisoned person, or the document is the first aid for one.
func poisoned(u Understanding, doc *Document) bool {
	if u.AnimalOnly {
		return false
	}
	return u.Emergency || doc != nil && slices.Contains(doc.Topics, poisoning)
}

// aid is for a poisoned person: the number comes before the first aid, and once more when it is told. Without a number the way is
// to the clinic. Who did it out of despair needs company as well.
func (cs Contacts) aid(h *help, u Understanding) {
	if !cs.first(&h.before, h, u.Lang, "call_now", PoisonLine) {
		h.before = []Speech{{Lang: u.Lang, Text: Say(u.Lang, "clinic_now")}}
	}
	if u.Despair {
		h.after = append(h.after, Speech{Lang: u.Lang, Text: Say(u.Lang, "stay_close")})
		cs.company(h, u.Lang)
	}
	again := cs.sentence(PoisonLine, u.Lang, "call_again")
	if again == "" {
		again = Say(u.Lang, "clinic_now")
	}
	h.after = append(h.after, Speech{Lang: u.Lang, Text: again})
}

// company is for a person in despair: somebody who listens.
func (cs Contacts) company(h *help, lang Lang) {
	if !cs.first(&h.after, h, lang, "talk_now", Helpline, Officer) {
		h.after = append(h.after, Speech{Lang: lang, Text: Say(lang, "someone_near")})
	}
}

// asks offers the officer where the box has no advice. A number is not read to somebody who has not asked anything yet.
func (cs Contacts) asks(h *help, lang Lang, a Answer) {
	if a.Outcome != Unsure && a.Reason != Medicine {
		return
	}
	said := &h.after
	if a.Reason == Silence || a.Reason == TooLittle {
		said = &[]Speech{}
	}
	cs.first(said, h, lang, "ask_person", Officer)
}

// first names the first kind that is set, and reports whether one was.
func (cs Contacts) first(said *[]Speech, h *help, lang Lang, key string, kinds ...ContactKind) bool {
	for _, kind := range kinds {
		c, ok := cs.Of(kind)
		if !ok {
			continue
		}
		h.contacts = append(h.contacts, c)
		*said = append(*said, Speech{Lang: lang, Text: cs.sentence(kind, lang, key)})
		return true
	}
	return false
}

// with puts the help around what an answer says.
func (a Answer) with(h help) Answer {
	a.Contacts = h.contacts
	a.Speech = slices.Concat(h.before, a.Speech, h.after)
	var texts []string
	for _, s := range a.Speech {
		texts = append(texts, s.Text)
	}
	a.Spoken = strings.Join(texts, " ")
	return a
}
