package hub

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// The table in docs/office.md is what people decided; the code must say the same.
func TestRolesAsWritten(t *testing.T) {
	page, err := os.ReadFile("../../docs/office.md")
	if err != nil {
		t.Fatal(err)
	}
	written := map[Permission]bool{}
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		what := Permission(strings.TrimSpace(cells[0]))
		if len(cells) != 1+len(Roles()) || what == "" || strings.HasPrefix(string(what), "-") {
			continue
		}
		written[what] = true
		for i, role := range Roles() {
			if want, got := strings.TrimSpace(cells[i+1]) == "x", slices.Contains(may[role], what); got != want {
				t.Errorf("%s of %s: %v, written is %v", what, role, got, want)
			}
		}
	}
	for role, all := range may {
		for _, what := range all {
			if !written[what] {
				t.Errorf("%s of %s is not written", what, role)
			}
		}
	}
	if len(written) != 14 {
		t.Errorf("%d permissions are written", len(written))
	}
}

func TestParseRoles(t *testing.T) {
	got, err := ParseRoles("expert", "administrator", "expert")
	if err != nil || !slices.Equal(got, []Role{Administrator, Expert}) {
		t.Errorf("%v %v", got, err)
	}
	for _, bad := range [][]string{nil, {""}, {"farmer"}, {"expert", "Expert"}, {"administrator expert"}} {
		if got, err := ParseRoles(bad...); err == nil || !strings.Contains(err.Error(), "administrator, curator, expert, analyst, auditor") {
			t.Errorf("%q: %v %v", bad, got, err)
		}
	}
}
