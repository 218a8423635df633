package content

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jembe/advisory"
)

// Accept takes up what the office publishes, if the publication is signed by keys that hold and newer than what the box has seen: from
// then on what it takes back is out of use, also in the starter, and Wanted gives the packs to fetch. Root is the root key pinned at
// enrolment. A publication that says nothing new changes nothing; for one that is refused, see Refused: nothing has changed either.
func (s *Shelf) Accept(root string, p Publication) error {
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	old, _ := s.readSet() // of a damaged one the packs on the disk stay in use, and the channel begins anew
	next, err := old.Channel.judge(root, p)
	if err != nil || next == old.Channel {
		return err
	}
	if len(next.missing(s)) == 0 {
		return s.complete(old, next)
	}
	return s.change(old, next, next.Revoked.without(old.Active))
}

// Wanted gives the packs of the channel that are still to be fetched before its set can be put into use; none once it is, so that
// a rollback by hand lasts until the office publishes again. A pack of the channel that was lost or damaged is wanted again.
func (s *Shelf) Wanted() ([]ChannelPack, error) {
	now, err := s.readSet()
	if err != nil || now.Channel == nil {
		return nil, err
	}
	missing := now.Channel.missing(s)
	if now.Channel.Complete < now.Channel.Channel.Version {
		return missing, nil
	}
	return slices.DeleteFunc(missing, func(p ChannelPack) bool { return !slices.Contains(now.Active, p.ref()) }), nil
}

// missing gives the packs of the channel that are not on the shelf, or cannot be read there. One that is left out is missing only when
// what stood in its way is gone.
func (f *following) missing(s *Shelf) []ChannelPack {
	return slices.DeleteFunc(slices.Clone(f.Channel.Packs), func(p ChannelPack) bool {
		if !slices.Contains(f.Here, p) && !slices.Contains(f.Conflicts, p) {
			return false
		}
		_, err := s.read(p.ref())
		return err == nil
	})
}

