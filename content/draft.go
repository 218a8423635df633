package content

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"jembe/advisory"
)

// Draft is what a document begins as: what a farmer asked, and what a person replied.
type Draft struct {
	ID       string // of the document to be: small letters, digits and hyphens
	Lang     advisory.Lang
	Question string
	Reply    string
	Topics   []string // lexicon ids
	Source   advisory.Source
	ReviewBy time.Time
}

// draftTitle is the most characters of a title that is made from a question.
const draftTitle = 80

// draftFront is the front matter of a draft, in the order in which people write it.
type draftFront struct {
	ID        string        `yaml:"id"`
	Lang      string        `yaml:"lang"`
	Title     string        `yaml:"title"`
	Topics    []string      `yaml:"topics,omitempty,flow"`
	Sources   []draftSource `yaml:"sources"`
	Status    string        `yaml:"status"`
	ReviewBy  string        `yaml:"review_by"`
	Questions []string      `yaml:"questions"`
	Answer    string        `yaml:"answer"`
}

type draftSource struct {
	Name string `yaml:"name"`
	URL  string `yaml:"url"`
	Year int    `yaml:"year"`
}

// Markdown writes the draft as a document: unreviewed, the reply as its body, and as much of it as can be heard at once as its
// short answer. ParseDocument reads it, as docs/LANG/ID.md, unless question or reply hold markup; a curator makes a whole
// document of it.
func (d Draft) Markdown() ([]byte, error) {
	question := strings.Join(strings.Fields(d.Question), " ")
	front := draftFront{
		ID: d.ID, Lang: string(d.Lang), Title: shorten(question, draftTitle), Topics: kebabs(d.Topics),
		Sources: []draftSource{{d.Source.Name, d.Source.URL, d.Source.Year}}, Status: string(advisory.Unreviewed),
		ReviewBy: d.ReviewBy.Format(time.DateOnly), Questions: []string{question}, Answer: firstSentences(d.Reply, maxAnswer),
	}
	var b bytes.Buffer
	b.WriteString("---\n")
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(front); err != nil {
		return nil, fmt.Errorf("write a draft: %w", err)
	}
	b.WriteString("---\n\n## " + draftHeading(d.Lang) + "\n\n" + strings.TrimSpace(d.Reply) + "\n")
	return b.Bytes(), nil
}

// draftHeading is the heading of what to do, in the language where it has one.
func draftHeading(lang advisory.Lang) string {
	if headings[lang] == nil {
		lang = "en"
	}
	return headings[lang]["practice"][2]
}

// shorten cuts a text between words, to at most n characters.
func shorten(text string, n int) string {
	out := ""
	for word := range strings.FieldsSeq(text) {
		if len([]rune(out))+1+len([]rune(word)) > n {
			break
		}
		out = strings.TrimSpace(out + " " + word)
	}
	if out == "" {
		r := []rune(text)
		return string(r[:min(len(r), n)])
	}
	return out
}

// firstSentences gives the sentences that have at most so many words together; of a longer first sentence its first words.
func firstSentences(text string, most int) string {
	words := strings.Fields(text)
	if len(words) <= most {
		return strings.Join(words, " ")
	}
	for n := most; n > 0; n-- {
		if strings.ContainsAny(words[n-1][len(words[n-1])-1:], ".?!") || strings.HasSuffix(words[n-1], "।") {
			return strings.Join(words[:n], " ")
		}
	}
	return strings.Join(words[:most], " ")
}

func kebabs(ids []string) []string {
	var out []string
	for _, id := range ids {
		if kebab.MatchString(id) && len(id) <= maxID && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
