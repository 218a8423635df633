package content

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"jembe/advisory"
)

// Revocation takes back a version of a pack, or a document in whatever pack it stands. What was taken back once is never in use
// again, but for the documents that Except names.
type Revocation struct {
	Pack    string `json:"pack,omitempty"`    // with Version
	Version string `json:"version,omitempty"` // of the pack

	Document string        `json:"document,omitempty"` // id
	Lang     advisory.Lang `json:"lang,omitempty"`     // of the document; "": every language
	Except   []string      `json:"except,omitempty"`   // SHA-256 of the files that hold all the same: the corrected ones
}

// checkRevoked holds the revocations of a channel against its rules.
func checkRevoked(all []Revocation) error {
	seen := map[string]bool{}
	for _, r := range all {
		if err := r.check(); err != nil {
			return fmt.Errorf("content.json: %w", err)
		}
		if seen[r.String()] {
			return fmt.Errorf("content.json revokes %s twice", r)
		}
		seen[r.String()] = true
	}
	return nil
}

func (r Revocation) check() error {
	if r.Document == "" {
		if r.Lang != "" || r.Except != nil {
			return errors.New("a revocation names a pack and its version, or a document")
		}
		return checkLabel(r.Pack, r.Version)
	}
	if r.Pack != "" || r.Version != "" {
		return errors.New("a revocation names a pack and its version, or a document")
	}
	if !kebab.MatchString(r.Document) || len(r.Document) > 100 || r.Lang != "" && !langCode.MatchString(string(r.Lang)) {
		return fmt.Errorf("the revoked document %q in %q is no id and language", r.Document, r.Lang)
	}
	if len(r.Except) > maxExcept || slices.ContainsFunc(r.Except, func(s string) bool { return !sum.MatchString(s) }) {
		return fmt.Errorf("the exceptions of the revoked document %s are not at most %d SHA-256", r.Document, maxExcept)
	}
	return nil
}

// String names what is taken back: office@3, sw/maize-stem-borer, or maize-stem-borer for every language. No two revocations of a
// channel have the same.
func (r Revocation) String() string {
	switch {
	case r.Pack != "":
		return r.Pack + "@" + r.Version
	case r.Lang != "":
		return string(r.Lang) + "/" + r.Document
	}
	return r.Document
}

// takesBack tells whether this is the revocation of a version of a pack.
func (r Revocation) takesBack(name, version string) bool {
	return r.Pack != "" && r.Pack == name && r.Version == version
}

// holdsFor tells whether a document is taken back, by this revocation of its pack or of itself.
func (r Revocation) holdsFor(d *Document, m Manifest) bool {
	if r.Pack != "" {
		return r.takesBack(m.Name, m.Version)
	}
	return r.names(d.ID, d.Lang, d.sha256)
}

// names tells whether a file of a document is taken back.
func (r Revocation) names(id string, lang advisory.Lang, sha256 string) bool {
	return r.Document == id && (r.Lang == "" || r.Lang == lang) && !slices.Contains(r.Except, sha256)
}

// Stops tells whether a file of any pack is a document that is taken back.
func (r Revocation) Stops(f File) bool {
	id, lang, ok := placeOf(f.Path)
	return ok && r.Document != "" && r.names(id, lang, f.SHA256)
}

// RevokeDocument gives the revocation of a document, "sw/maize-stem-borer", or of one in every language, "maize-stem-borer".
func RevokeDocument(name string) (Revocation, error) {
	lang, id, ok := strings.Cut(name, "/")
	if !ok {
		lang, id = "", name
	}
	r := Revocation{Document: id, Lang: advisory.Lang(lang)}
	if err := r.check(); err != nil || ok && lang == "" || id == "" {
		return r, &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: "name the document as LANG/ID, such as sw/maize-stem-borer, or as ID for every language"}
	}
	return r, nil
}

// revocations are all that a box has heard of.
type revocations []Revocation

// pack tells whether a version of a pack is taken back.
func (rs revocations) pack(r ref) bool {
	return slices.ContainsFunc(rs, func(x Revocation) bool { return x.takesBack(r.Name, r.Version) })
}

// document tells whether a document of a pack is taken back.
func (rs revocations) document(d *Document, m Manifest) bool {
	return slices.ContainsFunc(rs, func(x Revocation) bool { return x.holdsFor(d, m) })
}

// and gives these with newer ones, each in the place of the one before of the same name: what was taken back stays so, even if
// the office no longer lists it, as it may when its hub came back from a backup.
func (rs revocations) and(newer []Revocation) revocations {
	out := slices.Clone(newer)
	for _, old := range rs {
		if !slices.ContainsFunc(newer, func(x Revocation) bool { return x.String() == old.String() }) {
			out = append(out, old)
		}
	}
	return out
}

// without gives the packs that are not taken back.
func (rs revocations) without(packs []ref) []ref {
	out := []ref{} // never null, which would say that there is no set at all
	for _, r := range packs {
		if !rs.pack(r) {
			out = append(out, r)
		}
	}
	return out
}

// mark stands for all of them; "" for none.
func (rs revocations) mark() string {
	if len(rs) == 0 {
		return ""
	}
	return hashOf(encodeLine(rs))
}
