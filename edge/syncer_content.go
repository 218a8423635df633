package edge

import (
	"context"
	"errors"
	"math"

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
		if now, err := s.channel.shelf.Following(); err == nil {
			done.Content, done.Behind = now.Version, !whole
		}
		if _, refused := content.Refused(err); refused {
			done.Refused = err.Error()
			return nil
		}
		if err == nil || used == 0 || errors.Is(err, errSpoilt) || wire.AsError(err).Code != advisory.Unreachable {
			return err
		}
	}
	return nil // the next contact goes on
}

// FollowStick takes up the content in a folder of a stick. Errors are of Follow: NotFound where there is none, and what is refused.
func (c *Channel) FollowStick(ctx context.Context, dir, root string) error {
	_, _, err := c.Follow(ctx, stickSource{dir}, root, nil, math.MaxInt64)
	return err
}
