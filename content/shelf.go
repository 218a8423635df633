package content

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"jembe/advisory"
)

// Shelf is the packs of a box: the embedded starter first, then those installed, in order. It is safe for concurrent use, by
// several processes too; those that change it wait for one another.
type Shelf struct {
	dir string
}

// NewShelf gives the shelf of a data directory. Nothing is opened or made.
func NewShelf(data string) *Shelf { return &Shelf{filepath.Join(data, "packs")} }

// Library is what the packs in use hold together.
type Library struct {
	Documents   []*advisory.Document               // a later pack's in place of an earlier one's of the same id and language; Pack is set
	Vectors     []Vectors                          // that these packs carry
	Concepts    []advisory.Concept                 // of all packs in order, for advisory.NewLexicon
	Menu        advisory.Menu                      // of all packs; only what the documents above answer
	Growth      map[string][]Growth                // crop -> how long its stages last; a later pack's in place of an earlier one's
	Messages    map[advisory.Lang]advisory.Catalog // a later pack's in place of an earlier one's; for advisory.UseCatalogs
	Recordings  []Recording                        // of all packs in order, then the box's own; see Readings
	Packs       []string                           // name@version of the packs that were read, in order
	Fingerprint string                             // changes when any byte of these packs, or their order, does
	Revision    int                                // of the set, see Shelf.Revision
	Revoked     string                             // changes when the office takes something back; "" while it never did
	Broken      []error                            // what could not be read; the rest is here all the same

	calendars calendars // of the documents
}

// Load reads the packs in use, and the box's own recordings; further packs, such as one yet to be built, come after them. It writes
// nothing. A pack that cannot be read any more is left out, and told in Broken.
func (s *Shelf) Load(further ...*Pack) *Library {
	lib := &Library{}
	set, err := s.readSet()
	lib.broken(err)
	lib.Revision = set.Serial
	first, err := Starter()
	if err != nil {
		lib.broken(fmt.Errorf("read the starter pack: %w", err))
	}
	packs := []*Pack{first}
	for _, ref := range set.Active {
		p, err := s.read(ref)
		switch {
		case err != nil:
			lib.broken(err)
		case ref.Name != first.Manifest.Name:
			packs = append(packs, p)
		case CompareVersions(ref.Version, first.Manifest.Version) >= 0:
			packs[0] = p
		}
	}
	approvals, err := readApprovals(s.approvalsFile())
	lib.broken(err)
	lib.add(append(packs, further...), approvals, set.revoked())
	own, err := s.Takes().All()
	lib.broken(err)
	lib.Recordings = append(lib.Recordings, own...)
	return lib
}

func (lib *Library) broken(err error) {
	if err != nil {
		lib.Broken = append(lib.Broken, err)
	}
}

// add puts packs together. A document that the office took back is left out whatever pack it stands in, so that the one it stood in
// place of does not come back either; of a pack that was taken back another's documents of the same names do.
func (lib *Library) add(packs []*Pack, approvals []Approval, revoked revocations) {
	type key struct {
		id   string
		lang advisory.Lang
	}
	at := map[key]int{}
	lib.Messages, lib.Growth, lib.calendars = map[advisory.Lang]advisory.Catalog{}, joinGrowth(packs...), calendars{}
	h := sha256.New()
	for _, p := range packs {
		for _, d := range p.Documents {
			if revoked.document(d, p.Manifest) {
				continue
			}
			lib.calendars.add(d)
			k := key{d.ID, d.Lang}
			if i, ok := at[k]; ok {
				lib.Documents[i] = d.with(approvals)
				continue
			}
			at[k] = len(lib.Documents)
			lib.Documents = append(lib.Documents, d.with(approvals))
		}
		lib.Concepts = append(lib.Concepts, p.Concepts...)
		lib.Vectors = append(lib.Vectors, p.Vectors...)
		lib.Recordings = append(lib.Recordings, p.Recordings...)
		maps.Copy(lib.Messages, p.Messages)
		joined, clashes := lib.Menu.Join(p.Menu)
		lib.Menu = joined
		for _, err := range clashes {
			lib.broken(fmt.Errorf("menu of the pack %s: %w", p.Manifest.ID(), err))
		}
		lib.Packs = append(lib.Packs, p.Manifest.ID())
		fmt.Fprintln(h, p.Manifest.fingerprint())
	}
	if lib.Revoked = revoked.mark(); lib.Revoked != "" {
		fmt.Fprintln(h, lib.Revoked)
	}
	held := map[string]bool{}
	for _, d := range lib.Documents {
		held[d.ID] = true
	}
	lib.Menu = lib.Menu.Only(func(id string) bool { return held[id] })
	lib.Fingerprint = hex.EncodeToString(h.Sum(nil))
}

// Revision is a number that changes whenever the set of packs in use does; 0 while none was ever installed. It costs the
// reading of one small file.
func (s *Shelf) Revision() (int, error) {
	set, err := s.readSet()
	return set.Serial, err
}

