package advisory

import "slices"

// inDoubt reports whether a word in doubt is one on which the answer hangs: a crop or animal that the document is of, a chemical, or a
// number. Whoever is in danger, or whose animal dies, is never held up by it.
func inDoubt(u Understanding, d *Document, lex *Lexicon) bool {
	if len(u.Doubtful) == 0 || u.Emergency || u.Despair || u.Dying {
		return false
	}
	doubted := func(w string) bool { return slices.Contains(u.Doubtful, w) }
	words, of := Words(u.Search), slices.Concat(d.Crops, d.Animals)
	for _, m := range u.Mentions {
		matters := m.Concept.Kind == Input || m.Concept.living() && related(m.Concept.ID, of, lex)
		if matters && slices.ContainsFunc(words[m.At:m.End], doubted) {
			return true
		}
	}
	for _, c := range Chemicals(u.Search) {
		if c.End <= len(words) && slices.ContainsFunc(words[c.At:c.End], doubted) {
			return true
		}
	}
	return slices.ContainsFunc(Measures(u.Search, u.Written), func(m Measure) bool {
		return m.At < len(words) && slices.ContainsFunc(words[m.At:min(m.End, len(words))], doubted)
	})
}

// readBack says what was heard, and asks whether it is right. Yes is the document that then answers, so that it needs no memory.
func readBack(u Understanding, d *Document) Answer {
	text := Say(u.Lang, string(Clarify)+"_"+string(Confirm), "text", u.Search)
	a := Answer{Outcome: Clarify, Reason: Confirm, Lang: u.Lang, Text: text, Choices: []Choice{
		{Value: d.ID, Label: Say(u.Lang, "yes")},
		{Value: No, Label: Say(u.Lang, "no")},
	}}
	a.Spoken = text + " " + Say(u.Lang, "confirm_how")
	a.Speech = []Speech{{Lang: u.Lang, Text: a.Spoken}}
	return a
}
