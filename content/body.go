package content

import (
	"regexp"
	"strings"

	"jembe/advisory"
)

// ruleLine is a line across the page, or under a heading.
var ruleLine = regexp.MustCompile(`^\s*([-*_=]\s*){3,}$`)

// marks are the parts of Markdown and HTML that a voice cannot read out. The signs, one of which a line must hold, spare most
// lines the patterns: they took three quarters of the time to read a library.
var marks = []struct {
	signs   string
	pattern *regexp.Regexp
	name    string
}{
	{"!", regexp.MustCompile(`!\[`), "an image"},
	{"]/", regexp.MustCompile(`\]\(|\]\[|^\s*\[[^\]]+\]:|https?://`), "a link"},
	{"w", regexp.MustCompile(`www\.`), "a link"},
	{"<", regexp.MustCompile(`<[a-zA-Z/!?]`), "HTML"},
	{"&", regexp.MustCompile(`&(#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);`), "an HTML character code"},
	{"`~", regexp.MustCompile("`|~~~"), "code marks"},
	{"*", regexp.MustCompile(`\*[^\s*]|[^\s*]\*|\*\*`), "bold or italic marks (*)"},
	{"_", regexp.MustCompile(`(^|[^\pL\pN_])_+[^\s_]|__`), "bold or italic marks (_)"},
	{`\`, regexp.MustCompile(`\\`), "a backslash"},
	{">", regexp.MustCompile(`^\s*>`), "a quotation mark of Markdown (>)"},
	{"|", regexp.MustCompile(`^\s*\||\|\s*$`), "a table"},
	{"-*_=", ruleLine, "a line drawn across"},
}

// markup names what in a line is more than plain text, or "".
func markup(line string) string {
	for _, m := range marks {
		if strings.ContainsAny(line, m.signs) && m.pattern.MatchString(line) {
			return m.name
		}
	}
	return ""
}

var (
	headingLine = regexp.MustCompile(`^(#+)\s+(.*?)\s*#*$`)
	bulletLine  = regexp.MustCompile(`^\s*[-*+]\s+(.*)$`)
	numberLine  = regexp.MustCompile(`^\s*\d{1,2}[.)]\s+(.*)$`)
)

// bodyReader turns the lines of a body into sections.
type bodyReader struct {
	*fields
	title    string // heading of what stands before the first heading
	sections []advisory.Section
	lines    []string // of the section being read; "" parts paragraphs
	heading  string
	at       int  // line of that heading, 0 before the first
	open     bool // the next line of text continues the last one
	item     bool // the last line is a list item
}

// body reads the Markdown that begins on line first.
func (f *fields) body(text string, first int, title string) []advisory.Section {
	b := &bodyReader{fields: f, title: title}
	for i, line := range strings.Split(text, "\n") {
		b.line(strings.TrimRight(line, " \t"), first+i)
	}
	b.close()
	return b.sections
}

func (b *bodyReader) line(line string, at int) {
	if line == "" {
		if len(b.lines) > 0 && b.lines[len(b.lines)-1] != "" {
			b.lines = append(b.lines, "")
		}
		b.open, b.item = false, false
		return
	}
	if strings.HasPrefix(line, "#") {
		b.head(line, at)
		return
	}
	content, item := b.bullet(line)
	if m := markup(content); m != "" {
		b.fail(at, "the text holds %s: write plain text and lists only", m)
		return
	}
	content = strings.Join(strings.Fields(content), " ")
	if b.open && !item {
		b.lines[len(b.lines)-1] += " " + content
		return
	}
	b.lines = append(b.lines, content)
	b.open, b.item = true, item
}

// bullet takes the mark off a list item. A number marks an item only where a block begins or after another item, because a
// sentence may break before a number.
func (b *bodyReader) bullet(line string) (content string, item bool) {
	if m := bulletLine.FindStringSubmatch(line); m != nil && !ruleLine.MatchString(line) {
		return m[1], true
	}
	if m := numberLine.FindStringSubmatch(line); m != nil && (!b.open || b.item) {
		return m[1], true
	}
	return line, false
}

// head begins a section. One "# Title" at the top repeats the title, and says nothing new.
func (b *bodyReader) head(line string, at int) {
	m := headingLine.FindStringSubmatch(line)
	if m == nil || m[2] == "" {
		b.fail(at, "a heading is \"## \" and its text")
		return
	}
	if what := markup(m[2]); what != "" {
		b.fail(at, "the heading holds %s: write plain text", what)
	}
	if len(m[1]) == 1 {
		if b.at == 0 && len(b.lines) == 0 && len(b.sections) == 0 {
			return
		}
		b.fail(at, "a heading within the text begins with ## (one # is for the title, at the top only)")
	}
	b.close()
	b.heading, b.at = m[2], at
}

// close ends the section being read.
func (b *bodyReader) close() {
	text := strings.TrimSpace(strings.Join(b.lines, "\n"))
	b.lines, b.open, b.item = nil, false, false
	switch {
	case text == "" && b.at == 0:
	case text == "":
		b.fail(b.at, "there is no text under the heading %q", b.heading)
	case b.at == 0:
		b.sections = append(b.sections, advisory.Section{Heading: b.title, Text: text})
	default:
		b.sections = append(b.sections, advisory.Section{Heading: b.heading, Text: text})
	}
}
