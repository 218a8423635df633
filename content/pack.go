package content

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"jembe/advisory"
)

// Pack is a pack that has been read.
type Pack struct {
	Manifest  Manifest
	Documents []*Document
	Concepts  []advisory.Concept
	Vectors   []Vectors           // of an installed pack
	Menu      advisory.Menu       // what this pack adds to the guided menu
	Growth    map[string][]Growth // how long the stages of its crops last, by lexicon id

	Messages   map[advisory.Lang]advisory.Catalog // of languages that the program does not know
	Recordings []Recording
}

// reading gathers what the files of a pack hold, and what is wrong in them.
type reading struct {
	documents []*Document
	concepts  []concept
	menu      advisory.Menu
	approvals []Approval
	problems  Problems
	catalogs  map[advisory.Lang]advisory.Catalog
	recorded  []Recording
	where     map[string]string // "id lang" -> path; "concept id" -> path:line
}

// add reads a file that is a document, a lexicon file, a menu or a list of approvals; others hold nothing to be read.
func (r *reading) add(name string, raw []byte) {
	if r.where == nil {
		r.where = map[string]string{}
	}
	switch roleOf(name) {
	case document:
		d, err := ParseDocument(name, raw)
		r.wrong(err)
		r.once("document "+d.ID+" "+string(d.Lang), d.ID != "" && d.Lang != "", name, d.lines["id"],
			fmt.Sprintf("the document %s in %s is given twice", d.ID, d.Lang))
		d.sha256 = hashOf(raw)
		r.documents = append(r.documents, d)
	case lexicon:
		found, problems := readConcepts(name, raw)
		r.problems = append(r.problems, problems...)
		for _, c := range found {
			r.once("concept "+c.ID, c.ID != "", name, c.line, fmt.Sprintf("the concept %s is given twice", c.ID))
		}
		r.concepts = append(r.concepts, found...)
	case menu:
		found, err := ReadMenu(name, raw)
		r.wrong(err)
		r.menu = found
	case approvals:
		found, err := parseApprovals(name, raw)
		r.wrong(err)
		r.approvals = found
	case messages:
		r.messages(name, raw)
	case recorded:
		found, problems := parseRecordings(name, raw)
		r.problems = append(r.problems, problems...)
		r.recorded = append(r.recorded, found...)
	}
}

// messages reads the box's own texts in a language.
func (r *reading) messages(name string, raw []byte) {
	found, err := advisory.ParseCatalog(raw)
	if err != nil {
		for line := range strings.Lines(err.Error()) {
			r.problems = append(r.problems, Problem{name, 0, strings.TrimSpace(line)})
		}
		return
	}
	if r.catalogs == nil {
		r.catalogs = map[advisory.Lang]advisory.Catalog{}
	}
	r.catalogs[advisory.Lang(strings.TrimSuffix(path.Base(name), ".json"))] = found
}

// once keeps the first place of a key, and tells of a second.
func (r *reading) once(key string, known bool, name string, line int, what string) {
	if !known {
		return
	}
	if first, ok := r.where[key]; ok {
		r.problems = append(r.problems, Problem{name, line, what + ", first in " + first})
		return
	}
	r.where[key] = name
}

func (r *reading) wrong(err error) {
	var ps Problems
	if errors.As(err, &ps) {
		r.problems = append(r.problems, ps...)
	}
}

// pack is what has been read, as a pack.
func (r *reading) pack(m Manifest) *Pack {
	for _, d := range r.documents {
		d.Pack = m.ID()
		d.claimed, d.Status = d.Status, advisory.Unreviewed
	}
	approve(r.documents, r.approvals)
	return &Pack{
		Manifest: m, Documents: r.documents, Concepts: bare(r.concepts), Growth: growthOf(r.concepts), Menu: r.menu, Messages: r.catalogs, Recordings: r.recorded,
	}
}

// in gives the recordings the file system of their pack, in which their sound is.
func (p *Pack) in(fsys fs.FS) *Pack {
	for i := range p.Recordings {
		p.Recordings[i].fsys = fsys
	}
	return p
}

