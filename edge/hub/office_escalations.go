package hub

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
	"jembe/edge/wire"
)

// Limits of a reply, in characters and bytes: it must be heard at a box, and travel to it over a thin line.
const (
	maxReply      = wire.MaxReplyText
	maxReplyVoice = wire.MaxReplyVoice
)

// escalationsPage is how many a page shows.
const escalationsPage = 50

// escalationsView is what the list shows.
type escalationsView struct {
	Waiting
	All          []Escalation
	Villages     []string
	Langs        []advisory.Lang
	Page         int
	Newer, Older bool
}

// Query is the address of another page of the same list.
func (v escalationsView) Query(step int) string {
	q := url.Values{"page": {strconv.Itoa(v.Page + step)}, "village": {v.Village}, "lang": {string(v.Lang)}}
	if v.Answered {
		q.Set("answered", "1")
	}
	return q.Encode()
}

// escalationList is GET /escalations?answered=1&village=&lang=&page=. Nothing that a farmer said is opened for it.
func (o *office) escalationList(v *visit) error {
	page, _ := strconv.Atoi(v.QueryParam("page"))
	page = min(max(page, 0), 10_000)
	of := Waiting{v.QueryParam("answered") == "1", v.QueryParam("village"), advisory.Lang(v.QueryParam("lang"))}
	view := escalationsView{Waiting: of, Langs: advisory.MessageLangs(), Page: page, Newer: page > 0}
	ctx := v.Request().Context()
	found, err := o.hub.escalations.Escalations(ctx, of, page, escalationsPage+1)
	if err != nil {
		return err
	}
	if view.All = found; len(found) > escalationsPage {
		view.All, view.Older = found[:escalationsPage], true
	}
	if view.Villages, err = o.hub.villages(ctx); err != nil {
		return err
	}
	return o.show(v, "escalations", view)
}

// escalation is GET /escalations/{id}. Whoever reads what a farmer said stands in the audit log.
func (o *office) escalation(v *visit) error {
	ctx := v.Request().Context()
	e, err := o.hub.escalations.Escalation(ctx, v.Param("id"))
	if err != nil {
		return err
	}
	if err := o.staff.note(ctx, v.by().did("escalation read", e.ID)); err != nil {
		return err
	}
	return o.show(v, "escalation", e)
}

// voice is GET /escalations/{id}/voice, or of a reply, counted from 1: ?reply=. Whoever hears a farmer stands in the audit log.
func (o *office) voice(v *visit) error {
	reply, _ := strconv.Atoi(v.QueryParam("reply"))
	ctx, id := v.Request().Context(), v.Param("id")
	sound, err := o.hub.escalations.Voice(ctx, id, max(reply, 0))
	if err != nil {
		return err
	}
	if reply <= 0 {
		if err := o.staff.note(ctx, v.by().did("escalation heard", id)); err != nil {
			return err
		}
	}
	kind := sound.Kind()
	if kind == "" {
		return &advisory.Error{Code: advisory.NotFound, Err: errors.New("the recording is no sound")}
	}
	v.Response().Header().Set(echo.HeaderContentType, kind)
	http.ServeContent(v.Response(), v.Request(), "", time.Time{}, bytes.NewReader(sound))
	return nil
}

// reply is POST /escalations/{id}/reply, with text, a recording, or both.
func (o *office) reply(v *visit) error {
	ctx, id := v.Request().Context(), v.Param("id")
	sound, err := v.recording("voice")
	text := strings.TrimSpace(strings.ReplaceAll(v.FormValue("text"), "\r\n", "\n"))
	switch {
	case err != nil:
	case text == "" && sound == nil:
		err = Refusal("reply_empty")
	case utf8.RuneCountInString(text) > maxReply:
		err = Refusal("reply_long")
	}
	if err != nil {
		return o.again(v, err, o.escalation)
	}
	r := EscalationReply{By: v.user.Name, AtMS: o.hub.now(), Text: text, HasVoice: sound != nil}
	if err := o.hub.escalations.Reply(ctx, id, r, sound); err != nil {
		return err
	}
	if err := o.staff.note(ctx, v.by().did("escalation replied to", id)); err != nil {
		return err
	}
	return v.done("/escalations/"+id, "replied")
}

// recording reads the sound of a form; nil when there is none.
func (v *visit) recording(field string) (Recording, error) {
	header, err := v.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) || err == nil && header.Size == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if header.Size > maxReplyVoice {
		return nil, Refusal("voice_large")
	}
	f, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sound, err := io.ReadAll(f)
	if err == nil && Recording(sound).Kind() == "" {
		err = Refusal("voice_kind")
	}
	return sound, err
}

// closeEscalation is POST /escalations/{id}/close: it was answered in another way.
func (o *office) closeEscalation(v *visit) error {
	ctx, id := v.Request().Context(), v.Param("id")
	if err := o.hub.escalations.Close(ctx, id, v.user.Name); err != nil {
		return err
	}
	if err := o.staff.note(ctx, v.by().did("escalation closed", id)); err != nil {
		return err
	}
	return v.done("/escalations/"+id, "closed")
}
