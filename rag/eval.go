package rag

import (
	"context"
	"math"
	"slices"
	"time"

	"jembe/advisory"
)

// Report is what an evaluation of retrieval found. NDCG, Recall and MRR are means over the queries, 0 to 1.
type Report struct {
	Queries   int     `json:"queries"`
	Documents int     `json:"documents"`
	NDCG      float64 `json:"ndcg_at_10"`
	Recall    float64 `json:"recall_at_5"`
	MRR       float64 `json:"mrr_at_10"`
	P50       float64 `json:"p50_ms"`  // median time of a query
	P95       float64 `json:"p95_ms"`  // time within which 95 of 100 queries are done
	Index     float64 `json:"index_s"` // time to build the index, in memory
}

// evalDepth is the number of results that are judged.
const evalDepth = 10

// EvalRetrieval measures the search on a test collection in the manner of BEIR: dir holds corpus.jsonl {_id, title, text, lang},
// queries.jsonl {_id, text, lang} and qrels.tsv (query, document, grade; one header line). It runs the product's index in the
// product's configuration, without a lexicon. The gain of a grade is 2^grade-1. Queries without a relevant document in the corpus
// are left out. The progress may be nil.
func EvalRetrieval(dir string, progress Progress) (Report, error) {
	set, err := readCollection(dir)
	if err != nil {
		return Report{}, err
	}
	start := time.Now()
	ix, err := Open(context.Background(), set.documents, advisory.NewLexicon(nil), Options{Progress: progress})
	if err != nil {
		return Report{}, err
	}
	r := Report{Queries: len(set.queries), Documents: len(set.documents), Index: time.Since(start).Seconds()}
	took := make([]float64, 0, len(set.queries))
	for _, q := range set.queries {
		start := time.Now()
		matches, err := ix.Retrieve(context.Background(), advisory.Query{Text: q.text, Lang: q.lang, Limit: evalDepth})
		if err != nil {
			return Report{}, err
		}
		took = append(took, advisory.Milliseconds(start))
		ids := make([]string, len(matches))
		for i, m := range matches {
			ids[i] = m.Document.ID
		}
		r.add(ids, set.grades[q.id])
	}
	n := float64(len(set.queries))
	r.NDCG, r.Recall, r.MRR = r.NDCG/n, r.Recall/n, r.MRR/n
	slices.Sort(took)
	r.P50, r.P95 = quantile(took, 0.5), quantile(took, 0.95)
	return r, nil
}

// add counts one query's ranked documents against their grades, of which at least one is above zero.
func (r *Report) add(ranked []string, grades map[string]int) {
	var dcg, ideal float64
	found, first := 0, 0
	for i, id := range ranked[:min(evalDepth, len(ranked))] {
		if grades[id] <= 0 {
			continue
		}
		dcg += gain(grades[id], i)
		if i < 5 {
			found++
		}
		if first == 0 {
			first = i + 1
		}
	}
	var best []int
	for _, g := range grades {
		if g > 0 {
			best = append(best, g)
		}
	}
	slices.Sort(best)
	slices.Reverse(best)
	for i, g := range best[:min(evalDepth, len(best))] {
		ideal += gain(g, i)
	}
	r.NDCG += dcg / ideal
	r.Recall += float64(found) / float64(len(best))
	if first > 0 {
		r.MRR += 1 / float64(first)
	}
}

// gain is what a document of the grade is worth at a rank counted from 0 (Burges et al. 2005).
func gain(grade, rank int) float64 {
	return (math.Pow(2, float64(grade)) - 1) / math.Log2(float64(rank+2))
}

// quantile gives the value below which a share q of the sorted values lies, by nearest rank.
func quantile(sorted []float64, q float64) float64 {
	return sorted[max(0, int(math.Ceil(q*float64(len(sorted))))-1)]
}
