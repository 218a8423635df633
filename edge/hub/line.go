package hub

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"filippo.io/age"
	"github.com/labstack/echo/v4"

	"jembe/advisory"
	"jembe/edge/wire"
)

// leastCompressed is how many bytes of a reply are worth compressing: the header that says so takes some too.
const leastCompressed = 400

// signed wraps what answers a box: the request's bytes go in, a value comes out, and the hub's key signs whatever is said, refusals too.
func (h *Hub) signed(answer func(c echo.Context, body []byte) (any, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, wire.MaxBody))
		if tooLarge := (*http.MaxBytesError)(nil); err != nil && !errors.As(err, &tooLarge) {
			return &advisory.Error{Code: advisory.BadRequest, Hint: "the body broke off", Err: err}
		}
		var v any
		if err == nil {
			v, err = answer(c, body)
		}
		status, reply, signature, err := h.say(c.Path(), body, v, err)
		if err != nil {
			return err
		}
		kind := echo.MIMEApplicationJSON
		if status != http.StatusOK {
			kind = "application/problem+json"
		}
		h := c.Response().Header()
		h.Set(wire.HeaderSignature, signature)
		if len(reply) >= leastCompressed && c.Request().Header.Get("Accept-Encoding") == "gzip" {
			h.Set("Content-Encoding", "gzip")
			reply = wire.Gzip(reply)
		}
		return c.Blob(status, kind, reply)
	}
}

// say gives the signed reply to a request: the value, or the problem of the error.
func (h *Hub) say(path string, request []byte, v any, err error) (status int, reply []byte, signature string, _ error) {
	status = http.StatusOK
	if err != nil {
		p := h.problem(err, path)
		v, status = p, p.Status
	}
	if reply, err = json.Marshal(v); err != nil {
		return 0, nil, "", err
	}
	return status, reply, wire.SignReply(request, status, reply, h.key), nil
}

// push is POST /v1/line.
func (h *Hub) push(c echo.Context, body []byte) (any, error) {
	r := c.Request()
	return h.Take(r.Context(), r.Header.Get(wire.HeaderDevice), r.Header.Get(wire.HeaderSignature), body)
}

// Take takes one request of a box in, as the network brings it, and gives the reply once all of it is committed.
func (h *Hub) Take(ctx context.Context, device, signature string, body []byte) (wire.Reply, error) {
	return h.receive(ctx, device, signature, body, false)
}

// receive takes one request in. Late says that it was written long ago, or may have been, and what its clocks said was said then.
func (h *Hub) receive(ctx context.Context, device, signature string, body []byte, late bool) (wire.Reply, error) {
	key, err := h.boxKey(ctx, device)
	if err != nil {
		return wire.Reply{}, err
	}
	if !wire.Signed(body, signature, key) {
		return wire.Reply{}, &advisory.Error{Code: advisory.Forbidden, Hint: "the signature is not that of box " + device}
	}
	b, err := wire.DecodeBatch(body)
	if err != nil {
		return wire.Reply{}, &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: "the hub cannot read this request; is its program older than the box's?"}
	}
	switch {
	case b.Hub != h.Fingerprint():
		return wire.Reply{}, &advisory.Error{Code: advisory.Forbidden, Hint: "this request is for another hub"}
	case b.Device != device:
		return wire.Reply{}, &advisory.Error{Code: advisory.Forbidden, Hint: "this request is another box's"}
	case !epochPattern.MatchString(b.Epoch):
		return wire.Reply{}, &advisory.Error{Code: advisory.BadRequest, Hint: "an epoch is 8 letters and digits"}
	}
	a := newArrival(b)
	a.late = late
	reply, err := h.ingest(ctx, a)
	if err != nil {
		return reply, err
	}
	return reply, h.announce(ctx, b.Header, &reply)
}

