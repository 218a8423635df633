package content

import (
	"errors"
	"fmt"
	"slices"

	"jembe/advisory"
)

// Publication is what a box is shown of its office's channel, from the hub or from a stick: files that nobody vouches for yet.
type Publication struct {
	Content   Signed   // content.json
	Keys      Signed   // keys.json
	Handovers []Signed // root-ID.json, from the root that the box knows to the one that signed Keys; in any order
}

// Why a box refuses a publication, in one word for its record.
const (
	Malformed  advisory.Reason = "content_malformed"   // cannot be read, or breaks the rules of a channel
	Forged     advisory.Reason = "content_forged"      // no key that holds has signed it
	RolledBack advisory.Reason = "content_rolled_back" // older than what the box has seen
	Mixed      advisory.Reason = "content_mixed"       // parts that were not published together
	Conflict   advisory.Reason = "content_conflict"    // a pack of the name and version of one that is here, with other content; the rest is taken
)

// RefusedError is a publication, or a pack that came by it, that a box does not take: nothing has changed. It comes within an
// *advisory.Error with Forbidden.
type RefusedError struct {
	Reason advisory.Reason
	Err    error
}

func (e *RefusedError) Error() string { return fmt.Sprintf("%s: %v", e.Reason, e.Err) }

// Unwrap gives the cause.
func (e *RefusedError) Unwrap() error { return e.Err }

func refuse(why advisory.Reason, format string, args ...any) error {
	return &advisory.Error{
		Code: advisory.Forbidden, Err: &RefusedError{why, fmt.Errorf(format, args...)},
		Hint: "what the box has stays in use; if this goes on, tell the office: somebody may be tampering with its content, or its hub came back from a backup",
	}
}

// Refused gives why a publication was refused; false for any other failure.
func Refused(err error) (advisory.Reason, bool) {
	var r *RefusedError
	if errors.As(err, &r) {
		return r.Reason, true
	}
	return advisory.NoReason, false
}

// following is what a box remembers of the channel; it is part of set.json, so that what is trusted, what is taken back and what is
// in use change in one step.
type following struct {
	Pinned   string        `json:"pinned"` // the root key of the enrolment
	Keys     ChannelKeys   `json:"keys"`
	KeysSum  string        `json:"keys_sha256"`
	KeysBy   string        `json:"keys_by"` // the root key that signed them
	Signer   string        `json:"signer"`  // of Channel
	Sum      string        `json:"sha256"`  // of content.json
	Channel  Channel       `json:"channel"`
	Revoked  revocations   `json:"revoked"`  // everything that this channel ever took back
	Here     []ChannelPack `json:"here"`     // packs that came by the channel and are on the shelf, in use or kept
	Complete int64         `json:"complete"` // the last version of the channel whose packs were put into use

	Conflicts []ChannelPack `json:"conflicts,omitempty"` // packs of the channel that are left out: what is here under their name and version is another
}

// judge decides about a publication for a box that follows f, nil if it follows none yet. It gives what the box follows from now on:
// f itself when the publication says nothing new. The error is a RefusedError.
func (f *following) judge(root string, p Publication) (*following, error) {
	known := f.known(root)
	keys, by, err := p.keys(root, known)
	if err != nil {
		return nil, err
	}
	signer, err := p.Content.by(keys.Publishers...)
	if err != nil {
		return nil, refuse(Forged, "content.json: %w", err)
	}
	c, err := ParseChannel(p.Content.Body)
	if err != nil {
		return nil, refuse(Malformed, "%w", err)
	}
	if c.Keys != keys.Version {
		return nil, refuse(Mixed, "content.json %d belongs to keys.json %d, and came with %d", c.Version, c.Keys, keys.Version)
	}
	next := &following{
		Pinned: root, Keys: keys, KeysSum: hashOf(p.Keys.Body), KeysBy: by,
		Signer: signer, Sum: hashOf(p.Content.Body), Channel: c, Revoked: c.Revoked,
	}
	if f != nil {
		next.Here = f.Here
	}
	// What a key signed that holds no more counts for nothing: a thief cannot keep the office out with a version too large to pass.
	if known == nil || !slices.Contains(keys.Publishers, known.Signer) {
		return next, nil
	}
	return next.after(known)
}

// known gives what the box knows of the office whose root key is pinned; nil when it was enrolled anew, with another.
func (f *following) known(root string) *following {
	if f == nil || root != f.Pinned && root != f.Keys.Root {
		return nil
	}
	return f
}

