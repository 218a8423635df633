package hub

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"jembe/advisory"
	"jembe/edge/wire"
)

// everyBox is the device for which what holds for all boxes is set.
const everyBox = ""

// SetBox sets what one box is told, or every box where device is "": all of it, what is empty is no longer set. What is set for one
// box stands before what is set for all, and what is set on the box itself before both.
func (h *Hub) SetBox(ctx context.Context, device string, s wire.Settings) error {
	if err := s.Validate(); err != nil {
		return err
	}
	s.Bulletins = nil // they have a table of their own
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if device != everyBox {
		var n int
		if err := h.db.Read.QueryRowContext(ctx, `SELECT count(*) FROM devices WHERE device = $1`, device).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return &advisory.Error{Code: advisory.NotFound, Err: fmt.Errorf("no box %s is enrolled", device), Hint: "give the device as jembe doctor shows it on the box"}
		}
	}
	_, err = h.db.Write.ExecContext(ctx, `INSERT INTO box_settings (device, body) VALUES ($1, $2)
		ON CONFLICT (device) DO UPDATE SET body = excluded.body`, device, string(raw))
	return err
}

// BoxSettings gives what is set for one box, or for every box, by itself.
func (h *Hub) BoxSettings(ctx context.Context, device string) (s wire.Settings, err error) {
	var raw []byte
	err = h.db.Read.QueryRowContext(ctx, `SELECT body FROM box_settings WHERE device = $1`, device).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(raw, &s)
}

// announce adds to a reply which content is in force, and the settings when the box has others.
func (h *Hub) announce(ctx context.Context, of wire.Header, reply *wire.Reply) error {
	version, sum, err := h.Announced(ctx)
	if err != nil {
		return err
	}
	if version > 0 {
		reply.Content = &wire.Announcement{Version: version, SHA256: sum}
	}
	s, err := h.settingsOf(ctx, of.Device)
	if err == nil && s.Mark() != of.Settings {
		reply.Settings = &s
	}
	return err
}

// boxSettings gives what is set, by box.
func boxSettings(ctx context.Context, db querier) (officeSettings, error) {
	rows, err := db.QueryContext(ctx, `SELECT device, body FROM box_settings`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := officeSettings{}
	for rows.Next() {
		var device string
		var raw []byte
		if err := rows.Scan(&device, &raw); err != nil {
			return nil, err
		}
		var s wire.Settings
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, err
		}
		out[device] = s
	}
	return out, rows.Err()
}

// officeSettings are what is set for each box, and for every box.
type officeSettings map[string]wire.Settings

// of gives what holds for a box.
func (s officeSettings) of(device string) wire.Settings { return s[device].Or(s[everyBox]) }

// settingsOf gives what a box is to be told: what is set for it, and for every box where that says nothing; the bulletins;
// and which of its words were refused.
func (h *Hub) settingsOf(ctx context.Context, device string) (wire.Settings, error) {
	own, err := h.BoxSettings(ctx, device)
	if err != nil {
		return own, err
	}
	all, err := h.BoxSettings(ctx, everyBox)
	if err != nil {
		return own, err
	}
	bulletins, err := bulletinRows(ctx, h.db.Read, h.now())
	if err != nil {
		return own, err
	}
	own = own.Or(all)
	own.Bulletins = within(forBox(bulletins, device, own))
	own.RefusedWords, err = h.refusedWords(ctx, device)
	return own, err
}
