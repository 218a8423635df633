package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
	"jembe/edge"
)

// typed runs the setup with lines that a person types, and gives what is shown.
func typed(t *testing.T, data string, code int, lines ...string) string {
	t.Helper()
	return typedWith(t, data, code, nil, lines...)
}

// typedWith is typed with flags of the program.
func typedWith(t *testing.T, data string, code int, flags []string, lines ...string) string {
	t.Helper()
	var out, problem bytes.Buffer
	p := &program{stdin: strings.NewReader(strings.Join(lines, "\n") + "\n"), atTerminal: true, stdout: &out, stderr: &problem}
	if got := p.run(t.Context(), slices.Concat([]string{"--data", data}, flags, []string{"setup"})); got != code {
		t.Fatalf("exit code %d, want %d: %s %s", got, code, out.String(), problem.String())
	}
	return out.String() + problem.String()
}

// villageOf reads what is set in a data folder.
func villageOf(t *testing.T, data string) (v edge.Village) {
	t.Helper()
	r := jembe(t, data, "--json", "setup", "--show")
	if err := json.Unmarshal([]byte(r.stdout), &v); err != nil {
		t.Fatalf("%s %s: %v", r.stdout, r.stderr, err)
	}
	return v
}

// The first run at a terminal: each question once, a wrong answer told and asked again; a second run keeps all on Enter.
func TestSetupAtATerminal(t *testing.T) {
	data := t.TempDir()
	lines := []string{"Kenya", "ke", "3", "Kipsigak", "mahindi, beans", "2 weeks ago", "", "goat", "sw, en", "", "", "O722 111", "Vet of the ward, 0722 000 111", "", "12", "2580"}
	said := typed(t, data, terminal.OK, lines...)
	for _, told := range []edge.Wrong{"country", "contacts", "pin"} {
		if !strings.Contains(said, told.Error()) {
			t.Errorf("%s was wrong, and nobody was told: %s", told, said)
		}
	}
	const wrong = 3
	t.Logf("set up with %d answers, %d of them given twice", len(lines)-wrong, wrong)
	v := villageOf(t, data)
	if v.Country != "KE" || v.Zone != "semi-arid" || v.Name != "Kipsigak" || !slices.Equal(v.Crops, []string{"maize", "bean"}) || !slices.Equal(v.Animals, []string{"goat"}) ||
		len(v.Planted) != 1 || v.Planted["maize"] == "" || !slices.Equal(v.Languages, []advisory.Lang{"sw", "en"}) || len(v.Contacts) != 1 || v.Contacts[0].Number != "0722 000 111" {
		t.Errorf("set up: %+v", v)
	}
	typed(t, data, terminal.OK, slices.Repeat([]string{""}, len(lines)-wrong)...)
	if again := villageOf(t, data); again.Name != v.Name || again.Planted["maize"] != v.Planted["maize"] || !slices.Equal(again.Crops, v.Crops) {
		t.Errorf("after Enter throughout: %+v, want %+v", again, v)
	}
	broken := typed(t, data, terminal.Usage, "TZ", "1")
	if villageOf(t, data).Country != "KE" || !strings.Contains(broken, "nothing is saved") || strings.Contains(broken, advisory.Say("en", "setup_pin_why")) {
		t.Errorf("a setup that was broken off: %s", broken)
	}
	typed(t, data, terminal.OK, append([]string{"-", "-", "-", "-", "-", "-"}, slices.Repeat([]string{""}, 5)...)...)
	if v := villageOf(t, data); v.Country+v.Zone+v.Name != "" || len(v.Crops)+len(v.Animals)+len(v.Planted)+len(v.Languages) != 0 || len(v.Contacts) != 1 {
		t.Errorf("what was taken back is still there: %+v", v)
	}
}

