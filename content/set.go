package content

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// set is which packs are in use: the file set.json.
type set struct {
	Serial int    `json:"serial"` // grows with every change
	Active []ref  `json:"active"`
	Before *[]ref `json:"before"` // the set before the last change; null: there was none

	Channel *following `json:"channel,omitempty"` // null: the box follows no office yet
}

// revoked is what the office took back.
func (s set) revoked() revocations {
	if s.Channel == nil {
		return nil
	}
	return s.Channel.Revoked
}

// ref names an installed pack.
type ref struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

func (s set) before() []ref {
	if s.Before == nil {
		return nil
	}
	return *s.Before
}

func (s *Shelf) setFile() string { return filepath.Join(s.dir, "set.json") }

// readSet reads the set. One that is damaged is told as an error, and taken to be the newest of each pack on the disk, so that
// an office's advice does not vanish with one bad sector.
func (s *Shelf) readSet() (set, error) {
	raw, err := os.ReadFile(s.setFile())
	if errors.Is(err, fs.ErrNotExist) {
		return set{}, nil
	}
	var out set
	if err == nil {
		if err = json.Unmarshal(raw, &out); err == nil {
			err = out.check()
		}
	}
	if err != nil {
		return set{Active: newest(s.folders())}, corrupt(fmt.Errorf("read the set of packs: %w", err))
	}
	return out, nil
}

// check refuses names that could lead out of the shelf.
func (s set) check() error {
	all := slices.Concat(s.before(), s.Active)
	if s.Channel != nil {
		for _, p := range slices.Concat(s.Channel.Here, s.Channel.Channel.Packs) {
			all = append(all, p.ref())
		}
	}
	for _, r := range all {
		if err := checkLabel(r.Name, r.Version); err != nil {
			return err
		}
	}
	return nil
}

// folders gives the packs that have a folder, in use or not.
func (s *Shelf) folders() []ref {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil // nothing to be found is what an unreadable folder holds
	}
	var out []ref
	for _, e := range entries {
		i := strings.LastIndexByte(e.Name(), '-')
		if i < 0 || !e.IsDir() {
			continue
		}
		if r := (ref{e.Name()[:i], e.Name()[i+1:]}); checkLabel(r.Name, r.Version) == nil {
			out = append(out, r)
		}
	}
	return out
}
