package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/cmd/terminal"
)

// The contacts come from jembe.conf, the environment and flags like every other setting, and are spoken.
func TestContactsAreConfiguredAndSpoken(t *testing.T) {
	data := t.TempDir()
	conf := "JEMBE_CONTACT_POISON=\"Poison line, +254 711 222 333\"\nJEMBE_CONTACT_HELPLINE=1199\n"
	if err := os.WriteFile(filepath.Join(data, "jembe.conf"), []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("JEMBE_CONTACT_VET", "Dr Atieno, 0722 000 111")
	got := answer(t, data, "my son drank weedkiller")
	if len(got.Contacts) != 1 || got.Contacts[0] != (advisory.Contact{Kind: advisory.PoisonLine, Name: "Poison line", Number: "+254 711 222 333"}) ||
		got.Outcome != advisory.Answered || strings.Count(got.Spoken, "2 5 4, 7 1 1, 2 2 2, 3 3 3") != 2 {
		t.Errorf("%+v", got)
	}
	if got := answer(t, data, "mbuzi wangu amekula sumu ya panya"); len(got.Contacts) != 1 || got.Contacts[0].Number != "0722 000 111" {
		t.Errorf("%+v", got)
	}
	r := jembe(t, data, "--contact-officer", "Ms Wanjiru, 0733 1", "ask", "what fertiliser for dragon fruit on the moon")
	if r.code != terminal.OK || !strings.Contains(r.stdout, "Extension officer Ms Wanjiru: 0733 1") {
		t.Errorf("%d %s%s", r.code, r.stdout, r.stderr)
	}
}

func TestContactThatCannotBeCalledIsRefused(t *testing.T) {
	r := jembe(t, t.TempDir(), "--contact-vet", "Dr Atieno", "ask", "maize")
	if r.code != terminal.Usage || !strings.Contains(r.stderr, "contact vet") || !strings.Contains(r.stderr, "+254 700 000000") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
}

func TestDoctorWarnsOfEachMissingContact(t *testing.T) {
	r := jembe(t, t.TempDir(), "--contact-vet", "Dr Atieno, 0722", "doctor", "--json")
	var found []finding
	if err := json.Unmarshal([]byte(r.stdout), &found); err != nil {
		t.Fatalf("%v: %s", err, r.stderr)
	}
	state := map[string]finding{}
	for _, f := range found {
		state[f.Part] = f
	}
	for _, kind := range []string{"poison", "helpline", "officer"} {
		if f := state["contact "+kind]; f.State != stateMissing || !strings.Contains(f.Do, "JEMBE_CONTACT_"+strings.ToUpper(kind)) {
			t.Errorf("%s: %+v", kind, f)
		}
	}
	if f := state["contact vet"]; f.State != stateOK || f.Says != "Dr Atieno 0722"+byBox {
		t.Errorf("vet: %+v", f)
	}
}
