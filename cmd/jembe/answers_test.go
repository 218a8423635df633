package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
)

// The figures that our own questions must reach, in every language. Nobody who wrote the documents wrote these questions.
const (
	leastRight = 0.90 // of the questions that a document answers
	mostWrong  = 0.03 // answered wrongly, over all rows
)

func TestAnswersHoldTheirFigures(t *testing.T) {
	r := jembe(t, t.TempDir(), "eval", "answers", "--json", share(t, "testdata/questions.tsv"))
	var got answersReport
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
		t.Fatalf("%v: %s", err, r.stderr)
	}
	t.Log(got.String())
	if len(got.ByLang) != len(advisory.MessageLangs()) {
		t.Errorf("questions in %d languages", len(got.ByLang))
	}
	rows := got.Asked + got.Held + got.Clarified + got.Leaked
	if wrong := float64(got.Wrong+got.Leaked) / float64(rows); wrong > mostWrong+chance() {
		t.Errorf("wrong %.3f, want at most %.2f", wrong, mostWrong)
	}
	for lang, n := range got.ByLang {
		if right := float64(n.Right) / float64(n.Asked); right < leastRight-chance() {
			t.Errorf("%s: right %.3f, want %.2f", lang, right, leastRight)
		}
	}
}

func TestOutOfScopeIsNeverAnswered(t *testing.T) {
	r := jembe(t, t.TempDir(), "eval", "answers", "--json", "testdata/out_of_scope.tsv")
	var got answersReport
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
		t.Fatalf("%v: %s", err, r.stderr)
	}
	if got.Leaked > 0 || got.Held == 0 || got.Asked > 0 {
		t.Errorf("%+v", got.tally)
	}
}

// share gives a file with every sixth row of another, or with all in the long form: all of them take minutes under the race detector.
func share(t *testing.T, path string) string {
	t.Helper()
	if *full {
		return path
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i, row := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if i%6 == 0 {
			out = append(out, row)
		}
	}
	sample := filepath.Join(t.TempDir(), "sample.tsv")
	if err := os.WriteFile(sample, []byte(strings.Join(out, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return sample
}

// chance is how far a sixth of the questions may lie from all of them: two standard deviations of 0.9 in 100 rows of a language are
// 0.06, and less is taken.
func chance() float64 {
	if *full {
		return 0
	}
	return 0.04
}
