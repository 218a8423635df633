package main

import (
	"context"
	"fmt"
	"math"
	"strings"

	"jembe/advisory"
)

type calibrateCmd struct {
	File string `arg:"" type:"existingfile" help:"Rows as for eval answers."`
}

// example is one document weighed for one question.
type example struct {
	row      int
	fold     int
	document string
	features [advisory.FeatureCount]float64
	right    bool
}

// folds is the number of parts of the cross-validation; a document's questions are all in one, so that a curve tells how
// questions about documents never seen in fitting go.
const folds = 5

// Run fits the weights and shows the curve.
func (e *calibrateCmd) Run(ctx context.Context, p *program, c *cli) error {
	rows, b, err := openLabelled(ctx, p, c, e.File)
	if err != nil {
		return err
	}
	defer b.close()
	examples, err := weigh(ctx, b.advisor.Library(), rows)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, "weights fitted on all rows:")
	for k, w := range fit(examples) {
		fmt.Fprintf(p.stdout, "\t%s: %.2f,\n", advisory.FeatureNames[k], w)
	}
	fmt.Fprint(p.stdout, "\ncurve by cross-validation (documents apart), before asking back:\n", curve(rows, examples))
	return nil
}

// weigh retrieves for every row and gives the features of what was found.
func weigh(ctx context.Context, lib advisory.Library, rows []labelled) ([]example, error) {
	parts := map[string]int{}
	var out []example
	for i, row := range rows {
		text, err := advisory.Clean(row.question)
		if err != nil {
			return nil, err
		}
		u := advisory.Understand(text, row.lang, lib.Lexicon)
		if u.Reason != advisory.NoReason {
			continue
		}
		found, err := lib.Retriever.Retrieve(ctx, u.Query())
		if err != nil {
			return nil, err
		}
		fold := i % folds
		if row.document != "-" {
			if _, ok := parts[row.document]; !ok {
				parts[row.document] = len(parts) % folds
			}
			fold = parts[row.document]
		}
		for k, m := range found {
			f := advisory.Features(u, found, k, lib.Lexicon)
			out = append(out, example{i, fold, m.Document.ID, f, m.Document.ID == row.document})
		}
	}
	return out, nil
}

// fit finds the weights of a logistic regression by gradient descent with a little shrinkage, the classes weighed alike.
func fit(examples []example) [advisory.FeatureCount]float64 {
	const steps, rate, shrink = 4000, 1.0, 0.0005
	var w, velocity [advisory.FeatureCount]float64
	var rights float64
	for _, e := range examples {
		if e.right {
			rights++
		}
	}
	balance := [2]float64{0.5 / (float64(len(examples)) - rights), 0.5 / rights}
	for range steps {
		var gradient [advisory.FeatureCount]float64
		for _, e := range examples {
			label, share := 0.0, balance[0]
			if e.right {
				label, share = 1, balance[1]
			}
			miss := (probability(w, e.features) - label) * share
			for k, x := range e.features {
				gradient[k] += miss * x
			}
		}
		for k := range w {
			velocity[k] = 0.9*velocity[k] - rate*(gradient[k]+shrink*w[k])
			w[k] += velocity[k]
		}
	}
	return w
}

func probability(w, f [advisory.FeatureCount]float64) float64 {
	var z float64
	for k := range w {
		z += w[k] * f[k]
	}
	return 1 / (1 + math.Exp(-z))
}

// curve tells what each threshold would give.
func curve(rows []labelled, examples []example) string {
	type best struct {
		document   string
		confidence float64
	}
	top := map[int]best{}
	for fold := range folds {
		var train []example
		for _, e := range examples {
			if e.fold != fold {
				train = append(train, e)
			}
		}
		w := fit(train)
		for _, e := range examples {
			if p := probability(w, e.features); e.fold == fold && p > top[e.row].confidence {
				top[e.row] = best{e.document, p}
			}
		}
	}
	var b strings.Builder
	b.WriteString("threshold  right  wrong  silent | held  leaked | wrong or leaked of all\n")
	for _, t := range []float64{.1, .2, .3, .4, .5, .55, .6, .65, .7, .75, .8, .85, .9, .95} {
		var n tally
		for i, row := range rows {
			a := advisory.Answer{Outcome: advisory.Unsure}
			if top[i].confidence >= t {
				a = advisory.Answer{Outcome: advisory.Answered, Citations: []advisory.Citation{{Document: top[i].document}}}
			}
			n.count(row, a)
		}
		fmt.Fprintf(&b, "%9.2f  %5s  %5s  %6s | %4d  %6d | %s\n", t, percent(n.Right, n.Asked), percent(n.Wrong, n.Asked),
			percent(n.Silent, n.Asked), n.Held, n.Leaked, percent(n.Wrong+n.Leaked, len(rows)))
	}
	return b.String()
}
