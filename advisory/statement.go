package advisory

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
)

// grammar is what the guard needs to know of a language: the words that turn a statement round, tie it to a condition or warn.
type grammar struct {
	negation, notNegation, forbidding, hollow, caution, advice, device, turn, product, mistakes []phrase
	months                                                                                      []string // folded, from January on
	conditions                                                                                  map[condition][]phrase
}

// condition is a way in which a statement is tied to something: only if, before, until.
type condition string

//go:embed guard_words.json
var guardWordFile []byte

var grammars = loadGrammars()

func loadGrammars() map[Lang]grammar {
	var file map[Lang]struct {
		Negation    []string `json:"negation"`
		NotNegation []string `json:"not_negation"`
		Forbidding  []string `json:"forbidding"`
		Hollow      []string `json:"hollow"`
		Caution     []string `json:"caution"`
		Advice      []string `json:"advice"`
		Device      []string `json:"device"`
		Turn        []string `json:"turn"`
		Product     []string `json:"product"`
		Mistakes    []string `json:"mistakes"` // headings of what one should not do
		Months      []string `json:"months"`
		Conditions  map[condition][]string
	}
	if err := json.Unmarshal(guardWordFile, &file); err != nil {
		panic(err)
	}
	out := map[Lang]grammar{}
	for lang, f := range file {
		g := grammar{phrases(f.Negation), phrases(f.NotNegation), phrases(f.Forbidding), phrases(f.Hollow), phrases(f.Caution),
			phrases(f.Advice), phrases(f.Device), phrases(f.Turn), phrases(f.Product), phrases(f.Mistakes), nil, map[condition][]phrase{}}
		for _, m := range f.Months {
			g.months = append(g.months, Fold(m))
		}
		for c, texts := range f.Conditions {
			g.conditions[c] = phrases(texts)
		}
		out[lang] = g
	}
	return out
}

// statement is one sentence, or a list item's line that leads in, read for what it claims.
type statement struct {
	text     string
	lang     Lang
	line     int // of the passages it comes from, so that neighbours in one paragraph or list item are known
	clauses  []clause
	keys     map[string]bool // of all clauses
	measures []Measure
	products []named
	crops    []string // lexicon ids of crops and animals named
	months   []int    // named in it, 0 is January
	caution  bool
	breaks   []int // word positions at which a new phrase begins, after a comma, colon or bracket
}

// clause is a part of a statement between commas, with what it depends on.
type clause struct {
	keys       []string // of the words that carry its meaning
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
			for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' }) {
				if len(Words(part)) > 0 {
					st := readStatement(part, lang, lex)
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
	s := statement{text: text, lang: lang, keys: map[string]bool{}, measures: Measures(text, lang)}
	words, keys := Words(text), nameKeys(text)
	for _, l := range lex(text) {
		if l.is == lexSign && strings.Contains(",:;()–—،", l.text) {
			s.breaks = append(s.breaks, l.word)
		}
	}
	s.caution = len(places(g.caution, words, keys)) > 0
	s.months = monthsOf(text, words, g)
	for _, c := range Chemicals(text) {
		s.products = append(s.products, named{"chemical:" + c.Name, c.At, c.End})
	}
	for _, m := range lexicon.FindNative(text, lang) {
		switch {
		case m.Concept.living():
			s.crops = append(s.crops, m.Concept.ID)
		case m.Concept.Kind == Input && !s.hasProduct(m.At):
			s.products = append(s.products, named{m.Concept.ID, m.At, m.End})
		}
	}
	for _, part := range clausesOf(text) {
		c := readClause(part, lang, g)
		for _, k := range c.keys {
			s.keys[k] = true
		}
		s.clauses = append(s.clauses, c)
	}
	for i := range s.clauses[:max(0, len(s.clauses)-1)] { // "udongo ukiwa mkavu, ...": the if is not always the first word
		c := &s.clauses[i]
		c.leads = c.leads || !c.advises && slices.Contains(c.conditions, "if")
	}
	return s
}

func (s *statement) hasProduct(at int) bool {
	return slices.ContainsFunc(s.products, func(p named) bool { return at >= p.at && at < p.end })
}

// fewWords is the length up to which a part between commas is an item of a list and no clause.
const fewWords = 2

// clausesOf parts a sentence at its commas, colons, brackets and dashes; items of a list stay together.
func clausesOf(text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",:()–—،፣", r) }) {
		n := len(Words(part))
		switch {
		case n == 0:
		case len(out) > 0 && (n <= fewWords || len(Words(out[len(out)-1])) <= fewWords):
			out[len(out)-1] += " " + part
		default:
			out = append(out, part)
		}
	}
	return out
}

