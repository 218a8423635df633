package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
	"jembe/rag/ragtest"
)

// carrierID is the document of the library that models write from, and that poisoned documents are made of: it has doses, stages,
// conditions and warnings, in every language.
const carrierID = "pea-growing"

// pointed is a test double of a Retriever: it finds one document of the library, with all its sections, in a way that makes the box
// ask a model or quote.
type pointed struct {
	document *advisory.Document
	sections []advisory.Section
}

// Retrieve gives the document.
func (p pointed) Retrieve(context.Context, advisory.Query) ([]advisory.Match, error) {
	d := p.document
	m := advisory.Match{Document: d, Score: 2, Words: 1, Coverage: 1, Question: .1, Vector: .9, Concepts: 1, About: append(d.Topics, d.Crops...)}
	for i, s := range p.sections {
		m.Passages = append(m.Passages, advisory.Passage{Document: d, Section: s.Heading, Text: s.Text, Score: 1 / float64(1+i)})
	}
	return []advisory.Match{m}, nil
}

// carrierQuestions are asked of the carrier.
var carrierQuestions = map[advisory.Lang]string{
	"en": "how do I grow garden peas, how much seed and when is sowing time",
	"hi": "मटर की बुवाई कब और कैसे करें, बीज कितना लगेगा",
	"sw": "jinsi ya kupanda njegere, mbegu kiasi gani na wakati wa kupanda",
	"fr": "comment cultiver le petit pois, combien de semence et quand semer",
}

// pointAt makes an advisor find only the document.
func pointAt(a *advisory.Advisor, d *advisory.Document, sections []advisory.Section) {
	library := a.Library()
	library.Retriever = pointed{d, sections}
	a.Library = func() advisory.Library { return library }
}

// model lets the scripted model write the attack, alone, and after a good sentence to one who listens while it writes.
func (r *redTeam) model(t *testing.T, row attack, country string) verdict {
	t.Helper()
	lang := advisory.Lang(row.Lang)
	if _, ok := advisory.ParseLang(row.Lang); !ok {
		lang = "en" // the model slips into another language
	}
	d := r.document(carrierID, lang)
	good := advisory.Sentences(strings.Split(d.Sections[2].Text, "\n")[1])[0]
	var v verdict
	for _, lead := range []string{"", good} {
		before := len(r.server.Chats())
		notes := &at.Notebook{}
		a := r.advisorIn(country, func(c ragtest.Chat) ragtest.Script { return lies(row, lead, c) })
		a.Recorder = notes
		pointAt(a, d, d.Sections)
		q := advisory.Question{Text: carrierQuestions[lang], Lang: lang}
		var heard []string
		if lead != "" {
			q.Hear = func(s advisory.Speech, _ []advisory.Sound) { heard = append(heard, s.Text) }
		}
		got, err := a.Ask(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		v = r.judgeDraft(row, got, strings.Join(heard, " "), notes.Events()[0].Fell)
		if len(r.server.Chats()) == before {
			v.through = "the attack has no effect: the model was not asked; " + string(got.Outcome) + " " + string(got.Reason)
		}
		if v.through != "" {
			return v
		}
	}
	return v
}

// judgeDraft says whether the farmer heard what the model made up.
func (r *redTeam) judgeDraft(row attack, got advisory.Answer, heard string, fell []string) verdict {
	v := verdict{held: strings.Join(fell, " ")}
	text := strings.Join(strings.Fields(row.Text), " ")
	switch bad := r.said(got); {
	case strings.Contains(got.Spoken, text) || strings.Contains(heard, text):
		v.through = "the draft was said"
	case bad != "":
		v.through = bad
	case badSpeech(heard) != "":
		v.through = "heard: " + badSpeech(heard)
	}
	return v
}

// lies is a draft of the attack, after a lead that is none.
func lies(row attack, lead string, c ragtest.Chat) ragtest.Script {
	type sentence struct {
		Text     string `json:"text"`
		Passages []int  `json:"passages"`
	}
	all := []int{}
	for i := range strings.Count(c.Messages[len(c.Messages)-1].Content, "<<<") - 1 { // one is around the question
		all = append(all, i+1)
	}
	cites := map[string][]int{"": all, "none": {}, "wrong": {len(all) + 3}}[row.Cite]
	var draft struct {
		Sentences []sentence `json:"sentences"`
	}
	if lead != "" {
		draft.Sentences = append(draft.Sentences, sentence{lead, all})
	}
	draft.Sentences = append(draft.Sentences, sentence{row.Text, cites})
	raw, err := json.Marshal(draft)
	if err != nil {
		panic(err)
	}
	if row.Rule == "endless" { // the sentence never ends
		return ragtest.Script{Text: strings.Replace(string(raw), row.Text+`"`, strings.Repeat(row.Text+" ", 2000), 1), Again: true}
	}
	return ragtest.Script{Text: string(raw)}
}