// boxKey gives the key of a box that may speak to the hub.
func (h *Hub) boxKey(ctx context.Context, device string) (key ed25519.PublicKey, err error) {
	var revoked sql.NullInt64
	err = h.db.Read.QueryRowContext(ctx, `SELECT key, revoked_ms FROM devices WHERE device = $1`, device).Scan((*[]byte)(&key), &revoked)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, &advisory.Error{Code: advisory.Forbidden, Hint: "this hub does not know the box: invite it with jembe-hub enroll"}
	case err == nil && revoked.Valid:
		return nil, errRevoked
	}
	return key, err
}

var errRevoked = &advisory.Error{Code: advisory.Forbidden, Hint: "the office has taken this box out of service"}

// enroll is POST /v1/line/enroll.
func (h *Hub) enroll(c echo.Context, body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	var e wire.Enrolment
	if err := d.Decode(&e); err != nil {
		return nil, &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: "the hub cannot read this request; is its program older than the box's?"}
	}
	if !wire.Signed(body, c.Request().Header.Get(wire.HeaderSignature), e.Key) {
		return nil, &advisory.Error{Code: advisory.Forbidden, Hint: "the signature is not that of the box's key"}
	}
	if _, err := age.ParseX25519Recipient(e.Recipient); err != nil {
		return nil, &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: "recipient is an age recipient"}
	}
	device := wire.KeyID(e.Key)
	village, err := h.admit(c.Request().Context(), device, e)
	if err != nil {
		return nil, err
	}
	keys, err := h.keysInForce(c.Request().Context(), h.db.Read)
	if err != nil {
		return nil, err
	}
	return wire.Enrolled{Device: device, Recipient: h.Recipient(), Root: keys.Root, Village: village, Time: h.now()}, nil
}

// admit binds an invitation to a box, and gives the village. The same box may come again with the same code.
func (h *Hub) admit(ctx context.Context, device string, e wire.Enrolment) (village string, err error) {
	err = h.db.write(ctx, func(tx *sql.Tx) error {
		if village, err = useInvitation(ctx, tx, hashCode(e.Code), device, h.now()); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO devices (device, key, recipient, village, version, enrolled_ms, seen_ms)
			VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (device) DO UPDATE SET recipient = $3, village = $4, version = $5, seen_ms = $6`,
			device, []byte(e.Key), e.Recipient, village, clean(e.Version), h.now())
		return err
	})
	return village, err
}

// useInvitation marks an invitation as used by a box.
func useInvitation(ctx context.Context, tx *sql.Tx, hash []byte, device string, now int64) (village string, err error) {
	refused := func(why string) error {
		return &advisory.Error{Code: advisory.Forbidden, Hint: why + "; have the office make a new one with jembe-hub enroll"}
	}
	// The update comes first: on PostgreSQL it keeps another box with the same code waiting.
	result, err := tx.ExecContext(ctx, `UPDATE invitations SET device = $1 WHERE code_hash = $2 AND (device IS NULL OR device = $1)`, device, hash)
	if err != nil {
		return "", err
	}
	var expires int64
	err = tx.QueryRowContext(ctx, `SELECT village, expires_ms FROM invitations WHERE code_hash = $1`, hash).Scan(&village, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return "", refused("this hub has made no such invitation")
	}
	if err != nil {
		return "", err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return "", errors.Join(refused("another box has used this invitation"), err)
	}
	if expires < now {
		return "", refused("this invitation was made more than 7 days ago")
	}
	var revoked sql.NullInt64
	err = tx.QueryRowContext(ctx, `SELECT revoked_ms FROM devices WHERE device = $1`, device).Scan(&revoked)
	if err == nil && revoked.Valid {
		return "", &advisory.Error{Code: advisory.Forbidden, Hint: "the office has taken this box out of service: move its key file away, so that it becomes a new one"}
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", err
	}
	return village, nil
}

// Revoke takes a box out of service: from now on nothing it sends is kept. NotFound where there is no such box in service.
func (h *Hub) Revoke(ctx context.Context, device string) error {
	result, err := h.db.Write.ExecContext(ctx, `UPDATE devices SET revoked_ms = $1 WHERE device = $2 AND revoked_ms IS NULL`, h.now(), device)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(&advisory.Error{Code: advisory.NotFound, Err: fmt.Errorf("box %q", device), Hint: "no such box is in service"}, err)
	}
	return nil
}
