package advisory

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
)

// scopeRule tells questions that are not for the library to answer. It fires when every group of All has a phrase in the
// text, each within Near words of the first group's, and no phrase of Unless is there.
type scopeRule struct {
	Reason Reason     `json:"reason"`
	All    [][]string `json:"all"`
	Near   int        `json:"near"` // 0: anywhere
	Unless []string   `json:"unless"`
}

// emergency is the pseudo-reason of rules that find someone in danger: such a question is never refused and never waits.
const emergency Reason = "emergency"

// The phrases of all languages stand side by side, because people mix them. A phrase is compared as the lexicon compares
// names; a word that ends in * matches every word that starts so.
//
//go:embed scope.json
var scopeFile []byte

var scopeRules = loadScope()

type compiledRule struct {
	scopeRule
	all    [][]phrase
	unless []phrase
}

// machineWords are those with which a rule begins that finds orders to the machine.
var machineWords = func() phraseIndex {
	lists := map[string][]phrase{}
	for _, r := range scopeRules {
		if r.Reason == Machine {
			lists["machine"] = append(lists["machine"], r.all[0]...)
		}
	}
	return indexPhrases(lists)
}()

// ordersMachine reports whether a text is an order to the machine.
func ordersMachine(w wording) bool {
	return len(machineWords.find(w)) > 0 && slices.ContainsFunc(scopeRules, func(r compiledRule) bool { return r.Reason == Machine && r.fires(w.words, w.keys) })
}

type phrase []string

func loadScope() []compiledRule {
	var rules []scopeRule
	if err := json.Unmarshal(scopeFile, &rules); err != nil {
		panic(err)
	}
	out := make([]compiledRule, len(rules))
	for i, r := range rules {
		out[i].scopeRule = r
		for _, group := range r.All {
			out[i].all = append(out[i].all, phrases(group))
		}
		out[i].unless = phrases(r.Unless)
	}
	return out
}

func phrases(texts []string) []phrase {
	out := make([]phrase, len(texts))
	for i, t := range texts {
		for _, w := range strings.Fields(Fold(t)) {
			if stem, ok := strings.CutSuffix(w, "*"); ok {
				out[i] = append(out[i], stem+"*")
			} else {
				out[i] = append(out[i], nameKeys(w)...)
			}
		}
	}
	return out
}

// scope gives the first reason whose rule fires, or NoReason. Rules stand in the order of their weight: despair and
// emergencies before any refusal.
func scope(text string) Reason {
	words := Words(text)
	keys := nameKeys(text)
	for _, r := range scopeRules {
		if r.fires(words, keys) {
			return r.Reason
		}
	}
	return NoReason
}

// despairs reports whether a text speaks of ending one's life, whatever else it is about.
func despairs(text string) bool {
	words, keys := Words(text), nameKeys(text)
	return slices.ContainsFunc(scopeRules, func(r compiledRule) bool { return r.Reason == Despair && r.fires(words, keys) })
}

func (r *compiledRule) fires(words, keys []string) bool {
	if len(places(r.unless, words, keys)) > 0 {
		return false
	}
	for _, first := range places(r.all[0], words, keys) {
		if r.restNear(first, words, keys) {
			return true
		}
	}
	return false
}

func (r *compiledRule) restNear(first int, words, keys []string) bool {
	for _, group := range r.all[1:] {
		near := false
		for _, at := range places(group, words, keys) {
			near = near || r.Near == 0 || at-first <= r.Near && first-at <= r.Near
		}
		if !near {
			return false
		}
	}
	return true
}

// places gives the word positions at which one of the phrases starts.
func places(ps []phrase, words, keys []string) (out []int) {
	for i := range keys {
		for _, p := range ps {
			if p.at(words[i:], keys[i:]) {
				out = append(out, i)
				break
			}
		}
	}
	return out
}

func (p phrase) at(words, keys []string) bool {
	if len(p) > len(keys) {
		return false
	}
	for i, want := range p {
		if stem, ok := strings.CutSuffix(want, "*"); ok {
			if !strings.HasPrefix(words[i], stem) {
				return false
			}
		} else if keys[i] != want {
			return false
		}
	}
	return len(p) > 0
}
