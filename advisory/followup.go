package advisory

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
)

// Turn is what a session remembers of its last question, for one that follows it up ("and how much?", "what about goats?"). It lives in
// memory for minutes, belongs to one session, and never reaches a record.
type Turn struct {
	Text     string // of the question, with what it took from the one before it
	Lang     Lang   // in which the text is
	Document string // that answered; "" when none did
}

// The words by which a question leans on the one before it, of all languages side by side; compared as those of scope.json.
//
//go:embed followups.json
var followupFile []byte

// followups holds: lead, what a follow-up begins with; it, what points back; bare, words that ask for nothing by themselves, besides the
// function words; vessels; facets, what can be asked of a document that has just been heard.
var followups = loadFollowups()

type followupWords struct {
	lead, it, bare []phrase
	vessels        []phrase // with which farmers measure: a handful, a bottle top
	facets         []facet
}

// facet is one side of a document.
type facet struct {
	name     string
	measured measured // what is to be measured, "" where it is no quantity that is asked for
	asks     []phrase // the ways to ask for it
	sections []string // headings of the sections that tell it, the first first
}

func loadFollowups() followupWords {
	var file struct {
		Lead, It, Bare, Vessels []string
		Facets                  []struct {
			Name           string
			Measured       measured
			Asks, Sections []string
		}
	}
	if err := json.Unmarshal(followupFile, &file); err != nil {
		panic(err)
	}
	w := followupWords{lead: phrases(file.Lead), it: phrases(file.It), bare: phrases(file.Bare), vessels: phrases(file.Vessels)}
	for _, f := range file.Facets {
		w.facets = append(w.facets, facet{f.Name, f.Measured, phrases(f.Asks), f.Sections})
	}
	return w
}

// measured is a kind of quantity.
type measured string

// The quantities that can be asked for.
const (
	anAmount  measured = "amount"   // weight, volume, or so many vessels, or anything reckoned on a plant, an acre, a litre
	aDistance measured = "distance" // how far, wide or deep
)

// leaning is how a question leans on the one before it. The zero value stands alone.
type leaning struct {
	facet *facet   // asked of the document that answered before
	of    []string // ... of what: keys of the words that name it ("how much seed?"); empty: of what was asked before
	text  string   // the question made whole by the one before it, to be searched for where the document does not tell
}

// Who says more than longestFollowup words says what they mean; up to shortFollowup words lean on what was asked before even where they
// name a thing of their own ("and the manure?", "how much seed?").
const (
	longestFollowup = 12
	shortFollowup   = 4
)

// leans tells how a question leans on the turn before. What names its own crop or animal and its own topic does not, nor does what is an
// emergency or must be refused.
func (u *Understanding) leans(before Turn, lex *Lexicon) leaning {
	words, keys := Words(u.Search), nameKeys(u.Search)
	if before.Text == "" || u.Emergency || u.Despair || u.Dying || u.Reason != NoReason || len(words) > longestFollowup {
		return leaning{}
	}
	p := u.partsOf(words, keys)
	switch own := len(u.Crops)+len(u.Animals) > 0; {
	case own && !p.topic && (p.leads || p.bare):
		return leaning{text: without(before, lex) + " " + u.Search}
	case own:
	case p.topic && p.facet != nil && p.facet.measured != "" && len(words) <= shortFollowup && before.Document != "":
		return leaning{facet: p.facet, of: p.of, text: u.Search + living(before, lex)}
	case p.topic && (p.points || p.leads && len(words) <= shortFollowup):
		return leaning{text: u.Search + living(before, lex)}
	case p.topic:
	case p.facet != nil && (p.bare || p.points || p.leads) && before.Document != "":
		return leaning{facet: p.facet, text: before.Text + " " + u.Search}
	case p.points || p.leads && p.bare:
		return leaning{text: before.Text + " " + u.Search}
	}
	return leaning{}
}

// parts is what a follow-up is made of.
type parts struct {
	leads, points bool
	topic         bool // it names a problem, practice or topic of its own
	bare          bool // nothing else is said
	facet         *facet
	of            []string // keys of the words that name the topic
}

func (u *Understanding) partsOf(words, keys []string) parts {
	p := parts{points: len(places(followups.it, words, keys)) > 0}
	said := make([]bool, len(words))
	mark(said, followups.it, words, keys)
	mark(said, followups.bare, words, keys)
	for _, l := range followups.lead {
		if l.at(words, keys) {
			p.leads = true
			mark(said[:len(l)], []phrase{l}, words[:len(l)], keys[:len(l)])
		}
	}
	for i := range followups.facets {
		f := &followups.facets[i]
		if p.facet == nil && len(places(f.asks, words, keys)) > 0 {
			p.facet = f
			mark(said, f.asks, words, keys)
		}
	}
	for _, m := range u.Mentions {
		if !m.Concept.living() && slices.Contains(said[m.At:m.End], false) {
			p.topic, p.of = true, append(p.of, keys[m.At:m.End]...) // and no part of what asks for a facet
		}
		for i := m.At; i < m.End; i++ {
			said[i] = true
		}
	}
	p.bare = true
	for i, w := range words {
		p.bare = p.bare && (said[i] || slices.Contains(functionWords[u.Written], w) || slices.Contains(greetings, w))
	}
	return p
}

// mark notes the words that belong to one of the phrases.
func mark(said []bool, ps []phrase, words, keys []string) {
	for i := range keys {
		for _, p := range ps {
			if p.at(words[i:], keys[i:]) {
				for k := range p {
					said[i+k] = true
				}
			}
		}
	}
}

// without gives the text of a turn without the crops and animals that it names.
func without(t Turn, lex *Lexicon) string {
	words := Words(t.Text)
	for _, m := range lex.Find(t.Text, t.Lang) {
		if m.Concept.living() {
			for i := m.At; i < m.End; i++ {
				words[i] = ""
			}
		}
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

// living gives the crops and animals that a turn names, as it names them.
func living(t Turn, lex *Lexicon) string {
	var out strings.Builder
	for _, m := range lex.Find(t.Text, t.Lang) {
		if m.Concept.living() {
			out.WriteString(" " + strings.Join(m.Words, " "))
		}
	}
	return out.String()
}

// whole understands the question anew with what it took from the one before it. What is to be recorded stays what was said.
func (u Understanding) whole(text string, lex *Lexicon) Understanding {
	w := Understand(text, u.Lang, lex)
	w.Text, w.Doubtful = u.Text, u.Doubtful
	return w
}
