package advisory

import (
	"context"
	"fmt"
	"slices"
)

// Recall gives the prepared answer of a document as it stands now to whoever was given it before, past the same guard; and what the
// document says on keeping the trouble from coming back, none where it says nothing. Nothing is recorded. NotFound: the document is no
// longer here, does not hold at this place, or may no longer be said.
func (a *Advisor) Recall(ctx context.Context, document string, lang Lang) (answer Answer, next []Speech, err error) {
	k := a.begin(Question{Choice: document, Lang: lang})
	found, err := k.Retriever.Retrieve(ctx, Query{Document: document, Lang: lang, Limit: 1})
	if err != nil {
		return Answer{}, nil, fmt.Errorf("retrieve: %w", err)
	}
	if len(found) == 0 || !found[0].Document.HoldsIn(k.Place) {
		return Answer{}, nil, &Error{Code: NotFound, Hint: "the advice is no longer on this box"}
	}
	u, best := Understanding{Lang: lang}, Scored{Match: found[0], Confidence: 1}
	if !k.passPrepared(u, best) {
		return Answer{}, nil, &Error{Code: NotFound, Hint: "the guard stops the advice as it stands now"}
	}
	return k.answer, k.next(u, best), nil
}

// next is the first thing that a document says on prevention, with the cautions that belong to it.
func (k *ask) next(u Understanding, best Scored) []Speech {
	at := slices.IndexFunc(followups.facets, func(f facet) bool { return f.name == "prevent" })
	draft, passages := followups.facets[at].quote(best.Document, nil, nil)
	if len(draft.Sentences) == 0 {
		return nil
	}
	draft.Sentences = draft.Sentences[:1]
	std := k.standard(u, best)
	draft.Sentences = append(draft.Sentences, Owed(draft, passages, std)...)
	if len(Guard(draft, passages, std)) > 0 {
		return nil
	}
	lang := best.Document.Lang
	out := []Speech{{Lang: lang, Text: Say(lang, "reminder")}}
	for _, s := range draft.Sentences {
		out = append(out, Speech{Lang: lang, Text: s.Text, Advice: true})
	}
	return out
}
