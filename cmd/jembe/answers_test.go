package main

import (
	"encoding/json"
	"testing"

	"jembe/advisory"
)

// The figures that our own questions must reach, in every language. Nobody who wrote the documents wrote these questions.
const (
	leastRight = 0.90 // of the questions that a document answers
	mostWrong  = 0.03 // answered wrongly, over all rows
)

func TestAnswersHoldTheirFigures(t *testing.T) {
	r := jembe(t, t.TempDir(), "eval", "answers", "--json", "testdata/questions.tsv")
	var got answersReport
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
		t.Fatalf("%v: %s", err, r.stderr)
	}
	t.Log(got.String())
	if len(got.ByLang) != len(advisory.MessageLangs()) {
		t.Errorf("questions in %d languages", len(got.ByLang))
	}
	rows := got.Asked + got.Held + got.Clarified + got.Leaked
	if wrong := float64(got.Wrong+got.Leaked) / float64(rows); wrong > mostWrong {
		t.Errorf("wrong %.3f, want at most %.2f", wrong, mostWrong)
	}
	for lang, n := range got.ByLang {
		if right := float64(n.Right) / float64(n.Asked); right < leastRight {
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