// after holds what is to be followed against what was followed before.
func (f *following) after(known *following) (*following, error) {
	switch {
	case f.Sum == known.Sum && f.Pinned == known.Pinned:
		return known, nil
	case f.Sum == known.Sum: // enrolled anew with the same office
		f.Revoked, f.Complete = known.Revoked, known.Complete
		return f, nil
	case f.Channel.Version == known.Channel.Version:
		return nil, refuse(Mixed, "content.json %d is not the one of the same version that the box has seen", f.Channel.Version)
	case f.Channel.Version < known.Channel.Version:
		return nil, refuse(RolledBack, "content.json %d is older than %d, which the box has seen", f.Channel.Version, known.Channel.Version)
	}
	f.Revoked = known.Revoked.and(f.Channel.Revoked)
	if len(f.Revoked) > 4*maxRevoked {
		return nil, refuse(Malformed, "more than %d revocations in all", 4*maxRevoked)
	}
	f.Complete = known.Complete
	for _, p := range f.Channel.Packs {
		other, err := p.after(known.Channel.Packs, f.Revoked)
		if err != nil {
			return nil, err
		}
		if other || slices.Contains(known.Conflicts, p) {
			f.Conflicts = append(f.Conflicts, p)
		}
	}
	return f, nil
}

// after holds a pack against those that the channel had before: a smaller version is fine only when the larger was taken back. Other
// says that it has the name and version of one of them, and is another.
func (p ChannelPack) after(before []ChannelPack, revoked revocations) (other bool, err error) {
	if revoked.pack(p.ref()) {
		return false, refuse(Mixed, "the pack %s was taken back before", p.ID())
	}
	for _, old := range before {
		if old.Name != p.Name {
			continue
		}
		switch c := CompareVersions(p.Version, old.Version); {
		case c < 0 && !revoked.pack(old.ref()):
			return false, refuse(RolledBack, "the pack %s is older than %s, which was not taken back", p.ID(), old.ID())
		case c == 0 && p != old:
			other = true
		}
	}
	return other, nil
}

// keys finds out which keys hold: those of the publication, if the root that the box knows signed them, or handed over to one that did;
// by is the root that signed them.
func (p Publication) keys(root string, known *following) (keys ChannelKeys, by string, err error) {
	if known != nil && hashOf(p.Keys.Body) == known.KeysSum {
		if _, err := p.Keys.by(known.KeysBy); err != nil {
			return keys, "", refuse(Forged, "keys.json: %w", err)
		}
		return known.Keys, known.KeysBy, nil
	}
	var seen int64
	if known != nil {
		root, seen = known.Keys.Root, known.Keys.Version
	}
	by, least, err := p.handed(root, seen)
	if err != nil {
		return keys, "", err
	}
	if _, err := p.Keys.by(by); err != nil {
		return keys, "", refuse(Forged, "keys.json: %w", err)
	}
	keys, err = ParseChannelKeys(p.Keys.Body)
	switch {
	case err != nil:
		return keys, "", refuse(Malformed, "%w", err)
	case keys.Version == seen:
		return keys, "", refuse(Mixed, "keys.json %d is not the one of the same version that the box has seen", seen)
	case keys.Version < least:
		return keys, "", refuse(RolledBack, "keys.json %d is older than %d, which the box has seen", keys.Version, least)
	}
	return keys, by, nil
}

// handed follows the hand-overs from a root to the last; each is a newer version of the keys than the one before, and the last of
// these versions is the least that keys.json may have.
func (p Publication) handed(root string, seen int64) (last string, least int64, err error) {
	least = seen
	for range min(len(p.Handovers), maxHandovers) {
		i := slices.IndexFunc(p.Handovers, func(s Signed) bool { _, err := s.by(root); return err == nil })
		if i < 0 {
			break
		}
		k, err := ParseChannelKeys(p.Handovers[i].Body)
		if err != nil {
			return "", 0, refuse(Malformed, "a hand-over of the root key: %w", err)
		}
		if k.Root == root || k.Version <= least {
			break
		}
		root, least = k.Root, k.Version
	}
	return root, least, nil
}

// HandoverAfter gives the name of the file in which a root key hands over to the next, when the publication lacks it: its keys are signed
// by none of the roots that the box gets to from the one that it knows. It gives "" when there is nothing more to fetch.
func (s *Shelf) HandoverAfter(root string, p Publication) string {
	now, _ := s.readSet() // of a damaged set nothing is known
	var seen int64
	if f := now.Channel.known(root); f != nil {
		if hashOf(p.Keys.Body) == f.KeysSum {
			return ""
		}
		root, seen = f.Keys.Root, f.Keys.Version
	}
	last, _, err := p.handed(root, seen)
	if err != nil {
		return ""
	}
	if _, err := p.Keys.by(last); err == nil {
		return ""
	}
	id, err := KeyID(last)
	if err != nil {
		return ""
	}
	return "root-" + id + ".json"
}
