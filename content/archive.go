package content

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// zstdWindow bounds the memory that packing and unpacking take.
const zstdWindow = 4 << 20

// writeArchive writes a pack as .tar.zst: the manifest first, then the files in its order. The same manifest and files give the
// same bytes.
func writeArchive(out io.Writer, fsys fs.FS, m Manifest) error {
	z, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithWindowSize(zstdWindow),
		zstd.WithEncoderConcurrency(1))
	if err != nil {
		return fmt.Errorf("start zstd: %w", err)
	}
	t := tar.NewWriter(z)
	raw := m.encode()
	if err := writeEntry(t, manifestName, int64(len(raw)), bytes.NewReader(raw)); err != nil {
		return err
	}
	for _, f := range m.Files {
		if err := writeFile(t, fsys, f); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return fmt.Errorf("end the archive: %w", err)
	}
	return z.Close()
}

func writeFile(t *tar.Writer, fsys fs.FS, f File) error {
	in, err := fsys.Open(f.Path)
	if err != nil {
		return err
	}
	defer in.Close()
	return writeEntry(t, f.Path, f.Size, in)
}

// writeEntry leaves out everything that differs from one computer to the next: owner, mode, times.
func writeEntry(t *tar.Writer, name string, size int64, in io.Reader) error {
	h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o644, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
	if err := t.WriteHeader(h); err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	if _, err := io.Copy(t, in); err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	return nil
}

// keeper is given each file of an archive as it is read, and returns where its bytes go.
type keeper func(name string) (io.WriteCloser, error)

// errKeep marks a failure to keep a file, which is no fault of the archive.
var errKeep = errors.New("keep the file")

// readArchive reads a whole pack, hands its files to keep, and holds each against the manifest. All bytes are bounded before
// they are trusted. An error that is not errKeep means that the archive is no sound pack.
func readArchive(in io.Reader, keep keeper) (*Pack, error) {
	z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(2*zstdWindow),
		zstd.WithDecoderMaxMemory(maxPack+maxManifest+maxFiles*1024))
	if err != nil {
		return nil, fmt.Errorf("start zstd: %w", err)
	}
	defer z.Close()
	bounded := &io.LimitedReader{R: z, N: maxPack + maxManifest + maxFiles*1024}
	r := &reading{}
	raw, files, err := r.entries(tar.NewReader(bounded), keep)
	if err == nil {
		_, err = io.Copy(io.Discard, bounded) // zstd checks its own sum at the end
	}
	if bounded.N <= 0 {
		return nil, fmt.Errorf("the archive unpacks to more than %d bytes", maxPack)
	}
	if err != nil {
		return nil, err
	}
	if raw == nil {
		return nil, fmt.Errorf("the archive has no %s", manifestName)
	}
	m, err := parseManifest(raw)
	if err != nil {
		return nil, err
	}
	if err := m.holds(files); err != nil {
		return nil, err
	}
	if err := r.problems.err(); err != nil {
		return nil, err
	}
	return r.pack(m), nil
}

// entries reads the files of an archive, and gives the bytes of the manifest apart.
func (r *reading) entries(t *tar.Reader, keep keeper) (manifest []byte, files map[string]File, err error) {
	files = map[string]File{}
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return manifest, files, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("this is no pack, or a damaged one: %w", err)
		}
		name, ok := entryName(h)
		switch {
		case !ok:
			return nil, nil, fmt.Errorf("the archive holds %q, which is no file of a pack", h.Name)
		case name == "":
		case files[name].Path != "" || name == manifestName && manifest != nil:
			return nil, nil, fmt.Errorf("the archive holds %s twice", name)
		case name == manifestName:
			if manifest, err = r.manifest(t, h.Size, keep); err != nil {
				return nil, nil, err
			}
		case len(files) == maxFiles:
			return nil, nil, fmt.Errorf("the archive holds more than %d files", maxFiles)
		default:
			if files[name], err = r.keep(name, t, keep); err != nil {
				return nil, nil, err
			}
		}
	}
}

// entryName gives the path that an entry stands for, "" for a folder (tar tools write them); false for anything that is neither
// a folder nor a plain file of a pack.
func entryName(h *tar.Header) (string, bool) {
	name := strings.TrimPrefix(h.Name, "./")
	switch h.Typeflag {
	case tar.TypeDir:
		name = strings.TrimSuffix(name, "/")
		return "", name == "" || fs.ValidPath(name)
	case tar.TypeReg:
		return name, name == manifestName || roleOf(name) != stranger
	}
	return "", false
}

func (r *reading) manifest(in io.Reader, size int64, keep keeper) ([]byte, error) {
	if size > maxManifest {
		return nil, fmt.Errorf("%s has more than %d bytes", manifestName, maxManifest)
	}
	raw, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", manifestName, err)
	}
	_, err = r.keep(manifestName, bytes.NewReader(raw), keep)
	return raw, err
}

func (r *reading) keep(name string, in io.Reader, keep keeper) (f File, err error) {
	out, err := keep(name)
	if err != nil {
		return f, fmt.Errorf("%w: %w", errKeep, err)
	}
	f, err = r.stream(name, in, marked{out})
	if cerr := out.Close(); cerr != nil && err == nil {
		err = fmt.Errorf("%w: %w", errKeep, cerr)
	}
	return f, err
}

// marked marks the errors of a writer, so that a full disk is not taken for a broken archive.
type marked struct{ io.Writer }

func (m marked) Write(p []byte) (int, error) {
	n, err := m.Writer.Write(p)
	if err != nil {
		err = fmt.Errorf("%w: %w", errKeep, err)
	}
	return n, err
}

// holds tells whether the files are those of the manifest: none more, none less, none changed.
func (m Manifest) holds(files map[string]File) error {
	for _, want := range m.Files {
		got, ok := files[want.Path]
		if !ok {
			return fmt.Errorf("%s is missing", want.Path)
		}
		if got != want {
			return fmt.Errorf("%s has changed: it is not the file that the manifest lists", want.Path)
		}
	}
	if len(files) == len(m.Files) {
		return nil
	}
	for name := range files {
		if !slices.ContainsFunc(m.Files, func(f File) bool { return f.Path == name }) {
			return fmt.Errorf("%s is not in the manifest", name)
		}
	}
	return nil
}

// discard keeps nothing.
func discard(string) (io.WriteCloser, error) { return nopCloser{io.Discard}, nil }

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// keepIn keeps files in a folder, each on the disk for good before the next.
func keepIn(dir string) keeper {
	return func(name string) (io.WriteCloser, error) {
		to := filepath.Join(dir, filepath.FromSlash(path.Clean(name)))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return nil, err
		}
		f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		return syncedFile{f}, err
	}
}

// syncedFile reaches the disk when it is closed.
type syncedFile struct{ *os.File }

func (f syncedFile) Close() error {
	return errors.Join(f.File.Sync(), f.File.Close())
}
