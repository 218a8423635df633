package edge

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"jembe/advisory"
	"jembe/edge/wire"
)

const settingVillage = "village" // Village

// Village is what those who look after the box have told it of the village that it stands in. It names no person but the contacts,
// who are public, and no place finer than the village; it never leaves the box.
type Village struct {
	Country   string            `json:"country,omitempty"` // as of advisory.Place
	Zone      string            `json:"zone,omitempty"`
	Name      string            `json:"name,omitempty"` // at most longestVillage letters
	Contacts  advisory.Contacts `json:"contacts,omitempty"`
	Crops     []string          `json:"crops,omitempty"`     // ids of the lexicon's crops; none: nobody has said
	Animals   []string          `json:"animals,omitempty"`   // ids of the lexicon's animals
	Planted   map[string]string `json:"planted,omitempty"`   // when a crop of Crops was last planted, as YYYY-MM-DD
	Languages []advisory.Lang   `json:"languages,omitempty"` // that the page and the kiosk offer first, in this order; none: all alike
}

// longestVillage is the most letters of a village's name, which is read aloud.
const longestVillage = 60

// Wrong names what of a Village or of the operator's PIN cannot be: the field as in JSON. It says, in any language, what to do.
type Wrong string

// In tells what to do in a language.
func (w Wrong) In(lang advisory.Lang) string { return advisory.Say(lang, "setup_wrong_"+string(w)) }

// Error is In English.
func (w Wrong) Error() string { return w.In("en") }

// wrong is the error for a field that cannot be.
func wrong(field string) error {
	return &advisory.Error{Code: advisory.BadRequest, Err: Wrong(field), Hint: Wrong(field).Error()}
}

// Settings gives what stands in the Village of that which an office may set too.
func (v Village) Settings() wire.Settings {
	return wire.Settings{Country: v.Country, Zone: v.Zone, Contacts: v.Contacts}
}

// Validate refuses what no document could name, nobody could call and no calendar could use. The error holds a Wrong.
func (v Village) Validate(lexicon *advisory.Lexicon) error {
	place := advisory.Place{Country: v.Country}
	if place.Validate() != nil {
		return wrong("country")
	}
	if place.Zone = v.Zone; place.Validate() != nil {
		return wrong("zone")
	}
	if v.Settings().Validate() != nil {
		return wrong("contacts")
	}
	if len([]rune(v.Name)) > longestVillage || Redact(v.Name) != v.Name || strings.ContainsFunc(v.Name, unprintable) {
		return wrong("name")
	}
	if !areOfKind(lexicon, v.Crops, advisory.Crop) {
		return wrong("crops")
	}
	if !areOfKind(lexicon, v.Animals, advisory.Animal) {
		return wrong("animals")
	}
	for crop, day := range v.Planted {
		if _, err := time.Parse(time.DateOnly, day); err != nil || !slices.Contains(v.Crops, crop) {
			return wrong("planted")
		}
	}
	for i, l := range v.Languages {
		if !slices.Contains(advisory.MessageLangs(), l) || slices.Contains(v.Languages[:i], l) {
			return wrong("languages")
		}
	}
	return nil
}

// unprintable are the letters that no name of a village has, and that a page or a voice could take for something else.
func unprintable(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune("<>{}", r) }

// areOfKind reports whether all ids, each given once, are concepts of a kind.
func areOfKind(lexicon *advisory.Lexicon, ids []string, kind advisory.ConceptKind) bool {
	for i, id := range ids {
		if c := lexicon.Concept(id); c == nil || c.Kind != kind || slices.Contains(ids[:i], id) {
			return false
		}
	}
	return true
}

// Village gives what was last saved; the zero value while nothing was.
func (s *Store) Village(ctx context.Context) (v Village, err error) {
	err = s.setting(ctx, settingVillage, &v)
	return v, err
}

// Today gives the day by the box's clock, as YYYY-MM-DD in UTC; "" while the clock is known to be wrong.
func (s *Store) Today(ctx context.Context) (string, error) {
	wall, trust, err := s.Clock(ctx)
	if err != nil || trust == wire.ClockUnknown {
		return "", err
	}
	return time.UnixMilli(wall).UTC().Format(time.DateOnly), nil
}

// isSetUp reports whether a Village was ever saved.
func (s *Store) isSetUp(ctx context.Context) (bool, error) {
	var saved *Village
	err := s.setting(ctx, settingVillage, &saved)
	return saved != nil, err
}

// SaveVillage keeps a Village in place of the one before, once Validate has passed it. Planting dates of crops that are no longer grown
// go.
func (s *Store) SaveVillage(ctx context.Context, v Village, lexicon *advisory.Lexicon) error {
	v.Planted = maps.Clone(v.Planted)
	maps.DeleteFunc(v.Planted, func(crop, _ string) bool { return !slices.Contains(v.Crops, crop) })
	if err := v.Validate(lexicon); err != nil {
		return err
	}
	return s.saveSetting(ctx, settingVillage, v)
}
