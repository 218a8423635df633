package advisory

import (
	"math"
	"slices"
	"strings"
)

// facts holds measures, chemicals, crops and animals of a statement against the cited passages.
func (g *guarding) facts(st *statement, cited []*source) {
	for _, r := range st.hazards(g.Standard) {
		g.fall(r)
	}
	for _, p := range st.products {
		if strings.HasPrefix(p.id, "chemical:") && !anyStatement(cited, func(_ *source, _ int, t *statement) bool { return t.names(p.id) }) {
			g.fall(RuleChemical)
		}
	}
	if g.draft.Tier == Prepared {
		for _, m := range st.measures {
			if !m.Spelt && !slices.ContainsFunc(cited, func(s *source) bool { return m.StandsIn(s.measures) }) {
				g.fall(RuleNumber)
			}
		}
		g.ranges(st, cited)
		return
	}
	for _, m := range st.measures {
		g.measure(m, st, cited)
	}
	g.misplaced(st, cited)
	g.crops(st, cited)
}

// measure holds a measure against those of the statements that speak of the same: one must be as much, of the same product.
func (g *guarding) measure(m Measure, st *statement, cited []*source) {
	product, stands := st.near(m), false
	if product == "" && material(m.Unit) {
		product = g.context
	}
	fits := anyStatement(cited, func(s *source, i int, t *statement) bool {
		same := slices.ContainsFunc(t.measures, func(other Measure) bool { return sameMeasure(m, other) })
		if !same || sharedKeys(st.about, t.about) < sameSubject {
			return false
		}
		stands = true
		return slices.ContainsFunc(t.measures, func(other Measure) bool {
			of := t.near(other)
			if of == "" {
				of = s.products[i]
			}
			return sameMeasure(m, other) && (product == "" || of == "" || related(of, []string{product}, g.Lexicon))
		})
	})
	switch {
	case !stands:
		g.fall(RuleNumber)
	case !fits:
		g.fall(RuleDose)
	}
}

// ranges holds the ranges of a prepared answer against those that the document gives of the same ("3 to 5 centimetres deep"): who sums up
// takes ranges together, but where one end is said of that, the other is too.
func (g *guarding) ranges(st *statement, cited []*source) {
	for i := range st.settings {
		n := &st.settings[i]
		if n.of == "" || n.measure.Low == n.measure.High {
			continue
		}
		var same []Measure
		whole := anyStatement(cited, func(_ *source, _ int, t *statement) bool {
			for _, o := range t.settings {
				if o.sort == n.sort && o.of == n.of {
					same = append(same, o.measure)
				}
			}
			return slices.ContainsFunc(t.measures, func(m Measure) bool {
				return m.Unit == n.measure.Unit && close(m.Low, n.measure.Low) && close(m.High, n.measure.High)
			})
		})
		if low, high := n.measure, n.measure; !whole {
			low.High, high.Low = low.Low, high.High
			if low.StandsIn(same) != high.StandsIn(same) {
				g.fall(RuleDose)
			}
		}
	}
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
func (g *guarding) crops(st *statement, cited []*source) {
	for _, id := range st.crops {
		known := anyStatement(cited, func(_ *source, _ int, t *statement) bool {
			return len(t.crops) > 0 && g.widens(id, t.crops) && sharedKeys(st.about, t.about) >= leastSupport
		})
		for _, s := range cited { // the document's own crop may be named where the statement names none
			known = known || g.widens(id, s.crops) && !g.othersCrop(st, s, id)
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
func (g *guarding) othersCrop(st *statement, s *source, id string) bool {
	best, of := 0.0, []string(nil)
	for i := range s.statements {
		if o := sharedKeys(st.about, s.statements[i].about); o > best {
			best, of = o, s.statements[i].crops
		}
	}
	return len(of) > 0 && !related(id, of, g.Lexicon)
}

// ChemicalRules gives the rules on hazardous chemicals that a text breaks, as advice. What it forbids ("never use X") breaks none.
func ChemicalRules(text string, std Standard) []Rule {
	var out []Rule
	for _, sentence := range Sentences(text) {
		st := statement{text: sentence, lang: std.Lang, wording: wordingOf(sentence)}
		if st.chemicals = chemicalsIn(sentence, st.words); len(st.chemicals) == 0 {
			continue
		}
		g := grammars[std.Lang]
		st.signs = g.phrases.find(st.wording)
		for _, r := range st.hazards(std) {
			if !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	return out
}

// hazards gives the rules on hazardous chemicals that the statement breaks.
func (s *statement) hazards(std Standard) (out []Rule) {
	for _, c := range s.chemicals {
		if rule, bad := hazardRules[c.Hazard(std.Country, std.Crops, std.Lexicon)]; bad && !s.forbids(c.At) {
			out = append(out, rule)
		}
	}
	return out
}

var hazardRules = map[Hazard]Rule{Banned: RuleBanned, Restricted: RuleRestricted, Unlisted: RuleUnlisted}
