package main

import (
	"context"
	"slices"
	"testing"

	"jembe/advisory"
	"jembe/rag"
)

// leastQuoted is the share of the quotes that must pass the guard in every language, with the cautions that they owe.
const leastQuoted = 0.9

// quotedTally counts what became of quotes in one language.
type quotedTally struct {
	quotes, bare, whole int // made; of those passed as chosen, and with the cautions they owe
	fell                map[advisory.Rule]int
}

// TestQuotesPassTheGuard quotes every document of the library in answer to its own questions, as where no prepared answer fits.
func TestQuotesPassTheGuard(t *testing.T) {
	b, err := openBox(t.Context(), &program{stderr: t.Output()}, &cli{Data: t.TempDir()}, boxNeeds{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	tallies := map[advisory.Lang]*quotedTally{}
	for i, d := range b.loaded.Load().Documents {
		if !*full && i%12 != 0 {
			continue
		}
		if tallies[d.Lang] == nil {
			tallies[d.Lang] = &quotedTally{fell: map[advisory.Rule]int{}}
		}
		for _, question := range d.Questions {
			tallies[d.Lang].quote(t, b, d, question)
		}
	}
	for _, lang := range advisory.MessageLangs() {
		n := tallies[lang]
		t.Logf("%s: of %d quotes %d pass as chosen, %d with the cautions they owe (%s); fell at %v", lang, n.quotes, n.bare, n.whole, percent(n.whole, n.quotes), n.fell)
		if float64(n.whole) < leastQuoted*float64(n.quotes) || n.quotes == 0 {
			t.Errorf("%s: %d of %d quotes pass", lang, n.whole, n.quotes)
		}
	}
}

// quote adds what becomes of the quote of a document in answer to a question.
func (n *quotedTally) quote(t *testing.T, b *box, d *advisory.Document, question string) {
	t.Helper()
	library := b.library.Load()
	u := advisory.Understand(question, d.Lang, library.Lexicon)
	query := u.Query()
	query.Document = d.ID
	found, err := library.Retriever.Retrieve(context.Background(), query)
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %d found, %v", d.ID, len(found), err)
	}
	passages := found[0].Passages
	draft, err := (rag.Quote{Passages: 1}).Generate(context.Background(), advisory.DraftRequest{Question: u.Text, Lang: d.Lang, Passages: passages})
	if err != nil {
		t.Fatal(err)
	}
	if len(draft.Sentences) == 0 {
		return
	}
	n.quotes++
	std := advisory.StandardFor(u, d, library.Lexicon, b.advisor.Setting().Place)
	if len(advisory.Guard(draft, passages, std)) == 0 {
		n.bare++
	}
	draft.Sentences = append(slices.Clone(draft.Sentences), advisory.Owed(draft, passages, std)...)
	fell := advisory.Guard(draft, passages, std)
	if len(fell) == 0 {
		n.whole++
	}
	for _, rule := range fell {
		n.fell[rule]++
	}
}
