package advisory

import (
	"slices"
	"strings"
)

// statement is one sentence, or a list item's line that leads in, read for what it claims.
type statement struct {
	wording
	text      string
	lang      Lang
	line      int // of the passages it comes from, so that neighbours in one paragraph or list item are known
	signs     hits
	clauses   []clause
	labels    int      // of them that are labels: "No cash:"
	entire    clause   // all but the labels, taken as one
	about     keySet   // what it speaks of: the keys of all clauses
	subjects  []string // by word position: the key of a word that carries meaning, else ""
	measures  []Measure
	chemicals []ChemicalMention
	products  []named
	crops     []string // lexicon ids of crops and animals named
	months    []int    // named in it, 0 is January
	caution   bool
	settings  []setting
	breaks    []int // word positions at which a new phrase begins, after a comma, colon or bracket
}

// clause is a part of a statement between commas, with what it depends on.
type clause struct {
	from, to   int    // half-open range of word positions
	keys       keySet // of the words that carry its meaning
	negations  int
	stems      []string // of Swahili verbs that hold their "not" in themselves
	conditions []condition
	leads      bool // it begins with a condition, which then holds for the whole statement
	advises    bool // it has a verb of doing
}

// named is a chemical ("chemical:NAME") or an input of the farm (its lexicon id), named in a statement.
type named struct {
	id      string
	at, end int
}

// read makes the statements of a text.
func read(text string, lang Lang, lex *Lexicon) []statement {
	var out []statement
	for i, line := range strings.Split(text, "\n") {
		for _, s := range Sentences(line) {
			for _, part := range strings.Split(s, ";") {
				if st := readStatement(part, lang, lex); len(st.words) > 0 {
					st.line = i
					out = append(out, st)
				}
			}
		}
	}
	return out
}

func readStatement(text string, lang Lang, lexicon *Lexicon) statement {
	g := grammars[lang]
	s := statement{wording: wordingOf(text), text: text, lang: lang}
	if len(s.words) == 0 {
		return s
	}
	s.measures, s.chemicals, s.signs = measures(s.lexemes, lang), chemicalsIn(text, s.words), g.phrases.find(s.wording)
	s.caution = s.signs.has(0, len(s.words), listCaution)
	s.months = monthsOf(text, s.words, g)
	for _, c := range s.chemicals {
		s.products = append(s.products, named{"chemical:" + c.Name, c.At, c.End})
	}
	s.mentions(lexicon.native(s.wording, lang))
	for _, part := range s.parts() {
		s.clauses = append(s.clauses, s.clause(part[0], part[1]))
	}
	s.about = keySetOf(s.subjects)
	s.entire = s.joined()
	for i := range s.clauses[:len(s.clauses)-1] { // "udongo ukiwa mkavu, ...": the if is not always the first word
		c := &s.clauses[i]
		c.leads = c.leads || !c.advises && slices.Contains(c.conditions, "if")
	}
	s.set()
	return s
}

// mentions takes in what of the lexicon the statement names, and tells which of its words carry meaning: those that only join others
// do not; numbers count by what they measure, and crops by what they are, so that "2 weeks" is "14 days" and "corn" is "maize".
func (s *statement) mentions(found []Mention) {
	s.subjects = slices.Clone(s.keys)
	for i, w := range s.words {
		if functionSets[s.lang][w] || isNumeral(s.keys[i]) {
			s.subjects[i] = ""
		}
	}
	for _, h := range s.signs {
		if h.list == listPolite {
			s.subject("", h.at, h.end)
		}
	}
	for _, m := range s.measures {
		if m.Unit != "" {
			s.subject("measure:"+m.Unit, m.At, m.End)
		}
	}
	end := 0 // of the crop before
	for _, m := range found {
		switch {
		case slices.ContainsFunc(s.measures, func(n Measure) bool { return m.At >= n.At && m.At < n.End && n.Unit != "" }): // the Hindi cm is like a bean
		case m.Concept.living():
			s.crops = append(s.crops, m.Concept.ID)
			if m.At >= end {
				s.subject("crop:"+m.Concept.ID, m.At, m.End)
				end = m.End
			}
		case m.Concept.Kind == Input && !s.hasProduct(m.At):
			s.products = append(s.products, named{m.Concept.ID, m.At, m.End})
		}
	}
}

// subject makes one key of the words of a range.
func (s *statement) subject(key string, from, to int) {
	for i := from; i < min(to, len(s.subjects)); i++ {
		s.subjects[i], key = key, ""
	}
}

func (s *statement) hasProduct(at int) bool {
	return slices.ContainsFunc(s.products, func(p named) bool { return at >= p.at && at < p.end })
}

func (s *statement) names(product string) bool {
	return slices.ContainsFunc(s.products, func(n named) bool { return n.id == product })
}

// lastProduct is the product that the statement names last, else the one before.
func (s *statement) lastProduct(before string) string {
	if n := len(s.products); n > 0 {
		return s.products[n-1].id
	}
	return before
}

