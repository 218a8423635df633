package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/edge"
)

// What a person types instead of an answer.
const takeBack = "-" // nothing is to be set

// readField puts what was typed into a Village; the Village itself stays as it was where that is wrong.
func (d *setupDesk) readField(change func(v *edge.Village) error) error {
	v := d.village
	if err := change(&v); err != nil {
		return err
	}
	if err := v.Validate(d.lexicon); err != nil {
		return err
	}
	d.village = v
	return nil
}

func (d *setupDesk) readCountry(text string) error {
	return d.readField(func(v *edge.Village) error { v.Country = strings.ToUpper(text); return nil })
}

// readZone takes the name of a zone, or its number in the list.
func (d *setupDesk) readZone(text string) error {
	return d.readField(func(v *edge.Village) error {
		v.Zone = strings.ToLower(text)
		if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(advisory.Zones()) {
			v.Zone = advisory.Zones()[n-1]
		}
		return nil
	})
}

func (d *setupDesk) readName(text string) error {
	return d.readField(func(v *edge.Village) error { v.Name = text; return nil })
}

func (d *setupDesk) readCrops(text string) error {
	return d.readField(func(v *edge.Village) (err error) {
		v.Crops, err = d.readConcepts(text, advisory.Crop, "crops")
		v.Planted = maps.Clone(v.Planted)
		maps.DeleteFunc(v.Planted, func(crop, _ string) bool { return !slices.Contains(v.Crops, crop) })
		return err
	})
}

func (d *setupDesk) readAnimals(text string) error {
	return d.readField(func(v *edge.Village) (err error) {
		v.Animals, err = d.readConcepts(text, advisory.Animal, "animals")
		return err
	})
}

// readConcepts finds the concepts that a list names, by id or by name in any language.
func (d *setupDesk) readConcepts(text string, kind advisory.ConceptKind, field edge.Wrong) (ids []string, err error) {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		id := d.concept(part, kind)
		if id == "" {
			return nil, &advisory.Error{Code: advisory.BadRequest, Err: fmt.Errorf("%q: %w", part, field), Hint: "find the id by a name: jembe word find NAME"}
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// concept gives the id of what a text names, in the language of the questions first.
func (d *setupDesk) concept(text string, kind advisory.ConceptKind) string {
	if c := d.lexicon.Concept(text); c != nil && c.Kind == kind {
		return c.ID
	}
	for _, lang := range slices.Concat([]advisory.Lang{d.lang}, d.langs) {
		for _, m := range d.lexicon.FindNative(text, lang) {
			if m.Concept.Kind == kind && m.End-m.At == len(advisory.Words(text)) {
				return m.Concept.ID
			}
		}
	}
	return ""
}

// readPlanted takes a day, "this week", or "3 weeks ago" where the clock can be counted back from.
func (d *setupDesk) readPlanted(crop, text string) error {
	return d.readField(func(v *edge.Village) error {
		v.Planted = maps.Clone(v.Planted)
		if v.Planted == nil {
			v.Planted = map[string]string{}
		}
		if id := d.concept(crop, advisory.Crop); id != "" {
			crop = id
		}
		v.Planted[crop] = d.day(strings.ToLower(strings.TrimSpace(text)))
		if text == "" {
			delete(v.Planted, crop)
		}
		return nil
	})
}

// day gives the day that a text means; what it does not understand as it is, for Validate to refuse.
func (d *setupDesk) day(text string) string {
	today, err := time.Parse(time.DateOnly, d.today)
	if err != nil {
		return text
	}
	words := strings.Fields(text)
	switch {
	case text == "this week" || text == "today":
		return d.today
	case len(words) == 3 && strings.HasPrefix(words[1], "week") && words[2] == "ago":
		if n, err := strconv.Atoi(words[0]); err == nil && n >= 0 && n <= 520 {
			return today.AddDate(0, 0, -7*n).Format(time.DateOnly)
		}
	}
	return text
}

func (d *setupDesk) readLanguages(text string) error {
	return d.readField(func(v *edge.Village) error {
		v.Languages = nil
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				v.Languages = append(v.Languages, advisory.Lang(strings.ToLower(part)))
			}
		}
		return nil
	})
}

// readContact takes whom to call for a kind.
func (d *setupDesk) readContact(kind advisory.ContactKind, text string) error {
	return d.readField(func(v *edge.Village) error {
		v.Contacts = slices.DeleteFunc(slices.Clone(v.Contacts), func(c advisory.Contact) bool { return c.Kind == kind })
		if text == "" {
			return nil
		}
		contact, err := advisory.ParseContact(kind, text)
		if err != nil {
			return wrongField("contacts")
		}
		v.Contacts = append(v.Contacts, contact)
		return nil
	})
}

// wrongField is the error for what was typed.
func wrongField(field edge.Wrong) error {
	return &advisory.Error{Code: advisory.BadRequest, Err: field, Hint: field.Error()}
}

// toDo gives what to do about something wrong, in a language; false: it is another error.
func toDo(err error, lang advisory.Lang) (string, bool) {
	field := edge.Wrong("")
	if !errors.As(err, &field) {
		return "", false
	}
	return field.In(lang), true
}