// Installed is a pack on the shelf.
type Installed struct {
	Name      string                `json:"name"`
	Version   string                `json:"version"`
	Active    bool                  `json:"active"`   // in use; if not, it is kept for a rollback
	Embedded  bool                  `json:"embedded"` // part of the program
	Documents map[advisory.Lang]int `json:"documents"`
	Bytes     int64                 `json:"bytes"`
	Error     string                `json:"error,omitempty"` // why it cannot be read
}

// List gives the packs on the shelf: those in use, in order, then those kept for a rollback. The error is a set that cannot be
// read; the list is what could be made out even then.
func (s *Shelf) List() ([]Installed, error) {
	set, err := s.readSet()
	first, _ := Starter() // what is wrong in it is told by Load
	out := []Installed{installed(first.Manifest)}
	out[0].Active, out[0].Embedded = true, true
	for _, ref := range set.Active {
		i := s.look(ref)
		i.Active = i.Error == ""
		if ref.Name == first.Manifest.Name {
			i.Active = i.Active && CompareVersions(ref.Version, first.Manifest.Version) >= 0
			out[0].Active = !i.Active
		}
		out = append(out, i)
	}
	for _, ref := range set.before() {
		if !slices.Contains(set.Active, ref) {
			out = append(out, s.look(ref))
		}
	}
	return out, err
}

// look tells of a pack from its manifest alone.
func (s *Shelf) look(ref ref) Installed {
	m, err := s.manifest(ref)
	if err != nil {
		return Installed{Name: ref.Name, Version: ref.Version, Documents: map[advisory.Lang]int{}, Error: err.Error()}
	}
	return installed(m)
}

func installed(m Manifest) Installed {
	return Installed{Name: m.Name, Version: m.Version, Documents: m.Documents(), Bytes: m.Bytes()}
}

// path is the folder of a pack.
func (s *Shelf) path(r ref) string {
	return filepath.Join(s.dir, Manifest{Name: r.Name, Version: r.Version}.folder())
}

func (s *Shelf) manifest(r ref) (Manifest, error) {
	m, err := readManifest(os.DirFS(s.path(r)))
	if err == nil && (m.Name != r.Name || m.Version != r.Version) {
		err = fmt.Errorf("the folder %s holds the pack %s", s.path(r), m.ID())
	}
	if err != nil {
		return m, corrupt(fmt.Errorf("pack %s@%s: %w", r.Name, r.Version, err))
	}
	return m, nil
}

// read reads an installed pack: its documents and lexicon against their hashes, of the other files only that they are there in
// full, because they may be large.
func (s *Shelf) read(ref ref) (*Pack, error) {
	m, err := s.manifest(ref)
	if err != nil {
		return nil, err
	}
	fsys := os.DirFS(s.path(ref))
	p, err := readFolder(fsys, m, false)
	if err != nil {
		return nil, corrupt(fmt.Errorf("pack %s: %w", m.ID(), err))
	}
	p.Vectors = m.vectors(fsys)
	return p, nil
}

// readManifest reads the manifest of a built pack.
func readManifest(fsys fs.FS) (Manifest, error) {
	in, err := fsys.Open(manifestName)
	if err != nil {
		return Manifest{}, err
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, maxManifest+1))
	if err != nil {
		return Manifest{}, fmt.Errorf("read %s: %w", manifestName, err)
	}
	if len(raw) > maxManifest {
		return Manifest{}, fmt.Errorf("%s has more than %d bytes", manifestName, maxManifest)
	}
	return parseManifest(raw)
}

// readFolder reads the files that a manifest lists, holding each against it; all says whether to hash also those that are only
// carried along.
func readFolder(fsys fs.FS, m Manifest, all bool) (*Pack, error) {
	r := &reading{}
	for _, want := range m.Files {
		info, err := fs.Stat(fsys, want.Path)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() || info.Size() != want.Size {
			return nil, fmt.Errorf("%s is not the file of %d bytes that the manifest lists", want.Path, want.Size)
		}
		if !all && roleOf(want.Path) == other {
			continue
		}
		if got, err := r.file(fsys, want.Path); err != nil {
			return nil, err
		} else if got != want {
			return nil, fmt.Errorf("%s has changed: its SHA-256 is not the one in the manifest", want.Path)
		}
	}
	if err := r.problems.err(); err != nil {
		return nil, err
	}
	return r.pack(m).in(fsys), nil
}

// corrupt marks an error as a pack that cannot be trusted.
func corrupt(err error) error {
	var known *advisory.Error
	if errors.As(err, &known) {
		return err
	}
	return &advisory.Error{Code: advisory.CorruptPack, Hint: "get the pack again and install it", Err: err}
}

// newest gives, of several packs of one name, the newest.
func newest(refs []ref) []ref {
	slices.SortFunc(refs, func(a, b ref) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), CompareVersions(b.Version, a.Version))
	})
	return slices.CompactFunc(refs, func(a, b ref) bool { return a.Name == b.Name })
}
