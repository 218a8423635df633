package content

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Verify reads a pack, an archive or the folder of an installed pack, whole: every file against its hash, no file more or less,
// every document and lexicon file strictly. The error is *advisory.Error with CorruptPack unless the pack could not be opened.
func Verify(name string) (*Pack, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("open the pack: %w", err)
	}
	if info.IsDir() {
		return VerifyFolder(os.DirFS(name))
	}
	return VerifyArchive(name)
}

// VerifyArchive is Verify for a .tar.zst.
func VerifyArchive(name string) (*Pack, error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open the pack: %w", err)
	}
	defer in.Close()
	p, err := readArchive(in, discard)
	if err != nil {
		return nil, corrupt(err)
	}
	return p, nil
}

// VerifyFolder is Verify for the folder of a built pack.
func VerifyFolder(fsys fs.FS) (*Pack, error) {
	m, err := readManifest(fsys)
	if err != nil {
		return nil, corrupt(err)
	}
	p, err := readFolder(fsys, m, true)
	if err != nil {
		return nil, corrupt(err)
	}
	if err := m.alone(fsys); err != nil {
		return nil, corrupt(err)
	}
	return p, nil
}

// alone tells whether a folder holds nothing beside the files of the manifest.
func (m Manifest) alone(fsys fs.FS) error {
	listed := map[string]bool{manifestName: true}
	for _, f := range m.Files {
		listed[f.Path] = true
	}
	var more []error
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir():
		case !listed[name]:
			more = append(more, fmt.Errorf("%s is not in the manifest", name))
		case !entry.Type().IsRegular():
			more = append(more, fmt.Errorf("%s is a link, not a file", name))
		}
		return err
	})
	return errors.Join(append(more, err)...)
}
