package content

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"jembe/advisory"
)

// staging begins the name of a folder in which a pack is unpacked; what a power cut left of one is removed by the next install.
const staging = ".staging-"

// Install adds the pack of an archive to the set in use: in the place of an older version of the same name, else at the end.
// Until the very last step, the switch of the set, nothing that is in use has changed. A corrupt pack (CorruptPack), a full disk
// (DiskFull), a version that the office took back (Forbidden), and one that is in use already or older than that (BadRequest) change nothing at all; only a pack that is
// damaged on the disk may be installed again. The set before stays for Rollback; packs of neither set are removed.
func (s *Shelf) Install(archive string) (Manifest, error) {
	in, err := os.Open(archive)
	if err != nil {
		return Manifest{}, fmt.Errorf("open the pack: %w", err)
	}
	defer in.Close()
	p, err := readArchive(in, discard)
	if err != nil {
		return Manifest{}, corrupt(err)
	}
	unlock, err := s.lock()
	if err != nil {
		return Manifest{}, err
	}
	defer unlock()
	old, setErr := s.readSet()
	now := ref{p.Manifest.Name, p.Manifest.Version}
	if old.revoked().pack(now) {
		return Manifest{}, revokedByOffice(now)
	}
	next, err := s.with(old.Active, now)
	if err != nil {
		return Manifest{}, err
	}
	if setErr == nil { // a damaged set does not tell what is needed
		s.sweep(old)
	}
	if err := s.place(in, p.Manifest); err != nil {
		return Manifest{}, err
	}
	changed := old
	changed.Serial, changed.Active = old.Serial+1, next
	if !slices.Equal(next, old.Active) || old.Before == nil {
		before := append([]ref{}, old.Active...)
		changed.Before = &before
	}
	if err := s.writeSet(changed); err != nil {
		return Manifest{}, err
	}
	s.sweep(changed)
	return p.Manifest, nil
}

// Rollback returns to the set before the last change; a second one takes the first back.
func (s *Shelf) Rollback() error {
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	now, err := s.readSet()
	if err != nil {
		return err
	}
	if now.Before == nil {
		return &advisory.Error{Code: advisory.NotFound, Hint: "no pack was installed yet", Err: errors.New("there is no set of packs before this one")}
	}
	before := now.revoked().without(*now.Before)
	for _, ref := range before {
		if _, err := s.read(ref); err != nil {
			return fmt.Errorf("return to the set before: %w", err)
		}
	}
	back, active := now, append([]ref{}, now.Active...)
	back.Serial, back.Active, back.Before = now.Serial+1, before, &active
	return s.writeSet(back)
}

// with gives the set in which the new pack has its place.
func (s *Shelf) with(active []ref, now ref) ([]ref, error) {
	if first, _ := Starter(); first.Manifest.Name == now.Name && CompareVersions(now.Version, first.Manifest.Version) < 0 {
		return nil, refused("the program holds the newer %s", first.Manifest.ID())
	}
	next := append([]ref{}, active...)
	i := slices.IndexFunc(next, func(r ref) bool { return r.Name == now.Name })
	if i < 0 {
		return append(next, now), nil
	}
	switch c := CompareVersions(now.Version, next[i].Version); {
	case c < 0:
		return nil, refused("%s is installed, and newer than version %s; \"jembe pack rollback\" returns to the packs before", next[i].Name+"@"+next[i].Version, now.Version)
	case c == 0 && s.sound(next[i]):
		return nil, refused("%s@%s is installed already", now.Name, next[i].Version)
	}
	next[i] = now
	return next, nil
}

func refused(format string, args ...any) error {
	return &advisory.Error{Code: advisory.BadRequest, Hint: "a new pack needs a larger version", Err: fmt.Errorf(format, args...)}
}

// sound tells whether an installed pack is whole, and the one that its folder says.
func (s *Shelf) sound(r ref) bool {
	p, err := VerifyFolder(os.DirFS(s.path(r)))
	return err == nil && p.Manifest.Name == r.Name && p.Manifest.Version == r.Version
}

// errOtherPack is for a pack of the name and version of one on the shelf that holds something else.
var errOtherPack = errors.New("another pack was installed under this name and version before")

// place unpacks an archive and puts its folder on the shelf. A whole folder that is there already, left from a set before or from
// a cut between this and the switch, is taken as it is, if it holds the same.
func (s *Shelf) place(archive io.ReadSeeker, m Manifest) error {
	r := ref{m.Name, m.Version}
	if s.sound(r) {
		if there, err := s.manifest(r); err != nil || there.fingerprint() != m.fingerprint() {
			return refused("%w: %s", errOtherPack, m.ID())
		}
		return nil
	}
	stage, err := s.unpack(archive)
	if err != nil {
		return err
	}
	defer os.RemoveAll(stage)
	if err := os.RemoveAll(s.path(r)); err != nil { // damaged, or not there
		return diskError(err)
	}
	if err := os.Rename(stage, s.path(r)); err != nil {
		return diskError(err)
	}
	return diskError(syncDir(s.dir))
}

// unpack stages an archive beside the packs and brings it to the disk for good.
func (s *Shelf) unpack(archive io.ReadSeeker) (stage string, err error) {
	if _, err := archive.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("read the pack again: %w", err)
	}
	if stage, err = os.MkdirTemp(s.dir, staging+"*"); err != nil {
		return "", diskError(err)
	}
	if err := fillStage(stage, archive); err != nil {
		os.RemoveAll(stage)
		return "", err
	}
	return stage, nil
}

func fillStage(stage string, archive io.Reader) error {
	_, err := readArchive(archive, keepIn(stage))
	if errors.Is(err, errKeep) {
		return diskError(fmt.Errorf("unpack the pack: %w", err))
	}
	if err != nil {
		return corrupt(err)
	}
	if err := os.Chmod(stage, 0o755); err != nil {
		return diskError(err)
	}
	return diskError(syncTree(stage))
}

func (s *Shelf) writeSet(next set) error {
	raw, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("write the set of packs: %w", err)
	}
	return writeDurably(s.setFile(), func(f *os.File) error {
		_, err := f.Write(append(raw, '\n'))
		return err
	})
}

// sweep removes packs that are in neither set, and what a power cut left half made. A failure costs nothing but space, and the
// next install tries again.
func (s *Shelf) sweep(keep set) {
	entries, _ := os.ReadDir(s.dir)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), staging) || strings.HasPrefix(e.Name(), ".set.json.") {
			os.RemoveAll(filepath.Join(s.dir, e.Name()))
		}
	}
	for _, r := range s.folders() {
		if !slices.Contains(keep.Active, r) && !slices.Contains(keep.before(), r) {
			os.RemoveAll(s.path(r))
		}
	}
}

// lock makes the folder of the packs where it is missing, and keeps other processes from changing the set meanwhile.
func (s *Shelf) lock() (unlock func(), err error) {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return nil, diskError(err)
	}
	f, err := os.OpenFile(filepath.Join(s.dir, "lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, diskError(err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock the packs: %w", err)
	}
	return func() { f.Close() }, nil // closing gives the lock up
}
