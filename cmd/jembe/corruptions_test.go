package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/content"
)

// faithful is a draft that says a line of a document's section as it stands, with what it rests on.
type faithful struct {
	text     string
	passages []advisory.Passage // the section, and one of another document
	std      advisory.Standard
}

// draft is a model's draft of the text, resting on the passage of that number.
func (f faithful) draft(text string, passage int) advisory.Draft {
	return advisory.Draft{Tier: advisory.Generated, Sentences: []advisory.Sentence{{Text: text, Passages: []int{passage}}}}
}

func (f faithful) fell(text string, passage int) []advisory.Rule {
	return advisory.Guard(f.draft(text, passage), f.passages, f.std)
}

// stands reports whether the guard lets the line through as it is; some need a caution from another line.
func (f faithful) stands() bool { return len(f.fell(f.text, 0)) == 0 }

const (
	leastDraft, mostDraft = 6, 60 // words
)

// faithfulDrafts gives the lines of the starter library that the guard lets through as they stand, in random but fixed order.
func faithfulDrafts(t *testing.T) []faithful {
	t.Helper()
	first, err := content.Starter()
	if err != nil {
		t.Fatal(err)
	}
	lexicon := advisory.NewLexicon(first.Concepts)
	random := rand.New(rand.NewPCG(1, 2))
	var out []faithful
	for i, d := range first.Documents {
		other := first.Documents[(i+7)%len(first.Documents)]
		std := advisory.Standard{Lexicon: lexicon, Country: "IN", Lang: d.Lang, Crops: d.Crops}
		for _, s := range d.Sections {
			passages := []advisory.Passage{{Document: &d.Document, Section: s.Heading, Text: s.Text}, {Document: &other.Document, Text: other.Sections[0].Text}}
			for _, line := range strings.Split(s.Text, "\n") {
				if n := len(strings.Fields(line)); n >= leastDraft && n <= mostDraft {
					out = append(out, faithful{line, passages, std})
				}
			}
		}
	}
	random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// score counts by kind of change and language.
type score map[string]map[advisory.Lang]*[2]int // of all, caught or passed

func (s score) add(kind string, lang advisory.Lang, good bool) {
	if s[kind] == nil {
		s[kind] = map[advisory.Lang]*[2]int{}
	}
	if s[kind][lang] == nil {
		s[kind][lang] = &[2]int{}
	}
	s[kind][lang][0]++
	if good {
		s[kind][lang][1]++
	}
}

// share of a kind, over all languages.
func (s score) share(kind string) (float64, string) {
	all, good := 0, 0
	var parts []string
	for _, lang := range []advisory.Lang{"en", "hi", "sw", "fr"} {
		if n := s[kind][lang]; n != nil {
			all, good = all+n[0], good+n[1]
			parts = append(parts, fmt.Sprintf("%s %d of %d", lang, n[1], n[0]))
		}
	}
	return float64(good) / float64(max(all, 1)), fmt.Sprintf("%-12s %6d of %6d (%s): %s", kind, good, all, percent(good, all), strings.Join(parts, ", "))
}

// tried is how often a kind was tried, over all languages.
func (s score) tried(kind string) (n int) {
	for _, of := range s[kind] {
		n += of[0]
	}
	return n
}

// The guard must catch what a model may do to a faithful draft. The kinds that can kill are caught all but always.
func TestCorruptionsAreCaught(t *testing.T) {
	drafts, most := faithfulDrafts(t), 10 // of a kind and language; 10,000 in all in the long form
	if *full {
		most = 320
	}
	counts := score{}
	for _, f := range drafts {
		for _, c := range corruptions {
			if n := counts[c.kind][f.std.Lang]; n != nil && n[0] >= most {
				continue
			}
			text, passage, ok := c.corrupt(f)
			if !ok || text == f.text && passage == 0 || !f.stands() {
				continue
			}
			caught := len(f.fell(text, passage)) > 0
			counts.add(c.kind, f.std.Lang, caught)
			if !caught {
				t.Logf("missed %s %s\n  was %s\n  now %s", c.kind, f.std.Lang, f.text, text)
			}
		}
	}
	tried := 0
	for i, c := range corruptions {
		if i > 0 && corruptions[i-1].kind == c.kind {
			continue
		}
		share, line := counts.share(c.kind)
		t.Log(line)
		tried += counts.tried(c.kind)
		least := c.least
		if !*full {
			least -= c.slack
		}
		if share < least {
			t.Errorf("%s: caught %.1f%%, at least %.1f%% are wanted", c.kind, 100*share, 100*least)
		}
	}
	if t.Logf("corruptions tried: %d", tried); *full && tried < 10000 {
		t.Errorf("tried %d corruptions, at least 10,000 are wanted", tried)
	}
}

// What says the same in other words passes, or the model would write in vain.
func TestParaphrasesPass(t *testing.T) {
	drafts, most := faithfulDrafts(t), 8
	if *full {
		most = 250
	}
	counts := score{}
	for _, f := range drafts {
		for _, p := range paraphrases {
			if n := counts[p.kind][f.std.Lang]; n != nil && n[0] >= most {
				continue
			}
			text, ok := p.say(f)
			if !ok || text == f.text || !f.stands() {
				continue
			}
			fell := f.fell(text, 0)
			counts.add(p.kind, f.std.Lang, len(fell) == 0)
			if len(fell) > 0 {
				t.Logf("fell %s %s %v\n  was %s\n  now %s", p.kind, f.std.Lang, fell, f.text, text)
			}
		}
	}
	all, good := 0, 0
	for _, p := range paraphrases {
		_, line := counts.share(p.kind)
		t.Log(line)
		for _, n := range counts[p.kind] {
			all, good = all+n[0], good+n[1]
		}
	}
	t.Logf("paraphrases passed: %d of %d (%s)", good, all, percent(good, all))
	least := 0.95
	if !*full {
		least = 0.9 // of few
	}
	if float64(good) < least*float64(all) {
		t.Errorf("passed %s of %d, at least %.0f%% are wanted", percent(good, all), all, 100*least)
	}
}

// wordsAt replaces words of a text by whole folded words: the first that has a place in the table, at or after a turn that depends on
// the text, so that not always the first is taken.
func replaceWord(text string, table map[string]string) (string, bool) {
	words := strings.Fields(text)
	start := len(text) % max(1, len(words))
	for k := range words {
		i := (start + k) % len(words)
		bare := strings.Trim(words[i], ".,;:!?()।")
		if with, ok := table[strings.ToLower(bare)]; ok {
			words = slices.Clone(words)
			words[i] = strings.Replace(words[i], bare, with, 1)
			return strings.Join(words, " "), true
		}
	}
	return text, false
}
