package content

import (
	"fmt"
	"strings"

	"jembe/advisory"
)

// Unsafe gives what the guard of every box would stop in a pack: it is never published.
func Unsafe(p *Pack) Problems {
	c := newChecker(p)
	for _, d := range p.Documents {
		c.guarded(d, false)
	}
	return c.problems.sorted()
}

// guarded puts a document before the guard as the box does when it answers: its short answer and its simple text must stand on its own body, and no
// sentence may advise a hazardous chemical, order a device or a model about, or be in another script.
// Numbers of which it is already told that they are not in the body need no second word.
func (c *checker) guarded(d *Document, told bool) {
	for _, f := range c.fallen(d, advisory.PreparedDraft) {
		if told && f == advisory.RuleNumber {
			continue
		}
		c.say(d, "answer", "the guard would stop the short answer: %s", f)
	}
	if d.Simple != "" {
		for _, f := range c.fallen(d, advisory.SimpleDraft) {
			c.say(d, "simple", "the guard would stop the simple text: %s", f)
		}
	}
	std := c.standard(d)
	for _, s := range d.Sections {
		for _, line := range strings.Split(s.Text, "\n") {
			for _, rule := range advisory.ChemicalRules(line, std) {
				c.say(d, "", "%q names a chemical that may not be advised here (%s)", short(line), rule)
			}
			for _, rule := range advisory.FormRules(line, std) {
				c.say(d, "", "the guard would stop %q: %s", short(line), rule)
			}
		}
	}
}

// fallen gives the rules at which the guard stops a text of the document.
func (c *checker) fallen(d *Document, text func(*advisory.Document) (advisory.Draft, []advisory.Passage)) []advisory.Rule {
	draft, passages := text(&d.Document)
	return advisory.Guard(draft, passages, c.standard(d))
}

// standard is what advice of a document is held against: the lists of its country, where it holds for just one.
func (c *checker) standard(d *Document) advisory.Standard {
	std := advisory.Standard{Lexicon: c.lexicon, Lang: d.Lang, Crops: d.Crops}
	if len(d.Zones) == 1 && country.MatchString(d.Zones[0]) {
		std.Country = d.Zones[0]
	}
	if len(std.Crops) == 0 {
		std.Crops = []string{advisory.AnyCrop}
	}
	return std
}

// short is the beginning of a line, to tell it by.
func short(line string) string {
	words := strings.Fields(line)
	if len(words) > 12 {
		return fmt.Sprint(strings.Join(words[:12], " "), " ...")
	}
	return line
}