func readClause(text string, lang Lang, g grammar) clause {
	words, keys := Words(text), nameKeys(text)
	var c clause
	negated := places(g.negation, words, keys)
	plain := places(g.notNegation, words, keys)
	grammatical := map[int]bool{}
	for _, at := range negated {
		if !slices.Contains(plain, at) {
			c.negations++
			grammatical[at] = true
		}
	}
	if lang == "fr" && c.negations > 1 { // ne ... pas, ne ... jamais are one
		c.negations = (c.negations + 1) / 2
	}
	for name, list := range g.conditions {
		for _, at := range places(list, words, keys) {
			c.conditions = append(c.conditions, name)
			c.leads = c.leads || at == 0
		}
	}
	slices.Sort(c.conditions)
	c.conditions = slices.Compact(c.conditions)
	c.advises = len(places(g.advice, words, keys)) > 0
	for i, k := range keys {
		// A Swahili verb holds its negation in itself: "usinyunyizie" is said of what "nyunyizia" is said of.
		if lang == "sw" && grammatical[i] {
			if k = swahiliStem(words[i]); k != "" {
				c.stems = append(c.stems, k)
			}
		}
		if k != "" && !isNumeral(k) && !slices.Contains(functionWords[lang], words[i]) && !(grammatical[i] && lang != "sw") {
			c.keys = append(c.keys, k)
		}
	}
	return c
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

func isNumeral(k string) bool {
	return strings.IndexFunc(k, func(r rune) bool { return r >= '0' && r <= '9' }) == 0
}

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

// forbids reports whether the statement tells people not to use what is named at a word position, without a back door such as
// "do not forget to" or "never use less than".
func (s *statement) forbids(at int) bool {
	g := grammars[s.lang]
	from, to, last := 0, 0, false
	for _, part := range forbidding(s.text, g) { // the clause in which it stands
		to = from + len(Words(part))
		if at >= from && at < to {
			words, keys := Words(part), nameKeys(part)
			negated := len(places(g.negation, words, keys)) > 0 || len(places(g.forbidding, words, keys)) > 0
			last = negated && len(places(g.hollow, words, keys)) == 0
			break
		}
		from = to
	}
	return last
}

// forbidding parts a sentence where something new begins that a "not" before or after it is not said of: at an "if", and at a
// comma or a "but" before a verb of doing; elsewhere a list goes on.
func forbidding(text string, g grammar) []string {
	var out []string
	add := func(piece []string, apart bool) {
		part := strings.Join(piece, " ")
		words, keys := Words(part), nameKeys(part)
		switch {
		case len(words) == 0:
		case len(out) > 0 && !apart && len(places(g.advice, words, keys)) == 0:
			out[len(out)-1] += " " + part
		default:
			out = append(out, part)
		}
	}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",:;–—،", r) }) {
		var piece []string
		apart := false
		for _, w := range strings.Fields(part) {
			words, keys := Words(w), nameKeys(w)
			tied := len(places(g.conditions["if"], words, keys)) > 0
			if tied || len(places(g.turn, words, keys)) > 0 {
				add(piece, apart)
				piece, apart = nil, tied
			}
			piece = append(piece, w)
		}
		add(piece, apart)
	}
	return out
}
