package hub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
	"jembe/edge/wire"
)

// mostOpen is how many escalations of one box may wait for the rest of their bytes: no box in order has more.
const mostOpen = 1000

// routeEscalations is what boxes call about escalations beside the push.
func (h *Hub) routeEscalations(e *echo.Echo) {
	e.POST(wire.PathParts, h.signed(h.part))
	e.GET(wire.PathVoices+":sha256", h.replyVoice)
}

// part is POST /v1/line/files.
func (h *Hub) part(c echo.Context, body []byte) (any, error) {
	r := c.Request()
	return h.TakePart(r.Context(), r.Header.Get(wire.HeaderDevice), r.Header.Get(wire.HeaderSignature), body)
}

// TakePart takes a piece of a sealed escalation in, from wherever it came, and tells how much of it is committed. A piece that does
// not begin there changes nothing.
func (h *Hub) TakePart(ctx context.Context, device, signature string, body []byte) (taken wire.Taken, err error) {
	key, err := h.boxKey(ctx, device)
	if err != nil {
		return taken, err
	}
	if !wire.Signed(body, signature, key) {
		return taken, &advisory.Error{Code: advisory.Forbidden, Hint: "the signature is not that of box " + device}
	}
	p, err := wire.DecodePart(body)
	switch {
	case err != nil:
		return taken, &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: "the hub cannot read this request; is its program older than the box's?"}
	case p.Hub != h.Fingerprint():
		return taken, &advisory.Error{Code: advisory.Forbidden, Hint: "this request is for another hub"}
	case p.Device != device:
		return taken, &advisory.Error{Code: advisory.Forbidden, Hint: "this request is another box's"}
	}
	err = h.db.write(ctx, func(tx *sql.Tx) error {
		taken, err = h.keepPart(ctx, tx, p)
		return err
	})
	if err != nil {
		return wire.Taken{}, h.storeError(err)
	}
	return taken, nil
}

// keepPart puts a piece behind those that have come.
func (h *Hub) keepPart(ctx context.Context, tx *sql.Tx, p wire.Part) (wire.Taken, error) {
	have, unwanted, err := h.beginEscalation(ctx, tx, p)
	if err != nil || unwanted || have == p.Size {
		return wire.Taken{Have: p.Size}, err
	}
	if p.Offset != have || len(p.Data) == 0 {
		return wire.Taken{Have: have}, nil
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO escalation_parts (device, id, at, data) VALUES ($1, $2, $3, $4)`, p.Device, p.ID, have, p.Data); err != nil {
		return wire.Taken{}, err
	}
	have += int64(len(p.Data))
	var whole any
	if have == p.Size {
		sealed, err := sealedOf(ctx, tx, p.Device, p.ID)
		if err != nil {
			return wire.Taken{}, err
		}
		if sum := sha256.Sum256(sealed); hex.EncodeToString(sum[:]) != p.SHA256 {
			return wire.Taken{}, &advisory.Error{Code: advisory.BadRequest, Hint: "the parts are not those of the file that the box named"}
		}
		whole = h.now()
	}
	_, err = tx.ExecContext(ctx, `UPDATE escalations SET have = $1, whole_ms = $2 WHERE device = $3 AND id = $4`, have, whole, p.Device, p.ID)
	return wire.Taken{Have: have}, err
}

// beginEscalation finds or makes the row of an escalation, and gives how many bytes have come. What the farmer has taken back is unwanted.
func (h *Hub) beginEscalation(ctx context.Context, tx *sql.Tx, p wire.Part) (have int64, unwanted bool, err error) {
	// The row of the box comes first: on PostgreSQL it keeps other requests of the same box waiting.
	if _, err := tx.ExecContext(ctx, `UPDATE devices SET seen_ms = $1 WHERE device = $2`, h.now(), p.Device); err != nil {
		return 0, false, err
	}
	var withdrawn, open int
	err = tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM withdrawn WHERE device = $1 AND answer = $2),
		(SELECT count(*) FROM escalations WHERE device = $1 AND whole_ms IS NULL AND erased_ms IS NULL)`, p.Device, p.Answer).Scan(&withdrawn, &open)
	if err != nil || withdrawn > 0 {
		return 0, true, err
	}
	var sum string
	var size int64
	var erased sql.NullInt64
	err = tx.QueryRowContext(ctx, `SELECT sha256, size, have, erased_ms FROM escalations WHERE device = $1 AND id = $2`, p.Device, p.ID).Scan(&sum, &size, &have, &erased)
	switch {
	case errors.Is(err, sql.ErrNoRows) && open >= mostOpen:
		return 0, false, &advisory.Error{Code: advisory.BadRequest, Err: fmt.Errorf("%d escalations of the box are not whole", open), Hint: "look at this box"}
	case errors.Is(err, sql.ErrNoRows):
		_, err = tx.ExecContext(ctx, `INSERT INTO escalations (device, id, answer, code, picture, lang, asked_ms, voice, sha256, size, have, closed_by, came_ms)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', $11)`,
			p.Device, p.ID, p.Answer, p.Code, p.Picture, string(p.Lang), p.AskedMS, flag(p.Voice), p.SHA256, p.Size, h.now())
	case err == nil && !erased.Valid && (sum != p.SHA256 || size != p.Size):
		err = &advisory.Error{Code: advisory.BadRequest, Hint: "another file has come under this name"}
	}
	return have, erased.Valid, err
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sealedOf puts the parts of an escalation together.
func sealedOf(ctx context.Context, db querier, device, id string) ([]byte, error) {
	rows, err := db.QueryContext(ctx, `SELECT data FROM escalation_parts WHERE device = $1 AND id = $2 ORDER BY at`, device, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out bytes.Buffer
	for rows.Next() {
		var data []byte
		if err := rows.Scan(&data); err != nil {
			return nil, err
		}
		out.Write(data)
	}
	return out.Bytes(), rows.Err()
}

// replyVoice is GET /v1/line/voices/{sha256}, by range: a person's recorded reply. Its name stands only in what the hub has signed to
// the one box that it is for.
func (h *Hub) replyVoice(c echo.Context) error {
	sum := c.Param("sha256")
	var voice []byte
	err := h.db.Read.QueryRowContext(c.Request().Context(), `SELECT voice FROM escalation_replies WHERE voice_sha256 = $1 AND voice_sha256 <> '' LIMIT 1`, sum).Scan(&voice)
	if errors.Is(err, sql.ErrNoRows) {
		return &advisory.Error{Code: advisory.NotFound}
	}
	if err != nil {
		return err
	}
	c.Response().Header().Set("ETag", `"`+sum+`"`)
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMEOctetStream)
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(voice))
	return nil
}
