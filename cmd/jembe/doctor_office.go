package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
	"jembe/edge"
	"jembe/edge/wire"
)

// Who has set something, in the order in which they are heard.
const (
	byBox    = " (set by flag, environment or jembe.conf)"
	bySetup  = " (set by jembe setup)"
	byOffice = " (set by the office)"
)

// contactMissing tells what the box says while a number is missing.
var contactMissing = map[advisory.ContactKind]string{
	advisory.PoisonLine: "the poisoned are sent to the nearest clinic, with no number to call",
	advisory.Helpline:   "those in despair are sent to someone they trust, with no number to call",
	advisory.Vet:        "for a poisoned animal no number is named",
	advisory.Officer:    "where the box has no answer nobody is named",
}

// settingFindings tell where the box stands and whom it names, and who says so; they warn of what nobody has set.
func settingFindings(own, village, office wire.Settings) []finding {
	all := own.Or(village).Or(office).Setting()
	setBy := func(set func(wire.Settings) bool) string {
		switch {
		case set(own):
			return byBox
		case set(village):
			return bySetup
		}
		return byOffice
	}
	place := finding{Part: "place", State: stateOK, Says: all.Place.Country + setBy(func(s wire.Settings) bool { return s.Country != "" })}
	if all.Place.Country == "" {
		place = finding{Part: "place", State: stateMissing, Says: "no country set: advice for every country is given",
			Do: "set it with jembe setup, or on the page /setup, or have the office set it"}
	}
	if all.Place.Zone != "" {
		place.Says += ", " + all.Place.Zone + setBy(func(s wire.Settings) bool { return s.Zone != "" })
	}
	out := []finding{place}
	for _, kind := range advisory.ContactKinds() {
		f := finding{Part: "contact " + string(kind), State: stateOK}
		if c, ok := all.Contacts.Of(kind); ok {
			f.Says = strings.TrimSpace(c.Name+" "+c.Number) + setBy(func(s wire.Settings) bool { _, ok := s.Contacts.Of(kind); return ok })
		} else {
			f.State, f.Says = stateMissing, contactMissing[kind]
			f.Do = "set it with jembe setup, or JEMBE_CONTACT_" + strings.ToUpper(string(kind)) + "=\"Name, +254 700 000000\" in jembe.conf in the data directory, and call the number once to try it"
		}
		out = append(out, f)
	}
	return out
}

// villageFindings tell what the box knows of its village, and whether a PIN guards that.
func villageFindings(ctx context.Context, store *edge.Store, v edge.Village) []finding {
	f := finding{Part: "village", State: stateOK, Says: fmt.Sprintf("%s, %s (%d with a day of planting), %s", v.Name,
		terminal.Count(len(v.Crops), "crop", "crops"), len(v.Planted), terminal.Count(len(v.Animals), "animal", "animals"))}
	if len(v.Languages) > 0 {
		f.Says += "; first in " + langs(v.Languages)
	}
	if v.Name == "" && len(v.Crops)+len(v.Animals) == 0 {
		f = finding{Part: "village", State: stateMissing, Says: "nobody has said what is grown and kept here", Do: "run jembe setup, or open /setup on the box"}
	}
	pin := finding{Part: "operator's PIN", State: stateOK, Says: "set; it travels unhidden over the box's Wi-Fi: docs/setup.md"}
	has, err := store.HasPIN(ctx)
	switch {
	case err != nil:
		pin = finding{"operator's PIN", stateTrouble, err.Error(), "set it again with jembe setup --pin"}
	case !has:
		pin.State, pin.Says = stateMissing, "none was set up: unless serve is given one, the pages of setup and of the recorder open on the box alone"
		pin.Do = "set one with jembe setup, to open them from a phone"
	}
	return []finding{f, pin}
}

// officeFindings tell what the box has from its office.
func officeFindings(ctx context.Context, data string, own wire.Settings) []finding {
	store, err := edge.OpenStore(ctx, data)
	if err != nil {
		return settingFindings(own, wire.Settings{}, wire.Settings{}) // the record's own finding tells why
	}
	defer store.Close()
	office, err := store.Office(ctx)
	village, err2 := store.Village(ctx)
	out := append(settingFindings(own, village.Settings(), office), villageFindings(ctx, store, village)...)
	if err := errors.Join(err, err2); err != nil {
		out = append(out, finding{"settings", stateTrouble, err.Error(), "what was set cannot be read: set it again with jembe setup"})
	}
	return append(out, channelFindings(ctx, content.NewShelf(data), edge.NewChannel(data, store))...)
}

// channelFindings tell of the office's content: how far the box has come, what it refused, and what wants another look.
func channelFindings(ctx context.Context, shelf *content.Shelf, channel *edge.Channel) []finding {
	now, err := shelf.Following()
	if err != nil || now.Version == 0 {
		return nil // the packs' own findings tell of a set that cannot be read
	}
	f := finding{Part: "content", State: stateOK, Says: fmt.Sprintf("version %d of the office, in use", now.Version)}
	if !now.Complete {
		f.State, f.Says = stateMissing, fmt.Sprintf("version %d of the office is being fetched; what was there before is in use", now.Version)
		f.Do = "wait for the next contacts, or bring it on a stick"
	}
	out := []finding{f}
	if day, err := time.Parse(time.DateOnly, now.ReviewBy); err == nil && time.Now().After(day) {
		out = append(out, finding{Part: "content review", State: stateMissing, Says: "since " + now.ReviewBy + " the office's content wants another look; it stays in use",
			Do: "ask the office for new content"})
	}
	if refused, err := channel.Refused(ctx); err == nil && refused != nil {
		out = append(out, finding{Part: "content refused", State: stateTrouble, Says: refused.What, Do: "tell the office; what the box has stays in use"})
	}
	return out
}
