package edge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/wire"
)

// Channel is the box's end of the office's content: it fetches what the hub announces or a stick holds, has the Shelf judge it, and
// puts it into use. Archives on their way lie in <data>/cache/content, and may be deleted at any time.
type Channel struct {
	shelf *content.Shelf
	store *Store // for what must be told
	cache string

	refused string    // SHA-256 of the content.json that was announced last and refused, or came spoilt again and again
	since   time.Time // when
	spoilt  int       // times in a row
}

// NewChannel gives the channel of a data folder. Nothing is opened or made.
func NewChannel(data string, store *Store) *Channel {
	return &Channel{shelf: content.NewShelf(data), store: store, cache: filepath.Join(data, "cache", "content")}
}

// source is where files of the channel come from: the hub, or a stick.
type source interface {
	// read appends the bytes of a file from a byte on to what is given, at most so many of them, and gives the size of the whole
	// file. NotFound when the file is not there. Bytes that came before an error have been written.
	read(ctx context.Context, name string, from, most int64, to io.Writer) (size int64, err error)
}

// Limits of the small files, in bytes: those of content.ParseChannel with room to spare, so that it is that which judges.
const (
	mostSigned  = 512 << 10
	mostMinisig = 4 << 10
)

// mostHandovers of one root key to the next are fetched at once.
const mostHandovers = 32

// heads is about how many bytes a request and the head of its reply have.
const heads = 600

// refusedAgain is how long what was refused is not fetched again while the hub announces the same.
const refusedAgain = 6 * time.Hour

// errSpent ends fetching when the bytes of the day are spent; what is there stays for the next time.
var errSpent = errors.New("no bytes are left for today")

// fetching is one round of fetching.
type fetching struct {
	*Channel
	from source
	left int64 // bytes that may still be fetched
}

// Follow takes up what a source holds. Root is the root key pinned at enrolment; announced is what the hub says is in force, nil
// for a stick: what else comes is refused. At most allowed bytes are fetched, heads of requests and replies included; used says how many were. Done is false while something
// is left for the next time. What is refused is told in the record, once for each publication, and by Refused until better comes.
// One round at a time.
func (c *Channel) Follow(ctx context.Context, from source, root string, announced *wire.Announcement, allowed int64) (used int64, done bool, err error) {
	if announced != nil && announced.SHA256 == c.refused && time.Since(c.since) < refusedAgain {
		return 0, true, nil // it was told, and would cost the same bytes again
	}
	f := &fetching{c, from, allowed}
	done, err = f.run(ctx, root, announced)
	if errors.Is(err, errSpent) {
		err = nil
	}
	return allowed - f.left, done, c.tell(ctx, announced, err)
}

func (f *fetching) run(ctx context.Context, root string, announced *wire.Announcement) (done bool, err error) {
	now, _ := f.shelf.Following() // of a damaged set nothing is known: it is followed anew
	if announced == nil || now.SHA256 != announced.SHA256 {
		if err := f.accept(ctx, root, announced); err != nil {
			return false, err
		}
	}
	wanted, err := f.shelf.Wanted()
	if err == nil && len(wanted) == 0 {
		return true, f.shelf.Conflict()
	}
	if err != nil {
		return false, err
	}
	f.sweep(wanted)
	for _, p := range wanted {
		if err := f.archive(ctx, p); err != nil {
			return false, err
		}
	}
	err = f.shelf.Follow(f.cache)
	why, refused := content.Refused(err)
	if err == nil || refused {
		err = errors.Join(err, os.RemoveAll(f.cache)) // in use, or never to be
	}
	return err == nil || why == content.Conflict, err
}

// accept fetches the signed files, and has the shelf judge them.
func (f *fetching) accept(ctx context.Context, root string, announced *wire.Announcement) error {
	var b content.Publication
	var err error
	if b.Content, err = f.signed(ctx, "content.json"); err != nil {
		return err
	}
	if announced != nil && hashOf(b.Content.Body) != announced.SHA256 {
		return spoilt("the content.json that came is not the one that the hub announced; it may have changed meanwhile")
	}
	if b.Keys, err = f.signed(ctx, "keys.json"); err != nil {
		return err
	}
	for last := ""; len(b.Handovers) < mostHandovers; {
		name := f.shelf.HandoverAfter(root, b)
		if name == "" || name == last {
			break
		}
		last = name
		handover, err := f.signed(ctx, name)
		if wire.AsError(err).Code == advisory.NotFound {
			break // the shelf says what is wrong
		}
		if err != nil {
			return err
		}
		b.Handovers = append(b.Handovers, handover)
	}
	return f.shelf.Accept(root, b)
}

