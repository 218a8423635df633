package edge

import (
	"testing"

	"jembe/advisory"
	"jembe/edge/wire"
)

func TestSettingsOfTheOffice(t *testing.T) {
	s, err := OpenStore(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := s.Office(t.Context()); err != nil || got.Mark() != "" {
		t.Errorf("before anything was set: %+v, %v", got, err)
	}
	set := wire.Settings{Country: "KE", Contacts: advisory.Contacts{{Kind: advisory.Vet, Name: "Dr Atieno", Number: "0722 000 111"}}}
	for _, said := range []struct {
		country string
		at      int64
		now     bool
	}{{"IN", 9, false}, {"KE", 5, true}, {"IN", 5, false}, {"IN", 4, false}} { // sticks, and the hub in between with its clock set right
		other := set
		other.Country = said.country
		if err := s.SaveOffice(t.Context(), other, said.at, said.now); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Office(t.Context()); err != nil || got.Mark() != set.Mark() {
		t.Errorf("kept %+v, %v", got, err)
	}
	for _, bad := range []wire.Settings{
		{Country: "Kenya"}, {Zone: "moon"}, {Contacts: advisory.Contacts{{Kind: "friend", Number: "0722 000 111"}}},
		{Contacts: advisory.Contacts{{Kind: advisory.Vet, Number: "<b>"}}},
		{Contacts: advisory.Contacts{{Kind: advisory.Vet, Number: "0722"}, {Kind: advisory.Vet, Number: "0723"}}},
	} {
		if err := s.SaveOffice(t.Context(), bad, 10, true); err == nil {
			t.Errorf("%+v was kept", bad)
		}
	}
	own := wire.Settings{Zone: "humid", Contacts: advisory.Contacts{{Kind: advisory.Vet, Number: "0799 111"}}}
	got := own.Or(wire.Settings{Country: "KE", Zone: "arid", Contacts: advisory.Contacts{set.Contacts[0], {Kind: advisory.Officer, Number: "0733"}}})
	if got.Country != "KE" || got.Zone != "humid" || len(got.Contacts) != 2 || got.Contacts[0].Number != "0799 111" {
		t.Errorf("together: %+v", got)
	}
}
