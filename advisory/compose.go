package advisory

import (
	"fmt"
	"strings"
)

// compose makes the Answer of a verdict that answers, from the sentences that passed the guard.
func compose(u Understanding, best Scored, d Draft, passages []Passage) Answer {
	doc := best.Document
	a := Answer{Outcome: Answered, Tier: d.Tier, Lang: doc.Lang, Reviewed: doc.Status == Reviewed, Speech: opening(u, best)}
	var texts []string
	cited := map[string]bool{}
	for _, s := range d.Sentences {
		texts = append(texts, s.Text)
		a.Speech = append(a.Speech, Speech{Lang: doc.Lang, Text: s.Text, Advice: true})
		for _, i := range s.Passages {
			p := passages[i]
			key := p.Document.ID + "\x00" + p.Section
			if !cited[key] {
				cited[key] = true
				a.Citations = append(a.Citations, cite(p, best.Confidence))
			}
			a.Reviewed = a.Reviewed && p.Document.Status == Reviewed
		}
	}
	a.Text = strings.Join(texts, " ")
	if mayBe(best) && doc.Check != "" {
		check := Say(doc.Lang, "check", "check", doc.Check)
		a.Text += " " + check
		a.Speech = append(a.Speech, Speech{Lang: doc.Lang, Text: check, Advice: true})
	}
	closing := Say(doc.Lang, "source", "source", a.Citations[0].Source) + " " + Say(doc.Lang, reviewKey(a.Reviewed))
	a.Speech = append(a.Speech, Speech{Lang: doc.Lang, Text: closing})
	texts = nil
	for _, s := range a.Speech {
		texts = append(texts, s.Text)
	}
	a.Spoken = strings.Join(texts, " ")
	return a
}

// opening is what is said before any advice, whoever writes it: in which language it is where that is not the asker's, and what
// was understood.
func opening(u Understanding, best Scored) []Speech {
	lang := best.Document.Lang
	understood := Speech{Lang: lang, Text: open(best)}
	if lang == u.Lang {
		return []Speech{understood}
	}
	return []Speech{{Lang: u.Lang, Text: Say(u.Lang, "foreign", "language", LangName(u.Lang, lang))}, understood}
}

func reviewKey(reviewed bool) string {
	if reviewed {
		return "reviewed"
	}
	return "unreviewed"
}

// open says what was understood.
func open(best Scored) string {
	key := "opening"
	if mayBe(best) {
		key = "opening_may_be"
	}
	return Say(best.Document.Lang, key, "about", best.Document.Title)
}

// mayBe reports whether the document is of a disease or pest that the farmer did not name: a symptom is not a diagnosis.
func mayBe(best Scored) bool {
	return diagnosis(best.Document) && !best.names
}

// cite makes the citation of a passage.
func cite(p Passage, confidence float64) Citation {
	return Citation{
		Document: p.Document.ID, Lang: p.Document.Lang, Title: p.Document.Title, Section: p.Section,
		Source: p.Document.Sources[0].Cited(), Score: confidence,
	}
}

// join gives the speech with neighbours of one language and kind joined, so that the voice sounds of one piece.
func join(parts []Speech) []Speech {
	var out []Speech
	for _, p := range parts {
		if n := len(out); n > 0 && out[n-1].Lang == p.Lang && out[n-1].Advice == p.Advice {
			out[n-1].Text += " " + p.Text
		} else {
			out = append(out, p)
		}
	}
	return out
}

// message makes the Answer of any other outcome: a text of the catalog in the asker's language.
func message(u Understanding, outcome Outcome, reason Reason) Answer {
	text := Say(u.Lang, string(outcome)+"_"+string(reason))
	return Answer{Outcome: outcome, Reason: reason, Lang: u.Lang, Text: text, Spoken: text, Speech: []Speech{{Lang: u.Lang, Text: text}}}
}

// askWhich makes the Answer of a verdict that asks back. Choices are named by their crop when that is what is asked, each
// crop once, else by the document's title.
func askWhich(u Understanding, v Verdict, lex *Lexicon) Answer {
	a := message(u, Clarify, v.Reason)
	seen := map[string]bool{}
	for _, s := range v.Choices {
		label := s.Document.Title
		if own := append(s.Document.Crops, s.Document.Animals...); v.Reason == WhichCrop && len(own) > 0 {
			label = lex.Name(own[0], u.Lang)
		}
		if !seen[label] {
			seen[label] = true
			a.Choices = append(a.Choices, Choice{Value: s.Document.ID, Label: label})
		}
	}
	for i, c := range a.Choices {
		a.Spoken += " " + Say(u.Lang, "choice", "number", fmt.Sprint(i+1), "label", c.Label)
	}
	a.Speech = []Speech{{Lang: u.Lang, Text: a.Spoken}}
	return a
}
