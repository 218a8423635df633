package edge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"

	"jembe/advisory"
	"jembe/edge/wire"
)

// sendParcels brings sealed escalations to the hub, part by part, until nothing waits or the budget is spent (0: no end).
func (s *Syncer) sendParcels(ctx context.Context, h *hubClient, budget int64) error {
	waiting, err := s.Store.parcels(ctx, h.Recipient)
	if err != nil {
		return err
	}
	for _, p := range waiting {
		for stuck := 0; p.sent < p.size && stuck < 3; {
			if budget > 0 && h.passed.Load() >= budget {
				return nil
			}
			have, err := s.sendPart(ctx, h, p)
			if err != nil {
				return err
			}
			if stuck++; have > p.sent {
				stuck = 0
			}
			p.sent = have
		}
	}
	return nil
}

// sendPart sends the next part of a parcel and gives how much of it the hub has. What the hub will never take blocks nothing.
func (s *Syncer) sendPart(ctx context.Context, h *hubClient, p parcel) (have int64, err error) {
	body, err := s.part(ctx, h, p)
	if err != nil {
		return p.sent, err
	}
	var taken wire.Taken
	err = h.post(ctx, wire.PathParts, body, &taken)
	switch {
	case err != nil && wire.AsError(err).Code == advisory.BadRequest:
		s.Log.Warn("the hub does not take a farmer's question for a person", "error", err)
		return p.size, s.Store.progressed(ctx, p.ID, p.sent, true)
	case err != nil:
		return p.sent, err
	}
	have = min(max(taken.Have, 0), p.size)
	return have, s.Store.progressed(ctx, p.ID, have, false)
}

// part gives the bytes of the next part of a parcel.
func (s *Syncer) part(ctx context.Context, h *hubClient, p parcel) ([]byte, error) {
	data, err := s.Store.sealedPiece(ctx, p.ID, p.sent)
	if err != nil {
		return nil, err
	}
	return wire.EncodePart(wire.Part{Hub: wire.KeyID(h.Key), Device: h.Device, Escalation: p.Escalation, SHA256: p.sha256, Size: p.size, Offset: p.sent, Data: data})
}

// fetchVoices fetches the recordings of replies by range, as far as the budget goes. What cannot be had leaves the reply's text.
func (s *Syncer) fetchVoices(ctx context.Context, h *hubClient, budget int64) error {
	all, err := s.Store.voicesMissing(ctx)
	if err != nil {
		return err
	}
	from := hubSource{h.http, h.Address}
	for _, m := range all {
		for m.have < m.size && (budget == 0 || h.passed.Load() < budget) {
			have, err := s.fetchPiece(ctx, from, m)
			if err != nil {
				return err
			}
			if have <= m.have {
				break
			}
			m.have = have
		}
	}
	return nil
}

// fetchPiece fetches the next piece of a voice and gives how much of it is here. One that is gone, or is not what the hub has signed
// for, is no failure of the contact.
func (s *Syncer) fetchPiece(ctx context.Context, from hubSource, m missing) (have int64, err error) {
	var piece bytes.Buffer
	if _, err := from.readFrom(ctx, wire.PathVoices, m.sha256, m.have, min(atOnce, m.size-m.have), &piece); err != nil {
		if wire.AsError(err).Code == advisory.NotFound {
			return m.have, nil
		}
		return m.have, err
	}
	have, err = s.Store.growVoice(ctx, m, m.have, piece.Bytes())
	if errors.Is(err, errOtherVoice) {
		s.Log.Warn("the voice of a reply is thrown away", "error", err)
		return 0, nil
	}
	return have, err
}

// putParcels writes what waits of sealed escalations on a stick, and gives the names of the files.
func (s *Syncer) putParcels(ctx context.Context, h *hubClient, root *os.Root, done *Contact) (names []string, err error) {
	waiting, err := s.Store.parcels(ctx, h.Recipient)
	if err != nil {
		return nil, err
	}
	for _, p := range waiting {
		for ; p.sent < p.size; p.sent += wire.MaxPart {
			body, err := s.part(ctx, h, p)
			if err != nil {
				return nil, err
			}
			sealed, err := wire.Seal(wire.Carried{Device: h.Device, Signature: wire.Sign(body, h.key), Part: true, Body: body}, h.Recipient)
			if err != nil {
				return nil, err
			}
			name := fmt.Sprintf("%s/%s-file-%s-%08d.age", wire.StickUp, h.Device, p.ID, p.sent)
			if err := wire.WriteSealed(root, name, sealed); err != nil {
				return nil, err
			}
			done.Bytes += int64(len(sealed))
			names = append(names, name)
		}
	}
	return names, nil
}

// takeVoice takes a piece of a reply's voice from a stick. Only what the hub has signed for becomes a voice.
func (s *Syncer) takeVoice(ctx context.Context, c wire.Carried) error {
	all, err := s.Store.voicesMissing(ctx)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.sha256 != c.Voice || c.Offset < 0 || c.Offset > math.MaxInt32 {
			continue
		}
		if _, err := s.Store.growVoice(ctx, m, c.Offset, c.Body); err != nil {
			return err
		}
	}
	return nil
}

// fetchAll fetches what the replies to the pushes spoke of: people's replies first, which the hub is then told are here.
func (s *Syncer) fetchAll(ctx context.Context, h *hubClient, done *Contact, budget int64) error {
	if err := s.fetchVoices(ctx, h, budget); err != nil {
		return err
	}
	_, untold, err := s.Store.listed(ctx, h.Recipient)
	if err != nil {
		return err
	}
	if len(untold) > 0 {
		done.Requests++
		if _, _, err := s.request(ctx, h); err != nil {
			return err
		}
	}
	if err := s.sendParcels(ctx, h, budget); err != nil { // what the hub has said that it lacks
		return err
	}
	return s.fetch(ctx, h, done, budget)
}
