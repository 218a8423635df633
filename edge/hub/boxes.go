package hub

import (
	"context"
	"database/sql"
	"errors"

	"jembe/advisory"
	"jembe/edge/wire"
)

// Box is a box as the office sees it.
type Box struct {
	Device, Village, Version string
	EnrolledMS, SeenMS       int64 // Unix time
	RevokedMS                sql.NullInt64
	Records                  []BoxRecord
	Quarantined, Rejected    int // lines kept as evidence, and lines that could never be read
	Health                   *wire.Event
	HealthMS                 int64 // when the hub had it
}

// BoxRecord is how far one epoch of a box has come.
type BoxRecord struct {
	Epoch         string
	Through, Safe int64
	Forked        sql.NullInt64
}

// Forks counts records of which there were two.
func (b Box) Forks() (n int) {
	for _, r := range b.Records {
		if r.Forked.Valid {
			n++
		}
	}
	return n
}

// leastFreeMB is the room on a box's disk below which someone should look after it.
const leastFreeMB = 200

// Low reports whether the box has told that its disk is nearly full.
func (b Box) Low() bool { return b.Health != nil && b.Health.Health.FreeMB < leastFreeMB }

// Alarm reports whether someone should look at the box.
func (b Box) Alarm() bool { return b.Forks() > 0 || b.Quarantined > 0 || b.Rejected > 0 || b.Low() }

// Boxes gives all boxes by village; those that were revoked last.
func (h *Hub) Boxes(ctx context.Context) ([]Box, error) {
	rows, err := h.db.Read.QueryContext(ctx, `SELECT d.device, d.village, d.version, d.enrolled_ms, d.seen_ms, d.revoked_ms,
		(SELECT count(*) FROM quarantine q WHERE q.device = d.device),
		(SELECT count(*) FROM events e WHERE e.kind = 'rejected' AND e.device = d.device)
		FROM devices d ORDER BY CASE WHEN d.revoked_ms IS NULL THEN 0 ELSE 1 END, d.village, d.device`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Box
	for rows.Next() {
		var b Box
		if err := rows.Scan(&b.Device, &b.Village, &b.Version, &b.EnrolledMS, &b.SeenMS, &b.RevokedMS, &b.Quarantined, &b.Rejected); err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return out, errors.Join(h.addRecords(ctx, out), h.addHealth(ctx, out))
}

// Box gives one box; NotFound when there is none of that name.
func (h *Hub) Box(ctx context.Context, device string) (Box, error) {
	all, err := h.Boxes(ctx)
	if err != nil {
		return Box{}, err
	}
	for _, b := range all {
		if b.Device == device {
			return b, nil
		}
	}
	return Box{}, &advisory.Error{Code: advisory.NotFound}
}

func (h *Hub) addRecords(ctx context.Context, boxes []Box) error {
	rows, err := h.db.Read.QueryContext(ctx, `SELECT device, epoch, through, safe, forked FROM epochs ORDER BY device, epoch`)
	if err != nil {
		return err
	}
	defer rows.Close()
	at := byDeviceID(boxes)
	for rows.Next() {
		var device string
		var r BoxRecord
		if err := rows.Scan(&device, &r.Epoch, &r.Through, &r.Safe, &r.Forked); err != nil {
			return err
		}
		if b := at[device]; b != nil {
			b.Records = append(b.Records, r)
		}
	}
	return rows.Err()
}

func (h *Hub) addHealth(ctx context.Context, boxes []Box) error {
	rows, err := h.db.Read.QueryContext(ctx, `SELECT e.device, e.received_ms, e.body FROM devices d JOIN events e ON e.device = d.device
		WHERE e.kind = 'health' AND e.received_ms = (SELECT MAX(l.received_ms) FROM events l WHERE l.kind = 'health' AND l.device = d.device)
		ORDER BY e.epoch, e.seq`)
	if err != nil {
		return err
	}
	defer rows.Close()
	at := byDeviceID(boxes)
	for rows.Next() {
		var device string
		var received int64
		var body []byte
		if err := rows.Scan(&device, &received, &body); err != nil {
			return err
		}
		e, err := wire.Parse(body)
		if b := at[device]; b != nil && err == nil && e.Health != nil {
			b.Health, b.HealthMS = &e, received
		}
	}
	return rows.Err()
}

func byDeviceID(boxes []Box) map[string]*Box {
	at := map[string]*Box{}
	for i := range boxes {
		at[boxes[i].Device] = &boxes[i]
	}
	return at
}

// Invitation is one that nobody has used yet.
type openInvitation struct {
	Village   string
	ExpiresMS int64
}

func (h *Hub) openInvitations(ctx context.Context) ([]openInvitation, error) {
	rows, err := h.db.Read.QueryContext(ctx, `SELECT village, expires_ms FROM invitations WHERE device IS NULL AND expires_ms > $1 ORDER BY expires_ms`, h.now())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []openInvitation
	for rows.Next() {
		var i openInvitation
		if err := rows.Scan(&i.Village, &i.ExpiresMS); err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, rows.Err()
}