const (
	fewWords = 2 // the length up to which a part between commas is an item of a list and no clause
	label    = 3 // ... up to which what stands before a colon, at the beginning, is a label: "No cash:"
)

// parts are the ranges of words between commas, colons, brackets and dashes; items of a list stay together, and a label stays alone.
func (s *statement) parts() [][2]int {
	var out [][2]int
	add := func(from, to int, colon bool) {
		n, last := to-from, len(out)-1
		switch {
		case n <= 0:
		case last >= s.labels && (n <= fewWords || out[last][1]-out[last][0] <= fewWords):
			out[last][1] = to
		default:
			out = append(out, [2]int{from, to})
		}
		if last = len(out) - 1; last == s.labels && s.isLabel(out[last][0], out[last][1], colon) {
			s.labels++
		}
	}
	from := 0
	for _, l := range s.lexemes {
		if l.is == lexSign && strings.Contains(clauseSigns, l.text) {
			s.breaks = append(s.breaks, l.word)
			add(from, l.word, l.text == ":")
			from = l.word
		}
	}
	add(from, len(s.words), false)
	return out
}

// isLabel reports whether the words of a range, which a colon ends or not, lead in without saying anything: "No cash:", but not "Never:";
// "please".
func (s *statement) isLabel(from, to int, colon bool) bool {
	polite := slices.ContainsFunc(s.signs, func(h hit) bool { return h.list == listPolite && h.at == from && h.end == to })
	return polite || colon && to-from <= label && slices.ContainsFunc(s.subjects[from:to], func(k string) bool { return k != "" })
}

// clauseSigns part clauses.
const clauseSigns = ",:;()–—،፣"

func (s *statement) clause(from, to int) clause {
	c := clause{from: from, to: to}
	negated := s.negated(from, to)
	for _, at := range negated {
		if s.lang == "sw" { // a Swahili verb holds its negation in itself: "usinyunyizie" is said of what "nyunyizia" is said of
			s.subjects[at.at] = swahiliStem(s.words[at.at])
			if s.subjects[at.at] != "" {
				c.stems = append(c.stems, s.subjects[at.at])
			}
			continue
		}
		s.subject("", at.at, at.end)
	}
	c.negations = len(negated)
	if s.lang == "fr" && c.negations > 1 { // ne ... pas, ne ... jamais are one
		c.negations = (c.negations + 1) / 2
	}
	if s.signs.has(from, to, listOpposite) {
		c.negations++
	}
	for _, h := range s.signs {
		if ties[h.list] && h.at >= from && h.end <= to {
			c.conditions = append(c.conditions, h.list)
			c.leads = c.leads || h.at == from
		}
	}
	slices.Sort(c.conditions)
	c.conditions = slices.Compact(c.conditions)
	c.advises = s.signs.has(from, to, listAdvice)
	c.keys = keySetOf(s.subjects[from:to])
	return c
}

// joined is the statement as one clause, without its labels.
func (s *statement) joined() clause {
	first := min(s.labels, len(s.clauses)-1)
	out := clause{from: s.clauses[first].from, to: len(s.words)}
	for _, c := range s.clauses[first:] {
		out.negations += c.negations
		out.stems = append(out.stems, c.stems...)
		out.conditions = append(out.conditions, c.conditions...)
	}
	slices.Sort(out.conditions)
	out.conditions = slices.Compact(out.conditions)
	out.keys = keySetOf(s.subjects[out.from:])
	return out
}

// negated are the places in a range of words where a "not" stands that is one.
func (s *statement) negated(from, to int) hits {
	var out hits
	for _, h := range s.signs {
		if h.list == listNegation && h.at >= from && h.end <= to && !s.signs.at(h.at, listNotNegation) {
			out = append(out, h)
		}
	}
	return out
}

// swahiliStem takes the negative prefix and the changing last vowel off a verb: "usipulizie" and "pulizia" are both "pulizi".
func swahiliStem(w string) string {
	for _, prefix := range []string{"usi", "msi", "wasi", "asi", "isi", "zisi", "yasi", "lisi", "visi"} {
		if rest, ok := strings.CutPrefix(w, prefix); ok && len(rest) > 3 {
			return rest[:len(rest)-1]
		}
	}
	return ""
}

func isNumeral(k string) bool { return k != "" && k[0] >= '0' && k[0] <= '9' }

// pastComma is how much farther off a product is behind a comma than in the same phrase, in half words.
const pastComma = 12

// near gives the product that a measure of the statement is a measure of: the nearest one, before it where that is a tie.
func (s *statement) near(m Measure) string {
	best, id := 1<<30, ""
	for _, p := range s.products {
		from, to, d := p.end, m.At, 2*(m.At-p.end)
		if p.at >= m.End {
			from, to, d = m.End, p.at, 2*(p.at-m.End)-1 // "50 kg urea" rather than the product of the phrase before
		}
		for _, at := range s.breaks {
			if at > from-1 && at <= to { // past a comma something else is spoken of
				d += pastComma
			}
		}
		if d >= -1 && d < best {
			best, id = d, p.id
		}
	}
	return id
}
