package advisory

import "slices"

// Rule names what a draft fell at.
type Rule string

// The rules of the guard.
const (
	RuleCitation    Rule = "citation"    // a sentence rests on no passage, or on one that was not given
	RuleNumber      Rule = "number"      // a number, with its unit and what it is reckoned on, stands in no cited passage
	RuleDose        Rule = "dose"        // the measure stands there, but of another product
	RuleChemical    Rule = "chemical"    // a chemical stands in no cited passage
	RuleBanned      Rule = "banned"      // a banned or highly hazardous chemical as advice
	RuleRestricted  Rule = "restricted"  // one that the country allows only under conditions
	RuleUnlisted    Rule = "unlisted"    // an active ingredient, and the country has no list here
	RuleCrop        Rule = "crop"        // a crop or animal of which the cited statements do not speak
	RuleUnsupported Rule = "unsupported" // the words of a sentence stand in no cited passage
	RuleNegation    Rule = "negation"    // a "not" was lost or put in
	RuleCondition   Rule = "condition"   // a condition, time or stage was lost, put in or changed
	RuleCaution     Rule = "caution"     // a caution that belongs to the advice was left out
	RuleLanguage    Rule = "language"    // another language or script than the answer's
	RuleMarkup      Rule = "markup"      // links, markup, signs that are not for speech
	RuleDevice      Rule = "device"      // orders to the listener's device
	RuleLength      Rule = "length"      // too long to be heard
	RuleUnapproved  Rule = "unapproved"  // on pesticides or animal medicines, not yet approved by the office, on a box in the field
)

// Standard is what the guard holds a draft against besides its passages.
type Standard struct {
	Lexicon *Lexicon
	Country string   // ISO 3166-1 alpha-2; "": no list of chemicals holds
	Lang    Lang     // of the answer
	Field   bool     // the box is in use by farmers, and no demonstration
	Crops   []string // lexicon ids that the advice is for; AnyCrop where it is for all
}

// most words of a draft that is written or quoted: about 50 s of speech.
const maxDraftWords = 130

// Guard stands between a draft and the farmer: it gives the rules that the draft breaks, each once; none means it may be said.
// A prepared answer was written by people, from its whole document in their own words: of it only the facts are held against the
// document. What is written by a model or quoted must also keep each "not", condition and caution of what it rests on.
func Guard(d Draft, passages []Passage, std Standard) []Rule {
	g := examine(d, passages, std)
	if d.Tier != Prepared {
		g.cautions()
		g.length()
	}
	return g.fell
}

// examine holds each sentence of a draft against the passages.
func examine(d Draft, passages []Passage, std Standard) *guarding {
	g := &guarding{Standard: std, draft: d, passages: passages, read: make([]*source, len(passages))}
	g.frame()
	for _, s := range d.Sentences {
		cited, ok := g.cited(s)
		if !ok {
			g.fall(RuleCitation)
			continue
		}
		statements := read(s.Text, std.Lang, std.Lexicon)
		g.form(s.Text, statements)
		if std.Field && g.unapproved(s, statements) {
			g.fall(RuleUnapproved)
		}
		for i := range statements {
			st := &statements[i]
			g.facts(st, cited)
			g.months(st, cited)
			if d.Tier != Prepared {
				g.meaning(st, cited)
			}
			g.context = st.lastProduct(g.context)
		}
	}
	return g
}

// guarding is one draft before the guard.
type guarding struct {
	Standard
	draft    Draft
	passages []Passage
	read     []*source // the passages, read when first cited
	fell     []Rule
	context  string // the product last named in the draft
	used     []use
}

// use is a statement of a passage on which a sentence of the draft stands.
type use struct {
	source *source
	at     int // of its statements
}

func (g *guarding) fall(r Rule) {
	if !slices.Contains(g.fell, r) {
		g.fell = append(g.fell, r)
	}
}
