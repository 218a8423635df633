package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"jembe/advisory"
)

type evalDosesCmd struct {
	Labels  string `arg:"" type:"existingfile" help:"Rows of id, en or te, and the quantities a person read there, parted by tabs."`
	Pairs   string `arg:"" type:"existingfile" help:"JSON lines {_id, answer_en, answer_te}."`
	Verbose bool   `short:"v" help:"Also list every row that was read otherwise, on standard error."`
}

// dosesReport counts how the parser of measures read what a person read.
type dosesReport struct {
	Rows       int `json:"rows"`
	RowsRight  int `json:"rows_right"` // every quantity found, and none besides
	Quantities int `json:"quantities"` // labelled
	Found      int `json:"found"`      // with the same value, unit and basis
	FoundBare  int `json:"found_bare"` // with the same value and unit
	More       int `json:"more"`       // read where the label has none
}

// Run reads the quantities of each labelled row, and compares.
func (e *evalDosesCmd) Run(p *program, c *cli) error {
	texts, err := readPairs(e.Pairs)
	if err != nil {
		return err
	}
	f, err := os.Open(e.Labels)
	if err != nil {
		return err
	}
	defer f.Close()
	var r dosesReport
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) < 2 {
			return badRow(e.Labels, n, "want an id, en or te, and quantities, parted by tabs")
		}
		text, ok := texts[cells[0]+"\t"+cells[1]]
		if !ok {
			return badRow(e.Labels, n, cells[0]+" is not in "+e.Pairs)
		}
		want := ""
		if len(cells) > 2 {
			want = cells[2]
		}
		if !r.add(want, text, advisory.Lang(cells[1])) && e.Verbose {
			fmt.Fprintf(p.stderr, "%s\n  %s\n  want %s\n  got  %v\n", cells[0], text, want, quantities(text, advisory.Lang(cells[1])))
		}
	}
	summary := fmt.Sprintf("quantities: %d of %d found with unit and basis (%s), %d with unit (%s), %d more; rows wholly right: %d of %d (%s)", r.Found, r.Quantities,
		percent(r.Found, r.Quantities), r.FoundBare, percent(r.FoundBare, r.Quantities), r.More, r.RowsRight, r.Rows, percent(r.RowsRight, r.Rows))
	return p.print(c, r, summary)
}

// readPairs gives the texts by id and language.
func readPairs(path string) (map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := map[string]string{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var row struct {
			ID string `json:"_id"`
			EN string `json:"answer_en"`
			TE string `json:"answer_te"`
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, badRow(path, n, "want a JSON object with _id, answer_en and answer_te on each line")
		}
		out[row.ID+"\ten"], out[row.ID+"\tte"] = row.EN, row.TE
	}
	return out, lines.Err()
}

// quantities gives what the parser reads in a text, bare counts left out as the labels do.
func quantities(text string, lang advisory.Lang) []advisory.Measure {
	return slices.DeleteFunc(advisory.Measures(text, lang), func(m advisory.Measure) bool {
		return m.Unit == "" || m.Unit == "times" || m.Unit == "formulation"
	})
}

// add compares one row, and reports whether all went well.
func (r *dosesReport) add(label, text string, lang advisory.Lang) bool {
	want := quantities(label, "en")
	got := quantities(text, lang)
	r.Rows++
	r.Quantities += len(want)
	found, bare := matched(want, got, sameDose), matched(want, got, sameAmount)
	r.Found, r.FoundBare = r.Found+found, r.FoundBare+bare
	if len(got) > bare {
		r.More += len(got) - bare
	}
	if found == len(want) && len(got) == len(want) {
		r.RowsRight++
		return true
	}
	return false
}

// matched counts the quantities of want that stand in got, each of which counts once.
func matched(want, got []advisory.Measure, same func(a, b advisory.Measure) bool) (n int) {
	left := slices.Clone(got)
	for _, w := range want {
		if i := slices.IndexFunc(left, func(g advisory.Measure) bool { return same(w, g) }); i >= 0 {
			left = slices.Delete(left, i, i+1)
			n++
		}
	}
	return n
}

func sameAmount(a, b advisory.Measure) bool {
	near := func(x, y float64) bool { return math.Abs(x-y) <= 1e-6*math.Abs(x) }
	return a.Unit == b.Unit && near(a.Low, b.Low) && near(a.High, b.High)
}

func sameDose(a, b advisory.Measure) bool {
	return sameAmount(a, b) && slices.Equal(a.Per, b.Per)
}
