package advisory

import "strconv"

// setting is a thing of a statement that can be put in the place of another of its sort: a measure, a condition, a unit that has no
// number; with the words around it. Who puts one product's dose to another, or "before" for "if", leaves the words around and
// changes what stands in them.
type setting struct {
	sort        string // what may stand in its place
	says        string // of a condition or unit
	measure     Measure
	of          string // of a measure: the word that carries meaning next to it in its phrase, after it where there is one
	left, right []beside
}

// beside is a word that carries meaning, and how much it counts: the nearer the more.
type beside struct {
	key    string
	weight float64
}

const (
	mostBeside = 3   // words that count on either side
	pastBreak  = 0.5 // what a word counts past a comma
	crosswise  = 0.5 // what a word counts that stands on the other side
	sameRow    = 0.5 // what it counts that all measures of the statement stand there
	nextNumber = 0.3 // what the number before or after counts
	betterPart = 0.2 // by how much the words must fit another thing better for this one to stand in its place
)

// set finds the settings of a statement.
func (s *statement) set() {
	for _, m := range s.measures {
		n := setting{sort: sortOf(m.Unit), measure: m}
		n.left, n.right = s.around(m.At, m.End, true)
		if n.of = s.next(m.End-1, 1); n.of == "" {
			n.of = s.next(m.At, -1)
		}
		s.settings = append(s.settings, n)
	}
	for _, h := range s.signs {
		if ties[h.list] {
			n := setting{sort: "condition", says: h.list}
			n.left, n.right = s.around(h.at, h.end, false)
			s.settings = append(s.settings, n)
		}
	}
	for i, w := range s.words {
		if u, ok := lastingUnit(w); ok && s.measureAt(i) == nil {
			n := setting{sort: "unit", says: u.base + strconv.FormatFloat(u.factor, 'g', -1, 64)}
			n.left, n.right = s.around(i, i+1, false)
			s.settings = append(s.settings, n)
		}
	}
}

// lastingUnit is the unit of time that a word names.
func lastingUnit(w string) (unit, bool) {
	for _, u := range units.byFirst[w] {
		if len(u.name) == 1 && lasting(u.base) {
			return u.unit, true
		}
	}
	return unit{}, false
}

// sortOf is the sort of measures of a unit: so much by weight stands where so much by volume can.
func sortOf(unit string) string {
	switch unit {
	case "g", "ml":
		return "amount"
	case "minute", "month":
		return "time"
	}
	return "measure:" + unit
}

// measureAt gives the measure to which a word belongs.
func (s *statement) measureAt(word int) *Measure {
	for i, m := range s.measures {
		if word >= m.At && word < m.End {
			return &s.measures[i]
		}
	}
	return nil
}

// around gives the words before and after a range, the nearest first. Those of a measure end at the next one, which counts as a word.
func (s *statement) around(from, to int, alone bool) (left, right []beside) {
	return s.beside(from, -1, alone), s.beside(to-1, 1, alone)
}

func (s *statement) beside(at, step int, alone bool) []beside {
	var out []beside
	weight := 1.0
	for i := at + step; i >= 0 && i < len(s.words) && len(out) < mostBeside; i += step {
		if s.breaksAt(max(i, i-step)) {
			weight *= pastBreak
		}
		if m := s.measureAt(i); m != nil && alone {
			return append(out, beside{strconv.FormatFloat(m.Low, 'g', -1, 64) + m.Unit, nextNumber})
		}
		if k := s.subjects[i]; k != "" {
			out = append(out, beside{k, weight / float64(1+len(out))})
		}
	}
	return out
}

// next gives the nearest word that carries meaning before a comma and the next measure; "" if there is none.
func (s *statement) next(at, step int) string {
	for i := at + step; i >= 0 && i < len(s.words) && !s.breaksAt(max(i, i-step)) && s.measureAt(i) == nil; i += step {
		if k := s.subjects[i]; k != "" {
			return k
		}
	}
	return ""
}

// breaksAt reports whether a comma or its like stands before a word.
func (s *statement) breaksAt(word int) bool {
	for _, b := range s.breaks {
		if b == word {
			return true
		}
	}
	return false
}

// fits tells how well the words around one thing fit those around another: more than for any other for the thing itself.
func (n *setting) fits(other *setting) (sum float64) {
	for _, b := range n.left {
		sum += max(b.in(other.left), crosswise*b.in(other.right))
	}
	for _, b := range n.right {
		sum += max(b.in(other.right), crosswise*b.in(other.left))
	}
	return sum
}

// in is what a word counts in a side of another thing.
func (b beside) in(side []beside) (most float64) {
	for _, x := range side {
		if x.key == b.key {
			most = max(most, min(x.weight, b.weight))
		}
	}
	return most
}

// same reports whether two things of a sort say the same.
func (n *setting) same(other *setting) bool {
	if n.says != "" || other.says != "" {
		return n.says == other.says
	}
	return sameMeasure(n.measure, other.measure)
}

// misplaced looks for things that stand in the words that the passages have around another. It compares how well the words around a
// thing fit those around the same thing in the passages, and around others of its sort.
func (g *guarding) misplaced(st *statement, cited []*source) {
	all := make([]fitting, len(st.settings))
	for i := range all {
		all[i] = fitting{own: -1, ofOwn: -1}
	}
	anyStatement(cited, func(_ *source, _ int, t *statement) bool {
		for k := range t.settings {
			for i := range st.settings {
				if n, o := &st.settings[i], &t.settings[k]; n.sort == o.sort {
					all[i].add(n, o)
				}
			}
		}
		return false
	})
	for i := range all {
		if n := &st.settings[i]; all[i].misplaced(n.says != "") {
			g.fall(n.rule())
		}
	}
}

// fitting is how well a thing fits the best place of the same thing in the passages, and of another of its sort; -1 where there is none.
// What is reckoned of the same ("20 g urea") counts apart.
type fitting struct{ own, others, ofOwn, ofOthers float64 }

func (f *fitting) add(n, o *setting) {
	fit, as := n.fits(o), n.of != "" && n.of == o.of
	switch {
	case n.same(o) && as:
		f.ofOwn = max(f.ofOwn, fit)
	case n.same(o):
		f.own = max(f.own, fit)
	case as:
		f.ofOthers = max(f.ofOthers, fit)
	default:
		f.others = max(f.others, fit)
	}
}

// misplaced judges. Where the passages have as much of the same, only other amounts of that are compared: lists may be turned. A measure
// of nowhere is not judged.
func (f *fitting) misplaced(measureless bool) bool {
	if f.ofOwn >= 0 {
		return f.ofOthers > f.ofOwn+betterPart
	}
	return (f.own >= 0 || measureless) && max(f.others, f.ofOthers) > max(f.own, 0)+betterPart
}

// rule is what a draft falls at in which the thing is misplaced.
func (n *setting) rule() Rule {
	switch n.sort {
	case "condition":
		return RuleCondition
	case "unit":
		return RuleNumber
	}
	return RuleDose
}
