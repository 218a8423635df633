package hub

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"

	"jembe/advisory"
	"jembe/edge/wire"
)

// USB is what one stick brought.
type USB struct {
	Requests int      `json:"requests"` // taken in
	Parts    int      `json:"parts"`    // of sealed escalations, taken in
	Events   int64    `json:"events"`   // that are new at the hub
	Left     []string `json:"left"`     // files that are not for this hub, or broken, and why
}

// carried is a request on a stick.
type carried struct {
	wire.Carried
	file  string
	first int64
}

// Stick takes in what boxes have written on a USB stick, and leaves the signed replies there, each sealed to its box, and the content
// that is in force. A request that
// was taken in is removed. What is on the stick is never trusted: seals and signatures decide.
func (h *Hub) Stick(ctx context.Context, dir string) (USB, error) {
	out := USB{Left: []string{}}
	root, err := os.OpenRoot(dir) // a link on the stick leads nowhere else
	if err != nil {
		return out, stickError(dir, err)
	}
	defer root.Close()
	requests, err := h.readStick(root, &out)
	if err != nil {
		return out, stickError(dir, err)
	}
	for i, r := range requests {
		take := h.takeRequest
		if r.Part {
			take = h.takeStickPart
		}
		if err := take(ctx, root, i+1, r, &out); err != nil {
			return out, stickError(dir, err)
		}
	}
	if err := h.copyVoices(ctx, root); err != nil {
		return out, stickError(dir, err)
	}
	if err := h.CopyContent(ctx, root); err != nil {
		return out, stickError(dir, err)
	}
	return out, nil
}

// takeRequest takes in a push, and leaves the reply to it.
func (h *Hub) takeRequest(ctx context.Context, root *os.Root, n int, r carried, out *USB) error {
	before, err := h.through(ctx, r.Device)
	if err != nil {
		return err
	}
	reply, refused := h.receive(ctx, r.Device, r.Signature, r.Body, true)
	if ownTrouble(refused) {
		return refused // the stick stays as it is
	}
	if err := h.answerOnStick(ctx, root, fmt.Sprintf("%s/%s-%05d.age", wire.StickDown, r.Device, n), r, reply, refused); err != nil {
		return err
	}
	if refused != nil {
		out.Left = append(out.Left, r.file+": "+refused.Error())
		return nil
	}
	after, err := h.through(ctx, r.Device)
	out.Requests++
	out.Events += after - before
	return errors.Join(err, root.Remove(r.file))
}

// takeStickPart takes in a part of an escalation. The reply to the next push tells the box what is whole.
func (h *Hub) takeStickPart(ctx context.Context, root *os.Root, _ int, r carried, out *USB) error {
	_, err := h.TakePart(ctx, r.Device, r.Signature, r.Body)
	switch {
	case ownTrouble(err):
		return err
	case err != nil:
		out.Left = append(out.Left, r.file+": "+err.Error())
		return nil
	}
	out.Parts++
	return root.Remove(r.file)
}

// ownTrouble tells the hub's own failures from what is wrong with a request.
func ownTrouble(err error) bool {
	return err != nil && wire.AsError(err).Code != advisory.Forbidden && wire.AsError(err).Code != advisory.BadRequest
}

// readStick opens the requests, by box and place: a gap is never accepted.
func (h *Hub) readStick(root *os.Root, out *USB) ([]carried, error) {
	names, err := wire.StickFiles(root, wire.StickUp, "")
	if err != nil {
		return nil, err
	}
	var requests []carried
	for _, name := range names {
		r := carried{file: name}
		sealed, err := wire.ReadSealed(root, name)
		if err == nil {
			r.Carried, err = wire.Unseal(sealed, h.identity)
		}
		if err != nil {
			out.Left = append(out.Left, name+": "+err.Error())
			continue
		}
		if b, err := wire.DecodeBatch(r.Body); err == nil { // what cannot be read is refused by Take; parts come first, by name
			r.first = b.First
		}
		requests = append(requests, r)
	}
	slices.SortStableFunc(requests, func(a, b carried) int { return cmp.Or(cmp.Compare(a.Device, b.Device), cmp.Compare(a.first, b.first)) })
	return requests, nil
}

// through is the number of events of a box that the hub has.
func (h *Hub) through(ctx context.Context, device string) (n int64, err error) {
	err = h.db.Read.QueryRowContext(ctx, `SELECT coalesce(sum(through), 0) FROM epochs WHERE device = $1`, device).Scan(&n)
	return n, err
}

// answerOnStick writes the reply to a request. A box that the hub does not know gets none.
func (h *Hub) answerOnStick(ctx context.Context, root *os.Root, name string, r carried, v wire.Reply, failed error) error {
	var recipient string
	err := h.db.Read.QueryRowContext(ctx, `SELECT recipient FROM devices WHERE device = $1`, r.Device).Scan(&recipient)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	status, reply, signature, err := h.say("stick", r.Body, v, failed)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(r.Body)
	sealed, err := wire.Seal(wire.Carried{Device: r.Device, Signature: signature, Status: status, Request: sum[:], Body: reply}, recipient)
	if err != nil {
		return err
	}
	return wire.WriteSealed(root, name, sealed)
}

func stickError(dir string, err error) error {
	if known := (*advisory.Error)(nil); errors.As(err, &known) {
		return err
	}
	return &advisory.Error{Code: advisory.BadRequest, Hint: fmt.Sprintf("see that the stick is in, mounted at %s, and can be written", dir), Err: err}
}
