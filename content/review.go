package content

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jembe/advisory"
)

// Approval is what a named person of the office put their name to: one document as it stood, by the hash of its file. An edit
// changes the hash, and the approval holds no more. What counts as reviewed is an approval, not a word in the document.
type Approval struct {
	Document string `json:"document"` // docs/LANG/ID.md
	SHA256   string `json:"sha256"`   // of the file, 64 hexadecimal digits
	By       string `json:"by"`
	On       string `json:"on"` // 2027-03-31
}

// approvalsName is the file of approvals: in a pack beside docs, and on a box beside its packs.
const approvalsName = "reviews.json"

// maxReviewer is the most bytes of a reviewer's name.
const maxReviewer = 100

// parseApprovals reads a file of approvals. The error is Problems.
func parseApprovals(name string, raw []byte) ([]Approval, error) {
	var out []Approval
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, Problems{{name, 0, "cannot be read as a list of approvals: " + err.Error() + "; write it with jembe pack review"}}
	}
	for _, a := range out {
		if _, _, ok := placeOf(a.Document); !ok || len(a.SHA256) != 2*sha256.Size || strings.TrimSpace(a.By) == "" || len(a.By) > maxReviewer {
			return nil, Problems{{name, 0, fmt.Sprintf("the approval of %q needs a document docs/LANG/ID.md, its sha256, and by whom", a.Document)}}
		}
	}
	return out, nil
}

// approve marks the documents that an approval holds for.
func approve(docs []*Document, approvals []Approval) {
	for _, d := range docs {
		if by := d.approvedBy(approvals); by != "" {
			d.Status, d.Reviewer = advisory.Reviewed, by
		}
	}
}

// approvedBy gives whose approval holds for the document as it is, or "".
func (d *Document) approvedBy(approvals []Approval) string {
	for _, a := range approvals {
		if a.Document == d.place() && a.SHA256 == d.sha256 {
			return a.By
		}
	}
	return ""
}

// with gives the document under further approvals; packs are shared, so it is a copy that is marked.
func (d *Document) with(approvals []Approval) *advisory.Document {
	by := d.approvedBy(approvals)
	if by == "" {
		return &d.Document
	}
	marked := d.Document
	marked.Status, marked.Reviewer = advisory.Reviewed, by
	return &marked
}

// place is where the document stands in any pack: docs/LANG/ID.md.
func (d *Document) place() string { return "docs/" + string(d.Lang) + "/" + d.ID + ".md" }

func hashOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// Review records a person's approval of a document file docs/LANG/ID.md of a pack's folder, in the folder's reviews.json. It
// takes the place of one for the same document. Nothing is recorded of a document that cannot be read strictly.
func Review(file, by string, on time.Time) (Approval, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return Approval{}, fmt.Errorf("read the document: %w", err)
	}
	d, err := ParseDocument(filepath.ToSlash(file), raw)
	if err != nil {
		return Approval{}, err
	}
	a, err := approval(d.place(), raw, by, on)
	if err != nil {
		return Approval{}, err
	}
	root := filepath.Dir(filepath.Dir(filepath.Dir(file))) // of docs/LANG/ID.md
	return a, record(filepath.Join(root, approvalsName), a)
}

func approval(document string, raw []byte, by string, on time.Time) (Approval, error) {
	by = strings.Join(strings.Fields(by), " ")
	if by == "" || len(by) > maxReviewer {
		return Approval{}, &advisory.Error{Code: advisory.BadRequest, Hint: fmt.Sprintf("give the reviewer's own name with --as, at most %d letters", maxReviewer)}
	}
	return Approval{document, hashOf(raw), by, on.Format(time.DateOnly)}, nil
}

// record puts an approval into a file.
func record(file string, a Approval) error {
	all, err := readApprovals(file)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(o Approval) bool { return o.Document == a.Document })
	all = append(all, a)
	slices.SortFunc(all, func(a, b Approval) int { return strings.Compare(a.Document, b.Document) })
	return writeDurably(file, func(f *os.File) error {
		e := json.NewEncoder(f)
		e.SetIndent("", "  ")
		return e.Encode(all)
	})
}

// readApprovals reads a file of approvals; one that is not there holds none.
func readApprovals(file string) ([]Approval, error) {
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the approvals: %w", err)
	}
	return parseApprovals(filepath.Base(file), raw)
}

func (s *Shelf) approvalsFile() string { return filepath.Join(s.dir, approvalsName) }

// Review records a person's approval of a document in use on this box, "LANG/ID", whatever pack it came in. A running box takes
// it up by itself. The error is *advisory.Error with NotFound when no pack in use holds the document.
func (s *Shelf) Review(document, by string, on time.Time) (Approval, error) {
	unlock, err := s.lock()
	if err != nil {
		return Approval{}, err
	}
	defer unlock()
	now, err := s.readSet()
	if err != nil {
		return Approval{}, err
	}
	raw, err := s.source(now, path.Join("docs", document+".md"))
	if err != nil {
		return Approval{}, err
	}
	a, err := approval(path.Join("docs", document+".md"), raw, by, on)
	if err != nil {
		return Approval{}, err
	}
	if err := record(s.approvalsFile(), a); err != nil {
		return Approval{}, err
	}
	now.Serial++ // so that a running box looks again
	return a, s.writeSet(now)
}

// source gives the bytes of a document in use: those of the last pack that holds it.
func (s *Shelf) source(now set, name string) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, &advisory.Error{Code: advisory.BadRequest, Hint: "name the document as LANG/ID, such as sw/maize-stem-borer"}
	}
	for _, ref := range slices.Backward(now.Active) {
		raw, err := os.ReadFile(filepath.Join(s.path(ref), filepath.FromSlash(name)))
		if err == nil {
			return raw, nil
		}
	}
	raw, err := library.ReadFile("library/" + name)
	if err != nil {
		return nil, &advisory.Error{Code: advisory.NotFound, Err: fmt.Errorf("%s is in no pack in use", name), Hint: "name the document as LANG/ID, such as sw/maize-stem-borer"}
	}
	return raw, nil
}
