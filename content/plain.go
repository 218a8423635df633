package content

import (
	"fmt"
	"regexp"
	"strings"

	"jembe/advisory"
)

// maxGrade is the school grade up to which English text is plain enough.
const maxGrade = 7.0

// plainly tells of English text that is hard to read, which is harder still to take in by ear.
func (c *checker) plainly(d *Document) {
	if d.Lang != "en" {
		return
	}
	if g := readingGrade(d.Answer); g > maxGrade {
		c.say(d, "answer", "the short answer needs school grade %.1f, at most %.0f: use shorter sentences and words", g, maxGrade)
	}
	if g := readingGrade(bodyOf(d)); g > maxGrade {
		c.say(d, "", "the body needs school grade %.1f, at most %.0f: use shorter sentences and words", g, maxGrade)
	}
}

// readingGrade is the Flesch-Kincaid grade level of English text: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid,
// Fishburne, Rogers and Chissom 1975, Research Branch Report 8-75, Naval Technical Training). A line counts as a sentence.
func readingGrade(text string) float64 {
	sentences, words, syllables := 0, 0, 0
	for line := range strings.Lines(text) {
		for _, s := range advisory.Sentences(line) {
			n := 0
			for _, w := range advisory.Words(s) {
				if w[0] >= 'a' && w[0] <= 'z' {
					n++
					syllables += syllablesOf(w)
				}
			}
			if n > 0 {
				sentences, words = sentences+1, words+n
			}
		}
	}
	if words == 0 {
		return 0
	}
	return 0.39*float64(words)/float64(sentences) + 11.8*float64(syllables)/float64(words) - 15.59
}

var (
	silentEnd = regexp.MustCompile(`(?:[^laeiouy]es|[^laeiouytd]ed|[^laeiouy]e)$`)
	vowels    = regexp.MustCompile(`[aeiouy]+`)
)

// syllablesOf counts the groups of vowels of an English word that are heard.
func syllablesOf(w string) int {
	if len(w) > 3 {
		w = silentEnd.ReplaceAllString(w, "")
	}
	return max(1, len(vowels.FindAllString(w, -1)))
}

// claims tells of facts from memory where a mistake could harm: doses and rates, and all that is said in an emergency.
func (c *checker) claims(d *Document) {
	for _, claim := range d.Claims {
		if !claim.Recalled {
			continue
		}
		if d.Kind == "safety" {
			c.say(d, "claims", "%q is recalled, but first aid and safety must be read in a source", short(claim.Claim))
			continue
		}
		for _, m := range advisory.Measures(claim.Claim, "en") {
			if (m.Unit == "g" || m.Unit == "ml") && len(m.Per) > 0 {
				c.say(d, "claims", "%q is recalled, but a dose or rate must be read in a source", short(claim.Claim))
				break
			}
		}
	}
}

// values tells of quantities with a number of the English document's in another unit; other numbers are told elsewhere. What one
// of the two writes without a unit, or in words, is left to people.
func (c *checker) values(d, e *Document) {
	english := advisory.Measures(bodyOf(e), "en")
	for _, m := range advisory.Measures(bodyOf(d), d.Lang) {
		switch m.Unit {
		case "g", "ml", "m", "m2", "celsius", "percent":
			bare := m
			bare.Unit = ""
			one := m.Low == m.Factor && len(m.Per) == 0 // "1 hectare" is what others are reckoned on
			if !one && !m.Spelt && bare.StandsIn(english) && !m.StandsIn(english) {
				c.say(d, "", "the body says %s, the English one has no such quantity", quantity(m))
			}
		}
	}
}

func quantity(m advisory.Measure) string {
	if m.Low == m.High {
		return fmt.Sprintf("%g %s", m.Low, m.Unit)
	}
	return fmt.Sprintf("%g to %g %s", m.Low, m.High, m.Unit)
}
