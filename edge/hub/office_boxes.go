package hub

import (
	"database/sql"
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"

	"jembe/advisory"
)

// boxesView is what the page of boxes shows.
type boxesView struct {
	Boxes       []Box
	Invitations []openInvitation
	Backup      Upkeep // how the last backup went
	Village     string
	Invitation  string // shown once
	QR          qrCode // of the invitation
}

// boxes is GET /boxes.
func (o *office) boxes(v *visit) error { return o.showBoxes(v, boxesView{}) }

func (o *office) showBoxes(v *visit, view boxesView) (err error) {
	ctx := v.Request().Context()
	if view.Boxes, err = o.hub.Boxes(ctx); err != nil {
		return err
	}
	if view.Invitations, err = o.hub.openInvitations(ctx); err != nil {
		return err
	}
	if view.Backup, err = o.hub.LastBackup(ctx); err != nil {
		return err
	}
	return o.show(v, "boxes", view)
}

// box is GET /boxes/{device}.
func (o *office) box(v *visit) error {
	b, err := o.hub.Box(v.Request().Context(), v.Param("device"))
	if err != nil {
		return err
	}
	return o.show(v, "box", b)
}

// invite is POST /boxes/invite: the invitation is shown in the reply, and nowhere else.
func (o *office) invite(v *visit) error {
	ctx := v.Request().Context()
	village, err := villageName(v.FormValue("village"))
	if err != nil {
		return o.again(v, err, o.boxes)
	}
	invitation, err := o.hub.Enroll(ctx, "", village)
	if err != nil {
		return err
	}
	if err := o.staff.note(ctx, v.by().did("box invited", village)); err != nil {
		return err
	}
	view := boxesView{Village: village, Invitation: invitation.String()}
	if view.QR, err = newQRCode(view.Invitation); err != nil {
		return err
	}
	return o.showBoxes(v, view)
}

// qrCode is a QR code as an SVG path, one unit a module.
type qrCode struct {
	Side int    // modules, with the margin of four that readers need
	Path string // of the dark modules
}

func newQRCode(text string) (qrCode, error) {
	const margin = 4
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		return qrCode{}, err
	}
	side := code.Bounds().Dx()
	var path strings.Builder
	for y := range side {
		for x := range side {
			if code.At(x, y) == color.Black {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+margin, y+margin)
			}
		}
	}
	return qrCode{side + 2*margin, path.String()}, nil
}

// revoke is POST /boxes/{device}/revoke: from its next contact on, nothing the box sends is taken.
func (o *office) revoke(v *visit) error {
	ctx, device := v.Request().Context(), v.Param("device")
	err := o.staff.do(ctx, v.by().did("box revoked", device), func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE devices SET revoked_ms = $1 WHERE device = $2 AND revoked_ms IS NULL`, o.hub.now(), device)
		return oneRow(res, err, &advisory.Error{Code: advisory.NotFound})
	})
	if err != nil {
		return err
	}
	return v.done("/boxes/"+device, "revoked")
}
