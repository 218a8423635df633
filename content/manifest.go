package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"jembe/advisory"
)

// Manifest says what a pack is and what it holds; it is the file manifest.json of the pack.
type Manifest struct {
	Name    string `json:"name"`
	Version string `json:"version"` // only grows, see CompareVersions
	Files   []File `json:"files"`   // sorted by path; all files of the pack but the manifest itself
}

// File is one file of a pack.
type File struct {
	Path   string `json:"path"`   // within the pack, with slashes
	SHA256 string `json:"sha256"` // of its bytes, in hexadecimal
	Size   int64  `json:"size"`   // bytes
}

// Limits of a pack, so that no archive can fill a card or the memory of a small computer.
const (
	manifestName = "manifest.json"
	maxManifest  = 8 << 20   // bytes
	maxFile      = 256 << 20 // bytes of one file
	maxPack      = 512 << 20 // bytes of all files
	maxFiles     = 20_000
)

var (
	packName    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	packVersion = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.]{0,62}$`)
	sum         = regexp.MustCompile(`^[0-9a-f]{64}$`)
	pathPart    = regexp.MustCompile(`^[0-9A-Za-z_-][0-9A-Za-z._-]{0,99}$`)
)

// ID is how documents and records name the pack: name@version.
func (m Manifest) ID() string { return m.Name + "@" + m.Version }

// folder is the folder of an installed pack. A version has no hyphen, so no two packs share a folder.
func (m Manifest) folder() string { return m.Name + "-" + m.Version }

// Bytes is the size of all files together.
func (m Manifest) Bytes() int64 {
	var n int64
	for _, f := range m.Files {
		n += f.Size
	}
	return n
}

// Documents counts the documents by language.
func (m Manifest) Documents() map[advisory.Lang]int {
	out := map[advisory.Lang]int{}
	for _, f := range m.Files {
		if _, lang, ok := placeOf(f.Path); ok && roleOf(f.Path) == document {
			out[lang]++
		}
	}
	return out
}

// encode gives the bytes of manifest.json: the same for the same manifest.
func (m Manifest) encode() []byte {
	raw, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return append(raw, '\n')
}

// fingerprint stands for the bytes of every file of the pack.
func (m Manifest) fingerprint() string {
	h := sha256.Sum256(m.encode())
	return hex.EncodeToString(h[:])
}

func parseManifest(raw []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, fmt.Errorf("%s: %w", manifestName, err)
	}
	if err := checkLabel(m.Name, m.Version); err != nil {
		return m, fmt.Errorf("%s: %w", manifestName, err)
	}
	if len(m.Files) == 0 {
		return m, fmt.Errorf("%s lists no files: a folder to be built, not a built pack", manifestName)
	}
	if len(m.Files) > maxFiles {
		return m, fmt.Errorf("%s lists %d files, at most %d are allowed", manifestName, len(m.Files), maxFiles)
	}
	return m, m.check()
}

// check holds the list of files against the rules of a pack.
func (m Manifest) check() error {
	seen := map[string]bool{}
	for _, f := range m.Files {
		key := strings.ToLower(f.Path)
		switch {
		case roleOf(f.Path) == stranger:
			return fmt.Errorf("%s lists %q, which is no file of a pack", manifestName, f.Path)
		case seen[key]:
			return fmt.Errorf("%s lists %q twice", manifestName, f.Path)
		case !sum.MatchString(f.SHA256):
			return fmt.Errorf("%s has no SHA-256 of %q", manifestName, f.Path)
		case f.Size < 0 || f.Size > maxFile:
			return fmt.Errorf("%s gives %q a size of %d bytes, at most %d are allowed", manifestName, f.Path, f.Size, maxFile)
		}
		seen[key] = true
	}
	if n := m.Bytes(); n > maxPack {
		return fmt.Errorf("the pack has %d bytes, at most %d are allowed", n, maxPack)
	}
	return nil
}

func checkLabel(name, version string) error {
	if !packName.MatchString(name) {
		return fmt.Errorf("the pack name %q must be small letters, digits and hyphens, such as office-nakuru", name)
	}
	if !packVersion.MatchString(version) {
		return fmt.Errorf("the pack version %q must be digits, letters and dots, such as 2026.11.1", version)
	}
	return nil
}

// ownLabel reads the name and version that the folder of a pack asks for; both are empty where it says nothing.
func ownLabel(fsys fs.FS) (name, version string, err error) {
	raw, err := fs.ReadFile(fsys, manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", nil
	}
	if err != nil {
		return "", "", fmt.Errorf("read %s: %w", manifestName, err)
	}
	var m struct {
		Name    string `json:"name"`
		Version any    `json:"version"` // written by hand, with or without quotes
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&m); err != nil {
		var at *json.SyntaxError
		line := 0
		if errors.As(err, &at) {
			line = 1 + bytes.Count(raw[:min(at.Offset, int64(len(raw)))], []byte("\n"))
		}
		return "", "", Problems{{manifestName, line, fmt.Sprintf("is not the JSON of a manifest: %v", err)}}
	}
	if m.Version != nil {
		version = fmt.Sprint(m.Version)
	}
	return m.Name, version, nil
}

// role is what a file of a pack is for.
type role int

const (
	stranger  role = iota // does not belong into a pack
	document              // docs/LANG/ID.md
	lexicon               // lexicon/NAME.yaml
	approvals             // reviews.json
	menu                  // menu.yaml
	other                 // carried along
)

// rootFiles are the files beside the manifest that a pack may carry: licence and attribution travel with the words.
var rootFiles = []string{"LICENSE", "README.md"}

// roleOf says what a path stands for. Only plain names are let in: none that leads out of the pack, is hidden, or that some file
// system cannot hold.
func roleOf(name string) role {
	parts := strings.Split(name, "/")
	for _, p := range parts {
		if !pathPart.MatchString(p) {
			return stranger
		}
	}
	switch {
	case len(name) > 200:
		return stranger
	case len(parts) == 1:
		if name == approvalsName {
			return approvals
		}
		if name == menuName {
			return menu
		}
		if slices.Contains(rootFiles, name) {
			return other
		}
		return stranger
	case parts[0] == "docs" && path.Ext(name) == ".md":
		if len(parts) == 3 {
			return document
		}
		return stranger
	case parts[0] == "lexicon" && path.Ext(name) == ".yaml":
		if len(parts) == 2 {
			return lexicon
		}
		return stranger
	case parts[0] == "docs" || parts[0] == "lexicon" || parts[0] == "vectors":
		return other
	}
	return stranger
}

// CompareVersions orders versions: runs of digits by their number, all else by its bytes, so 1.9 < 1.10 < 20261123114140.
func CompareVersions(a, b string) int {
	for a != "" && b != "" {
		var x, y string
		x, a = versionRun(a)
		y, b = versionRun(b)
		if isDigit(x[0]) && isDigit(y[0]) {
			x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if len(x) != len(y) {
				return len(x) - len(y)
			}
		}
		if c := strings.Compare(x, y); c != 0 {
			return c
		}
	}
	return len(a) - len(b)
}

// versionRun cuts the longest run of digits, or of anything else, off the front.
func versionRun(s string) (run, rest string) {
	i := 1
	for i < len(s) && isDigit(s[i]) == isDigit(s[0]) {
		i++
	}
	return s[:i], s[i:]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
