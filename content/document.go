package content

import (
	"path"
	"strings"
	"time"

	"jembe/advisory"
)

// Document is one file docs/LANG/ID.md: what an answer stands on, and what only its writers and the calendar need.
type Document struct {
	advisory.Document
	Calendar []Season // when it matters
	Claims   []Claim  // where each fact of the body stands

	path    string
	sha256  string          // of the file
	claimed advisory.Status // by the document itself, which counts for nothing without an approval
	lines   map[string]int  // of the front matter's fields
}

// Claim is a fact of a document with the place where it was read, or the admission that nobody could open one.
type Claim struct {
	Claim    string
	Source   int    // number of the document's source, from 1; 0 when recalled
	Section  string // of the source
	Opened   time.Time
	Recalled bool // from memory: to be looked at first in the first review
}

// Limits of a document, so that nothing a pack holds can tie up a small computer.
const (
	maxDocument = 256 << 10 // bytes
	maxAnswer   = 60        // words of the short answer
	maxSimple   = 40        // words of the simple text
	maxCheck    = 30        // words of the check
)

// kinds are the kinds of documents.
var kinds = []string{"pest", "disease", "practice", "animal-health", "storage", "safety", "business"}

// ParseDocument reads a document strictly. The name is its path, which must end in docs/LANG/ID.md. The error is Problems with
// all that is wrong; what could be read is returned even then.
func ParseDocument(name string, raw []byte) (*Document, error) {
	f := &fields{file: name}
	d := &Document{path: name, lines: map[string]int{}}
	if text, ok := f.clean(raw, maxDocument); ok {
		f.document(d, text)
	}
	return d, f.problems.err()
}

func (f *fields) document(d *Document, text string) {
	front, body, first, ok := f.split(text)
	if !ok {
		return
	}
	if root := f.parse(front); root != nil {
		f.front(d, root)
	}
	d.Sections = f.body(body, first, d.Title)
	id, lang, ok := placeOf(f.file)
	switch {
	case !ok:
		f.fail(0, "must be at docs/LANG/ID.md, such as docs/en/maize-stem-borer.md")
	case d.ID != "" && d.ID != id:
		f.fail(d.lines["id"], "the id is %s, but the file is named %s.md: make them the same", d.ID, id)
	}
	if ok && d.Lang != "" && d.Lang != lang {
		f.fail(d.lines["lang"], "the language is %s, but the file is in the folder docs/%s: make them the same", d.Lang, lang)
	}
}

// split parts the front matter, its first "---" included so that lines keep their numbers, from the body, which begins on line
// first.
func (f *fields) split(text string) (front, body string, first int, ok bool) {
	lines := strings.Split(text, "\n")
	if strings.TrimRight(lines[0], " \t") != "---" {
		f.fail(1, "must begin with a line --- and the fields id, lang, title, sources, status, answer")
		return "", "", 0, false
	}
	for i, line := range lines[1:] {
		if strings.TrimRight(line, " \t") == "---" {
			end := i + 1
			return strings.Join(lines[:end], "\n") + "\n", strings.Join(lines[end+1:], "\n"), end + 2, true
		}
	}
	f.fail(1, "the front matter has no end: put a line --- after its last field")
	return "", "", 0, false
}

// placeOf gives the id and language that a path docs/LANG/ID.md stands for.
func placeOf(name string) (id string, lang advisory.Lang, ok bool) {
	dir, file := path.Split(name)
	dir = path.Clean(dir)
	id, ok = strings.CutSuffix(file, ".md")
	if !ok || path.Base(path.Dir(dir)) != "docs" || !langCode.MatchString(path.Base(dir)) {
		return "", "", false
	}
	return id, advisory.Lang(path.Base(dir)), true
}
