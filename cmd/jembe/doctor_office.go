package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge"
	"jembe/edge/wire"
)

// Who has set something.
const (
	byBox    = " (set on this box)" // by flags, environment or configuration
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
func settingFindings(own, office wire.Settings) []finding {
	all := own.Or(office).Setting()
	place := finding{Part: "place", State: stateOK, Says: all.Place.Country + setBy(own.Country != "")}
	if all.Place.Country == "" {
		place = finding{Part: "place", State: stateMissing, Says: "no country set: advice for every country is given",
			Do: "set JEMBE_COUNTRY, such as KE, in jembe.conf in the data directory, or have the office set it"}
	}
	if all.Place.Zone != "" {
		place.Says += ", " + all.Place.Zone + setBy(own.Zone != "")
	}
	out := []finding{place}
	for _, kind := range advisory.ContactKinds() {
		f := finding{Part: "contact " + string(kind), State: stateOK}
		if c, ok := all.Contacts.Of(kind); ok {
			_, here := own.Contacts.Of(kind)
			f.Says = strings.TrimSpace(c.Name+" "+c.Number) + setBy(here)
		} else {
			f.State, f.Says = stateMissing, contactMissing[kind]
			f.Do = "set JEMBE_CONTACT_" + strings.ToUpper(string(kind)) + "=\"Name, +254 700 000000\" in jembe.conf in the data directory, and call the number once to try it"
		}
		out = append(out, f)
	}
	return out
}

func setBy(box bool) string {
	if box {
		return byBox
	}
	return byOffice
}

// officeFindings tell what the box has from its office.
func officeFindings(ctx context.Context, data string, own wire.Settings) []finding {
	store, err := edge.OpenStore(ctx, data)
	if err != nil {
		return settingFindings(own, wire.Settings{}) // the record's own finding tells why
	}
	defer store.Close()
	office, err := store.Office(ctx)
	out := settingFindings(own, office)
	if err != nil {
		out = append(out, finding{"office settings", stateTrouble, err.Error(), "what the office has set cannot be read: set it on this box"})
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
