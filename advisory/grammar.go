package advisory

import (
	_ "embed"
	"encoding/json"
)

// grammar is what the guard needs to know of a language: the words that turn a statement round, tie it to a condition or warn.
type grammar struct {
	phrases phraseIndex // of the lists below, and of each condition by its name
	months  []string    // folded, from January on
}

// The lists of a grammar.
const (
	listNegation    = "negation"
	listNotNegation = "not_negation" // what looks like a negation and is none
	listOpposite    = "opposite"     // turns a verb round as a "not" does, and forbids nothing: "keep water off"
	listForbidding  = "forbidding"   // says without a "not" that something must not be used
	listHollow      = "hollow"       // takes the force from a "not": "do not forget to"
	listCaution     = "caution"
	listAdvice      = "advice"   // verbs of doing
	listTurn        = "turn"     // what follows is said anew: "but"
	listProduct     = "product"  // pesticides and animal medicines, by their kind
	listPraise      = "praise"   // says that something works: "banned, but it works"
	listPolite      = "polite"   // says nothing of the matter: "please"
	listMistakes    = "mistakes" // headings of what one should not do
)

// condition is a way in which a statement is tied to something: only if, before, until. It is the name of a list.
type condition = string

// ties are the conditions there are.
var ties = map[condition]bool{"if": true, "only": true, "before": true, "after": true, "until": true, "unless": true}

//go:embed guard_words.json
var guardWordFile []byte

// devices are the orders to a listener's device in all languages, which are understood in any.
var grammars, devices = loadGrammars()

func loadGrammars() (map[Lang]grammar, phraseIndex) {
	var file map[Lang]struct {
		Lists      map[string][]string `json:"lists"`
		Conditions map[condition][]string
		Months     []string
		Device     []string
	}
	if err := json.Unmarshal(guardWordFile, &file); err != nil {
		panic(err)
	}
	out, orders := map[Lang]grammar{}, []phrase{}
	for lang, f := range file {
		lists := map[string][]phrase{}
		for name, texts := range f.Lists {
			lists[name] = phrases(texts)
		}
		for name, texts := range f.Conditions {
			lists[name] = phrases(texts)
		}
		g := grammar{phrases: indexPhrases(lists)}
		for _, m := range f.Months {
			g.months = append(g.months, Fold(m))
		}
		out[lang] = g
		orders = append(orders, phrases(f.Device)...)
	}
	return out, indexPhrases(map[string][]phrase{"device": orders})
}
