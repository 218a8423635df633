package main

import (
	"strings"

	"jembe/advisory"
)

// contactFlags are whom the box names in an emergency and where it has no advice.
type contactFlags struct {
	Poison   string `help:"Whom to call when a person is poisoned, such as \"Poison line, +254 700 000000\", or the number alone." env:"POISON" placeholder:"CONTACT"`
	Vet      string `help:"Whom to call when an animal is poisoned or dying." env:"VET" placeholder:"CONTACT"`
	Officer  string `help:"The extension officer, named where the box has no answer." env:"OFFICER" placeholder:"CONTACT"`
	Helpline string `help:"Whom to call in despair." env:"HELPLINE" placeholder:"CONTACT"`
}

// set gives what is set for a kind.
func (f contactFlags) set(kind advisory.ContactKind) string {
	return strings.TrimSpace(map[advisory.ContactKind]string{
		advisory.PoisonLine: f.Poison, advisory.Vet: f.Vet, advisory.Officer: f.Officer, advisory.Helpline: f.Helpline,
	}[kind])
}

// contacts reads the contacts that are set.
func (f contactFlags) contacts() (advisory.Contacts, error) {
	var out advisory.Contacts
	for _, kind := range advisory.ContactKinds() {
		if f.set(kind) == "" {
			continue
		}
		c, err := advisory.ParseContact(kind, f.set(kind))
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// contactMissing tells what the box says while a number is missing.
var contactMissing = map[advisory.ContactKind]string{
	advisory.PoisonLine: "the poisoned are sent to the nearest clinic, with no number to call",
	advisory.Helpline:   "those in despair are sent to someone they trust, with no number to call",
	advisory.Vet:        "for a poisoned animal no number is named",
	advisory.Officer:    "where the box has no answer nobody is named",
}

// contactFindings warns of every number that is missing.
func contactFindings(flags contactFlags) []finding {
	var out []finding
	contacts, _ := flags.contacts() // what cannot be read was refused before any command ran
	for _, kind := range advisory.ContactKinds() {
		f := finding{Part: "contact " + string(kind), State: stateOK}
		if c, ok := contacts.Of(kind); ok {
			f.Says = strings.TrimSpace(c.Name + " " + c.Number)
		} else {
			f.State, f.Says = stateMissing, contactMissing[kind]
			f.Do = "set JEMBE_CONTACT_" + strings.ToUpper(string(kind)) + "=\"Name, +254 700 000000\" in jembe.conf in the data directory, and call the number once to try it"
		}
		out = append(out, f)
	}
	return out
}
