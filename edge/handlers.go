package edge

import (
	"bytes"
	"context"
	"net/http"
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
	"jembe/edge/wire"
)

// page is GET / and GET /page/{file}.
func (s *Server) page(c echo.Context) error {
	name := c.Param("file")
	if name == "" {
		name = "index.html"
	}
	f, ok := s.files[name]
	if !ok {
		return echo.ErrNotFound
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", f.etag)
	h.Set(echo.HeaderContentType, map[string]string{
		".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
		".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
	}[path.Ext(name)])
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(f.data))
	return nil
}

// pageOf answers with a file of the page.
func (s *Server) pageOf(c echo.Context, file string) error {
	c.SetParamNames("file")
	c.SetParamValues(file)
	return s.page(c)
}

// sound is GET /v1/answers/{id}/sound/{piece}; without a piece it is the first.
func (s *Server) sound(c echo.Context) error {
	g, err := s.answers.get(c.Param("id"), "")
	if err != nil {
		return err
	}
	c.Set(langKey, g.lang)
	pace := g.sound[0]
	if c.QueryParam("slow") == "1" {
		pace = g.sound[1]
	}
	n := 1
	if p := c.Param("piece"); p != "" {
		if n, err = strconv.Atoi(p); err != nil {
			return echo.ErrNotFound
		}
	}
	switch {
	case g.withdrawn:
		return &advisory.Error{Code: advisory.NotFound, Hint: "the office has taken content back since: ask again"}
	case len(pace) == 0:
		return &advisory.Error{Code: advisory.NoVoice}
	case n < 1 || n > len(pace):
		return &advisory.Error{Code: advisory.NotFound}
	}
	wav, err := s.voice(c.Request().Context(), pace[n-1])
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentType, mediaType(wav))
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(wav))
	return nil
}

// rate is POST /v1/answers/{id}/rating. A later rating of the same answer counts instead of the one before.
func (s *Server) rate(c echo.Context) error {
	var body struct {
		Rating  advisory.Rating `json:"rating"`
		Session string          `json:"session"`
	}
	if err := readJSON(c, &body); err != nil {
		return err
	}
	if !slices.Contains([]advisory.Rating{advisory.ThumbUp, advisory.ThumbDown}, body.Rating) {
		return badRequest("rating is up or down")
	}
	if _, err := s.record(c, body.Session, advisory.Event{Kind: advisory.KindRating, Rating: body.Rating}); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// answered is the answer that a request is about.
func (s *Server) answered(c echo.Context, session string) (given, error) {
	g, err := s.answers.answered(c.Param("id"), session)
	if err == nil {
		c.Set(langKey, g.lang)
	}
	return g, err
}

// record commits an event about an answer.
func (s *Server) record(c echo.Context, session string, e advisory.Event) (given, error) {
	g, err := s.answered(c, session)
	if err != nil {
		return given{}, err
	}
	if s.Advisor.Recorder == nil {
		return given{}, &advisory.Error{Code: advisory.Internal, Hint: "nothing is recorded on this box; see jembe doctor"}
	}
	e.Answer, e.Session = g.id, g.session
	return g, s.Advisor.Recorder.Record(c.Request().Context(), e)
}

// endSession is POST /v1/sessions/{id}/end: its answers can no longer be heard.
func (s *Server) endSession(c echo.Context) error {
	s.answers.forget(c.Param("id"))
	return c.NoContent(http.StatusNoContent)
}

// messages is GET /v1/messages: the texts of the page.
func (s *Server) messages(c echo.Context) error {
	lang, err := langOf(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"lang": lang, "texts": advisory.Messages(lang, "page_")})
}

// status is GET /v1/status: what the box can do at this moment.
func (s *Server) status(c echo.Context) error {
	record := map[string]any{"ok": false}
	clock := map[string]any{"wall_ms": time.Now().UnixMilli(), "trust": wire.ClockUnknown}
	if s.Store != nil {
		ctx := c.Request().Context()
		record["moved_aside"] = s.Store.MovedAside() != ""
		if err := s.Store.Check(ctx); err != nil {
			record["code"] = wire.AsError(err).Code
		} else if wall, trust, err := s.Store.Clock(ctx); err == nil {
			record["ok"], clock["wall_ms"], clock["trust"] = true, wall, trust
		}
	}
	packs := append([]string{}, s.Advisor.Library().Packs...)
	return c.JSON(http.StatusOK, map[string]any{
		"version": s.Version, "languages": s.languages(c.Request().Context()), "packs": packs, "record": record, "clock": clock, "office": s.office(c.Request().Context()),
		"content": s.content(c.Request().Context()), "setup_wanted": s.wantsSetup(c.Request()),
	})
}

// office tells how the line to the office stands.
func (s *Server) office(ctx context.Context) any {
	var out struct {
		Enrolled bool   `json:"enrolled"`
		Village  string `json:"village"`
		Spoken
	}
	out.Before = -1
	if s.Store == nil {
		return out
	}
	if m, err := ReadMembership(s.Store.dir); err == nil && m != nil {
		out.Enrolled, out.Village = true, m.Village
	}
	if spoken, err := s.Store.Spoken(ctx); err == nil { // a record in trouble is told beside this
		out.Spoken = spoken
	}
	return out
}

// health is GET /healthz: the box answers.
func (s *Server) health(c echo.Context) error {
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

// openAPI is GET /openapi.yaml.
func (s *Server) openAPI(c echo.Context) error {
	data, err := embedded.ReadFile("openapi.yaml")
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "application/yaml", data)
}
