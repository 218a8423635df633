package hub

import (
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
)

// makeDraft is POST /escalations/{id}/draft: one click from a reply to the beginning of a document.
func (o *office) makeDraft(v *visit) error {
	ctx := v.Request().Context()
	e, err := o.hub.escalations.Escalation(ctx, v.Param("id"))
	if err != nil {
		return err
	}
	d, err := draftOf(e, o.address(v)+"/escalations/"+e.ID, o.hub.clock())
	if err != nil {
		return err
	}
	if err := o.staff.keepDraft(ctx, v.by(), d); err != nil {
		return err
	}
	return v.done("/drafts/"+d.ID, "draft")
}

// address is where the hub is reached: as serve keeps it, else as this visitor came.
func (o *office) address(v *visit) string {
	if served, err := o.hub.servedAddress(); err == nil {
		return strings.TrimSuffix(served, "/")
	}
	return v.Scheme() + "://" + v.Request().Host
}

// drafts is GET /drafts.
func (o *office) drafts(v *visit) error {
	all, err := o.hub.Drafts(v.Request().Context())
	if err != nil {
		return err
	}
	return o.show(v, "drafts", all)
}

// draft is GET /drafts/{id}.
func (o *office) draft(v *visit) error {
	d, err := o.hub.Draft(v.Request().Context(), v.Param("id"))
	if err != nil {
		return err
	}
	return o.show(v, "draft", d)
}

// saveDraft is POST /drafts/{id}.
func (o *office) saveDraft(v *visit) error {
	body := strings.ReplaceAll(v.FormValue("body"), "\r\n", "\n")
	if len(body) > maxDraft {
		return o.again(v, Refusal("draft_large"), o.draft)
	}
	if err := o.staff.changeDraft(v.Request().Context(), v.by(), v.Param("id"), body); err != nil {
		return err
	}
	return v.done("/drafts/"+v.Param("id"), "draft_saved")
}

// removeDraft is POST /drafts/{id}/remove.
func (o *office) removeDraft(v *visit) error {
	if err := o.staff.dropDraft(v.Request().Context(), v.by(), v.Param("id")); err != nil {
		return err
	}
	return v.done("/drafts", "draft_removed")
}

// downloadDraft is GET /drafts/{id}/file.
func (o *office) downloadDraft(v *visit) error {
	d, err := o.hub.Draft(v.Request().Context(), v.Param("id"))
	if err != nil {
		return err
	}
	v.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+path.Base(d.Place)+`"`)
	return v.Blob(http.StatusOK, "text/markdown; charset=utf-8", []byte(d.Body))
}