// What the program's own flags say is not asked for; and where nobody is there to answer, nothing is.
func TestSetupAsksForWhatFlagsLeaveOpen(t *testing.T) {
	data := t.TempDir()
	flags := []string{"--country", "KE", "--zone", "humid", "--contact-vet", "0722 000 111"}
	said := typedWith(t, data, terminal.OK, flags, "Kipsigak", "", "goat", "", "", "", "", "")
	for _, key := range []string{"setup_country", "setup_zone", "page_contact_vet"} {
		if question := advisory.Say("en", key); strings.Contains(said, question) {
			t.Errorf("asked %q although a flag says it: %s", question, said)
		}
	}
	if v := villageOf(t, data); v.Country != "KE" || v.Zone != "humid" || v.Name != "Kipsigak" || !slices.Equal(v.Animals, []string{"goat"}) || len(v.Contacts) != 1 {
		t.Errorf("set up: %+v", v)
	}
	if r := jembe(t, data, "--country", "TZ", "--contact-helpline", "1199", "setup"); r.code != terminal.OK || strings.Contains(r.stdout, "[") {
		t.Errorf("by general flags alone: exit %d, %s%s", r.code, r.stdout, r.stderr)
	}
	if v := villageOf(t, data); v.Country != "TZ" || v.Name != "Kipsigak" || len(v.Contacts) != 2 {
		t.Errorf("after general flags alone: %+v", v)
	}
	if r := jembe(t, data, "setup"); r.code != terminal.Usage || !strings.Contains(r.stderr, "nobody is at the terminal") || r.stdout != "" {
		t.Errorf("without a terminal and flags: exit %d, %s%s", r.code, r.stdout, r.stderr)
	}
	if r := jembe(t, data, "--country", "ZZ", "setup"); r.code != terminal.Usage || !strings.Contains(r.stderr, "ISO 3166") {
		t.Errorf("a country that is none: exit %d, %s%s", r.code, r.stdout, r.stderr)
	}
}

func TestSetupByFlags(t *testing.T) {
	data := t.TempDir()
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--country", "KE", "--contact-vet", "0722 000 111", "setup", "--crops", "maize,Beans", "--planted", "maize=2026-03-20", "--pin", "2580"}, terminal.OK, "maize, bean"},
		{[]string{"setup", "--crops", "maize,unicorn"}, terminal.Usage, "\"unicorn\": Choose crops from the list, each once.\n  -> find the id by a name: jembe word find NAME\n"},
		{[]string{"setup", "--pin", "1111"}, terminal.Usage, "jembe: Choose a PIN of at least four digits, not all the same.\n"},
		{[]string{"setup", "--planted", "rice=2026-03-20"}, terminal.Usage, "for a crop that you have chosen"},
		{[]string{"setup", "--planted", "maize"}, terminal.Usage, "--planted maize names no day\n  -> write maize=2026-03-20"},
		{[]string{"serve", "--operator-pin", "1"}, terminal.Usage, "--operator-pin: Choose a PIN of at least four digits"},
		{[]string{"setup", "--planted", "maize=some day"}, terminal.Usage, "such as 2026-03-20"},
		{[]string{"setup", "--lang", "xx", "--name", "A"}, terminal.Usage, `does not have the language "xx"`},
		{[]string{"--json", "setup", "--name", "Kipsigak", "--languages", "sw"}, terminal.OK, `"planted"`},
		{[]string{"setup", "--show"}, terminal.OK, "0722 000 111"},
	} {
		if r := jembe(t, data, c.args...); r.code != c.code || !strings.Contains(r.stdout+r.stderr, c.want) {
			t.Errorf("%v: %d %s %s, want %d %q", c.args, r.code, r.stdout, r.stderr, c.code, c.want)
		}
	}
}

// What flags say stands before setup, and setup before the office; doctor says who has set what.
func TestWhoHasSetWhat(t *testing.T) {
	data := t.TempDir()
	if r := jembe(t, data, "--country", "TZ", "--contact-vet", "0722 000 111", "setup", "--name", "Kipsigak", "--crops", "maize"); r.code != terminal.OK {
		t.Fatal(r.stderr)
	}
	r := jembe(t, data, "--country", "KE", "doctor")
	for _, want := range []string{"KE (set by flag", "0722 000 111 (set by jembe setup)", "Kipsigak"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("doctor does not say %q: %s", want, r.stdout)
		}
	}
}

func TestSetupOffersWhatPeopleKeep(t *testing.T) {
	got := keeps(content.NewShelf(t.TempDir()).Load())
	for _, id := range []string{"maize", "cattle", "chicken", "duck", "goat", "fish", "gourd", "bitter-gourd"} {
		if !slices.Contains(got, id) {
			t.Errorf("%s is not offered", id)
		}
	}
	for _, id := range []string{"cereal", "vegetable", "livestock", "snake", "poultry", "chick", "calf"} {
		if slices.Contains(got, id) {
			t.Errorf("%s is offered", id)
		}
	}
	for _, id := range got {
		if content.PictureOf(id) == "" {
			t.Errorf("%s is offered, and has no picture", id)
		}
	}
}
