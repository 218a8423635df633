// Package content owns the goods: documents, the lexicon, the guided menu, and the packs they travel in.
//
// A document is Markdown with YAML front matter at docs/LANG/ID.md; a lexicon file is YAML at lexicon/NAME.yaml; menu.yaml
// is the guided menu, whose pictures are those of pictures.svg. A pack is a folder of these with a manifest.json (name, version,
// and each file's SHA-256 and size); it travels as that folder in a .tar.zst. The starter pack is the folder library/, embedded in the program. The packs of a box are on its Shelf:
//
//	<data>/packs/<name>-<version>/   an installed pack, never changed once it is there
//	<data>/packs/set.json            which packs are in use, in order, and which were before
//	<data>/packs/lock                held while the set changes
//
// It never writes while it reads: answering needs no writable disk. It never repairs content silently: what is wrong in a
// document is told with its file and line.
package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is something wrong in a file of a pack, in words its writer can act on.
type Problem struct {
	File string `json:"file"` // path within the pack, with slashes
	Line int    `json:"line"` // from 1; 0: the file as a whole
	Text string `json:"text"`
}

func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// Problems are all that is wrong, as one error with a line for each.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// sorted puts them in the order in which a writer goes through the files.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line)
	})
	return ps
}

// err is the problems as an error, nil when there are none.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps.sorted()
}