// Follow puts the set of the channel into use, all packs in one step. The archives of those that Wanted gave are in the folder,
// each named by its SHA-256. A pack that is not what the channel says, or is damaged, changes nothing, and so does a full disk. One of
// the name and version of another that is here is left out, and told as Conflict does: the rest is put into use.
func (s *Shelf) Follow(archives string) error {
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	old, err := s.readSet()
	if err != nil || old.Channel == nil {
		return err
	}
	next := *old.Channel
	s.sweep(old)
	for _, p := range next.missing(s) {
		next.Conflicts = slices.DeleteFunc(slices.Clone(next.Conflicts), func(c ChannelPack) bool { return c == p })
		err := s.placeChannelPack(filepath.Join(archives, p.SHA256), p)
		if errors.Is(err, errOtherPack) {
			next.Conflicts = append(next.Conflicts, p)
			continue
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(s.complete(old, &next), next.conflict())
}

// Conflict is a RefusedError while a pack of the channel is left out because another is here under its name and version.
func (s *Shelf) Conflict() error {
	now, err := s.readSet()
	if err != nil || now.Channel == nil {
		return err
	}
	return now.Channel.conflict()
}

func (f *following) conflict() error {
	if len(f.Conflicts) == 0 {
		return nil
	}
	var ids []string
	for _, p := range f.Conflicts {
		ids = append(ids, p.ID())
	}
	return refuse(Conflict, "what is here as %s is another than what the office publishes, and stays; the office must publish it with a larger version", strings.Join(ids, ", "))
}

// placeChannelPack puts a pack of the channel on the shelf, not yet into use.
func (s *Shelf) placeChannelPack(archive string, p ChannelPack) error {
	in, err := os.Open(archive)
	if err != nil {
		return fmt.Errorf("open the pack %s: %w", p.ID(), err)
	}
	defer in.Close()
	if err := p.holds(in); err != nil {
		return err
	}
	pack, err := readArchive(in, discard)
	if err != nil {
		return refuse(Malformed, "the pack %s: %w", p.ID(), err)
	}
	if pack.Manifest.ID() != p.ID() {
		return refuse(Mixed, "the archive listed as %s holds %s", p.ID(), pack.Manifest.ID())
	}
	return s.place(in, pack.Manifest)
}

// holds tells whether an archive is the one that the channel lists, and leaves it at its beginning.
func (p ChannelPack) holds(in io.ReadSeeker) error {
	got, err := hashAll(in, p.Size)
	if err != nil {
		return fmt.Errorf("read the pack %s: %w", p.ID(), err)
	}
	if got != p.SHA256 {
		return refuse(Mixed, "the archive of %s is not the one that content.json lists", p.ID())
	}
	_, err = in.Seek(0, io.SeekStart)
	return err
}

// complete puts the set of the channel into use.
func (s *Shelf) complete(old set, next *following) error {
	done := *next
	done.Here = slices.DeleteFunc(slices.Clone(next.Channel.Packs), next.leavesOut)
	for _, p := range next.Here {
		if slices.Contains(old.Active, p.ref()) && !slices.Contains(done.Here, p) && !next.Revoked.pack(p.ref()) {
			done.Here = append(done.Here, p) // kept for a rollback
		}
	}
	done.Complete = next.Channel.Version
	return s.change(old, &done, done.arrange(old))
}

// leavesOut tells whether a pack of the channel is not taken: another is here under its name and version.
func (f *following) leavesOut(p ChannelPack) bool { return slices.Contains(f.Conflicts, p) }

// change writes the set in which the box follows f, and clears away what is in neither set any more.
func (s *Shelf) change(old set, f *following, active []ref) error {
	changed := old
	changed.Serial++
	changed.Active, changed.Channel = active, f
	if !slices.Equal(active, old.Active) {
		before := f.Revoked.without(old.Active)
		changed.Before = &before
	} else if old.Before != nil {
		before := f.Revoked.without(*old.Before)
		changed.Before = &before
	}
	if err := s.writeSet(changed); err != nil {
		return err
	}
	s.sweep(changed)
	return nil
}

// arrange gives the packs in use: those of the channel in its order, then those that were installed by hand under other names. A
// pack by hand that is newer than the channel's stays in its place, unless it was taken back. Names of the channel that it lists no
// more go.
func (f *following) arrange(old set) []ref {
	var out []ref
	names := map[string]bool{} // that the channel has, or had
	for _, p := range f.Channel.Packs {
		names[p.Name] = true
		i := slices.IndexFunc(old.Active, func(o ref) bool { return o.Name == p.Name })
		switch {
		case i >= 0 && f.keeps(old, old.Active[i], p):
			out = append(out, old.Active[i])
		case !f.leavesOut(p):
			out = append(out, p.ref())
		}
	}
	if old.Channel != nil {
		for _, p := range old.Channel.Here {
			names[p.Name] = true
		}
	}
	for _, r := range f.Revoked.without(old.Active) {
		if !names[r.Name] {
			out = append(out, r)
		}
	}
	return out
}

// keeps tells whether a pack in use stays in the place of the one of the same name in the channel: that is left out, or the pack in use
// was installed by hand and is newer. What was taken back never stays.
func (f *following) keeps(old set, r ref, p ChannelPack) bool {
	if f.leavesOut(p) {
		return !f.Revoked.pack(r)
	}
	byChannel := old.Channel != nil && slices.ContainsFunc(old.Channel.Here, func(h ChannelPack) bool { return h.ref() == r })
	return !byChannel && !f.Revoked.pack(r) && CompareVersions(r.Version, p.Version) > 0
}

// Following is what a box knows of the channel it follows.
type Following struct {
	Version  int64  `json:"version"` // of the content.json last accepted; 0: none yet
	SHA256   string `json:"sha256"`  // of that content.json
	Complete bool   `json:"complete"`
	Root     string `json:"root"`                // public key that signs the next keys
	ReviewBy string `json:"review_by,omitempty"` // a day; past it the content wants another look
	Revoked  int    `json:"revoked"`             // how much was ever taken back
}

// Following tells what the box follows; the zero value when it follows nothing yet.
func (s *Shelf) Following() (Following, error) {
	now, err := s.readSet()
	f := now.Channel
	if err != nil || f == nil {
		return Following{}, err
	}
	return Following{f.Channel.Version, f.Sum, f.Complete == f.Channel.Version, f.Keys.Root, f.Channel.ReviewBy, len(f.Revoked)}, nil
}

// revokedByOffice is a pack that may not be installed any more.
func revokedByOffice(r ref) error {
	return &advisory.Error{Code: advisory.Forbidden, Err: fmt.Errorf("the office took back %s@%s", r.Name, r.Version), Hint: "install a newer version of the pack"}
}

// hashAll hashes what is read, of which there must be as many bytes as said.
func hashAll(in io.Reader, size int64) (string, error) {
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(in, size+1))
	if err != nil {
		return "", err
	}
	if n != size {
		return "", nil // which is the hash of nothing
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
