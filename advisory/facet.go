package advisory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What is quoted of a section: whole list items, because a caution stands in the item it belongs to.
const (
	facetWords = 60 // after which no further item is added: about 25 s of speech
	facetItems = 3
)

// item is a paragraph or list item of a section, with the line that leads it in.
type item struct {
	passage, at int
	section     int // its place among the headings of the facet
	text        string
	score       int // how well it tells a quantity
	shared      int // words in common with what is asked about
}

// followUp takes up how a question leans on the one before it: either it is answered from the document that was, or what is given back
// is the question made whole.
func (k *ask) followUp(ctx context.Context, u Understanding) (Understanding, bool, error) {
	how := u.leans(k.q.Before, k.Lexicon)
	if how.facet != nil {
		if answered, err := k.follow(ctx, u, how); err != nil || answered {
			k.turn = k.q.Before
			return u, answered, err
		}
	}
	if how.text != "" {
		u = u.whole(how.text, k.Lexicon)
		k.event.Concepts = u.Concepts()
	}
	k.turn = Turn{Text: u.Search, Lang: u.Written}
	return u, false, nil
}

// leansOn reports whether what was heard follows up the question before: such words alone sound like no farm question.
func (k *ask) leansOn(text string) bool {
	u := Understand(text, k.q.Lang, k.Lexicon)
	how := u.leans(k.q.Before, k.Lexicon)
	return how.facet != nil || how.text != ""
}

// follow answers a follow-up from the document that answered before: with what its sections say on the facet, where the guard lets that
// through, else with its short answer. It reports false when the document is there no more, or does not tell of the thing asked for.
func (k *ask) follow(ctx context.Context, u Understanding, how leaning) (bool, error) {
	stage := time.Now()
	found, err := k.Retriever.Retrieve(ctx, Query{Document: k.q.Before.Document, Lang: u.Lang, Limit: 1})
	if err != nil {
		return false, fmt.Errorf("retrieve: %w", err)
	}
	k.answer.Timings.Retrieve = Milliseconds(stage)
	if len(found) == 0 || !found[0].Document.HoldsIn(k.Place) {
		return false, nil
	}
	best := Scored{Match: found[0], Confidence: 1, names: true} // what it is was said before
	draft, passages := how.facet.quote(best.Document, how.of, nameKeys(k.q.Before.Text))
	if len(draft.Sentences) == 0 && len(how.of) > 0 {
		return false, nil
	}
	if len(draft.Sentences) > 0 {
		draft.Sentences = append(draft.Sentences, Owed(draft, passages, k.standard(u, best))...)
		if k.pass(u, best, draft, passages) {
			return true, nil
		}
	}
	if !k.passPrepared(u, best) {
		k.settle(u, message(u, Unsure, k.whyNothing()), best.Document)
	}
	return true, nil
}

// quote gives the items of a document that tell the facet, in their order, and the sections they stand in. Where a quantity is wanted
// it is the one item that tells it best, and of what it is asked where that was said; else they are those that come first.
func (f *facet) quote(d *Document, of, before []string) (Draft, []Passage) {
	var passages []Passage
	var items []item
	for _, s := range d.Sections {
		if slices.Contains(f.sections, s.Heading) {
			found := f.items(s.Text, d.Lang, slices.Concat(of, before))
			for i := range found {
				found[i].passage, found[i].section = len(passages), slices.Index(f.sections, s.Heading)
			}
			items = append(items, found...)
			passages = append(passages, Passage{Document: d, Section: s.Heading, Text: s.Text})
		}
	}
	if len(of) > 0 {
		items = slices.DeleteFunc(items, func(it item) bool { return shared(it.text, d.Lang, of) == 0 })
	}
	if f.measured != "" {
		slices.SortStableFunc(items, func(a, b item) int {
			return cmp.Or(cmp.Compare(b.score+min(b.shared, 3), a.score+min(a.shared, 3)), cmp.Compare(a.section, b.section))
		})
	}
	var chosen []item
	words := 0
	for _, it := range items {
		n := len(strings.Fields(it.text))
		if len(chosen) == facetItems || len(chosen) > 0 && (f.measured != "" || words+n > facetWords) {
			break
		}
		chosen, words = append(chosen, it), words+n
	}
	slices.SortFunc(chosen, func(a, b item) int { return cmp.Or(a.passage-b.passage, a.at-b.at) })
	draft := Draft{Tier: Quoted}
	for _, it := range chosen {
		draft.Sentences = append(draft.Sentences, Sentence{Text: it.text, Passages: []int{it.passage}})
	}
	return draft, passages
}

// items cuts a section into the items that may tell the facet.
func (f *facet) items(text string, lang Lang, about []string) []item {
	var out []item
	lead := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			continue
		case strings.HasSuffix(line, ":"):
			lead = line + " "
			continue
		}
		it := item{at: i, text: lead + line}
		if last := []rune(line); !EndsSentence(last[len(last)-1]) {
			it.text += "." // a list item: the voice shall pause after it
		}
		if f.measured == "" {
			lead = "" // said once
		} else if it.score = f.measured.in(line, lang); it.score == 0 {
			continue
		}
		it.shared = shared(line, lang, about)
		out = append(out, it)
	}
	return out
}

// in is how well a line tells a quantity: 0 when it tells none.
func (m measured) in(line string, lang Lang) int {
	score := 0
	for _, found := range Measures(line, lang) {
		switch weighed := found.Unit == "g" || found.Unit == "ml"; {
		case m == aDistance && found.Unit == "m":
			score = 1
		case m == anAmount && (weighed || len(found.Per) > 0):
			score = max(score, 2+min(1, len(found.Per)))
		}
	}
	if m == anAmount && len(places(followups.vessels, Words(line), nameKeys(line))) > 0 {
		score = max(score, 2)
	}
	return score
}

// shared counts the words of a line, function words apart, that are among the keys.
func shared(line string, lang Lang, about []string) int {
	n, keys := 0, nameKeys(line)
	for i, key := range keys {
		if slices.Contains(about, key) && !slices.Contains(keys[:i], key) && !slices.Contains(functionWords[lang], key) {
			n++
		}
	}
	return n
}

// remembered is what the session keeps of the question: nothing of one that was refused or that nothing here may answer.
func (k *ask) remembered() Turn {
	if k.answer.Outcome == Refused || k.answer.Reason == Poisoned || k.answer.Reason == CallVet || k.turn.Text == "" {
		return Turn{}
	}
	t := k.turn
	if len(k.answer.Citations) > 0 {
		t.Document = k.answer.Citations[0].Document
	} else {
		t.Document = ""
	}
	return t
}
