package main

import (
	"strings"
	"testing"

	"jembe/cmd/terminal"
)

// The village's most asked answers come first, then the library's; a box that has not been asked yet has leaflets too, and
// printing leaves no trace in the record.
func TestPrintLeafletsOfWhatIsAsked(t *testing.T) {
	data := t.TempDir()
	r := jembe(t, data, "print", "leaflets", "--lang", "sw", "--top", "3")
	if r.code != terminal.OK || strings.Count(r.stdout, "<article") != 3 || !strings.Contains(r.stdout, "<b>1-1-1</b>") {
		t.Fatalf("%d %s: %d leaflets", r.code, r.stderr, strings.Count(r.stdout, "<article"))
	}
	for range 2 {
		answer(t, data, "--lang", "sw", "--number", "6-1-1")
	}
	answer(t, data, "--lang", "sw", "--number", "2-1-4")
	r = jembe(t, data, "print", "leaflets", "--lang", "sw", "--top", "3")
	var at []int
	for _, number := range []string{"6-1-1", "2-1-4", "1-1-1"} {
		at = append(at, strings.Index(r.stdout, "<b>"+number+"</b>"))
	}
	if at[0] < 0 || at[1] < at[0] || at[2] < at[1] {
		t.Errorf("the leaflets stand at %v", at)
	}
	if r := jembe(t, data, "events", "export"); strings.Count(r.stdout, "\n") != 3 {
		t.Errorf("printing was recorded: %s", r.stdout)
	}
	if r := jembe(t, data, "print", "menu", "--lang", "xx"); r.code != terminal.Usage {
		t.Errorf("a language that there is not: %d %s", r.code, r.stderr)
	}
}

func TestPrintMenuHasEveryAdvice(t *testing.T) {
	r := jembe(t, t.TempDir(), "print", "menu", "--lang", "hi")
	if n := strings.Count(r.stdout, `class="tile"`); r.code != terminal.OK || n < 200 || !strings.Contains(r.stdout, "टमाटर") {
		t.Errorf("%d %s: %d pieces of advice", r.code, r.stderr, n)
	}
}

// Advice that a box in the field holds back is not printed either.
func TestPrintHoldsBackWhatTheBoxDoes(t *testing.T) {
	all := jembe(t, t.TempDir(), "print", "leaflets", "--top", "300")
	field := jembe(t, t.TempDir(), "--field", "print", "leaflets", "--top", "300")
	a, f := strings.Count(all.stdout, "<article"), strings.Count(field.stdout, "<article")
	if all.code != terminal.OK || field.code != terminal.OK || a < 200 || f >= a || f == 0 {
		t.Errorf("a demonstration prints %d leaflets, a box in the field %d: %s", a, f, field.stderr)
	}
}
