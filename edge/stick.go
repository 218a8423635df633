package edge

import (
	"context"
	"fmt"
	"os"
	"slices"

	"jembe/advisory"
	"jembe/edge/wire"
)

// Stick carries the record on a USB stick instead of a network: it takes in the replies and the content that lie there, and writes
// what waits, sealed to the hub, in the folder. The counts of the Contact are of what was written; Waiting is what no reply has
// confirmed. What is on the stick is never trusted: seals and signatures decide.
func (s *Syncer) Stick(ctx context.Context, dir string) (done Contact, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, err := s.dial(ctx) // for its keys: nothing is dialled
	if err != nil {
		return done, err
	}
	root, err := os.OpenRoot(dir) // a link on the stick leads nowhere else
	if err != nil {
		return done, stickError(dir, err)
	}
	defer root.Close()
	if err := s.readStick(ctx, h, root); err != nil {
		return done, err
	}
	if done, err = s.writeStick(ctx, h, root); err != nil {
		return done, stickError(dir, err)
	}
	if err := s.fetchFromStick(ctx, h, root, &done); err != nil {
		return done, err
	}
	spoken, err := s.Store.Spoken(ctx)
	done.Waiting = spoken.Waiting
	return done, err
}

// readStick takes in the replies for this box, oldest first, and removes them. One that is broken, or of another hub, is logged and
// left behind.
func (s *Syncer) readStick(ctx context.Context, h *hubClient, root *os.Root) error {
	id, err := boxIdentity(s.Store.dir)
	if err != nil {
		return err
	}
	names, err := wire.StickFiles(root, wire.StickDown, h.Device)
	if err != nil {
		return stickError(root.Name(), err)
	}
	for _, name := range names {
		sealed, err := wire.ReadSealed(root, name)
		if err != nil {
			s.Log.Warn("left on the stick", "file", name, "error", err)
			continue
		}
		var r wire.Reply
		c, err := wire.Unseal(sealed, id)
		if err == nil {
			err = c.Read(h.Key, &r)
		}
		if err == nil {
			err = s.takeIn(ctx, h, place{}, r) // which request it answers is not known here
		}
		if err != nil && wire.AsError(err).Code == advisory.Forbidden {
			return err // which the hub has signed
		}
		if err != nil {
			s.Log.Warn("left on the stick", "file", name, "error", err)
			continue
		}
		if err := root.Remove(name); err != nil {
			s.Log.Warn("cannot be removed from the stick", "file", name, "error", err)
		}
	}
	return nil
}

// writeStick writes what waits, in place of what this box wrote there before; at least one request, so that the hub answers.
func (s *Syncer) writeStick(ctx context.Context, h *hubClient, root *os.Root) (done Contact, err error) {
	old, err := wire.StickFiles(root, wire.StickUp, h.Device)
	if err != nil {
		return done, err
	}
	ahead := map[string]int64{}
	for more := true; more; {
		b, body, err := s.next(ctx, wire.KeyID(h.Key), ahead)
		if err != nil {
			return done, err
		}
		if more = len(b.Lines) > 0; !more && done.Requests > 0 {
			break
		}
		done.Requests++
		done.Sent += len(b.Lines)
		ahead[b.Epoch] = b.First + int64(len(b.Lines)) - 1
		sealed, err := wire.Seal(wire.Carried{Device: h.Device, Signature: wire.Sign(body, h.key), Body: body}, h.Recipient)
		if err != nil {
			return done, err
		}
		done.Bytes += int64(len(sealed))
		name := fmt.Sprintf("%s/%s-%05d.age", wire.StickUp, h.Device, done.Requests)
		if err := wire.WriteSealed(root, name, sealed); err != nil {
			return done, err
		}
		old = slices.DeleteFunc(old, func(n string) bool { return n == name })
	}
	for _, name := range old {
		if err := root.Remove(name); err != nil {
			return done, err
		}
	}
	return done, nil
}

// stickError gives an error of the stick a hint.
func stickError(dir string, err error) error {
	hint := "see that the stick is in, mounted at " + dir + ", and can be written"
	if isFull(err) {
		hint = "free some space on the stick at " + dir
	}
	return &advisory.Error{Code: advisory.BadRequest, Hint: hint, Err: err}
}
