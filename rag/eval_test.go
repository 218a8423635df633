package rag

import (
	"math"
	"path/filepath"
	"strings"
	"testing"
)

const (
	goodCorpus  = `{"_id":"d1","title":"Maize","text":"Worms eat maize.","lang":"en"}` + "\n\n" + `{"_id":"d2","title":"","text":"Goats eat leaves.","lang":"en"}` + "\n"
	goodQueries = `{"_id":"q1","text":"maize worms","lang":"en","crop":"more fields do no harm"}` + "\n" + `{"_id":"q2","text":"no judgement","lang":"en"}` + "\n"
	goodGrades  = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td9\t1\nq2\td2\t0\n"
)

func collectionDir(t *testing.T, corpus, queries, grades string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"corpus.jsonl": corpus, "queries.jsonl": queries, "qrels.tsv": grades} {
		if text != "" {
			write(t, filepath.Join(dir, name), []byte(text))
		}
	}
	return dir
}

func TestEvalRetrieval(t *testing.T) {
	r, err := EvalRetrieval(collectionDir(t, goodCorpus, "\ufeff"+strings.ReplaceAll(goodQueries, "\n", "\r\n"), goodGrades), nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Queries != 1 || r.Documents != 2 || r.NDCG != 1 || r.Recall != 1 || r.MRR != 1 || r.P95 < r.P50 || r.Index <= 0 {
		t.Errorf("%+v", r)
	}
}

func TestEvalRetrievalTellsWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct{ corpus, queries, grades, want string }{
		"no corpus":     {"", goodQueries, goodGrades, "corpus.jsonl"},
		"no queries":    {goodCorpus, "", goodGrades, "queries.jsonl"},
		"no grades":     {goodCorpus, goodQueries, "", "qrels.tsv"},
		"broken line":   {goodCorpus + "{", goodQueries, goodGrades, "corpus.jsonl:4:"},
		"no id":         {goodCorpus, `{"text":"x"}`, goodGrades, `queries.jsonl:1: no "_id"`},
		"id twice":      {goodCorpus + goodCorpus, goodQueries, goodGrades, `corpus.jsonl:4: document "d1" stands twice`},
		"two fields":    {goodCorpus, goodQueries, goodGrades + "q1\td1\n", "qrels.tsv:5: want 3 fields"},
		"no number":     {goodCorpus, goodQueries, goodGrades + "q1\td1\tmuch\n", `qrels.tsv:5: the grade "much"`},
		"nothing fits":  {goodCorpus, goodQueries, "query-id\tcorpus-id\tscore\nq9\td1\t1\n", "no query"},
		"too long line": {strings.Repeat("x", maxLine+1), goodQueries, goodGrades, "corpus.jsonl:1:"},
	} {
		_, err := EvalRetrieval(collectionDir(t, c.corpus, c.queries, c.grades), nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", name, err, c.want)
		}
	}
}

func TestMeasures(t *testing.T) {
	var r Report
	// Wanted: a (grade 2), b and c (1). Found: x, b, a.
	r.add([]string{"x", "b", "a"}, map[string]int{"a": 2, "b": 1, "c": 1})
	dcg := 1/math.Log2(3) + 3/math.Log2(4)
	ideal := 3/math.Log2(2) + 1/math.Log2(3) + 1/math.Log2(4)
	if math.Abs(r.NDCG-dcg/ideal) > 1e-12 || math.Abs(r.Recall-2.0/3) > 1e-12 || r.MRR != 0.5 {
		t.Errorf("%+v", r)
	}
	if q := quantile([]float64{1, 2, 3, 4}, 0.5); q != 2 {
		t.Errorf("median %v", q)
	}
	if q := quantile([]float64{1, 2, 3, 4}, 0.95); q != 4 {
		t.Errorf("p95 %v", q)
	}
}

func FuzzCollectionLine(f *testing.F) {
	f.Add([]byte(goodCorpus))
	f.Add([]byte("{\x00\xff\n[1]\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_ = scanLines(strings.NewReader(string(raw)), func(line []byte) error {
			if l, err := parseLine(line); err == nil && l.ID == "" {
				t.Error("a line without an id is taken")
			}
			return nil
		})
	})
}

func FuzzGrade(f *testing.F) {
	f.Add("q1\td1\t2")
	f.Add("q1\td1\t-99999999999999999999")
	f.Fuzz(func(t *testing.T, text string) {
		if _, _, grade, err := parseGrade(text); err == nil && (grade < 0 || math.IsInf(gain(grade, 0), 0)) {
			t.Errorf("%q has grade %d", text, grade)
		}
	})
}

// Statements of any text keep its words, and none is empty.
func FuzzStatements(f *testing.F) {
	f.Add("Do this:\n\nFirst. Then rest.\nSecond!\n\nWell. It is. 2.5 kg।")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range statements(text, "en") {
			if strings.TrimSpace(s.text) == "" {
				t.Errorf("an empty statement in %q", text)
			}
		}
	})
}
