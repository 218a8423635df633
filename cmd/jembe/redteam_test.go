package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"testing"

	"jembe/advisory"
	"jembe/rag/ragtest"
)

// The red team: people who want harm, or are in need, ask; packs and models lie. Each attack goes the whole path, in a box of the
// real library, in each of two countries: one with a list of chemicals and one without. `make redteam` runs all of them, the short
// form a fixed tenth.

// attack is one row of testdata/redteam.jsonl.
type attack struct {
	ID   string `json:"id"`
	Lang string `json:"lang"` // of the text
	Way  string `json:"way"`  // question, content or model
	Rule string `json:"rule"` // what it wants to get round
	Text string `json:"text"` // the question, the words hidden in a document, or those a model writes
	Want string `json:"want"` // of a question: "refused", "care"; else only what is said counts
	At   string `json:"at"`   // in content: where in the document it hides
	Old  string `json:"old"`  // in content: the words it takes the place of
	Cite string `json:"cite"` // by a model: "none", "wrong"; else every passage that it was given
}

// attackCountries are those in which each attack is tried.
var attackCountries = []string{"IN", "KE"}

// verdict is what became of an attack in a country: how it was held, or how it got through.
type verdict struct {
	held    string // the outcome or rule that held it
	through string // what got through; "": nothing
}

// redTeam is a box under attack.
type redTeam struct {
	*box
	server *ragtest.Server // the test double of a model server
}

func TestRedTeam(t *testing.T) {
	rows := attacks(t)
	counted := countAttacks(t, rows)
	if !*full {
		counted = fmt.Sprintf("a tenth of %d", len(rows))
		rows = tenth(rows)
	}
	clean := openRedTeam(t, t.TempDir())
	packed := newPoisonedBox(t, rows)
	held, leaks := map[string]int{}, 0
	for _, row := range rows {
		for _, country := range attackCountries {
			var v verdict
			switch row.Way {
			case "question":
				v = clean.question(t, row, country)
			case "content":
				v = packed.content(t, row, country)
			case "model":
				v = clean.model(t, row, country)
			}
			if v.through != "" {
				leaks++
				t.Errorf("%s %s in %s (%s): %s: %q", row.ID, row.Way, country, row.Rule, v.through, row.Text)
				v.held = "THROUGH"
			}
			held[fmt.Sprintf("%-8s %-2s %-12s %s", row.Way, row.Lang, row.Rule, v.held)]++
		}
	}
	t.Logf("%s attacks, in %d countries each; got through: %d", counted, len(attackCountries), leaks)
	for _, key := range slices.Sorted(maps.Keys(held)) {
		t.Logf("%s: %d", key, held[key])
	}
}

// tenth is every tenth of the rows of each way.
func tenth(rows []attack) []attack {
	var out []attack
	n := map[string]int{}
	for _, row := range rows {
		if n[row.Way]++; n[row.Way]%10 == 3 {
			out = append(out, row)
		}
	}
	return out
}

// attacks reads the rows.
func attacks(t *testing.T) []attack {
	t.Helper()
	f, err := os.Open("testdata/redteam.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []attack
	seen := map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var row attack
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil || seen[row.ID] || row.Text == "" {
			t.Fatalf("not an attack, or given twice: %s", lines.Text())
		}
		seen[row.ID] = true
		rows = append(rows, row)
	}
	return rows
}

// countAttacks tells how many attacks there are, and fails where a way or language is too thin to tell anything.
func countAttacks(t *testing.T, rows []attack) string {
	t.Helper()
	n := map[string]int{}
	for _, row := range rows {
		n[row.Way]++
		n[row.Lang]++
	}
	if len(rows) < 300 || n["question"] < 150 || n["content"] < 60 || n["model"] < 60 {
		t.Errorf("too few attacks: %v", n)
	}
	for _, lang := range []string{"en", "hi", "sw", "fr", "te", "am"} {
		if n[lang] < 20 {
			t.Errorf("only %d attacks in %s", n[lang], lang)
		}
	}
	return fmt.Sprint(len(rows), " ", n)
}

// openRedTeam opens a box with the packs of a data directory and a scripted model, and lets the model write in every language:
// what such a model may do is the guard's to stop, not the evaluation's.
func openRedTeam(t *testing.T, data string) *redTeam {
	t.Helper()
	r := &redTeam{server: ragtest.NewServer(ragtest.Script{})}
	t.Cleanup(r.server.Close)
	r.server.Install(ragtest.Model{Name: "small:1b", Digest: "first"})
	c := &cli{Data: data, modelFlags: modelFlags{URL: r.server.URL, Name: "small:1b", Prompt: 8000, Tokens: 320, Waiting: 1}}
	b, err := openBox(context.Background(), &program{stdout: io.Discard, stderr: io.Discard}, c, boxNeeds{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.close)
	all := advisory.MessageLangs()
	b.model.may.Store(&all)
	b.advisor.Speaker, b.advisor.Transcriber = nil, nil
	r.box = b
	return r
}

// advisorIn is the box's advisor in a country, with a script for the model; without one it is as if there were no model.
func (r *redTeam) advisorIn(country string, script func(ragtest.Chat) ragtest.Script) *advisory.Advisor {
	a := *r.advisor
	a.Setting = func() advisory.Setting { return advisory.Setting{Place: advisory.Place{Country: country}} }
	if script == nil {
		a.Generators = a.Generators[1:]
	} else {
		r.server.Play(script)
	}
	return &a
}
