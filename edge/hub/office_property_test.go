package hub

import (
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whoever knows the total and what is shown finds no small count: what is hidden is at least two counts, and ten together,
// unless nothing is shown at all.
func TestNobodySubtracts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := make([]Count, rapid.IntRange(1, 8).Draw(t, "rows"))
		for i := range rows {
			rows[i].Asked = rapid.Int64Range(0, 40).Draw(t, "asked")
			rows[i].Gaps = rapid.Int64Range(0, rows[i].Asked).Draw(t, "gaps")
		}
		withhold(rows, true)
		small := func(n int64) bool { return 0 < n && n < SmallCount }
		for _, of := range []func(*Count) (*bool, int64){
			func(c *Count) (*bool, int64) { return &c.HideAsked, c.Asked },
			func(c *Count) (*bool, int64) { return &c.HideGaps, c.Gaps },
		} {
			var hidden, sum, shown int64
			for i := range rows {
				switch hide, n := of(&rows[i]); {
				case *hide:
					hidden, sum = hidden+1, sum+n
				case small(n):
					t.Fatalf("a small count is shown: %+v", rows)
				case n > 0:
					shown++
				}
			}
			if hidden > 0 && shown > 0 && (hidden < 2 || sum < SmallCount) {
				t.Fatalf("what is hidden can be found: %+v", rows)
			}
		}
		for _, c := range rows {
			if !c.HideGaps && (c.HideAsked || small(c.Asked-c.Gaps)) {
				t.Fatalf("the answered ones can be found: %+v", c)
			}
		}
	})
}

func FuzzPHC(f *testing.F) {
	f.Add(hashPassword(goodPassword))
	f.Add("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Add("$argon2id$v=19$m=-1,t=0,p=999$$")
	f.Fuzz(func(t *testing.T, s string) {
		cost, salt, hash, err := parsePHC(s)
		if err == nil && (cost.memory > 1<<20 || cost.time < 1 || cost.time > 16 || cost.threads < 1 || len(salt) < 8 || len(hash) != hashLength) {
			t.Errorf("%q is taken: %+v", s, cost)
		}
	})
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"", "maize", "=1+1", "\t=1", "@x", "-1", "a\"b", "a\r\n=b", "ü"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b strings.Builder
		out := &table{Writer: csv.NewWriter(&b)}
		out.write("first", s)
		if err := out.end(); err != nil {
			t.Fatal(err)
		}
		row, err := csv.NewReader(strings.NewReader(b.String())).Read()
		if err != nil || len(row) != 2 {
			t.Fatalf("%q: %q %v", s, row, err)
		}
		if cell := row[1]; cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
			t.Errorf("a formula: %q", cell)
		}
	})
}
