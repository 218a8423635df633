package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"jembe/advisory"
	"jembe/edge/wire"
)

// settingsCmd sets what boxes are told of where they stand and whom to name.
type settingsCmd struct {
	Box      string  `help:"Device of one box; default is every box." placeholder:"DEVICE"`
	Country  *string `help:"Country as ISO 3166 code, such as KE; empty takes it back." placeholder:"CODE"`
	Zone     *string `help:"Agro-ecological zone: humid, subhumid, semi-arid, arid or highland; empty takes it back." placeholder:"ZONE"`
	Poison   *string `name:"contact-poison" help:"Whom to call when a person is poisoned, such as \"Poison line, +254 700 000000\"; empty takes it back." placeholder:"CONTACT"`
	Vet      *string `name:"contact-vet" help:"Whom to call when an animal is poisoned or dying." placeholder:"CONTACT"`
	Officer  *string `name:"contact-officer" help:"The extension officer, named where a box has no answer." placeholder:"CONTACT"`
	Helpline *string `name:"contact-helpline" help:"Whom to call in despair." placeholder:"CONTACT"`
}

// Run changes what is given, and shows what is set.
func (a *settingsCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	now, err := h.BoxSettings(ctx, a.Box)
	if err != nil {
		return err
	}
	if next, err := a.change(now); err != nil {
		return err
	} else if next.Mark() != now.Mark() {
		if err := h.SetBox(ctx, a.Box, next); err != nil {
			return err
		}
		now = next
	}
	lines := []string{"place " + cmp.Or(strings.TrimSpace(now.Country+" "+now.Zone), "not set")}
	for _, k := range now.Contacts {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s", k.Kind, k.Name, k.Number)))
	}
	return p.print(c, now, strings.Join(lines, "\n"))
}

// change gives the settings with what was given on the command line.
func (a *settingsCmd) change(now wire.Settings) (wire.Settings, error) {
	if a.Country != nil {
		now.Country = strings.ToUpper(*a.Country)
	}
	if a.Zone != nil {
		now.Zone = strings.ToLower(*a.Zone)
	}
	given := map[advisory.ContactKind]*string{
		advisory.PoisonLine: a.Poison, advisory.Vet: a.Vet, advisory.Officer: a.Officer, advisory.Helpline: a.Helpline,
	}
	var contacts advisory.Contacts
	for _, kind := range advisory.ContactKinds() {
		k, ok := now.Contacts.Of(kind)
		if text := given[kind]; text != nil {
			if ok = strings.TrimSpace(*text) != ""; ok {
				var err error
				if k, err = advisory.ParseContact(kind, *text); err != nil {
					return now, &advisory.Error{Code: advisory.BadRequest, Err: err}
				}
			}
		}
		if ok {
			contacts = append(contacts, k)
		}
	}
	now.Contacts = contacts
	return now, nil
}
