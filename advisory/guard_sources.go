package advisory

import (
	"slices"
	"sync"
)

// source is a passage that has been read. Nothing of it changes afterwards.
type source struct {
	statements []statement
	measures   []Measure // of all statements
	products   []string  // the product last named before each statement, for those that name none
	about      keySet    // of all statements
	crops      []string  // of its document
}

// sources keeps the passages read last, so that a model's sentences, which all rest on the same few, do not read them anew. It belongs
// to a lexicon, and goes with it when packs change.
type sources struct {
	mu   sync.Mutex
	read map[sourceKey]*source
}

type sourceKey struct {
	document      *Document
	section, text string
}

// mostSources is how many passages are kept: about 10 MB of them.
const mostSources = 256

// of gives a passage as it was read, and reads it the first time.
func (c *sources) of(p Passage, lex *Lexicon) *source {
	key := sourceKey{p.Document, p.Section, p.Text}
	c.mu.Lock()
	s := c.read[key]
	c.mu.Unlock()
	if s != nil {
		return s
	}
	s = readSource(p, lex)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.read == nil || len(c.read) >= mostSources {
		c.read = map[sourceKey]*source{}
	}
	c.read[key] = s
	return s
}

// cited gives the passages of a sentence; false when it names none, or one that was not given.
func (g *guarding) cited(s Sentence) ([]*source, bool) {
	var out []*source
	for _, i := range s.Passages {
		if i < 0 || i >= len(g.passages) {
			return nil, false
		}
		if g.read[i] == nil {
			g.read[i] = g.Lexicon.sources.of(g.passages[i], g.Lexicon)
		}
		out = append(out, g.read[i])
	}
	return out, len(out) > 0
}

func readSource(p Passage, lex *Lexicon) *source {
	lang := Lang("")
	s := &source{}
	if p.Document != nil {
		lang = p.Document.Lang
		s.crops = slices.Concat(p.Document.Crops, p.Document.Animals)
	}
	s.statements = read(p.Text, lang, lex)
	mistaken(s.statements, p.Section, lang)
	product := ""
	for i := range s.statements {
		st := &s.statements[i]
		s.products = append(s.products, product)
		s.measures = append(s.measures, st.measures...)
		product = st.lastProduct(product)
		s.about = append(s.about, st.about...)
	}
	slices.Sort(s.about)
	s.about = slices.Compact(s.about)
	return s
}

// anyStatement reports whether a statement of the passages meets a test.
func anyStatement(cited []*source, test func(s *source, i int, t *statement) bool) bool {
	for _, s := range cited {
		for i := range s.statements {
			if test(s, i, &s.statements[i]) {
				return true
			}
		}
	}
	return false
}
