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
