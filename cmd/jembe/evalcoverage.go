package main

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jembe/advisory"
)

type evalCoverageCmd struct {
	Dir    string `arg:"" type:"existingdir" help:"Folder of logged questions: queries.jsonl, and corpus.jsonl whose titles are further ones."`
	Judged string `help:"Judgements of a person: id, right, wrong or none, and the document judged, parted by tabs." type:"existingfile" placeholder:"FILE"`
	Count  int    `help:"How many questions are drawn." default:"300"`
	Seed   string `help:"Which are drawn: those whose SHA-256 with this seed is least." default:"jembe-coverage-1"`
	Draw   bool   `help:"Print what the box says to each, to be judged."`
}

// asked is a logged question with what the box made of it.
type asked struct {
	id, question string
	answer       advisory.Answer
}

// document is what was answered from; "" when nothing was.
func (a asked) document() string {
	if a.answer.Outcome != advisory.Answered {
		return ""
	}
	return a.answer.Citations[0].Document
}

// coverageReport counts how logged questions went. Right is a person's judgement, and holds while the same document answers.
type coverageReport struct {
	Drawn    int `json:"drawn"`
	Answered int `json:"answered"`
	Right    int `json:"right"`
	Wrong    int `json:"wrong"`
	Unjudged int `json:"unjudged"` // answered from another document than was judged
	Silent   int `json:"silent"`   // asked back, unsure or refused
}

// Run asks the drawn questions, and counts by the judgements.
func (e *evalCoverageCmd) Run(ctx context.Context, p *program, c *cli) error {
	drawn, err := e.draw()
	if err != nil {
		return err
	}
	judged, err := e.judgements()
	if err != nil {
		return err
	}
	b, err := openBox(ctx, p, c, boxNeeds{})
	if err != nil {
		return err
	}
	defer b.close()
	r := coverageReport{Drawn: len(drawn)}
	for _, a := range drawn {
		a.answer, err = b.advisor.Ask(ctx, advisory.Question{Text: a.question, Lang: "en"})
		if err != nil {
			return fmt.Errorf("%s: %w", a.id, err)
		}
		r.count(a, judged)
		if e.Draw {
			fmt.Fprintf(p.stdout, "%s\t%s\t%s\t%s\t%s\n", a.id, a.question, a.answer.Outcome, a.document(), a.answer.Text)
		}
	}
	if e.Draw {
		return nil
	}
	return p.print(c, r, fmt.Sprintf("of %d logged questions: answered %d, right %d (%s), wrong %d, not judged %d, silent %d",
		r.Drawn, r.Answered, r.Right, percent(r.Right, r.Drawn), r.Wrong, r.Unjudged, r.Silent))
}

func (r *coverageReport) count(a asked, judged map[string]string) {
	if a.document() == "" {
		r.Silent++
		return
	}
	r.Answered++
	switch judged[a.id+"\t"+a.document()] {
	case "right":
		r.Right++
	case "wrong":
		r.Wrong++
	default:
		r.Unjudged++
	}
}

// draw gives the questions with the least hashes.
func (e *evalCoverageCmd) draw() ([]asked, error) {
	var all []asked
	err := eachLine(filepath.Join(e.Dir, "queries.jsonl"), func(row logged) { all = append(all, asked{id: row.ID, question: row.Text}) })
	if err != nil {
		return nil, err
	}
	err = eachLine(filepath.Join(e.Dir, "corpus.jsonl"), func(row logged) {
		for i, title := range strings.Split(row.Title, " / ") {
			all = append(all, asked{id: fmt.Sprintf("%s#%d", row.ID, i+1), question: title})
		}
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(a asked) bool { return len(advisory.Words(a.question)) == 0 })
	hash := func(a asked) string { sum := sha256.Sum256([]byte(e.Seed + a.id)); return hex.EncodeToString(sum[:]) }
	slices.SortFunc(all, func(a, b asked) int { return cmp.Compare(hash(a), hash(b)) })
	return all[:min(e.Count, len(all))], nil
}

// logged is a row of a retrieval set.
type logged struct {
	ID    string `json:"_id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

func eachLine(path string, do func(logged)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var row logged
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return badRow(path, n, "want a JSON object with _id and text on each line")
		}
		do(row)
	}
	return lines.Err()
}

// judgements gives the verdicts by id and document.
func (e *evalCoverageCmd) judgements() (map[string]string, error) {
	out := map[string]string{}
	if e.Judged == "" {
		return out, nil
	}
	f, err := os.Open(e.Judged)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		cells := strings.Split(strings.TrimSpace(lines.Text()), "\t")
		if len(cells) < 2 || !slices.Contains([]string{"right", "wrong", "none"}, cells[1]) {
			return nil, badRow(e.Judged, n, "want id, right, wrong or none, and document, parted by tabs")
		}
		if len(cells) > 2 {
			out[cells[0]+"\t"+cells[2]] = cells[1]
		}
	}
	return out, lines.Err()
}
