package content

import (
	"cmp"
	"slices"
)

// Waiting is a document that nobody has approved as it stands.
type Waiting struct {
	Document string   `json:"document"` // docs/LANG/ID.md
	Kind     string   `json:"kind"`
	Recalled []string `json:"recalled"` // its facts that were written from memory: to be looked at first
}

// Unreviewed gives the documents in the folder of a pack that wait for a review, in the order in which a reviewer had best take
// them: those with most facts from memory first. Approvals are those of the folder's reviews.json. An error that is Problems
// tells what cannot be read.
func Unreviewed(dir string) ([]Waiting, error) {
	p, err := Folder(dir)
	if p == nil {
		return nil, err
	}
	out := []Waiting{}
	for _, d := range p.Documents {
		if d.Reviewer != "" {
			continue
		}
		w := Waiting{Document: d.place(), Kind: d.Kind, Recalled: []string{}}
		for _, c := range d.Claims {
			if c.Recalled {
				w.Recalled = append(w.Recalled, c.Claim)
			}
		}
		out = append(out, w)
	}
	slices.SortStableFunc(out, func(a, b Waiting) int {
		return cmp.Or(len(b.Recalled)-len(a.Recalled), cmp.Compare(a.Document, b.Document))
	})
	return out, err
}
