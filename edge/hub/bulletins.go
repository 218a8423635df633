package hub

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/wire"
)

// Bulletin is something the office says to farmers for a while, with who said so.
type Bulletin struct {
	wire.Bulletin
	Boxes       []string `json:"boxes"` // devices; none: every box
	MadeMS      int64    `json:"made_ms"`
	MadeBy      string   `json:"made_by"`
	WithdrawnMS int64    `json:"withdrawn_ms"` // 0: it holds
	WithdrawnBy string   `json:"withdrawn_by"`
}

// AddBulletin has boxes say something, from their next contact on; its id is made here. Refused is what may not be said, what is over
// already, and what would be too much for a box. Errors are *advisory.Error with a hint.
func (h *Hub) AddBulletin(ctx context.Context, by Deed, b Bulletin) (Bulletin, error) {
	b.ID, b.MadeMS, b.MadeBy, b.WithdrawnMS, b.WithdrawnBy = wire.RandomID(5), h.now(), by.Actor, 0, ""
	if err := b.Validate(); err != nil {
		return b, err
	}
	if b.Until <= b.MadeMS {
		return b, &advisory.Error{Code: advisory.BadRequest, Hint: "the bulletin cannot be sent: its last day is over"}
	}
	if err := h.knowLanguages(ctx, b.Texts); err != nil {
		return b, err
	}
	raw, err := json.Marshal(b.Bulletin)
	if err != nil {
		return b, err
	}
	return b, h.staff.do(ctx, by.did("bulletin published", b.ID), func(tx *sql.Tx) error { // one change at a time, so that the sum is right
		if err := h.fitsBoxes(ctx, tx, b); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO bulletins (id, body, until_ms, boxes, made_ms, made_by, withdrawn_by) VALUES ($1, $2, $3, $4, $5, $6, '')`,
			b.ID, string(raw), b.Until, strings.Join(b.Boxes, " "), b.MadeMS, b.MadeBy)
		return err
	})
}

// knowLanguages refuses a text in a language that no box has.
func (h *Hub) knowLanguages(ctx context.Context, texts map[advisory.Lang]string) error {
	known := advisory.MessageLangs()
	for _, lang := range slices.Sorted(maps.Keys(texts)) {
		if slices.Contains(known, lang) {
			continue
		}
		added, err := h.packLanguages(ctx)
		if err != nil {
			return err
		}
		if known = append(known, added...); !slices.Contains(known, lang) {
			return &advisory.Error{Code: advisory.BadRequest, Hint: fmt.Sprintf(
				"the bulletin cannot be sent: no box has the language %q; there are %q. A new one comes with a pack: docs/new-language.md", lang, known)}
		}
	}
	return nil
}

// packLanguages gives the languages that published packs add to the program's own.
func (h *Hub) packLanguages(ctx context.Context) (langs []advisory.Lang, err error) {
	published, err := h.Packs(ctx)
	for _, p := range published {
		if p.Withdrawn != 0 {
			continue
		}
		pack, err := content.VerifyArchive(filepath.Join(h.contentDir(), p.SHA256))
		if err != nil {
			return nil, err
		}
		langs = slices.AppendSeq(langs, maps.Keys(pack.Messages))
	}
	return langs, err
}

// fitsBoxes refuses a bulletin for boxes that there are not, or that would be too much for one of those there are.
func (h *Hub) fitsBoxes(ctx context.Context, tx *sql.Tx, b Bulletin) error {
	devices, err := enrolled(ctx, tx)
	if err != nil {
		return err
	}
	for _, device := range b.Boxes {
		if !slices.Contains(devices, device) {
			return &advisory.Error{Code: advisory.NotFound, Err: fmt.Errorf("no box %s is enrolled", device), Hint: "give the device as the page of boxes shows it"}
		}
	}
	all, err := bulletinRows(ctx, tx, b.MadeMS)
	if err != nil {
		return err
	}
	settings, err := boxSettings(ctx, tx)
	if err != nil {
		return err
	}
	for _, device := range append(devices, everyBox) {
		mine := forBox(append(all, b), device, settings.of(device))
		if n := wire.BulletinBytes(mine); n > wire.MaxBulletins && slices.ContainsFunc(mine, func(x wire.Bulletin) bool { return x.ID == b.ID }) {
			return &advisory.Error{Code: advisory.BadRequest, Hint: fmt.Sprintf("the bulletin cannot be sent: with those that hold, a box would get %d bytes, %d at most: take one back, or write it shorter, or for fewer places", n, wire.MaxBulletins)}
		}
	}
	return nil
}

func enrolled(ctx context.Context, db querier) (devices []string, err error) {
	rows, err := db.QueryContext(ctx, `SELECT device FROM devices WHERE revoked_ms IS NULL ORDER BY device`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var device string
		if err := rows.Scan(&device); err != nil {
			return nil, err
		}
		devices = append(devices, device)
	}
	return devices, rows.Err()
}

// WithdrawBulletin takes a bulletin back: boxes no longer say it from their next contact on. NotFound where there is none, or it was
// taken back.
func (h *Hub) WithdrawBulletin(ctx context.Context, by Deed, id string) error {
	return h.staff.do(ctx, by.did("bulletin taken back", id), func(tx *sql.Tx) error {
		missing := &advisory.Error{Code: advisory.NotFound, Err: fmt.Errorf("there is no bulletin %q that holds", id), Hint: "see jembe-hub bulletin list"}
		result, err := tx.ExecContext(ctx, `UPDATE bulletins SET withdrawn_ms = $1, withdrawn_by = $2 WHERE id = $3 AND withdrawn_ms IS NULL`, h.now(), by.Actor, id)
		return oneRow(result, err, missing)
	})
}

// Bulletins gives all bulletins that there ever were, the newest first.
func (h *Hub) Bulletins(ctx context.Context) ([]Bulletin, error) {
	rows, err := h.db.Read.QueryContext(ctx, `SELECT body, boxes, made_ms, made_by, withdrawn_ms, withdrawn_by FROM bulletins ORDER BY made_ms DESC, id`)
	if err != nil {
		return nil, err
	}
	return scanBulletins(rows)
}

// bulletinRows gives those that hold now or later.
func bulletinRows(ctx context.Context, db querier, now int64) ([]Bulletin, error) {
	rows, err := db.QueryContext(ctx, `SELECT body, boxes, made_ms, made_by, withdrawn_ms, withdrawn_by FROM bulletins
		WHERE until_ms > $1 AND withdrawn_ms IS NULL`, now)
	if err != nil {
		return nil, err
	}
	return scanBulletins(rows)
}

func scanBulletins(rows *sql.Rows) (out []Bulletin, err error) {
	defer rows.Close()
	for rows.Next() {
		var b Bulletin
		var body []byte
		var boxes string
		var withdrawn sql.NullInt64
		if err := rows.Scan(&body, &boxes, &b.MadeMS, &b.MadeBy, &withdrawn, &b.WithdrawnBy); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(body, &b.Bulletin); err != nil {
			return nil, err
		}
		b.Boxes, b.WithdrawnMS = strings.Fields(boxes), withdrawn.Int64
		out = append(out, b)
	}
	return out, rows.Err()
}

// forBox gives those for a box, in the order in which it says them. Where the office has not set a place, the box itself leaves out
// what is for others. What is more than MaxBulletins, which can only be for a box that came later, waits until others are over.
func forBox(all []Bulletin, device string, settings wire.Settings) []wire.Bulletin {
	var out []wire.Bulletin
	for _, b := range all {
		if (len(b.Boxes) == 0 || slices.Contains(b.Boxes, device)) && b.HoldsIn(settings.Setting().Place) {
			out = append(out, b.Bulletin)
		}
	}
	kind := func(b wire.Bulletin) int { return slices.Index(wire.BulletinKinds(), b.Kind) }
	slices.SortFunc(out, func(a, b wire.Bulletin) int {
		return cmp.Or(cmp.Compare(kind(a), kind(b)), cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// within leaves out the last ones where all are too much for a contact.
func within(all []wire.Bulletin) []wire.Bulletin {
	for wire.BulletinBytes(all) > wire.MaxBulletins {
		all = all[:len(all)-1]
	}
	return all
}
