package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"jembe/advisory"
)

type calibrateCmd struct {
	File  string `arg:"" type:"existingfile" help:"Rows as for eval answers."`
	Write string `help:"Also fit the weights to all rows, and write them to this file." type:"path" placeholder:"FILE"`
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
	best := crossValidate(examples)
	fmt.Fprintln(p.stdout, "curves by cross-validation (documents apart), before asking back")
	for _, g := range groups {
		fmt.Fprint(p.stdout, g.name, ":\n", curve(rows, best, g.has))
	}
	if e.Write == "" {
		return nil
	}
	return writeWeights(e.Write, fit(examples))
}

// writeWeights writes the weights as JSON, to three decimals, a few to a line.
func writeWeights(path string, w []float64) error {
	var b strings.Builder
	b.WriteString("[")
	for k, v := range w {
		switch {
		case k == 0:
		case k%perLine == 0:
			b.WriteString(",\n ")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%.3f", v)
	}
	b.WriteString("]\n")
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

const perLine = 16

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

// The fit: Newton's method on a logistic regression, the classes weighed alike.
const (
	newtonSteps = 12
	shrink      = 1.5e-5 // of the squared weights, the bias apart: chosen by cross-validation among 3 times more and less
)

// fit finds the weights of the terms.
func fit(examples []example) []float64 {
	const n = advisory.TermCount
	rights := 0.0
	for _, e := range examples {
		if e.right {
			rights++
		}
	}
	balance := map[bool]float64{true: 0.5 / rights, false: 0.5 / (float64(len(examples)) - rights)}
	w := make([]float64, n)
	for range newtonSteps {
		gradient, curvature := make([]float64, n), make([][]float64, n)
		for k := range n {
			curvature[k] = make([]float64, n)
			if k > 0 {
				gradient[k], curvature[k][k] = shrink*w[k], shrink
			}
		}
		for _, e := range examples {
			x := advisory.Terms(e.features)
			p, label := probability(w, x), 0.0
			if e.right {
				label = 1
			}
			downhill(gradient, curvature, x, (p-label)*balance[e.right], p*(1-p)*balance[e.right])
		}
		for k, step := range solve(curvature, gradient) {
			w[k] -= step
		}
	}
	return w
}

// downhill adds one example's share to gradient and curvature. Most terms are 0.
func downhill(gradient []float64, curvature [][]float64, x []float64, miss, bend float64) {
	var set []int
	for k, v := range x {
		if v != 0 {
			set = append(set, k)
		}
	}
	for _, i := range set {
		gradient[i] += miss * x[i]
		row := curvature[i]
		for _, j := range set {
			row[j] += bend * x[i] * x[j]
		}
	}
}

// solve gives x with a x = b for a symmetric positive matrix, by Cholesky's decomposition; a is overwritten. A term that no example
// has keeps a curvature of shrink, so that there is always a solution.
func solve(a [][]float64, b []float64) []float64 {
	const least = 1e-12 // of a pivot: below it rounding decides
	n := len(b)
	x := slices.Clone(b)
	for i := range n {
		for j := range i + 1 {
			sum := a[i][j]
			for k := range j {
				sum -= a[i][k] * a[j][k]
			}
			if i == j {
				a[i][i] = math.Sqrt(max(sum, least))
			} else {
				a[i][j] = sum / a[j][j]
			}
		}
	}
	for i := range n {
		for k := range i {
			x[i] -= a[i][k] * x[k]
		}
		x[i] /= a[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			x[i] -= a[k][i] * x[k]
		}
		x[i] /= a[i][i]
	}
	return x
}

// probability is the regression's, of terms x.
func probability(w, x []float64) float64 {
	var z float64
	for k, v := range x {
		z += w[k] * v
	}
	return 1 / (1 + math.Exp(-z))
}

// judged is the document that stands first for a question.
type judged struct {
	document   string
	confidence float64
}

// crossValidate gives the first document of each row, by weights that were fitted without its part.
func crossValidate(examples []example) map[int]judged {
	top := map[int]judged{}
	for fold := range folds {
		var train []example
		for _, e := range examples {
			if e.fold != fold {
				train = append(train, e)
			}
		}
		w := fit(train)
		for _, e := range examples {
			if p := probability(w, advisory.Terms(e.features)); e.fold == fold && p > top[e.row].confidence {
				top[e.row] = judged{e.document, p}
			}
		}
	}
	return top
}

// groups are the rows for which a curve is shown.
var groups = []struct {
	name string
	has  func(labelled) bool
}{
	{"all", func(labelled) bool { return true }},
	{"Hindi in Devanagari", func(r labelled) bool { return r.lang == "hi" && !r.romanised() }},
	{"Hindi in Latin letters", labelled.romanised},
}

// curve tells what each threshold would give for the rows of a group.
func curve(rows []labelled, top map[int]judged, has func(labelled) bool) string {
	var b strings.Builder
	b.WriteString("threshold  right  wrong  silent | held  leaked | wrong or leaked of all\n")
	for _, t := range []float64{.1, .2, .3, .4, .5, .55, .6, .65, .7, .75, .8, .85, .9, .95} {
		var n tally
		for i, row := range rows {
			if !has(row) {
				continue
			}
			a := advisory.Answer{Outcome: advisory.Unsure}
			if top[i].confidence >= t {
				a = advisory.Answer{Outcome: advisory.Answered, Citations: []advisory.Citation{{Document: top[i].document}}}
			}
			n.count(row, a)
		}
		fmt.Fprintf(&b, "%9.2f  %5s  %5s  %6s | %4d  %6d | %s\n", t, percent(n.Right, n.Asked), percent(n.Wrong, n.Asked),
			percent(n.Silent, n.Asked), n.Held, n.Leaked, percent(n.Wrong+n.Leaked, n.rows()))
	}
	return b.String()
}
