package content

import (
	"strings"

	"jembe/advisory"
)

// simple holds the simpler text of a document against its answer: it must be shorter, and lose no warning.
func (c *checker) simple(d *Document) {
	if d.Simple == "" {
		return
	}
	if simple, answer := len(strings.Fields(d.Simple)), len(strings.Fields(d.Answer)); simple >= answer {
		c.say(d, "simple", "the simple text has %d words, the answer %d: make it shorter", simple, answer)
	}
	simple, answer := advisory.Warnings(d.Simple, d.Lang, c.lexicon), advisory.Warnings(d.Answer, d.Lang, c.lexicon)
	if simple < answer {
		c.say(d, "simple", "the answer warns %d times (never, do not, keep away), the simple text %d: no warning may be lost", answer, simple)
	}
}
