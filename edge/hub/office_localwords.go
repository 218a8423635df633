package hub

import (
	"errors"

	"jembe/advisory"
	"jembe/content"
)

// localWordsView is what the page of local words shows.
type localWordsView struct {
	Waiting, Ruled []shownWord
}

// shownWord is a word with what it means in the language of the page.
type shownWord struct {
	ReportedWord
	Means     string
	Elsewhere []string // what else the name means, in words
}

// localWords is GET /local-words.
func (o *office) localWords(v *visit) error {
	all, err := o.hub.LocalWords(v.Request().Context())
	if err != nil {
		return err
	}
	lexicon, err := starterLexicon()
	if err != nil {
		return err
	}
	var view localWordsView
	for _, w := range all {
		shown := shownWord{ReportedWord: w, Means: lexicon.Name(w.Concept, advisory.Lang(v.texts.lang))}
		for _, id := range w.Others {
			shown.Elsewhere = append(shown.Elsewhere, lexicon.Name(id, advisory.Lang(v.texts.lang)))
		}
		if w.Ruling == WordWaits {
			view.Waiting = append(view.Waiting, shown)
		} else {
			view.Ruled = append(view.Ruled, shown)
		}
	}
	return o.show(v, "local_words", view)
}

func starterLexicon() (*advisory.Lexicon, error) {
	starter, err := content.Starter()
	if err != nil {
		return nil, err
	}
	return advisory.NewLexicon(starter.Concepts), nil
}

// ruleWord is POST /local-words: a word is approved for all boxes, or refused.
func (o *office) ruleWord(v *visit) error {
	word := advisory.LocalWord{Name: v.FormValue("name"), Concept: v.FormValue("concept"), Lang: advisory.Lang(v.FormValue("lang"))}
	ruling, known := map[string]Ruling{"approve": WordApproved, "refuse": WordRefused}[v.FormValue("ruling")]
	if !known {
		return &advisory.Error{Code: advisory.BadRequest, Hint: "approve or refuse"}
	}
	err := o.hub.RuleWord(v.Request().Context(), v.by(), word, ruling)
	if why := (*advisory.WordError)(nil); errors.As(err, &why) {
		lexicon, lexErr := starterLexicon()
		if lexErr != nil {
			return lexErr
		}
		err = &advisory.Error{Code: advisory.BadRequest, Hint: why.Tell(advisory.Lang(v.texts.lang), lexicon)}
	}
	if err != nil {
		return o.again(v, err, o.localWords)
	}
	if ruling == WordRefused {
		return v.done("/local-words", "word_refused")
	}
	return v.done("/local-words", "word_approved")
}
