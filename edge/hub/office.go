package hub

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
)

// office is the pages of the hub that people of the office use.
type office struct {
	hub   *Hub
	staff *Staff
	pages map[string]pageSet // by language
}

// officeRoute is one thing the office answers, and the permission that it needs. Nothing is answered outside this table.
type officeRoute struct {
	method, path string
	need         Permission
	handle       func(*office, *visit) error
}

// officeRoutes is the table of contents of the office.
var officeRoutes = []officeRoute{
	{http.MethodGet, "/sign-in", withoutSignedIn, (*office).signInPage},
	{http.MethodPost, "/sign-in", withoutSignedIn, (*office).signIn},
	{http.MethodGet, "/office/:file", withoutSignedIn, (*office).file},

	{http.MethodGet, "/", anyoneSignedIn, (*office).front},
	{http.MethodPost, "/sign-out", anyoneSignedIn, (*office).signOut},
	{http.MethodPost, "/sign-out-everywhere", anyoneSignedIn, (*office).signOutEverywhere},
	{http.MethodGet, "/password", anyoneSignedIn, (*office).passwordPage},
	{http.MethodPost, "/password", anyoneSignedIn, (*office).changePassword},
	{http.MethodGet, "/second-factor", anyoneSignedIn, (*office).factorPage},
	{http.MethodPost, "/second-factor", anyoneSignedIn, (*office).turnOnFactor},
	{http.MethodPost, "/second-factor/off", anyoneSignedIn, (*office).turnOffFactor},

	{http.MethodGet, "/boxes", SeeBoxes, (*office).boxes},
	{http.MethodPost, "/boxes/invite", ManageBoxes, (*office).invite},
	{http.MethodGet, "/boxes/:device", SeeBoxes, (*office).box},
	{http.MethodPost, "/boxes/:device/revoke", ManageBoxes, (*office).revoke},

	{http.MethodGet, "/asked", SeeFigures, (*office).asked},
	{http.MethodGet, "/asked/words", SeeWords, (*office).words},
	{http.MethodGet, "/asked/counts.csv", ExportCounts, (*office).countsCSV},
	{http.MethodGet, "/asked/events.csv", ExportEvents, (*office).eventsCSV},

	{http.MethodGet, "/escalations", SeeEscalations, (*office).escalationList},
	{http.MethodGet, "/escalations/:id", SeeEscalations, (*office).escalation},
	{http.MethodGet, "/escalations/:id/voice", SeeEscalations, (*office).voice},
	{http.MethodPost, "/escalations/:id/reply", Reply, (*office).reply},
	{http.MethodPost, "/escalations/:id/close", Reply, (*office).closeEscalation},
	{http.MethodPost, "/escalations/:id/draft", WriteDrafts, (*office).makeDraft},

	{http.MethodGet, "/drafts", WriteDrafts, (*office).drafts},
	{http.MethodGet, "/drafts/:id", WriteDrafts, (*office).draft},
	{http.MethodPost, "/drafts/:id", WriteDrafts, (*office).saveDraft},
	{http.MethodGet, "/drafts/:id/file", WriteDrafts, (*office).downloadDraft},
	{http.MethodPost, "/drafts/:id/remove", WriteDrafts, (*office).removeDraft},

	{http.MethodGet, "/content", PublishContent, (*office).content},
	{http.MethodPost, "/content", PublishContent, (*office).publish},
	{http.MethodPost, "/content/withdraw", PublishContent, (*office).withdraw},

	{http.MethodGet, "/local-words", PublishContent, (*office).localWords},
	{http.MethodPost, "/local-words", PublishContent, (*office).ruleWord},
	{http.MethodGet, "/bulletins", Announce, (*office).bulletins},
	{http.MethodPost, "/bulletins", Announce, (*office).addBulletin},
	{http.MethodPost, "/bulletins/:id/withdraw", Announce, (*office).withdrawBulletin},

	{http.MethodGet, "/users", ManageUsers, (*office).users},
	{http.MethodPost, "/users", ManageUsers, (*office).addUser},
	{http.MethodPost, "/users/:name/roles", ManageUsers, (*office).setRoles},
	{http.MethodPost, "/users/:name/reset", ManageUsers, (*office).resetPassword},
	{http.MethodPost, "/users/:name/remove", ManageUsers, (*office).removeUser},

	{http.MethodGet, "/audit", SeeAudit, (*office).audit},
}

// visit is one request of a person of the office.
type visit struct {
	echo.Context
	user    User // zero on pages before the sign-in
	texts   catalogue
	problem string // shown above the page
	status  int    // of the reply; 0: 200

	factorFirst bool // a second factor must be turned on before anything else
}

// by is the visitor as the audit log names them.
func (v *visit) by() Deed { return Deed{Actor: v.user.Name, Address: clientAddress(v.Request())} }

func (h *Hub) officeRoutes(e *echo.Echo) {
	o := &office{hub: h, staff: h.staff, pages: loadPages()}
	for _, r := range officeRoutes {
		e.Add(r.method, r.path, o.answer(r))
	}
}

// Most bytes of a form, of one with a recording, and of one with a pack.
const (
	maxForm   = 256 << 10
	maxUpload = 12 << 20
	maxPack   = 256 << 20
)

func (r officeRoute) most() int64 {
	switch r.need {
	case Reply:
		return maxUpload
	case PublishContent:
		return maxPack
	}
	return maxForm
}

// answer makes the handler of a route: headers, then who is allowed, then the page. Errors become a page too.
func (o *office) answer(r officeRoute) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		v := &visit{Context: c, texts: preferredTexts(c.Request())}
		protect(c)
		defer func() {
			if p := recover(); p != nil {
				err = o.fail(v, fmt.Errorf("panic: %v", p))
			}
		}()
		c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, r.most())
		if err := o.enter(v, r); err != nil {
			return o.fail(v, err)
		}
		if err := r.handle(o, v); err != nil {
			return o.fail(v, err)
		}
		return nil
	}
}

