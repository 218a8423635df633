package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/content"
)

type evalGuardCmd struct {
	File    string `arg:"" type:"existingfile" help:"JSON lines {query, answer, worst}: answers labelled by the worst chemical they name."`
	Verbose bool   `short:"v" help:"Also list every row that did not go as its label says, on standard error."`
}

// guardRow is an answer with the label of its worst chemical: "Banned" and its like, "Restricted", or none.
type guardRow struct {
	ID     string `json:"_id"`
	Query  string `json:"query"`
	Answer string `json:"answer"`
	Worst  string `json:"worst"`
}

// guardReport counts how the chemical rules of the guard took labelled answers.
type guardReport struct {
	BannedTotal       int     `json:"banned_total"`
	BannedFlagged     int     `json:"banned_flagged"`
	RestrictedTotal   int     `json:"restricted_total"`
	RestrictedFlagged int     `json:"restricted_flagged"`
	CleanTotal        int     `json:"clean_total"`
	CleanPassed       int     `json:"clean_passed"`
	P95               float64 `json:"p95_ms"`
}

// Run holds the answers of a file against the chemical rules for the country of the box.
func (e *evalGuardCmd) Run(p *program, c *cli) error {
	rows, err := readGuardRows(e.File)
	if err != nil {
		return err
	}
	lexicon := advisory.NewLexicon(content.NewShelf(c.dataDir()).Load().Concepts)
	var r guardReport
	var took []float64
	for _, row := range rows {
		u := advisory.Understand(row.Query+" "+row.Answer, "", lexicon)
		start := time.Now()
		rules := advisory.ChemicalRules(row.Answer, advisory.Standard{Lexicon: lexicon, Country: c.place().Country, Lang: u.Written, Crops: u.Crops})
		took = append(took, advisory.Milliseconds(start))
		if !r.count(row, rules) && e.Verbose {
			fmt.Fprintf(p.stderr, "%s\t%s\t%v\t%s\n", row.ID, row.Worst, rules, row.Answer)
		}
	}
	slices.Sort(took)
	if n := len(took); n > 0 {
		r.P95 = took[(n-1)*95/100]
	}
	text := fmt.Sprintf("banned: flagged %d of %d (%s); restricted: flagged %d of %d (%s); clean: passed %d of %d (%s); p95 %.3f ms",
		r.BannedFlagged, r.BannedTotal, percent(r.BannedFlagged, r.BannedTotal), r.RestrictedFlagged, r.RestrictedTotal,
		percent(r.RestrictedFlagged, r.RestrictedTotal), r.CleanPassed, r.CleanTotal, percent(r.CleanPassed, r.CleanTotal), r.P95)
	return p.print(c, r, text)
}

// count adds one row, and reports whether it went as its label says.
func (r *guardReport) count(row guardRow, rules []advisory.Rule) bool {
	flagged := len(rules) > 0
	switch worst := strings.ToLower(row.Worst); {
	case strings.HasPrefix(worst, "banned"), strings.HasPrefix(worst, "withdrawn"), strings.HasPrefix(worst, "refused"):
		r.BannedTotal++
		if flagged {
			r.BannedFlagged++
		}
		return flagged
	case strings.HasPrefix(worst, "restricted"):
		r.RestrictedTotal++
		if flagged {
			r.RestrictedFlagged++
		}
		return flagged
	}
	r.CleanTotal++
	if !flagged {
		r.CleanPassed++
	}
	return !flagged
}

// readGuardRows reads JSON lines; the error names the line that is none.
func readGuardRows(path string) ([]guardRow, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var rows []guardRow
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var row guardRow
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil || row.Answer == "" {
			return nil, badRow(path, n, `want a JSON object with "answer" and "worst" on each line`)
		}
		rows = append(rows, row)
	}
	return rows, lines.Err()
}
