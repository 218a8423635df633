package wire_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"jembe/advisory"
	"jembe/edge/wire"
)

// anySettings draws settings that an office may set.
func anySettings(t *rapid.T) wire.Settings {
	s := wire.Settings{
		Country: rapid.SampledFrom([]string{"", "KE", "IN"}).Draw(t, "country"),
		Zone:    rapid.SampledFrom(append([]string{""}, advisory.Zones()...)).Draw(t, "zone"),
	}
	for _, kind := range advisory.ContactKinds() {
		if rapid.Bool().Draw(t, "contact") {
			s.Contacts = append(s.Contacts, advisory.Contact{
				Kind: kind, Name: rapid.StringMatching(`[A-Z][a-z]{0,9}`).Draw(t, "name"), Number: rapid.StringMatching(`\+?[0-9]{3,15}`).Draw(t, "number"),
			})
		}
	}
	if rapid.Bool().Draw(t, "bulletin") {
		s.Bulletins = []wire.Bulletin{{ID: "abcdefgh", Kind: wire.Weather, From: 1, Until: rapid.Int64Range(2, 1<<30).Draw(t, "until"), Texts: map[advisory.Lang]string{"sw": "Mvua."}}}
	}
	return s
}

// TestSettingsTogether: what the first says stands, the second fills the gaps, and nobody else's word gets in.
func TestSettingsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anySettings(t), anySettings(t)
		both := a.Or(b)
		if err := both.Validate(); err != nil {
			t.Fatal(err)
		}
		first := func(x, y string) string {
			if x != "" {
				return x
			}
			return y
		}
		if both.Country != first(a.Country, b.Country) || both.Zone != first(a.Zone, b.Zone) {
			t.Fatalf("%+v or %+v is %+v", a, b, both)
		}
		for _, kind := range advisory.ContactKinds() {
			want, ok := a.Contacts.Of(kind)
			if !ok {
				want, ok = b.Contacts.Of(kind)
			}
			if got, has := both.Contacts.Of(kind); has != ok || got != want {
				t.Fatalf("%s: %+v, want %+v", kind, got, want)
			}
		}
		if want := append(a.Bulletins, b.Bulletins...); len(both.Bulletins) != min(len(want), 1) || len(want) > 0 && both.Bulletins[0].Until != want[0].Until {
			t.Fatalf("bulletins %+v, want the first of %+v", both.Bulletins, want)
		}
		raw, err := json.Marshal(both)
		var back wire.Settings
		if err != nil || json.Unmarshal(raw, &back) != nil || back.Mark() != both.Mark() {
			t.Fatalf("%s does not come back as it went, %v", raw, err)
		}
		if (a.Mark() == "") != (a.Country == "" && a.Zone == "" && len(a.Contacts)+len(a.Bulletins) == 0) {
			t.Fatalf("the mark of %+v is %q", a, a.Mark())
		}
	})
}
