package edge

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/wire"
)

// mostRounds of fetching in one contact: a line that breaks again and again still carries something each time.
const mostRounds = 20

// fetch takes up the content that the hub announced, as far as the budget goes (0: no end), and tells in done how far the box is.
// Content that is refused is no failure of the contact.
func (s *Syncer) fetch(ctx context.Context, h *hubClient, done *Contact, budget int64) error {
	defer func() { done.Bytes = h.passed.Load() }()
	if h.announced == nil {
		return nil
	}
	for range mostRounds {
		allowed := int64(math.MaxInt64)
		if budget > 0 {
			allowed = max(0, budget-h.passed.Load())
		}
		used, whole, err := s.channel.Follow(ctx, hubSource{h.http, h.Address}, h.Root, h.announced, allowed)
		if err = s.report(done, whole, err); err == nil || used == 0 || errors.Is(err, errSpoilt) || wire.AsError(err).Code != advisory.Unreachable {
			return err
		}
	}
	return nil // the next contact goes on
}

// fetchFromStick takes up the content on a stick, if there is any.
func (s *Syncer) fetchFromStick(ctx context.Context, h *hubClient, stick *os.Root, done *Contact) error {
	if _, err := stick.Lstat(path.Join(wire.StickContent, "content.json")); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	_, whole, err := s.channel.Follow(ctx, stickSource{stick}, h.Root, nil, math.MaxInt64)
	return s.report(done, whole, err)
}

// report tells in done how far the box is with the office's content. Content that is refused is no failure of the contact.
func (s *Syncer) report(done *Contact, whole bool, err error) error {
	if now, err := s.channel.shelf.Following(); err == nil {
		done.Content, done.Behind = now.Version, !whole
	}
	if _, refused := content.Refused(err); refused {
		done.Refused = err.Error()
		return nil
	}
	return err
}
