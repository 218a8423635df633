package content

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// fields reads the YAML of one file strictly, and gathers all that is wrong in it instead of stopping at the first.
type fields struct {
	file     string
	problems Problems
}

func (f *fields) fail(line int, format string, args ...any) {
	f.problems = append(f.problems, Problem{f.file, line, fmt.Sprintf(format, args...)})
}

// clean gives the bytes as text with Unix line ends and no byte order mark; false if it is no plain text.
func (f *fields) clean(raw []byte, limit int) (string, bool) {
	if len(raw) > limit {
		f.fail(0, "has %d bytes, but at most %d are allowed: split it", len(raw), limit)
		return "", false
	}
	text := strings.ReplaceAll(string(bytes.TrimPrefix(raw, []byte("\ufeff"))), "\r\n", "\n")
	for i, line := range strings.Split(text, "\n") {
		if !utf8.ValidString(line) {
			f.fail(i+1, "is not UTF-8 text: save the file with the encoding UTF-8")
			return "", false
		}
		for _, r := range line {
			if unicode.IsControl(r) && r != '\t' {
				f.fail(i+1, "has the control character U+%04X: delete it", r)
				return "", false
			}
		}
	}
	return text, true
}

// yamlLine finds the line that the YAML library names in the text of a syntax error; it gives it in no other way.
var yamlLine = regexp.MustCompile(`^yaml: line (\d+): (.*)`)

// parse gives the root of a file of exactly one YAML document, or nil.
func (f *fields) parse(text string) *yaml.Node {
	var doc, more yaml.Node
	dec := yaml.NewDecoder(strings.NewReader(text))
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		f.fail(1, "is empty")
		return nil
	}
	if err == nil {
		if err = dec.Decode(&more); err == nil {
			f.fail(more.Line, "a second YAML document begins here: only one is allowed")
			return nil
		}
	}
	if !errors.Is(err, io.EOF) {
		line, what := 1, strings.TrimPrefix(err.Error(), "yaml: ")
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			line, _ = strconv.Atoi(m[1])
			what = m[2]
		}
		f.fail(line, "cannot be read as YAML near here: %s (put a text that holds a colon or a # in quotes; indent with spaces)", what)
		return nil
	}
	if len(doc.Content) != 1 {
		f.fail(1, "is empty")
		return nil
	}
	return doc.Content[0]
}

// mapping gives the values of a mapping by field name, and the names in the order given. Names that are not known, or are
// given twice, are problems.
func (f *fields) mapping(n *yaml.Node, what string, known ...string) (map[string]*yaml.Node, []string) {
	values := map[string]*yaml.Node{}
	if n.Kind != yaml.MappingNode {
		f.fail(n.Line, "%s must be given as fields (%s)", what, strings.Join(known, ", "))
		return values, nil
	}
	var order []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode || !slices.Contains(known, key.Value):
			f.fail(key.Line, "unknown field %q in %s: known are %s", key.Value, what, strings.Join(known, ", "))
		case values[key.Value] != nil:
			f.fail(key.Line, "the field %s is given twice", key.Value)
		default:
			values[key.Value] = n.Content[i+1]
			order = append(order, key.Value)
		}
	}
	return values, order
}

// words gives a scalar on one line, spaces trimmed; one that is empty is a problem.
func (f *fields) words(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode {
		f.fail(n.Line, "%s must be one text: put it in quotes if it holds a colon or brackets", what)
		return ""
	}
	s := strings.Join(strings.Fields(n.Value), " ")
	if s == "" || n.Tag == "!!null" {
		f.fail(n.Line, "%s is empty", what)
		return ""
	}
	return s
}

// text is words that may be spoken or shown: plain text.
func (f *fields) text(n *yaml.Node, what string) string {
	s := f.words(n, what)
	if m := markup(s); m != "" {
		f.fail(n.Line, "%s holds %s: write plain text", what, m)
	}
	return s
}

// list gives the items of a sequence.
func (f *fields) list(n *yaml.Node, what string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		f.fail(n.Line, "%s must be a list, as [a, b] or with a line \"- a\" for each", what)
		return nil
	}
	return n.Content
}

// texts gives the items of a list of texts, each once.
func (f *fields) texts(n *yaml.Node, what string) []string {
	var out []string
	for _, item := range f.list(n, what) {
		s := f.text(item, "an item of "+what)
		switch {
		case s == "":
		case slices.Contains(out, s):
			f.fail(item.Line, "%q is given twice in %s", s, what)
		default:
			out = append(out, s)
		}
	}
	return out
}

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// maxID is the most bytes of an id, so that a path stays short enough for every file system and tar.
const maxID = 80

func (f *fields) id(n *yaml.Node, what string) string {
	s := f.text(n, what)
	if s != "" && (!kebab.MatchString(s) || len(s) > maxID) {
		f.fail(n.Line, "%s %q must be small letters and digits with hyphens between, such as maize-stem-borer, at most %d", what, s, maxID)
		return ""
	}
	return s
}

func (f *fields) ids(n *yaml.Node, what string) []string {
	var out []string
	for _, item := range f.list(n, what) {
		id := f.id(item, "an item of "+what)
		switch {
		case id == "":
		case slices.Contains(out, id):
			f.fail(item.Line, "%s is given twice in %s", id, what)
		default:
			out = append(out, id)
		}
	}
	return out
}

func (f *fields) oneOf(n *yaml.Node, what string, allowed ...string) string {
	s := f.text(n, what)
	if s != "" && !slices.Contains(allowed, s) {
		f.fail(n.Line, "%s %q is not one of %s", what, s, strings.Join(allowed, ", "))
		return ""
	}
	return s
}

func (f *fields) date(n *yaml.Node, what string) time.Time {
	s := f.text(n, what)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		f.fail(n.Line, "%s %q is not a date: write it as 2027-11-30", what, s)
	}
	return t
}

func (f *fields) number(n *yaml.Node, what string, least, most int) int {
	s := f.text(n, what)
	if s == "" {
		return 0
	}
	v, err := strconv.Atoi(s)
	if err != nil || v < least || v > most {
		f.fail(n.Line, "%s %q is not a number from %d to %d", what, s, least, most)
		return 0
	}
	return v
}

var langCode = regexp.MustCompile(`^[a-z]{2,3}$`)

func (f *fields) lang(n *yaml.Node, what string) string {
	s := f.text(n, what)
	if s != "" && !langCode.MatchString(s) {
		f.fail(n.Line, "%s %q is not a language code of two or three small letters, such as en or sw", what, s)
		return ""
	}
	return s
}
