package advisory

import (
	"slices"
	"strings"
)

// ConceptKind sorts the concepts of a lexicon.
type ConceptKind string

// The kinds of concepts.
const (
	Crop     ConceptKind = "crop"
	Animal   ConceptKind = "animal"
	Pest     ConceptKind = "pest"
	Disease  ConceptKind = "disease"
	Symptom  ConceptKind = "symptom"
	Input    ConceptKind = "input"
	Practice ConceptKind = "practice"
	Topic    ConceptKind = "topic" // what a question is about besides: price, weather, loan
)

// Concept is one thing farmers speak of, with its names in every language.
type Concept struct {
	ID    string // kebab-case English: "fall-armyworm"
	Kind  ConceptKind
	Is    []string          // ids of wider concepts: tomato is vegetable, hen is poultry
	Names map[Lang][]string // the first name of a language is the one we speak; the others are ways of saying it

	group bool // another concept is a kind of this one
}

// Mention is a concept found in a text.
type Mention struct {
	Concept *Concept
	Words   []string // the folded words that named it
	At, End int      // half-open range of word positions in the text
}

// Lexicon finds the concepts a text names. It is read-only once made, and safe for concurrent use.
type Lexicon struct {
	concepts map[string]*Concept
	order    []string
	index    nameIndex // of the names that the content brings
	asked    nameIndex // the same with local names, see With
	plain    *Lexicon  // without local names; nil: there are none
	spelling *speller
	sources  *sources // passages read with it
	hindi    *romaniser
}

type entry struct {
	keys    []string
	concept *Concept
	lang    Lang
}

// nameIndex gives for the first key of a name the names that start so, longest first.
type nameIndex map[string][]entry

func (x nameIndex) add(name string, concept *Concept, lang Lang) {
	if keys := nameKeys(name); len(keys) > 0 {
		x[keys[0]] = append(x[keys[0]], entry{keys, concept, lang})
	}
}

// NewLexicon makes a lexicon; of two concepts with one id the later adds its names to the earlier. The words of the texts,
// which are those of the content, are known to be no spelling mistakes.
func NewLexicon(concepts []Concept, texts ...string) *Lexicon {
	l := &Lexicon{
		concepts: map[string]*Concept{}, index: nameIndex{},
		spelling: newSpeller(concepts, texts), sources: &sources{}, hindi: newRomaniser(concepts, texts),
	}
	for _, c := range concepts {
		l.add(c)
	}
	for _, id := range l.order {
		for _, wider := range l.concepts[id].Is {
			if c := l.concepts[wider]; c != nil {
				c.group = true
			}
		}
	}
	for _, es := range l.index {
		longestFirst(es)
	}
	l.asked = l.index
	return l
}

// longestFirst sorts the names by their number of words.
func longestFirst(es []entry) []entry {
	slices.SortStableFunc(es, func(a, b entry) int { return len(b.keys) - len(a.keys) })
	return es
}

func (l *Lexicon) add(c Concept) {
	known, ok := l.concepts[c.ID]
	if !ok {
		known = &Concept{ID: c.ID, Kind: c.Kind, Is: c.Is, Names: map[Lang][]string{}}
		l.concepts[c.ID] = known
		l.order = append(l.order, c.ID)
	}
	for lang, names := range c.Names {
		known.Names[lang] = append(known.Names[lang], names...)
		for _, name := range names {
			l.index.add(name, known, lang)
		}
	}
}

// Concept gives the concept with the id, or nil.
func (l *Lexicon) Concept(id string) *Concept { return l.concepts[id] }

// Concepts gives all concepts in the order in which they were added.
func (l *Lexicon) Concepts() []*Concept {
	out := make([]*Concept, len(l.order))
	for i, id := range l.order {
		out[i] = l.concepts[id]
	}
	return out
}

// Name gives the name we speak for a concept in a language, else in English, else its id.
func (l *Lexicon) Name(id string, lang Lang) string {
	c := l.concepts[id]
	if c == nil {
		return strings.ReplaceAll(id, "-", " ")
	}
	for _, in := range []Lang{lang, "en"} {
		if names := c.Names[in]; len(names) > 0 {
			return names[0]
		}
	}
	return strings.ReplaceAll(id, "-", " ")
}

// Find gives the concepts that the text names, in order, the longest name at each place. English names and the names of
// things are looked for in every language, because farmers mix languages; where one name means two things, the text's own
// language wins, and a function word of that language is never another's name ("mange" is what French caterpillars do, and
// an English disease). Local names are found too.
func (l *Lexicon) Find(text string, lang Lang) []Mention {
	words := Words(text)
	var read []string
	if native := l.Native(text, lang); native != text {
		read = nameKeys(native)
	}
	return l.asked.find(words, keysOf(words), read, "", func(found []entry, first string) []entry {
		own := inLang(found, lang)
		if len(own) > 0 || slices.Contains(functionWords[lang], first) {
			return own
		}
		return slices.DeleteFunc(found, func(e entry) bool { return e.lang != "en" && !e.concept.thing() })
	})
}