// Why a visitor does not come in.
var (
	errSignInFirst   = errors.New("sign in first")
	errPasswordFirst = errors.New("choose a password first")
	errFactorFirst   = errors.New("turn on a second factor first")
	errOtherSite     = Refusal("other_site")
	errForbidden     = Refusal("forbidden")
)

// enter finds out who visits, and whether they may.
func (o *office) enter(v *visit, r officeRoute) error {
	if err := sameSite.Check(v.Request()); err != nil {
		return errOtherSite
	}
	if r.need == withoutSignedIn {
		return nil
	}
	ctx := v.Request().Context()
	user, err := o.staff.Session(ctx, sessionToken(v.Request()))
	switch {
	case errors.Is(err, errNoSession):
		return errSignInFirst
	case err != nil:
		return err
	}
	v.user = user
	if user.OneTime && r.path != "/password" && r.path != "/sign-out" {
		return errPasswordFirst
	}
	v.factorFirst = o.hub.SecondFactor && user.needsFactor() && !user.Factor && !user.OneTime
	if v.factorFirst && r.path != "/second-factor" && r.path != "/sign-out" {
		return errFactorFirst
	}
	if !user.May(r.need) {
		return errors.Join(errForbidden, o.staff.note(ctx, v.by().did("refused", r.method+" "+r.path)))
	}
	return nil
}

// fail shows an error as a page. Our own failures are logged, and not shown.
func (o *office) fail(v *visit, err error) error {
	if v.Response().Committed || v.Request().Context().Err() != nil {
		return nil // nobody is waiting any more
	}
	switch {
	case errors.Is(err, errSignInFirst):
		return v.Redirect(http.StatusSeeOther, "/sign-in")
	case errors.Is(err, errPasswordFirst):
		return v.Redirect(http.StatusSeeOther, "/password")
	case errors.Is(err, errFactorFirst):
		return v.Redirect(http.StatusSeeOther, "/second-factor")
	}
	status, text := o.explain(v, err)
	if status >= http.StatusInternalServerError {
		o.hub.Log.Error("the office's page failed", "path", v.Path(), "error", err)
	}
	v.problem, v.status = text, status
	return o.show(v, "problem", nil)
}

// explain gives the status of an error and what the visitor is told.
func (o *office) explain(v *visit, err error) (status int, text string) {
	var known *advisory.Error
	var wait *TooManyTries
	var large *http.MaxBytesError
	refusal := Refusal("")
	switch {
	case errors.Is(err, errForbidden), errors.Is(err, errOtherSite):
		errors.As(err, &refusal)
		return http.StatusForbidden, v.texts.say("refused_" + string(refusal))
	case errors.As(err, &wait):
		v.Response().Header().Set("Retry-After", strconv.Itoa(int(wait.Wait/time.Second)+1))
		return http.StatusTooManyRequests, v.texts.say("refused_too_many", "minutes", int(wait.Wait/time.Minute)+1)
	case errors.As(err, &refusal):
		return http.StatusBadRequest, v.texts.say("refused_" + string(refusal))
	case errors.As(err, &large), errors.Is(err, multipart.ErrMessageTooLarge):
		return http.StatusRequestEntityTooLarge, v.texts.say("refused_too_large")
	case errors.As(err, &known):
		return v.explainCode(known)
	}
	return http.StatusInternalServerError, v.texts.say("refused_internal")
}

// explainCode tells an error of another room. What is wrong with a wish is told whole; nothing of our own failures.
func (v *visit) explainCode(e *advisory.Error) (status int, text string) {
	switch e.Code {
	case advisory.NotFound:
		return http.StatusNotFound, v.texts.say("refused_not_found")
	case advisory.CorruptPack:
		return http.StatusBadRequest, v.texts.say("refused_pack_corrupt")
	case advisory.DiskFull:
		return http.StatusInsufficientStorage, v.texts.say("refused_disk_full")
	case advisory.BadRequest:
		why := e.Hint
		if e.Err != nil {
			why = strings.TrimSuffix(e.Err.Error()+"; "+e.Hint, "; ")
		}
		return http.StatusBadRequest, v.texts.say("refused_bad_request", "why", why)
	}
	return http.StatusInternalServerError, v.texts.say("refused_internal")
}

// again shows a form once more, with what was wrong in it. Only wishes that were refused come back so.
func (o *office) again(v *visit, err error, form func(*visit) error) error {
	status, text := o.explain(v, err)
	if status >= http.StatusInternalServerError || status == http.StatusForbidden {
		return err
	}
	v.problem, v.status = text, status
	return form(v)
}

// done leads to a page after a form was carried out, so that loading it again repeats nothing. The page says what was done.
func (v *visit) done(address, what string) error {
	return v.Redirect(http.StatusSeeOther, address+"?done="+what)
}

// file is GET /office/{file}: the style sheet, the script of the recorder, the logo.
func (o *office) file(v *visit) error {
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	name := v.Param("file")
	kind, known := kinds[path.Ext(name)]
	if !known || path.Base(name) != name {
		return &advisory.Error{Code: advisory.NotFound}
	}
	data, err := officeFiles.ReadFile("office/" + name)
	if err != nil {
		return &advisory.Error{Code: advisory.NotFound, Err: err}
	}
	v.Response().Header().Set(echo.HeaderContentType, kind)
	v.Response().Header().Set("Cache-Control", "no-cache")
	http.ServeContent(v.Response(), v.Request(), "", time.Time{}, bytes.NewReader(data))
	return nil
}
