package main

import (
	"context"
	"fmt"
	"strings"

	"jembe/advisory"
	"jembe/rag"
)

type evalCmd struct {
	Retrieval evalRetrievalCmd `cmd:"" help:"Ranking on a test collection: corpus.jsonl, queries.jsonl, qrels.tsv."`
	Answers   evalAnswersCmd   `cmd:"" help:"Answers of the installed library to questions with known documents."`
	Generated evalGeneratedCmd `cmd:"" help:"How faithful the model's answers are to their passages, in each language; decides where it may write."`
	Guard     evalGuardCmd     `cmd:"" help:"The chemical rules of the guard on labelled answers, for the country of --country."`
	Doses     evalDosesCmd     `cmd:"" help:"The parser of doses and units on rows that a person has read."`
	Coverage  evalCoverageCmd  `cmd:"" help:"How many logged questions the library answers rightly, by the judgements of a person."`
	Calibrate calibrateCmd     `cmd:"" help:"Fit the weights of evidence to questions with known documents, and show the curve."`
}

type evalRetrievalCmd struct {
	Dir string `arg:"" type:"existingdir" help:"The test collection."`
}

// Run evaluates retrieval.
func (e *evalRetrievalCmd) Run(p *program, c *cli) error {
	r, err := rag.EvalRetrieval(e.Dir, nil)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s: nDCG@10 %.3f, recall@5 %.3f, MRR@10 %.3f; %d queries, %d documents; p50 %.1f ms, p95 %.1f ms, index %.1f s",
		e.Dir, r.NDCG, r.Recall, r.MRR, r.Queries, r.Documents, r.P50, r.P95, r.Index)
	return p.print(c, r, text)
}

type evalAnswersCmd struct {
	File    string `arg:"" type:"existingfile" help:"Rows of document, language, question, parted by tabs; - as document for a question that must not be answered."`
	Verbose bool   `short:"v" help:"Also list every row that did not go as it should, on standard error."`
}

// tally counts how questions went.
type tally struct {
	Asked     int `json:"asked"`     // questions that a document answers
	Right     int `json:"right"`     // answered, and the first citation is that document
	Wrong     int `json:"wrong"`     // answered from another
	Silent    int `json:"silent"`    // asked back, unsure or refused
	Held      int `json:"held"`      // of those that must not be answered: refused or unsure
	Clarified int `json:"clarified"` // ... asked back
	Leaked    int `json:"leaked"`    // ... answered
}

type answersReport struct {
	tally
	ByLang    map[advisory.Lang]*tally `json:"by_lang"`
	Romanised tally                    `json:"romanised"` // of the questions in Hindi, those in Latin letters
}

// Run evaluates answers.
func (e *evalAnswersCmd) Run(ctx context.Context, p *program, c *cli) error {
	rows, b, err := openLabelled(ctx, p, c, e.File)
	if err != nil {
		return err
	}
	defer b.close()
	report := answersReport{ByLang: map[advisory.Lang]*tally{}}
	for _, row := range rows {
		a, err := b.advisor.Ask(ctx, advisory.Question{Text: row.question, Lang: row.lang})
		if err != nil {
			return fmt.Errorf("%s:%d: %w", e.File, row.line, err)
		}
		if report.ByLang[row.lang] == nil {
			report.ByLang[row.lang] = &tally{}
		}
		what := report.count(row, a)
		report.ByLang[row.lang].count(row, a)
		if row.romanised() {
			report.Romanised.count(row, a)
		}
		if e.Verbose && what != "right" && what != "held" {
			fmt.Fprintf(p.stderr, "%s\t%s\t%s\t%s\t%s\n", what, row.document, row.lang, found(a), row.question)
		}
	}
	return p.print(c, report, report.String())
}

// rows is the number of rows counted.
func (t *tally) rows() int { return t.Asked + t.Held + t.Clarified + t.Leaked }

// count adds one row and says what it was.
func (t *tally) count(row labelled, a advisory.Answer) string {
	hit := row.document != "-"
	if hit {
		t.Asked++
	}
	switch {
	case a.Outcome == advisory.Answered && hit && a.Citations[0].Document == row.document:
		t.Right++
		return "right"
	case a.Outcome == advisory.Answered && hit:
		t.Wrong++
		return "wrong"
	case a.Outcome == advisory.Answered:
		t.Leaked++
		return "leaked"
	case hit:
		t.Silent++
		return "silent"
	case a.Outcome == advisory.Clarify:
		t.Clarified++
		return "clarified"
	default:
		t.Held++
		return "held"
	}
}

// found tells what an answer came from, for the list of what went wrong.
func found(a advisory.Answer) string {
	var ids []string
	for _, c := range a.Citations {
		ids = append(ids, fmt.Sprintf("%s %.2f", c.Document, c.Score))
	}
	for _, c := range a.Choices {
		ids = append(ids, c.Value)
	}
	return fmt.Sprintf("%s %s [%s]", a.Outcome, a.Reason, strings.Join(ids, ", "))
}

func (r answersReport) String() string {
	line := func(name string, t *tally) string {
		return fmt.Sprintf("%-4s right %d of %d (%s), wrong %d, silent %d; held %d of %d, clarified %d, leaked %d; wrong or leaked %s of all",
			name, t.Right, t.Asked, percent(t.Right, t.Asked), t.Wrong, t.Silent, t.Held, t.rows()-t.Asked, t.Clarified, t.Leaked, percent(t.Wrong+t.Leaked, t.rows()))
	}
	lines := []string{line("all", &r.tally)}
	for _, l := range advisory.MessageLangs() {
		if t := r.ByLang[l]; t != nil {
			lines = append(lines, line(string(l), t))
		}
	}
	if r.Romanised.rows() > 0 {
		lines = append(lines, line("of hi in Latin letters,", &r.Romanised))
	}
	return strings.Join(lines, "\n")
}

func percent(n, of int) string {
	if of == 0 {
		return "none"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(n)/float64(of))
}