// thing reports whether the concept is something one can point at, whose name is borrowed between languages.
func (c *Concept) thing() bool {
	return c.living() || c.Kind == Pest || c.Kind == Disease || c.Kind == Input
}

// FindNative is Find with the names of one language only, and no local ones, for texts that do not mix: documents and drafts.
func (l *Lexicon) FindNative(text string, lang Lang) []Mention {
	words := Words(text)
	return l.native(wording{words: words, keys: keysOf(words)}, lang)
}

func (l *Lexicon) native(w wording, lang Lang) []Mention {
	return l.index.find(w.words, w.keys, nil, lang, func(found []entry, _ string) []entry { return found })
}

func inLang(es []entry, lang Lang) []entry {
	return slices.DeleteFunc(slices.Clone(es), func(e entry) bool { return e.lang != lang })
}

// find goes through the text as it was typed and, unless read is nil, as it reads in its own script, which is word by word the
// same. Only names of the language count, if one is given. pick chooses from the names that start at a word, all that fit, the
// longest first. Within a longer name only a crop or animal is found as well: "cassava mosaic" is of cassava, "sweet potato" is
// no potato.
func (x nameIndex) find(words, keys, read []string, lang Lang, pick func(found []entry, first string) []entry) []Mention {
	var out []Mention
	start, end, within := 0, 0, false // of the longest name so far, and whether it is itself a crop's or animal's
	for i := range keys {
		if len(x[keys[i]]) == 0 && (read == nil || len(x[read[i]]) == 0) {
			continue
		}
		var here []*Concept
		named := x.at(keys[i:], lang)
		if read != nil {
			named = longestFirst(append(named, x.at(read[i:], lang)...))
		}
		for _, e := range pick(named, words[i]) {
			to := i + len(e.keys)
			inside := to < end || to == end && i > start
			if inside && (within || !e.concept.living()) || slices.Contains(here, e.concept) {
				continue
			}
			here = append(here, e.concept)
			out = append(out, Mention{Concept: e.concept, Words: words[i:to], At: i, End: to})
			if to > end {
				start, end, within = i, to, e.concept.living()
			}
		}
	}
	return out
}

// living reports whether the concept is what a farmer keeps, and not what befalls it.
func (c *Concept) living() bool { return c.Kind == Crop || c.Kind == Animal }

// at gives the names that the keys start with, the longest first; only those of the language, if one is given.
func (x nameIndex) at(keys []string, lang Lang) []entry {
	var out []entry
	for _, e := range x[keys[0]] {
		if (lang == "" || e.lang == lang) && len(e.keys) <= len(keys) && slices.Equal(e.keys, keys[:len(e.keys)]) {
			out = append(out, e)
		}
	}
	return out
}

// countLangs adds, for each place in the text where a name stands, one to every language that has that name.
func (l *Lexicon) countLangs(text string, counts map[Lang]int) {
	keys := nameKeys(text)
	for i := range keys {
		langs := map[Lang]bool{}
		for _, e := range l.index.at(keys[i:], "") {
			langs[e.lang] = true
		}
		for lang := range langs {
			counts[lang]++
		}
	}
}

// nameKeys is the form in which a name is compared.
func nameKeys(name string) []string {
	return keysOf(Words(name))
}

// wordKey takes the commonest endings off a folded word, so that a plural finds its singular: English and French -s, -es, -x,
// Hindi plural and oblique vowel signs. It need not be right, only the same in name and text.
func wordKey(w string) string {
	if len(w) == 0 || w[0] < 0x80 {
		return latinKey(w)
	}
	r := []rune(w)
	for len(r) > 2 && strings.ContainsRune("\u093e\u093f\u0940\u0947\u094b\u0902\u0948\u094c\u093e", r[len(r)-1]) {
		r = r[:len(r)-1]
	}
	if n := len(r); n > 3 && r[n-1] == 'य' { // मछलियां, बकरियों
		r = r[:n-1]
		if r[len(r)-1] == '\u093f' {
			r = r[:len(r)-1]
		}
	}
	return string(r)
}

func latinKey(w string) string {
	switch {
	case len(w) > 4 && strings.HasSuffix(w, "ies"):
		return w[:len(w)-3] + "y"
	case len(w) > 4 && (strings.HasSuffix(w, "oes") || strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes") || strings.HasSuffix(w, "sses") || strings.HasSuffix(w, "xes")):
		return w[:len(w)-2]
	case len(w) > 3 && (strings.HasSuffix(w, "s") || strings.HasSuffix(w, "ux")) && !strings.HasSuffix(w, "ss"):
		return w[:len(w)-1]
	}
	return w
}
