package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"jembe/advisory"
	"jembe/rag"
)

type evalGeneratedCmd struct {
	File    string `arg:"" type:"existingfile" help:"Rows of document, language, question, parted by tabs; those with - as document are passed over."`
	Most    int    `help:"Most questions of each language, taken evenly from the file: a small board writes for ten seconds or more." default:"60"`
	Verbose bool   `short:"v" help:"Also list every draft that fell, on standard error."`
}

type generatedReport struct {
	Model  string                        `json:"model"`
	Digest string                        `json:"digest"`
	Langs  map[advisory.Lang]*modelTally `json:"langs"`
	passed map[advisory.Lang]bool
	prompt int // tokens that a prompt shall have at most
}

// Run has the model write answers from what is found, counts how many pass the guard, and stores the result: it decides in which
// languages the model may write.
func (e *evalGeneratedCmd) Run(ctx context.Context, p *program, c *cli) error {
	writer, err := c.writer()
	if err != nil {
		return err
	}
	installed, err := c.installed(ctx)
	if err != nil {
		return err
	}
	results, err := readResults(c.dataDir())
	if err != nil {
		return err
	}
	rows, b, err := openLabelled(ctx, p, c, e.File)
	if err != nil {
		return err
	}
	defer b.close()
	report := generatedReport{installed.Name, installed.Digest, map[advisory.Lang]*modelTally{}, map[advisory.Lang]bool{}, c.Prompt}
	for _, row := range sample(rows, e.Most) {
		t := report.Langs[row.lang]
		if t == nil {
			t = newModelTally()
			report.Langs[row.lang] = t
		}
		draft, fell, err := tryDraft(ctx, writer, b, row)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if _, counted := writer.PromptTokens(); err == nil {
			t.Prompt = max(t.Prompt, counted)
		}
		if t.count(draft, fell, err); e.Verbose && (err != nil || len(fell) > 0) {
			fmt.Fprintf(p.stderr, "%v\t%s\t%s\t%s\n", fell, row.lang, row.question, sentencesOf(draft, err))
		}
	}
	for l, t := range report.Langs {
		report.passed[l] = t.enough(c.modelFlags)
	}
	if err := results.store(c.dataDir(), installed.Digest, report.Langs); err != nil {
		return fmt.Errorf("store evaluation: %w", err)
	}
	return p.print(c, report, report.String())
}

// sample takes at most so many questions with an answer of each language, evenly from the whole.
func sample(rows []labelled, most int) []labelled {
	by := map[advisory.Lang][]labelled{}
	for _, row := range rows {
		if row.document != "-" {
			by[row.lang] = append(by[row.lang], row)
		}
	}
	var out []labelled
	for _, l := range advisory.MessageLangs() {
		n := min(most, len(by[l]))
		for i := range n {
			out = append(out, by[l][i*len(by[l])/n])
		}
	}
	return out
}

// tryDraft has the model answer from the passages of the document that is found first, and puts the draft before the guard with the
// cautions that it owes, as the box does.
func tryDraft(ctx context.Context, w *rag.Writer, b *box, row labelled) (advisory.Draft, []advisory.Rule, error) {
	library := b.library.Load()
	u := advisory.Understand(row.question, row.lang, library.Lexicon)
	found, err := library.Retriever.Retrieve(ctx, u.Query())
	if err != nil || len(found) == 0 || found[0].Document.Lang != row.lang {
		return advisory.Draft{}, nil, err
	}
	best := found[0]
	draft, err := w.Generate(ctx, advisory.DraftRequest{Question: u.Text, Lang: row.lang, Passages: best.Passages})
	if err != nil || len(draft.Sentences) == 0 {
		return draft, nil, err
	}
	std := advisory.StandardFor(u, best.Document, library.Lexicon, b.advisor.Setting().Place)
	draft.Sentences = append(draft.Sentences, advisory.Owed(draft, best.Passages, std)...)
	return draft, advisory.Guard(draft, best.Passages, std), nil
}

// count adds what became of one question.
func (t *modelTally) count(d advisory.Draft, fell []advisory.Rule, err error) {
	t.Asked++
	switch {
	case err != nil:
		why := advisory.Failed
		if e := (*advisory.DraftError)(nil); errors.As(err, &e) {
			why = e.Setback
		}
		t.Failed++
		t.Why[why]++
	case len(d.Sentences) == 0:
		t.Silent++
	case len(fell) == 0:
		t.Passed++
	default:
		t.Fallen++
		for _, rule := range fell {
			t.Fell[rule]++
		}
	}
}

func sentencesOf(d advisory.Draft, err error) string {
	if err != nil {
		return err.Error()
	}
	var out []string
	for _, s := range d.Sentences {
		out = append(out, s.Text)
	}
	return strings.Join(out, " ")
}

func (r generatedReport) String() string {
	lines := []string{"model " + r.Model + " " + r.Digest}
	for _, l := range advisory.MessageLangs() {
		t := r.Langs[l]
		if t == nil {
			continue
		}
		verdict := "may not write"
		if r.passed[l] {
			verdict = "may write"
		}
		var why []string
		for rule, n := range t.Fell {
			why = append(why, fmt.Sprintf("%s %d", rule, n))
		}
		for setback, n := range t.Why {
			why = append(why, fmt.Sprintf("%s %d", setback, n))
		}
		slices.Sort(why)
		lines = append(lines, fmt.Sprintf("%-4s %s: %d of %d drafts pass (%s); asked %d, silent %d, failed %d; %s",
			l, verdict, t.Passed, t.drafted(), percent(t.Passed, t.drafted()), t.Asked, t.Silent, t.Failed, strings.Join(why, ", ")))
		if t.Prompt > r.prompt {
			lines = append(lines, fmt.Sprintf("     its prompts have up to %d tokens, and %d are wanted: a farmer waits the longer for the first word; lower JEMBE_MODEL_PROMPT", t.Prompt, r.prompt))
		}
	}
	return strings.Join(lines, "\n")
}
