package rag

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/philippgille/chromem-go"

	"jembe/advisory"
)

// benchPassages is the size of a large library.
const benchPassages = 10_000

// generated makes a library of passages of made-up words, distributed as words are (Zipf's law): documents of a title of 5 words, 6
// questions of 8, a short answer of 40 and 8 passages of 80.
func generated(passages int) []*advisory.Document {
	g := newGenerator()
	var docs []*advisory.Document
	for len(docs)*8 < passages {
		d := &advisory.Document{ID: "topic-" + strconv.Itoa(len(docs)), Lang: "en", Title: g.sentence(5), Answer: g.sentence(40)}
		for range 6 {
			d.Questions = append(d.Questions, g.sentence(8))
		}
		for range 8 {
			var text []string
			for range 6 {
				text = append(text, g.sentence(13)+".")
			}
			d.Sections = append(d.Sections, advisory.Section{Heading: g.sentence(2), Text: strings.Join(text, " ")})
		}
		docs = append(docs, d)
	}
	return docs
}

// generator makes text of 40,000 made-up words; the same text every time.
type generator struct {
	words []string
	zipf  *rand.Zipf
}

func newGenerator() *generator {
	r := rand.New(rand.NewPCG(1, 2))
	g := &generator{zipf: rand.NewZipf(r, 1.1, 8, 39_999)}
	syllables := strings.Fields(`ba be bi bo bu da de di do ka ke ki ko ku la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se
		si so ta te ti to va ve wa we ya yo za`)
	for range 40_000 {
		var w strings.Builder
		for range 2 + r.IntN(3) {
			w.WriteString(syllables[r.IntN(len(syllables))])
		}
		g.words = append(g.words, w.String())
	}
	return g
}

func (g *generator) sentence(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = g.words[g.zipf.Uint64()]
	}
	return strings.Join(words, " ")
}

// questions makes n questions of 6 to 14 words.
func (g *generator) questions(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = g.sentence(6 + i%9)
	}
	return out
}

// timed asks b.N questions, reports the median and the 95th percentile in milliseconds, and gives the median.
func timed(b *testing.B, ask func(question string) error) float64 {
	b.Helper()
	questions := newGenerator().questions(200)
	took := make([]float64, 0, b.N)
	b.ResetTimer()
	for i := range b.N {
		start := time.Now()
		if err := ask(questions[i%len(questions)]); err != nil {
			b.Fatal(err)
		}
		took = append(took, advisory.Milliseconds(start))
	}
	b.StopTimer()
	slices.Sort(took)
	median := quantile(took, 0.5)
	b.ReportMetric(median, "p50-ms")
	b.ReportMetric(quantile(took, 0.95), "p95-ms")
	b.ReportMetric(0, "ns/op") // says no more than the two above
	return median
}

// BenchmarkSearch asks the same questions of our index and of three others that hold the same passages. The ratio is the other's
// median over ours: above 1 we are faster.
func BenchmarkSearch(b *testing.B) {
	docs := generated(benchPassages)
	var texts []string
	for _, d := range docs {
		for _, u := range units(d) {
			if u.kind == passageUnit {
				texts = append(texts, u.searched())
			}
		}
	}
	ix := open(b, docs, Options{})
	ours := 0.0
	b.Run("jembe", func(b *testing.B) {
		ours = timed(b, func(question string) error {
			_, err := ix.Retrieve(context.Background(), advisory.Query{Text: question, Lang: "en", Limit: 8})
			return err
		})
	})
	for _, other := range []struct {
		name string
		make func(*testing.B, []string) func(string) error
	}{{"fts5", fts5}, {"chromem", plainChromem}, {"bleve", bleveIndex}} {
		ask := other.make(b, texts)
		b.Run(other.name, func(b *testing.B) {
			theirs := timed(b, ask)
			if ours > 0 {
				b.ReportMetric(theirs/ours, "times-ours")
			}
		})
	}
}

// fts5 is SQLite's full-text index with the tokenizer that keeps words whole, and Porter's stemmer.
func fts5(b *testing.B, texts []string) func(string) error {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "fts5.db"))
	check(b, err)
	b.Cleanup(func() { check(b, db.Close()) })
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`CREATE VIRTUAL TABLE t USING fts5(body, tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'")`)
	check(b, err)
	tx, err := db.Begin()
	check(b, err)
	for _, text := range texts {
		_, err := tx.Exec(`INSERT INTO t (body) VALUES (?)`, text)
		check(b, err)
	}
	check(b, tx.Commit())
	return func(question string) error {
		rows, err := db.Query(`SELECT rowid, bm25(t) FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT 8`, `"`+strings.Join(strings.Fields(question), `" OR "`)+`"`)
		if err != nil {
			return err
		}
		for rows.Next() {
			var id int
			var score float64
			if err := rows.Scan(&id, &score); err != nil {
				return err
			}
		}
		return rows.Close()
	}
}

// plainChromem is chromem-go with our vectors and nothing else.
func plainChromem(b *testing.B, texts []string) func(string) error {
	b.Helper()
	embed := func(_ context.Context, text string) ([]float32, error) { return hashedVector(text), nil }
	col, err := chromem.NewDB().CreateCollection("passages", nil, embed)
	check(b, err)
	for i, text := range texts {
		check(b, col.AddDocument(context.Background(), chromem.Document{ID: strconv.Itoa(i), Content: text}))
	}
	return func(question string) error {
		_, err := col.Query(context.Background(), question, 8, nil, nil)
		return err
	}
}

// bleveIndex is bleve in memory with its standard mapping.
func bleveIndex(b *testing.B, texts []string) func(string) error {
	b.Helper()
	index, err := bleve.NewMemOnly(bleve.NewIndexMapping())
	check(b, err)
	b.Cleanup(func() { check(b, index.Close()) })
	for chunk := range slices.Chunk(texts, 500) {
		batch := index.NewBatch()
		for _, text := range chunk {
			check(b, batch.Index(strconv.Itoa(batch.Size())+text[:20], map[string]string{"body": text}))
		}
		check(b, index.Batch(batch))
	}
	return func(question string) error {
		_, err := index.Search(bleve.NewSearchRequestOptions(bleve.NewMatchQuery(question), 8, 0, false))
		return err
	}
}

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkOpen opens the index from its cache, as at every start, and without one, as at the first.
func BenchmarkOpen(b *testing.B) {
	docs := generated(benchPassages)
	warm := b.TempDir()
	open(b, docs, Options{Cache: warm})
	for _, c := range []struct {
		name string
		dir  func() string
	}{{"warm", func() string { return warm }}, {"cold", b.TempDir}} {
		b.Run(c.name, func(b *testing.B) {
			start := time.Now()
			n := min(b.N, 5) // each takes a second: more say no more
			for range n {
				open(b, docs, Options{Cache: c.dir()})
			}
			b.ReportMetric(time.Since(start).Seconds()/float64(n), "s/open")
			b.ReportMetric(0, "ns/op")
		})
	}
}
