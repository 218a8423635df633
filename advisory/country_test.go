package advisory_test

import (
	"slices"
	"testing"

	"jembe/advisory"
)

func TestCountries(t *testing.T) {
	if all := advisory.Countries(); !slices.IsSorted(all) || len(slices.Compact(all)) != 250 {
		t.Errorf("%d countries, sorted: %v", len(all), slices.IsSorted(all))
	}
	for code, is := range map[string]bool{"KE": true, "BF": true, "CD": true, "XK": true, "ZZ": false, "HV": false, "ZR": false, "UK": false, "ke": false, "": false} {
		if err := (advisory.Place{Country: code}).Validate(); advisory.IsCountry(code) != is || code != "" && (err == nil) != is {
			t.Errorf("%q is a country: %v, as a place: %v", code, advisory.IsCountry(code), err)
		}
	}
}
