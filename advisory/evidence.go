package advisory

import (
	"cmp"
	"math"
	"slices"
)

// Verdict is what the evidence allows to be said.
type Verdict struct {
	Outcome Outcome
	Reason  Reason
	Best    Scored   // for Answered
	Choices []Scored // for Clarify, best first
}

// Scored is a match with the probability that its document answers the question.
type Scored struct {
	Match
	Confidence float64 // 0 to 1
	names      bool    // the question named this document's own pest, disease or practice
}

// maxChoices is the most a person can keep in mind when they hear them read aloud.
const maxChoices = 4

// Weigh judges which of the matches, if any, answers the question: pure, and the same in every language.
func Weigh(u Understanding, matches []Match, place Place, lex *Lexicon) Verdict {
	var here, away []Scored
	for i, m := range matches {
		s := score(u, matches, i, lex)
		if m.Document.HoldsIn(place) {
			here = append(here, s)
		} else {
			away = append(away, s)
		}
	}
	byConfidence := func(a, b Scored) int { return cmp.Compare(b.Confidence, a.Confidence) }
	slices.SortStableFunc(here, byConfidence)
	slices.SortStableFunc(away, byConfidence)
	bar := thresholds.Answer
	if u.Emergency {
		bar = thresholds.Emergency
		if here = firstAid(here); len(here) > 0 && slices.Contains(here[0].Document.Topics, poisoning) {
			return Verdict{Outcome: Answered, Best: here[0]} // it holds whatever crop was sprayed, and whatever seed was eaten
		}
	}
	if len(here) == 0 || here[0].Confidence < bar {
		if len(away) > 0 && away[0].Confidence >= bar {
			return Verdict{Outcome: Unsure, Reason: Elsewhere}
		}
		if len(here) > 0 && !u.Emergency {
			return askBack(u, here, thresholds.Clarify)
		}
		return Verdict{Outcome: Unsure, Reason: NoEvidence}
	}
	if v := askBack(u, here, here[0].Confidence*thresholds.Close); v.Outcome == Clarify && !u.Emergency {
		return v
	}
	return Verdict{Outcome: Answered, Best: here[0]}
}

// poisoning is the topic of the first aid for those whom the emergency rule finds.
const poisoning = "pesticide-poisoning"

// firstAid gives what is first aid for poisoning, or all when nothing is.
func firstAid(here []Scored) []Scored {
	aid := slices.DeleteFunc(slices.Clone(here), func(s Scored) bool { return !slices.Contains(s.Document.Topics, poisoning) })
	if len(aid) == 0 {
		return here
	}
	return aid
}

// askBack offers the documents from the floor up when they are more than one and part by crop (and none was named), or are
// look-alike diagnoses of a question that names none of them; else it is unsure.
func askBack(u Understanding, here []Scored, floor float64) Verdict {
	var close []Scored
	for _, s := range here {
		if s.Confidence >= floor && len(close) < maxChoices && (len(close) == 0 || alike(close[0], s)) {
			close = append(close, s)
		}
	}
	if len(close) < 2 || close[0].names {
		return Verdict{Outcome: Unsure, Reason: NoEvidence}
	}
	reason := WhichProblem
	if len(u.Crops)+len(u.Animals) == 0 && !shareCrop(close[0].Document, close[1].Document) {
		reason = WhichCrop
	}
	return Verdict{Outcome: Clarify, Reason: reason, Choices: close}
}

// alike reports whether two documents are a matter of telling apart: of the same kind, and each a diagnosis.
func alike(a, b Scored) bool {
	return diagnosis(a.Document) && diagnosis(b.Document)
}

func diagnosis(d *Document) bool {
	return d.Kind == "pest" || d.Kind == "disease" || d.Kind == "animal-health"
}

func shareCrop(a, b *Document) bool {
	return overlap(slices.Concat(a.Crops, a.Animals), slices.Concat(b.Crops, b.Animals))
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// score gives the probability that matches[i] answers, by logistic regression on the terms of its features.
func score(u Understanding, matches []Match, i int, lex *Lexicon) Scored {
	f := Features(u, matches, i, lex)
	s := Scored{Match: matches[i], names: overlap(u.Problems, matches[i].Document.Topics)}
	if f[featConflict] > 0 { // never the advice for another crop
		return s
	}
	var z float64
	for k, x := range Terms(f) {
		z += weights[k] * x
	}
	s.Confidence = 1 / (1 + math.Exp(-z))
	return s
}
