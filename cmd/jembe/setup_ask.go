package main

import (
	"bufio"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jembe/advisory"
	"jembe/edge"
	"jembe/edge/wire"
)

// interview asks for all there is to set but what the program's own flags say, one thing after the other; Enter keeps what is there. It
// gives the PIN that was chosen, nil for the one before.
func (d *setupDesk) interview(p *program, own wire.Settings) (pin *string, err error) {
	t := &asking{setupDesk: d, p: p, lines: bufio.NewScanner(p.stdin)}
	v := &d.village
	fmt.Fprintf(p.stdout, "%s\n(Enter keeps what stands in brackets, - takes it back.)\n\n", t.say("intro"))
	if own.Country == "" {
		t.ask(t.say("country")+" (KE, IN, ...)", cmp.Or(v.Country, byThe(d.office.Country)), d.readCountry)
	}
	if own.Zone == "" {
		t.zone()
	}
	t.ask(t.say("name"), v.Name, d.readName)
	t.list("crops", advisory.Crop, v.Crops, d.readCrops)
	for _, crop := range slices.Clone(v.Crops) {
		question := t.say("planted") + " " + d.lexicon.Name(crop, d.lang) + " (YYYY-MM-DD"
		if d.today != "" {
			question += ", this week, 3 weeks ago"
		}
		t.ask(question+")", v.Planted[crop], func(text string) error { return d.readPlanted(crop, text) })
	}
	t.list("animals", advisory.Animal, v.Animals, d.readAnimals)
	t.ask(t.say("languages")+" ("+langs(d.langs)+")", strings.ReplaceAll(langs(v.Languages), " ", ","), d.readLanguages)
	if len(own.Contacts) < len(advisory.ContactKinds()) {
		t.tell(t.say("contacts"))
	}
	for _, kind := range advisory.ContactKinds() {
		if _, given := own.Contacts.Of(kind); !given {
			t.contact(kind)
		}
	}
	pin = t.pin()
	if t.ended {
		return nil, &advisory.Error{Code: advisory.BadRequest, Hint: "the questions were broken off: nothing is saved"}
	}
	return pin, nil
}

// asking is one interview.
type asking struct {
	*setupDesk
	p     *program
	lines *bufio.Scanner
	ended bool // nothing more can be read
	asked int  // questions, and how often one was asked again
	again int
}

func (t *asking) say(key string) string { return advisory.Say(t.lang, "setup_"+key) }

// byThe marks what the office has set.
func byThe(office string) string {
	if office == "" {
		return ""
	}
	return office + ", by the office"
}

// tell shows a line, while somebody is there to read it.
func (t *asking) tell(line string) {
	if !t.ended {
		fmt.Fprintln(t.p.stdout, line)
	}
}

// read gives a line that was typed.
func (t *asking) read(question, now string) string {
	if t.ended {
		return ""
	}
	fmt.Fprintf(t.p.stdout, "%s [%s]: ", question, now)
	if t.ended = !t.lines.Scan(); t.ended {
		return ""
	}
	return strings.Join(strings.Fields(t.lines.Text()), " ")
}

// ask asks until the answer can be taken, and tells what is wrong with one that cannot.
func (t *asking) ask(question, now string, take func(text string) error) {
	for t.asked++; ; t.again++ {
		text := t.read(question, now)
		if text == "" {
			return
		}
		err := take(strings.TrimPrefix(text, takeBack))
		if err == nil {
			return
		}
		told, known := toDo(err, t.lang)
		if !known {
			told = err.Error()
		}
		fmt.Fprintln(t.p.stdout, told)
	}
}

// list asks for crops or animals, and shows what there is advice on.
func (t *asking) list(key string, kind advisory.ConceptKind, now []string, take func(string) error) {
	var known []string
	for _, id := range t.keeps {
		if c := t.lexicon.Concept(id); c != nil && c.Kind == kind {
			known = append(known, t.lexicon.Name(id, t.lang))
		}
	}
	t.tell("  " + strings.Join(known, ", "))
	t.ask(t.say(key), t.names(now), take)
}

func (t *asking) zone() {
	for i, zone := range advisory.Zones() {
		t.tell(fmt.Sprintf("  %d  %s (%s)", i+1, t.say("zone_"+zone), zone))
	}
	t.ask(t.say("zone"), cmp.Or(t.village.Zone, byThe(t.office.Zone)), t.readZone)
}

func (t *asking) contact(kind advisory.ContactKind) {
	now := ""
	if c, ok := t.village.Contacts.Of(kind); ok {
		now = strings.TrimPrefix(c.Name+", "+c.Number, ", ")
	} else if c, ok := t.office.Contacts.Of(kind); ok {
		now = byThe(strings.TrimPrefix(c.Name+", "+c.Number, ", "))
	}
	t.ask("  "+advisory.Say(t.lang, "page_contact_"+string(kind)), now, func(text string) error { return t.readContact(kind, text) })
}

// pin asks for the operator's PIN; nil: the one before stays.
func (t *asking) pin() (chosen *string) {
	t.tell(t.say("pin_why"))
	now := ""
	if t.hasPIN {
		now = "****"
	}
	t.ask(t.say("pin"), now, func(text string) error {
		if err := edge.CheckPIN(text); text != "" && err != nil {
			return err
		}
		chosen = &text
		return nil
	})
	return chosen
}
