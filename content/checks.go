package content

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"jembe/advisory"
)

// Check gives what a reviewer should look at in a pack: nothing that stops it, but what makes advice worse or unsafe. Its own
// lexicon and the starter's name the crops, animals and topics.
func Check(p *Pack) Problems {
	c := newChecker(p)
	for _, d := range p.Documents {
		if d.Lang == "en" {
			c.english[d.ID] = d
		}
	}
	for _, concept := range p.Concepts {
		for _, id := range concept.Is {
			if c.lexicon.Concept(id) == nil {
				c.problems = append(c.problems, Problem{"lexicon", 0, fmt.Sprintf("%s is a kind of %s, which is in no lexicon", concept.ID, id)})
			}
		}
	}
	for _, d := range p.Documents {
		c.document(d)
	}
	c.nearly(p.Documents)
	c.coverage(p)
	first, _ := Starter() // what is wrong in it is told by Load
	c.menu(p, first.Menu)
	c.recordings(p)
	c.messages(p)
	return c.problems.sorted()
}

func newChecker(p *Pack) *checker {
	first, _ := Starter() // what is wrong in it is told by Load
	lexicon := advisory.NewLexicon(slices.Concat(p.Concepts, first.Concepts))
	return &checker{lexicon: lexicon, growth: joinGrowth(first, p), english: map[string]*Document{}, asked: map[string]string{}}
}

type checker struct {
	lexicon  *advisory.Lexicon
	growth   map[string][]Growth
	english  map[string]*Document
	asked    map[string]string // language and folded question -> path of its document
	problems Problems
}

// say tells of something in the field of a document; "" is the body.
func (c *checker) say(d *Document, field, format string, args ...any) {
	c.problems = append(c.problems, Problem{d.path, d.lines[field], fmt.Sprintf(format, args...)})
}

func (c *checker) document(d *Document) {
	c.known(d, "crops", d.Crops, advisory.Crop)
	c.known(d, "animals", d.Animals, advisory.Animal)
	c.known(d, "topics", d.Topics, "")
	c.calendar(d)
	c.places(d)
	c.shape(d)
	if d.claimed == advisory.Reviewed && d.Status != advisory.Reviewed {
		c.say(d, "status", "the status says reviewed, but nobody's approval of it as it stands is recorded: use jembe pack review")
	}
	c.questions(d)
	body := numbers(bodyOf(d))
	absent := missing(numbers(d.Answer), body)
	for _, n := range absent {
		c.say(d, "answer", "the answer says %s, but the body does not", n)
	}
	c.guarded(d, len(absent) > 0)
	c.simple(d)
	c.plainly(d)
	c.claims(d)
	if e := c.english[d.ID]; e != nil && e != d {
		c.values(d, e)
		c.translation(d, e, body)
	}
}

// known tells of ids that no lexicon holds, or holds as something else than kind, if that is given.
func (c *checker) known(d *Document, field string, ids []string, kind advisory.ConceptKind) {
	for _, id := range ids {
		switch concept := c.lexicon.Concept(id); {
		case concept == nil:
			c.say(d, field, "%s in %s is in no lexicon", id, field)
		case kind != "" && concept.Kind != kind:
			c.say(d, field, "%s in %s is a %s in the lexicon, not a %s", id, field, concept.Kind, kind)
		}
	}
}

// given is a list of the id, or of none.
func given(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}

// places tells of zones that no box is set to: advice that holds nowhere.
func (c *checker) places(d *Document) {
	for _, z := range d.Zones {
		if !advisory.IsCountry(z) && !slices.Contains(advisory.Zones(), z) {
			c.say(d, "zones", "the zone %s is not one of %s, or a country code", z, strings.Join(advisory.Zones(), ", "))
		}
	}
}

// shape holds headings and length against what the kind and language ask for.
func (c *checker) shape(d *Document) {
	if len(d.Sections) == 0 {
		c.say(d, "", "there is no body: only the short answer can be given")
		return
	}
	if want := headings[d.Lang][shapes[d.Kind]]; want != nil {
		got := make([]string, len(d.Sections))
		for i, s := range d.Sections {
			got[i] = s.Heading
		}
		if !slices.EqualFunc(got, want, sameText) {
			c.say(d, "", "the headings are %q, of this kind and language they should be %q", got, want)
		}
	}
	words := len(strings.Fields(bodyOf(d)))
	if limit, ok := bodyWords[d.Lang]; ok && (words < limit[0] || words > limit[1]) {
		c.say(d, "", "the body has %d words, it should have %d to %d", words, limit[0], limit[1])
	}
}

// sameText compares as readers do: however letters and accents are encoded.
func sameText(a, b string) bool { return norm.NFC.String(a) == norm.NFC.String(b) }

// questions tells of questions that another document also claims: neither could be chosen.
func (c *checker) questions(d *Document) {
	if len(d.Questions) == 0 {
		c.say(d, "", "there are no questions: people will hardly find it")
	}
	for _, q := range d.Questions {
		key := string(d.Lang) + " " + strings.Join(advisory.Words(q), " ")
		if first, ok := c.asked[key]; ok && first != d.path {
			c.say(d, "questions", "the question %q also stands in %s", q, first)
			continue
		}
		c.asked[key] = d.path
	}
}

