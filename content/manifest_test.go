package content

import "testing"

func TestCompareVersions(t *testing.T) {
	order := []string{"0", "1", "1.2", "1.9", "1.10", "1.10a", "1.10b", "2", "009", "10", "2026.11.23", "2026.12.1", "20261123114140"}
	for i, a := range order {
		for j, b := range order {
			if got := CompareVersions(a, b); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%s and %s compare as %d", a, b, got)
			}
		}
	}
	if CompareVersions("01", "1") != 0 {
		t.Error("01 and 1 are different versions")
	}
}
