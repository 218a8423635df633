package advisory

// SimpleDraft is the draft that reads a document's simpler text, on the body of the document as PreparedDraft does with its answer.
func SimpleDraft(d *Document) (Draft, []Passage) { return ownDraft(d, d.Simple) }

// simpler is what is said to whoever finds a prepared answer hard: the document's simpler text, with what no answer of it goes without,
// the "may be" and the check of a diagnosis that the farmer did not name. None where nobody has written one, or the guard stops it.
func simpler(best Scored, std Standard) []Speech {
	doc := best.Document
	if doc.Simple == "" {
		return nil
	}
	draft, passages := SimpleDraft(doc)
	if len(Guard(draft, passages, std)) > 0 {
		return nil
	}
	out := []Speech{{Lang: doc.Lang, Text: doc.Simple, Advice: true}}
	if mayBe(best) {
		out = append([]Speech{{Lang: doc.Lang, Text: open(best)}}, out...)
		if doc.Check != "" {
			out = append(out, Speech{Lang: doc.Lang, Text: Say(doc.Lang, "check", "check", doc.Check), Advice: true})
		}
	}
	return out
}

// Warnings counts the words of a text that warn, such as "never", "do not" and "keep children away": a shorter text must not have fewer.
func Warnings(text string, lang Lang, lex *Lexicon) int {
	n := 0
	for _, s := range read(text, lang, lex) {
		for _, h := range s.signs {
			if h.list == listCaution {
				n++
			}
		}
	}
	return n
}