// errSpoilt marks what came otherwise than it was signed: on the way, or on the disk of either side.
var errSpoilt = errors.New("spoilt")

func spoilt(format string, args ...any) error {
	return &advisory.Error{Code: advisory.Unreachable, Err: fmt.Errorf("%w: "+format, append([]any{errSpoilt}, args...)...), Hint: "the next contact fetches it anew"}
}

// mostSpoilt is how often in a row what came spoilt is fetched anew at once.
const mostSpoilt = 2

// signed fetches a file and its signature.
func (f *fetching) signed(ctx context.Context, name string) (s content.Signed, err error) {
	if s.Body, err = f.small(ctx, name, mostSigned); err != nil {
		return s, err
	}
	s.Signature, err = f.small(ctx, name+".minisig", mostMinisig)
	return s, err
}

// small fetches a file into memory.
func (f *fetching) small(ctx context.Context, name string, most int64) ([]byte, error) {
	var to bytes.Buffer
	size, err := f.read(ctx, name, 0, most, &to)
	switch {
	case err != nil:
		return nil, err
	case int64(to.Len()) < size && f.left <= 0:
		return nil, errSpent
	case int64(to.Len()) < size:
		return nil, fmt.Errorf("%s has %d bytes, at most %d are taken", name, size, most)
	}
	return to.Bytes(), nil
}

// read fetches from the source, within the bytes that are left.
func (f *fetching) read(ctx context.Context, name string, from, most int64, to io.Writer) (int64, error) {
	if most = min(most, f.left-heads); most <= 0 {
		return 0, errSpent
	}
	n := &counter{Writer: to}
	size, err := f.from.read(ctx, name, from, most, n)
	if n.n > 0 || err == nil {
		f.left -= n.n + heads
	}
	return size, err
}

// counter counts what is written.
type counter struct {
	io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += int64(n)
	return n, err
}

// Refusal is content that the box would not take, as it is told until better comes.
type Refusal struct {
	Reason advisory.Reason `json:"reason"`
	What   string          `json:"what"`              // for whoever looks after the box
	SHA256 string          `json:"sha256,omitempty"`  // of the content.json that was announced
	At     int64           `json:"wall_ms,omitempty"` // Unix ms by the box's clock
}

// Refused gives what the box would not take last; nil when all is in order.
func (c *Channel) Refused(ctx context.Context) (*Refusal, error) {
	var r Refusal
	if err := c.store.setting(ctx, settingRefused, &r); err != nil || r.Reason == advisory.NoReason {
		return nil, err
	}
	return &r, nil
}

// tell puts a refusal into the record, once for each publication, and forgets the last one when all is in order.
func (c *Channel) tell(ctx context.Context, announced *wire.Announcement, err error) error {
	if c.spoilt++; !errors.Is(err, errSpoilt) {
		c.spoilt = 0
	}
	if c.spoilt > mostSpoilt && announced != nil {
		c.refused, c.since, c.spoilt = announced.SHA256, time.Now(), 0
	}
	why, refused := content.Refused(err)
	if err != nil && !refused {
		return err
	}
	told, readErr := c.Refused(ctx)
	if readErr != nil {
		return errors.Join(err, readErr)
	}
	if !refused {
		if told != nil {
			return c.store.saveSetting(ctx, settingRefused, Refusal{})
		}
		return nil
	}
	now := Refusal{Reason: why, What: err.Error(), At: c.store.clock().wall}
	if announced != nil {
		now.SHA256 = announced.SHA256
	}
	c.refused, c.since = now.SHA256, time.Now()
	if told != nil && told.Reason == now.Reason && told.SHA256 == now.SHA256 && told.What == now.What {
		return err
	}
	return errors.Join(err, c.store.saveSetting(ctx, settingRefused, now),
		c.store.Record(ctx, advisory.Event{Kind: advisory.KindHealth, Reason: why}))
}

// content tells for the status how far the box is with the office's content, and what of it was refused.
func (s *Server) content(ctx context.Context) any {
	var out struct {
		content.Following
		Refused advisory.Reason `json:"refused"` // "": nothing
	}
	if s.Store == nil {
		return out
	}
	c := NewChannel(s.Store.dir, s.Store)
	out.Following, _ = c.shelf.Following() // of a set that cannot be read the list of packs tells
	if r, err := c.Refused(ctx); err == nil && r != nil {
		out.Refused = r.Reason
	}
	return out
}
