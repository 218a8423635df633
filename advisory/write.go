package advisory

import (
	"context"
	"slices"
	"strings"
	"time"
)

// write gives the first draft that the guard lets through: the prepared answer where it fits, then each generator's.
// When all fall, the box is unsure.
func (k *ask) write(ctx context.Context, u Understanding, best Scored) error {
	stage := time.Now()
	if fitsPrepared(best) || k.q.Choice != "" || u.Emergency {
		if k.passPrepared(u, best) {
			k.answer.Timings.Write = Milliseconds(stage)
			return nil
		}
	}
	if u.Emergency { // nobody in danger waits for a model
		k.settle(u, message(u, Unsure, Poisoned), best.Document)
		return nil
	}
	for _, g := range k.Generators {
		if written, err := k.generate(ctx, g, u, best); err != nil {
			return err
		} else if written {
			k.answer.Timings.Write = Milliseconds(stage)
			return nil
		}
	}
	if k.passPrepared(u, best) {
		k.answer.Timings.Write = Milliseconds(stage)
		return nil
	}
	k.settle(u, message(u, Unsure, k.whyNothing()), best.Document)
	return nil
}

// whyNothing tells why no draft may be said.
func (k *ask) whyNothing() Reason {
	if slices.ContainsFunc(k.event.Fell, func(f string) bool { return strings.HasSuffix(f, ":"+string(RuleUnapproved)) }) {
		return Unapproved
	}
	return NoEvidence
}

// fitsPrepared reports whether the document's short answer is what was asked for, and not a detail that one passage of its
// body holds much better.
func fitsPrepared(best Scored) bool {
	if best.Question >= thresholds.Prepared || len(best.Passages) == 0 {
		return true
	}
	var answer float64 // score of the short answer among the passages
	for _, p := range best.Passages {
		if p.Section == "" {
			answer = p.Score
		}
	}
	return best.Passages[0].Score < thresholds.Detail*answer || best.Passages[0].Section == ""
}

// pass puts the draft before the guard, and settles the answer if it may be said.
func (k *ask) pass(u Understanding, best Scored, d Draft, passages []Passage) bool {
	stage := time.Now()
	fell := Guard(d, passages, k.standard(u, best))
	k.answer.Timings.Guard += Milliseconds(stage)
	k.fell(d.Tier, fell...)
	if len(fell) == 0 {
		k.settle(u, compose(u, best, d, passages), best.Document)
	}
	return len(fell) == 0
}

// standard is what the guard holds a draft from the best document against.
func (k *ask) standard(u Understanding, best Scored) Standard {
	std := StandardFor(u, best.Document, k.Lexicon, k.Place)
	std.Field = k.Field
	return std
}

// StandardFor gives what a draft from a document in answer to a question is held against, at a place.
func StandardFor(u Understanding, d *Document, lex *Lexicon, place Place) Standard {
	crops := d.Crops
	if len(crops) == 0 {
		crops = append(slices.Clone(u.Crops), AnyCrop)
	}
	return Standard{Lexicon: lex, Country: place.Country, Lang: d.Lang, Crops: crops}
}

// fell records at which rules a draft fell.
func (k *ask) fell(t Tier, rules ...Rule) {
	for _, rule := range rules {
		k.event.Fell = append(k.event.Fell, string(t)+":"+string(rule))
	}
}

// passPrepared puts the document's own short answer before the guard.
func (k *ask) passPrepared(u Understanding, best Scored) bool {
	draft, passages := PreparedDraft(best.Document)
	if !k.pass(u, best, draft, passages) {
		return false
	}
	k.answer.Simple = simpler(best, k.standard(u, best))
	return true
}

// settle makes the answer that of the outcome, with whom to call, keeping the timings and what was said already.
func (k *ask) settle(u Understanding, a Answer, doc *Document) {
	a = a.with(k.Contacts.helpFor(u, a, doc))
	a.Timings, a.Sounds = k.answer.Timings, k.answer.Sounds
	k.document = doc
	if k.q.Hear == nil { // nobody waits for the first part
		a.Speech = join(a.Speech)
	}
	k.answer = a
}

// PreparedDraft is the draft that reads a document's own short answer, and the body of the document as the one passage on which
// it rests.
func PreparedDraft(d *Document) (Draft, []Passage) {
	return ownDraft(d, d.Answer)
}

// ownDraft is the draft of one text of a document's front matter, on the body.
func ownDraft(d *Document, text string) (Draft, []Passage) {
	var texts []string
	for _, s := range d.Sections {
		texts = append(texts, s.Heading, s.Text)
	}
	return Draft{Tier: Prepared, Sentences: []Sentence{{Text: text, Passages: []int{0}}}},
		[]Passage{{Document: d, Text: strings.Join(texts, "\n")}}
}
