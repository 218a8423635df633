package rag

import (
	"strings"

	"jembe/advisory"
)

// statement is a piece of a passage that can be quoted without changing what it means: one or more whole sentences, or a whole
// list item with the line that leads it in.
type statement struct {
	lead string // "If the soil is dry:"; "" for none
	text string
}

func (s statement) String() string {
	if s.lead == "" {
		return s.text
	}
	return s.lead + " " + s.text
}

// statements cuts a passage into statements, in order. A line that leads in a list is none by itself.
func statements(text string, lang advisory.Lang) []statement {
	var out []statement
	lead := ""
	for _, block := range strings.Split(text, "\n\n") {
		lines := strings.FieldsFunc(block, func(r rune) bool { return r == '\n' })
		list := len(lines) > 1 || lead != ""
		for _, line := range lines {
			line = strings.TrimSpace(line)
			switch {
			case line == "":
			case leadsIn(line):
				ss := joined(advisory.Sentences(line), lang)
				for _, s := range ss[:len(ss)-1] {
					out = append(out, statement{text: s})
				}
				lead, list = ss[len(ss)-1], true
			case list:
				out = append(out, statement{lead, line})
			default:
				for _, s := range joined(advisory.Sentences(line), lang) {
					out = append(out, statement{text: s})
				}
			}
		}
		if len(lines) > 0 && !leadsIn(lines[len(lines)-1]) {
			lead = ""
		}
	}
	return out
}

// dependents are the words with which a sentence begins that says only half without the one before it.
var dependents = map[advisory.Lang]map[string]bool{
	"en": foldSet("it its they their them this these that those then but so also otherwise therefore instead such he she"),
	"fr": foldSet("il ils elle elles cela ceci ce cet cette ces celui celle ceux puis alors mais sinon donc aussi ensuite"),
	"hi": foldSet("यह ये वह वे इससे इसे इसके इसकी इसका इनसे उससे उसे उसके तब फिर लेकिन परन्तु नहीं अन्यथा इसलिए"),
	"sw": foldSet("kisha lakini hivyo pia vinginevyo basi ndipo huyu hii hiki hizi hawa hivi huo hilo yeye wao"),
}

// joined puts sentences that lean on the one before them together with it.
func joined(list []string, lang advisory.Lang) []string {
	var out []string
	for i, s := range list {
		words := advisory.Words(s)
		if i > 0 && len(words) > 0 && dependents[lang][words[0]] {
			out[len(out)-1] += " " + s
			continue
		}
		out = append(out, s)
	}
	return out
}
