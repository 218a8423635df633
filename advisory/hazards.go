package advisory

import (
	"slices"
	"strings"
)

// Hazard says what a country's list and the international ones say of a chemical.
type Hazard string

// The hazards, the gravest first.
const (
	Banned     Hazard = "banned"     // banned, withdrawn or refused in the country, or WHO class Ia or Ib, or in Annex III of the Rotterdam Convention
	Restricted Hazard = "restricted" // banned in the country on this crop, or allowed only to officials
	Unlisted   Hazard = "unlisted"   // the country has no list here: nobody can say whether it is allowed
	Allowed    Hazard = "allowed"
)

// Hazard gives what the lists say of the chemical where it is advised: in a country (ISO 3166-1 alpha-2; empty: not set, so that
// no list holds), on crops (lexicon ids).
func (c *Chemical) Hazard(country string, crops []string, lex *Lexicon) Hazard {
	if slices.ContainsFunc(c.Lists, func(l string) bool { return l == country+":banned" || l == "PIC" || strings.HasPrefix(l, "WHO:") }) {
		return Banned
	}
	for _, l := range c.Lists {
		if on, ok := strings.CutPrefix(l, country+":restricted"); ok && country != "" && restrictedOn(on, crops, lex) {
			return Restricted
		}
	}
	if !chemicals.countries[country] {
		return Unlisted
	}
	return Allowed
}

// restrictedOn reports whether a restriction (":sorghum,cassava"; empty: every use) holds for one of the crops. Where nobody
// knows the crop, a ban on many crops holds, and one on a few does not.
func restrictedOn(list string, crops []string, lex *Lexicon) bool {
	if list == "" {
		return true
	}
	banned := strings.Split(strings.TrimPrefix(list, ":"), ",")
	if banned[0] == "none" {
		return false
	}
	if len(crops) == 0 {
		n := 0
		for _, c := range lex.Concepts() {
			if slices.Contains(banned, c.ID) || slices.ContainsFunc(banned, func(b string) bool { return within(c.ID, b, lex) }) {
				n++
			}
		}
		return n > fewCrops
	}
	return slices.ContainsFunc(crops, func(id string) bool { return id == AnyCrop || related(id, banned, lex) })
}

const fewCrops = 10
