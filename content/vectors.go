package content

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"jembe/advisory"
)

const (
	vectorsDir = "vectors"
	vectorsExt = ".bin"
)

// StarterName stands for the program's own pack where a pack is named by its path.
const StarterName = "starter"

// Vectors is a file of vectors that a pack in use carries at vectors/MODEL.VERSION.bin. This room only carries it.
type Vectors struct {
	Pack string // name@version
	Name string // of the file, without its folder
	file File
	fsys fs.FS
}

// Read gives the bytes of the file, held against the manifest.
func (v Vectors) Read() ([]byte, error) {
	in, err := v.fsys.Open(v.file.Path)
	if err != nil {
		return nil, fmt.Errorf("read vectors: %w", err)
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, v.file.Size+1))
	if err != nil {
		return nil, fmt.Errorf("read vectors: %w", err)
	}
	if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != v.file.SHA256 {
		return nil, corrupt(fmt.Errorf("pack %s: %s has changed: its SHA-256 is not the one in the manifest", v.Pack, v.file.Path))
	}
	return raw, nil
}

// vectors lists the files of vectors in the folder of a pack.
func (m Manifest) vectors(fsys fs.FS) []Vectors {
	var out []Vectors
	for _, f := range m.Files {
		if dir, name := path.Split(f.Path); dir == vectorsDir+"/" && path.Ext(name) == vectorsExt {
			out = append(out, Vectors{m.ID(), name, f, fsys})
		}
	}
	return out
}

// AddVectors makes the pack OUT of a pack, an archive or a folder or the starter, with the file of vectors that embed makes of its
// documents, in the place of one by another version of the model. An empty version is that of the pack with ".1" after it: larger
// than it, and smaller than the next. OUT appears whole, or is left as it was.
func AddVectors(pack, out, version string, embed func([]*advisory.Document) (name string, file []byte, err error)) (Manifest, error) {
	dir, err := os.MkdirTemp("", "jembe-pack-*")
	if err != nil {
		return Manifest{}, diskError(err)
	}
	defer os.RemoveAll(dir)
	p, err := unpackInto(dir, pack)
	if err != nil {
		return Manifest{}, err
	}
	if version == "" {
		version = p.Manifest.Version + ".1"
	}
	var docs []*advisory.Document
	for _, d := range p.Documents {
		docs = append(docs, &d.Document)
	}
	name, file, err := embed(docs)
	if err != nil {
		return Manifest{}, err
	}
	if where := vectorsDir + "/" + name; roleOf(where) == stranger || path.Ext(name) != vectorsExt {
		return Manifest{}, fmt.Errorf("add vectors: %q is no file of a pack", where)
	}
	if err := putVectors(filepath.Join(dir, vectorsDir), name, file); err != nil {
		return Manifest{}, diskError(err)
	}
	label, err := json.Marshal(Manifest{Name: p.Manifest.Name, Version: version})
	if err != nil {
		return Manifest{}, fmt.Errorf("name the pack: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, manifestName), label, 0o644); err != nil {
		return Manifest{}, diskError(err)
	}
	m, _, err := Build(dir, out, BuildOptions{})
	return m, err
}

// unpackInto puts the files of a pack into an empty folder, and reads it.
func unpackInto(dir, pack string) (*Pack, error) {
	info, err := os.Stat(pack)
	if errors.Is(err, fs.ErrNotExist) && pack == StarterName {
		root, err := fs.Sub(library, "library")
		if err != nil {
			return nil, fmt.Errorf("open the starter pack: %w", err)
		}
		if err := os.CopyFS(dir, root); err != nil {
			return nil, diskError(err)
		}
		return Starter()
	}
	if err != nil {
		return nil, fmt.Errorf("open the pack: %w", err)
	}
	if info.IsDir() {
		if err := os.CopyFS(dir, os.DirFS(pack)); err != nil {
			return nil, diskError(err)
		}
		return VerifyFolder(os.DirFS(dir))
	}
	in, err := os.Open(pack)
	if err != nil {
		return nil, fmt.Errorf("open the pack: %w", err)
	}
	defer in.Close()
	p, err := readArchive(in, keepIn(dir))
	switch {
	case errors.Is(err, errKeep):
		return nil, diskError(err)
	case err != nil:
		return nil, corrupt(err)
	}
	return p, nil
}

// putVectors writes a file of vectors, and removes those that other versions of its model made: what stands before the first dot.
func putVectors(dir, name string, file []byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	model, _, _ := strings.Cut(name, ".")
	old, err := filepath.Glob(filepath.Join(dir, model+".*"))
	if err != nil {
		return err
	}
	for _, f := range old {
		if err := os.Remove(f); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, name), file, 0o644)
}