// open reads a folder from which a pack is to be made; name and version stand where its manifest.json says nothing. The pack is
// made even where there are problems, of what could be read.
func open(fsys fs.FS, name, version string) (p *Pack, warnings, problems Problems, err error) {
	ownName, ownVersion, err := ownLabel(fsys)
	if err != nil {
		return nil, nil, nil, err
	}
	m := Manifest{Name: cmp.Or(ownName, name), Version: cmp.Or(ownVersion, version)}
	if err := checkLabel(m.Name, m.Version); err != nil {
		return nil, nil, nil, err
	}
	r, files, warnings, err := scan(fsys)
	if err != nil {
		return nil, nil, nil, err
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	m.Files = files
	if err := m.check(); err != nil {
		return nil, nil, nil, err
	}
	return r.pack(m).in(fsys), warnings, r.problems, nil
}

// folders are what a pack has.
var folders = []string{"docs", "lexicon", "messages", "recordings", "vectors"}

// scan reads a folder from which a pack is to be made. Files that do not belong are left out with a warning; hidden ones (names
// that begin with a dot) silently.
func scan(fsys fs.FS) (r *reading, files []File, warnings Problems, err error) {
	r = &reading{}
	err = fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == "." || name == manifestName:
			return nil
		case strings.HasPrefix(path.Base(name), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			if !strings.Contains(name, "/") && !slices.Contains(folders, name) {
				warnings = append(warnings, Problem{name, 0, "is left out: a pack holds " + strings.Join(folders, ", ") + " only"})
				return fs.SkipDir
			}
			return nil
		case !entry.Type().IsRegular():
			r.problems = append(r.problems, Problem{name, 0, "is not a plain file: a pack cannot hold links or devices"})
			return nil
		case roleOf(name) == stranger:
			p := Problem{name, 0, misplaced(name)}
			if strings.Contains(name, "/") {
				r.problems = append(r.problems, p)
			} else {
				warnings = append(warnings, p)
			}
			return nil
		}
		f, err := r.file(fsys, name)
		files = append(files, f)
		return err
	})
	return r, files, warnings, err
}

// misplaced says what to do about a file that has no place in a pack.
func misplaced(name string) string {
	switch {
	case !strings.Contains(name, "/"):
		return "is left out: beside its folders a pack holds only " + strings.Join(append(rootFiles, approvalsName, menuName), ", ")
	case strings.HasSuffix(name, ".md"):
		return "is not at docs/LANG/ID.md, such as docs/en/maize-stem-borer.md: move it"
	case strings.HasPrefix(name, "lexicon/"):
		return "is not at lexicon/NAME.yaml: move or rename it"
	case strings.HasPrefix(name, "messages/"):
		return "is not at messages/LANG.json: move or rename it"
	case strings.HasPrefix(name, "recordings/"):
		return "is neither recordings/LANG/KIND/ID.opus nor recordings/LANG/recordings.yaml: let jembe record write them"
	}
	return "has a name that not every computer can hold: use letters, digits, dots, hyphens and underscores"
}

// file hashes one file of a folder, and reads it unless it is only carried along.
func (r *reading) file(fsys fs.FS, name string) (File, error) {
	in, err := fsys.Open(name)
	if err != nil {
		return File{}, err
	}
	defer in.Close()
	return r.stream(name, in, io.Discard)
}

// stream copies a file of a pack while hashing it, and reads it unless it is only carried along. It stops above maxFile.
func (r *reading) stream(name string, in io.Reader, out io.Writer) (File, error) {
	h := sha256.New()
	var kept strings.Builder
	to := io.MultiWriter(h, out)
	if role := roleOf(name); role != stranger && role != other {
		to = io.MultiWriter(h, out, &kept)
		in = io.LimitReader(in, maxLexicon+1) // the readers refuse what is longer
	}
	n, err := io.Copy(to, io.LimitReader(in, maxFile+1))
	if err != nil {
		return File{}, fmt.Errorf("read %s: %w", name, err)
	}
	if n > maxFile {
		return File{}, fmt.Errorf("read %s: more than %d bytes", name, maxFile)
	}
	r.add(name, []byte(kept.String()))
	return File{Path: name, SHA256: hex.EncodeToString(h.Sum(nil)), Size: n}, nil
}
