package rag

import (
	"strings"

	"jembe/advisory"
)

// kind says which part of a document a unit of the index is.
type kind uint8

const (
	titleUnit kind = iota
	questionUnit
	answerUnit
	passageUnit
)

// unit is the smallest piece of text that is found: a title, a question, the short answer, or a passage.
type unit struct {
	kind    kind
	section string // heading of the passage
	text    string
}

// searched gives the words by which the unit is found.
func (u unit) searched() string {
	if u.section == "" {
		return u.text
	}
	return u.section + "\n" + u.text
}

// units cuts a document into the pieces that are found.
func units(d *advisory.Document) []unit {
	var out []unit
	add := func(k kind, section, text string) {
		if strings.TrimSpace(text) != "" {
			out = append(out, unit{k, section, text})
		}
	}
	add(titleUnit, "", d.Title)
	for _, q := range d.Questions {
		add(questionUnit, "", q)
	}
	add(answerUnit, "", d.Answer)
	for _, s := range d.Sections {
		for _, text := range chunks(s.Text) {
			add(passageUnit, s.Heading, text)
		}
	}
	return out
}

// chunkWords is the number of words from which a passage is closed at the next end of a paragraph.
const chunkWords = 90

// chunks cuts the text of a section into passages: whole paragraphs and lists, a list never parted from the line that leads it in.
func chunks(text string) []string {
	var out, open []string
	words := 0
	for _, paragraph := range strings.Split(text, "\n\n") {
		paragraph = strings.Trim(paragraph, "\n")
		if strings.TrimSpace(paragraph) == "" {
			continue
		}
		if words >= chunkWords && !leadsIn(open[len(open)-1]) {
			out, open, words = append(out, strings.Join(open, "\n\n")), nil, 0
		}
		open = append(open, paragraph)
		words += len(strings.Fields(paragraph))
	}
	if len(open) > 0 {
		out = append(out, strings.Join(open, "\n\n"))
	}
	return out
}

// leadsIn reports whether a line or paragraph ends as one that a list follows.
func leadsIn(text string) bool {
	return strings.HasSuffix(strings.TrimRight(text, " \t"), ":") || strings.HasSuffix(text, "፦")
}
