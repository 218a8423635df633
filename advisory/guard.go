package advisory

import (
	"math"
	"slices"
	"strings"
)

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
		g.form(s.Text)
		if std.Field && g.unapproved(s) {
			g.fall(RuleUnapproved)
		}
		for _, st := range read(s.Text, std.Lang, std.Lexicon) {
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

// source is a passage that has been read.
type source struct {
	statements []statement
	measures   []Measure // of all statements
	products   []string  // the product last named before each statement, for those that name none
	keys       map[string]bool
	crops      []string // of its document
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

// cited gives the passages of a sentence; false when it names none, or one that was not given.
func (g *guarding) cited(s Sentence) ([]*source, bool) {
	var out []*source
	for _, i := range s.Passages {
		if i < 0 || i >= len(g.passages) {
			return nil, false
		}
		if g.read[i] == nil {
			g.read[i] = readSource(g.passages[i], g.Lexicon)
		}
		out = append(out, g.read[i])
	}
	return out, len(out) > 0
}

func readSource(p Passage, lex *Lexicon) *source {
	lang := Lang("")
	s := &source{keys: map[string]bool{}}
	if p.Document != nil {
		lang = p.Document.Lang
		s.crops = slices.Concat(p.Document.Crops, p.Document.Animals)
	}
	s.statements = read(p.Text, lang, lex)
	mistaken(s.statements, p.Section, lang)
	product := ""
	for _, st := range s.statements {
		s.products = append(s.products, product)
		s.measures = append(s.measures, st.measures...)
		product = st.lastProduct(product)
		for k := range st.keys {
			s.keys[k] = true
		}
	}
	return s
}

// lastProduct is the product that the statement names last, else the one before.
func (s *statement) lastProduct(before string) string {
	if n := len(s.products); n > 0 {
		return s.products[n-1].id
	}
	return before
}

// facts holds measures, chemicals, crops and animals of a statement against the cited passages.
func (g *guarding) facts(st statement, cited []*source) {
	for _, r := range ChemicalRules(st.text, g.Standard) {
		g.fall(r)
	}
	for _, p := range st.products {
		if strings.HasPrefix(p.id, "chemical:") && !anyStatement(cited, func(_ *source, _ int, t statement) bool { return t.names(p.id) }) {
			g.fall(RuleChemical)
		}
	}
	for _, m := range st.measures {
		if g.draft.Tier == Prepared {
			if !m.Spelt && !slices.ContainsFunc(cited, func(s *source) bool { return m.StandsIn(s.measures) }) {
				g.fall(RuleNumber)
			}
			continue
		}
		product, stands, fits := st.near(m), false, false
		if product == "" {
			product = g.context
		}
		anyStatement(cited, func(s *source, i int, t statement) bool {
			for _, other := range t.measures {
				if !sameMeasure(m, other) || overlapKeys(st.keys, t.keys) < sameSubject {
					continue
				}
				stands = true
				of := t.near(other)
				if of == "" {
					of = s.products[i]
				}
				fits = fits || product == "" || of == "" || related(of, []string{product}, g.Lexicon)
			}
			return fits
		})
		switch {
		case !stands:
			g.fall(RuleNumber)
		case !fits:
			g.fall(RuleDose)
		}
	}
	if g.draft.Tier != Prepared {
		g.crops(st, cited)
	}
}

func (s *statement) names(product string) bool {
	return slices.ContainsFunc(s.products, func(n named) bool { return n.id == product })
}

// anyStatement reports whether a statement of the passages meets a test.
func anyStatement(cited []*source, test func(s *source, i int, t statement) bool) bool {
	for _, s := range cited {
		for i, t := range s.statements {
			if test(s, i, t) {
				return true
			}
		}
	}
	return false
}

// sameMeasure reports whether two measures say the same: as much, in units that convert, of as much.
func sameMeasure(a, b Measure) bool {
	if a.Unit != b.Unit || len(a.Per) != len(b.Per) {
		return false
	}
	factor := 1.0
	for i := range a.Per {
		if a.Per[i].Unit != b.Per[i].Unit {
			return false
		}
		factor *= b.Per[i].Value / a.Per[i].Value
	}
	return close(a.Low*factor, b.Low) && close(a.High*factor, b.High)
}

// close allows for what rounding does, half a percent.
func close(a, b float64) bool { return math.Abs(a-b) <= 0.005*math.Max(math.Abs(a), math.Abs(b)) }

// crops holds the crops and animals of a statement against those of which the cited ones speak.
func (g *guarding) crops(st statement, cited []*source) {
	for _, id := range st.crops {
		known := anyStatement(cited, func(s *source, _ int, t statement) bool {
			if len(t.crops) == 0 {
				return false
			}
			return g.widens(id, t.crops) && overlapKeys(st.keys, t.keys) >= leastSupport
		})
		for _, s := range cited { // the document's own crop may be named where the statement names none
			known = known || related(id, s.crops, g.Lexicon) && !g.othersCrop(st, s, id)
		}
		if !known {
			g.fall(RuleCrop)
		}
	}
}

// widens reports whether a crop or animal is one of the ids, or a group to which one belongs: "animals" may be said of cows, but
// "ducks" not of animals.
func (g *guarding) widens(id string, ids []string) bool {
	return slices.ContainsFunc(ids, func(t string) bool { return t == id || within(t, id, g.Lexicon) })
}

// othersCrop reports whether what the statement says is said in the passage of another crop or animal than id.
func (g *guarding) othersCrop(st statement, s *source, id string) bool {
	best, of := 0.0, []string(nil)
	for _, t := range s.statements {
		if o := overlapKeys(st.keys, t.keys); o > best {
			best, of = o, t.crops
		}
	}
	return len(of) > 0 && !related(id, of, g.Lexicon)
}

// ChemicalRules gives the rules on hazardous chemicals that a text breaks, as advice. What it forbids ("never use X") breaks none.
func ChemicalRules(text string, std Standard) []Rule {
	var out []Rule
	for _, sentence := range Sentences(text) {
		st := statement{text: sentence, lang: std.Lang}
		for _, c := range Chemicals(sentence) {
			rule, bad := hazardRules[c.Hazard(std.Country, std.Crops, std.Lexicon)]
			if bad && !slices.Contains(out, rule) && !st.forbids(c.At) {
				out = append(out, rule)
			}
		}
	}
	return out
}

var hazardRules = map[Hazard]Rule{Banned: RuleBanned, Restricted: RuleRestricted, Unlisted: RuleUnlisted}
