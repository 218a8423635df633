package edge

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// SyncConfig is what a Syncer is made of.
type SyncConfig struct {
	Store   *Store
	Version string          // of the program
	Packs   func() []string // in use, for the day's health; nil: none is told
	Budget  int64           // bytes a day in the background, both ways; 0: as many as it takes
	Log     *slog.Logger
}

// Bounds of a request.
const (
	maxRequest = 12 << 10 // bytes: what a connection that breaks off costs at most, with what the network had on its way
	firstTry   = 400      // events in the first request; then as many as fit
)

// Syncer carries the record to the hub of the office that the box is enrolled at. Where it is enrolled nowhere it dials nothing.
type Syncer struct {
	SyncConfig
	mu      sync.Mutex // one contact at a time
	fit     int        // events that fit into a request
	channel *Channel
}

// NewSyncer makes a Syncer; nothing is dialled yet.
func NewSyncer(c SyncConfig) *Syncer {
	return &Syncer{SyncConfig: c, fit: firstTry, channel: NewChannel(c.Store.dir, c.Store)}
}

// Contact is what one contact with the hub did.
type Contact struct {
	Sent     int   `json:"sent"`  // events confirmed by the hub
	Bytes    int64 `json:"bytes"` // over the network, both ways
	Requests int   `json:"requests"`
	Waiting  int64 `json:"waiting"` // events that still wait

	Content int64  `json:"content"`           // version of the office's content that the box has; 0: none
	Behind  bool   `json:"behind"`            // some of it is still to be fetched
	Refused string `json:"refused,omitempty"` // why the office's content was not taken
}

// errNotEnrolled is told to those who ask for a contact.
var errNotEnrolled = &advisory.Error{Code: advisory.BadRequest, Hint: "this box is enrolled at no hub: jembe enroll INVITATION"}

// Once speaks with the hub until nothing waits, without waiting itself. Errors are *advisory.Error: Unreachable, Forbidden (the
// office has taken the box out of service), BadRequest when it is enrolled nowhere; what was confirmed until then stays confirmed.
func (s *Syncer) Once(ctx context.Context) (Contact, error) { return s.contact(ctx, 0) }

// contact speaks with the hub until nothing waits, or until so many bytes have passed (0: no end).
func (s *Syncer) contact(ctx context.Context, budget int64) (done Contact, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, err := s.dial(ctx)
	if err != nil {
		return done, err
	}
	defer h.close()
	if err := s.sendParcels(ctx, h, budget); err != nil { // people wait for these
		done.Bytes = h.passed.Load()
		return done, errors.Join(err, s.after(ctx, &done, err))
	}
	for stuck := 0; ; {
		sent, more, err := s.request(ctx, h)
		done.Requests++
		done.Sent += sent
		done.Bytes = h.passed.Load()
		if err != nil {
			return done, errors.Join(err, s.after(ctx, &done, err))
		}
		if stuck++; sent > 0 {
			stuck = 0
		}
		// Without progress it goes on once more: the first answer may have been the order to record again, or a cursor set back.
		if !more || stuck > 2 || budget > 0 && done.Bytes >= budget {
			err := s.fetchAll(ctx, h, &done, budget)
			return done, errors.Join(err, s.after(ctx, &done, err))
		}
	}
}

// dial makes the client of the enrolled hub.
func (s *Syncer) dial(ctx context.Context) (*hubClient, error) {
	m, err := ReadMembership(s.Store.dir)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, errNotEnrolled
	}
	if err := s.Store.Check(ctx); err != nil {
		return nil, err
	}
	key, err := loadKey(s.Store.dir)
	if err != nil {
		return nil, err
	}
	return dialHub(*m, key), nil
}

// request sends what comes next and takes in the reply. It gives how many events the hub has confirmed, and whether more wait.
func (s *Syncer) request(ctx context.Context, h *hubClient) (sent int, more bool, err error) {
	b, body, err := s.next(ctx, h, nil)
	if err != nil {
		return 0, false, err
	}
	var r wire.Reply
	if err := h.post(ctx, wire.PathPush, body, &r); err != nil {
		return 0, false, err
	}
	if err := s.takeIn(ctx, h, place{b.Epoch, b.First}, r); err != nil {
		return 0, false, err
	}
	if err := s.Store.vouch(ctx, r.Time, b.Mono); err != nil {
		return 0, false, err
	}
	if len(r.Epochs) > 0 && r.Begin == nil {
		sent = int(min(max(r.Epochs[0].Through-b.First+1, 0), int64(len(b.Lines))))
	}
	spoken, err := s.Store.Spoken(ctx)
	return sent, spoken.Waiting > 0, err
}

// takeIn takes a reply in that the hub has signed to a batch that began at a place.
func (s *Syncer) takeIn(ctx context.Context, h *hubClient, asked place, r wire.Reply) error {
	if r.Device != h.Device {
		return &advisory.Error{Code: advisory.Unreachable, Hint: "the hub's reply is for another box: " + r.Device}
	}
	if err := s.Store.confirm(ctx, asked, r); err != nil {
		return err
	}
	if err := s.Store.takeReplies(ctx, r); err != nil {
		return err
	}
	h.announced = r.Content
	if r.Settings == nil {
		return nil
	}
	return s.Store.SaveOffice(ctx, *r.Settings, r.Time, asked != place{})
}

// next gives the next batch behind ahead and its bytes, with as many events as fit into a request.
func (s *Syncer) next(ctx context.Context, h *hubClient, ahead map[string]int64) (wire.Batch, []byte, error) {
	office, err := s.Store.Office(ctx)
	if err != nil {
		return wire.Batch{}, nil, err
	}
	escalations, replies, err := s.Store.listed(ctx, h.Recipient)
	if err != nil {
		return wire.Batch{}, nil, err
	}
	for {
		b, err := s.Store.outgoing(ctx, s.fit, ahead)
		if err != nil {
			return b, nil, err
		}
		b.Settings = office.Mark()
		b.Hub, b.Version, b.Nonce = wire.KeyID(h.Key), s.Version, wire.RandomID(5)
		if b.Waiting == 0 { // the last one asks, once the rest is there
			b.Escalations, b.Replies = escalations, replies
		}
		body, err := wire.EncodeBatch(b)
		if err != nil || len(b.Lines) == 0 {
			return b, body, err
		}
		fits := min(max(len(b.Lines)*maxRequest*19/20/len(body), 1), wire.MaxEvents)
		if len(body) <= maxRequest || len(b.Lines) == 1 {
			if len(b.Lines) == s.fit { // more may wait
				s.fit = fits
			}
			return b, body, nil
		}
		s.fit = min(fits, len(b.Lines)-1)
	}
}

// after keeps what a contact has cost and why it failed, and deletes what need not stay.
func (s *Syncer) after(ctx context.Context, done *Contact, failed error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_, err := s.Store.carried(ctx, done.Bytes)
	if failed != nil {
		return errors.Join(err, s.Store.troubled(ctx, wire.AsError(failed).Code))
	}
	_, err2 := s.Store.forget(ctx)
	spoken, err3 := s.Store.Spoken(ctx)
	done.Waiting = spoken.Waiting
	return errors.Join(err, err2, err3)
}
