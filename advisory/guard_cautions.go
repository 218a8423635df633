package advisory

import (
	"slices"
	"strings"
)

// cautions asks for each caution that stands in the same paragraph or list item as what was used, or speaks of the same
// product.
func (g *guarding) cautions() {
	if len(g.missing()) > 0 {
		g.fall(RuleCaution)
	}
}

// missing gives the cautions that belong to what was used, and are not said.
func (g *guarding) missing() []use {
	said := map[use]bool{}
	for _, u := range g.used {
		said[u] = true
	}
	var out []use
	for _, u := range g.used {
		from := &u.source.statements[u.at]
		for i := range u.source.statements {
			t := &u.source.statements[i]
			caution := use{u.source, i}
			if t.caution && !said[caution] && (t.line == from.line || sharesProduct(t, from)) && !g.says(t) {
				said[caution] = true
				out = append(out, caution)
			}
		}
	}
	return out
}

// says reports whether the draft has the very words of a statement: one as short as "Do not serve." is not told by its words.
func (g *guarding) says(t *statement) bool {
	return slices.ContainsFunc(g.draft.Sentences, func(s Sentence) bool {
		return slices.ContainsFunc(Sentences(s.Text), func(part string) bool { return bareText(part) == bareText(t.text) })
	})
}

// bareText is a statement without the sign at its end.
func bareText(text string) string {
	return strings.TrimRightFunc(strings.TrimSpace(text), func(r rune) bool { return EndsSentence(r) || r == ' ' })
}

func sharesProduct(a, b *statement) bool {
	return slices.ContainsFunc(a.products, func(n named) bool { return b.names(n.id) })
}

// Owed gives the cautions that a draft leaves out, in the words of the passages: said after it, none is missing.
func Owed(d Draft, passages []Passage, std Standard) []Sentence {
	g := examine(d, passages, std)
	var out []Sentence
	for missing := g.missing(); len(missing) > 0; missing = g.missing() { // a caution can owe another
		for _, c := range missing {
			text := strings.TrimSpace(c.source.statements[c.at].text)
			if last := []rune(text); !EndsSentence(last[len(last)-1]) {
				text += "." // a list item: the voice shall pause after it
			}
			out = append(out, Sentence{Text: text, Passages: []int{slices.Index(g.read, c.source)}})
		}
		g.used = append(g.used, missing...)
	}
	return out
}