// translation holds a document against the English one of the same id.
func (c *checker) translation(d, e *Document, body map[string]bool) {
	english := numbers(bodyOf(e))
	for _, n := range missing(body, english) {
		c.say(d, "", "the body says %s, the English one does not", n)
	}
	for _, n := range missing(english, body) {
		c.say(d, "", "the English body says %s, this one does not", n)
	}
	for _, field := range []struct {
		name      string
		own, want []string
	}{
		{"kind", []string{d.Kind}, []string{e.Kind}},
		{"crops", d.Crops, e.Crops},
		{"animals", d.Animals, e.Animals},
		{"topics", d.Topics, e.Topics},
		{"zones", d.Zones, e.Zones},
		{"sources", addresses(d), addresses(e)},
		{"review_by", []string{d.ReviewBy.Format(time.DateOnly)}, []string{e.ReviewBy.Format(time.DateOnly)}},
	} {
		if !slices.Equal(field.own, field.want) {
			c.say(d, field.name, "%s is %v, in English it is %v", field.name, field.own, field.want)
		}
	}
}

// addresses are the web addresses of the sources.
func addresses(d *Document) []string {
	var out []string
	for _, s := range d.Sources {
		out = append(out, s.URL)
	}
	return out
}

func bodyOf(d *Document) string {
	var b strings.Builder
	for _, s := range d.Sections {
		b.WriteString(s.Text)
		b.WriteByte('\n')
	}
	return b.String()
}

// number is digits with an optional fraction, and thousands parted by a comma, a point or a narrow or no-break space.
var number = regexp.MustCompile(`\d+(?:[.,\x{a0}\x{202f}]\d+)*`)

// numbers gives the numbers of a text in one form, whatever digits its script has: 1,000 is 1000, and 0,5 is 0.5.
func numbers(text string) map[string]bool {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Nd, r) {
			return '0' + advisory.Digit(r)
		}
		return r
	}, text)
	out := map[string]bool{}
	for _, n := range number.FindAllString(text, -1) {
		out[plainNumber(n)] = true
	}
	return out
}

// plainNumber takes the marks between thousands out, and makes a decimal comma a point. Three digits after a comma are thousands,
// fewer or more are a fraction.
func plainNumber(n string) string {
	parts := strings.Split(strings.NewReplacer("\u00a0", "", "\u202f", "").Replace(n), ",")
	out := parts[0]
	for _, part := range parts[1:] {
		if whole, _, _ := strings.Cut(part, "."); len(whole) != 3 {
			out += "."
		}
		out += part
	}
	return out
}

// missing gives what is in a and not in b, in order.
func missing(a, b map[string]bool) []string {
	out := slices.Sorted(maps.Keys(a))
	return slices.DeleteFunc(out, func(n string) bool { return b[n] })
}

// coverage tells of concepts that lack a name in a language of the pack, so that questions of that language would miss them. A
// pack that only adds names to concepts of others is not held to it.
func (c *checker) coverage(p *Pack) {
	langs := map[advisory.Lang]bool{}
	for _, d := range p.Documents {
		langs[d.Lang] = true
	}
	for _, concept := range p.Concepts {
		for _, lang := range slices.Sorted(maps.Keys(langs)) {
			if known := c.lexicon.Concept(concept.ID); known != nil && len(known.Names[lang]) == 0 {
				c.problems = append(c.problems, Problem{"lexicon", 0, fmt.Sprintf("%s has no name in %s", concept.ID, lang)})
			}
		}
	}
}

// recordings tells of those that do not belong to a text as it stands: they are not played.
func (c *checker) recordings(p *Pack) {
	first, _ := Starter() // what is wrong in it is told by Load
	lib := &Library{}
	lib.add([]*Pack{first, p}, nil, revocations{})
	texts := map[string]Text{}
	for _, r := range p.Recordings {
		if lang := string(r.Lang); texts[lang].Lang == "" {
			texts[lang] = Text{Lang: r.Lang}
			for _, t := range Texts(lib, nil, r.Lang) {
				texts[lang+"/"+t.Key()] = t
			}
		}
		switch t := texts[string(r.Lang)+"/"+r.Key]; {
		case t.ID == "":
			c.problems = append(c.problems, Problem{listPath(r.Lang), 0, "the recording of " + r.Key + " belongs to no text of this pack or the starter"})
		case t.SHA256() != r.SHA256:
			c.problems = append(c.problems, Problem{listPath(r.Lang), 0, "the text of " + r.Key + " has changed since " + r.By + " read it: it is not played"})
		}
	}
}

// messages tells how many of the box's own texts nobody has translated yet.
func (c *checker) messages(p *Pack) {
	english := advisory.Texts("en")
	for _, lang := range slices.Sorted(maps.Keys(p.Messages)) {
		same := 0
		for key, text := range p.Messages[lang] {
			if text == english[key] {
				same++
			}
		}
		if same > 0 {
			c.problems = append(c.problems, Problem{"messages/" + string(lang) + ".json", 0, fmt.Sprintf("%d of %d texts are still the English ones", same, len(p.Messages[lang]))})
		}
	}
}
