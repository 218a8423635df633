package edge

import (
	"bytes"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
	"jembe/content"
)

// Studio is what the recorder's page works with: a named officer reads the box's texts aloud there.
type Studio struct {
	Texts func(advisory.Lang) []content.Reading            // what can be read in a language, and what was
	Take  func(audio []byte) (Take, error)                 // trims and levels a recording
	Keep  func(t content.Text, take Take, by string) error // it is played from then on
}

// Take is a recording made ready, which the reader listens to before it is kept.
type Take struct {
	Opus, WAV []byte
	Length    time.Duration
}

// maxPending is how many takes wait in memory for the reader's word; the oldest goes first.
const maxPending = 8

// pending are the takes that wait.
type pending struct {
	mu    sync.Mutex
	takes []pendingTake // oldest first
}

type pendingTake struct {
	id   string
	text content.Text
	Take
}

func (p *pending) add(t pendingTake) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.takes = append(p.takes, t); len(p.takes) > maxPending {
		p.takes = p.takes[1:]
	}
}

func (p *pending) get(id string) (pendingTake, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range p.takes {
		if t.id == id {
			return t, nil
		}
	}
	return pendingTake{}, &advisory.Error{Code: advisory.NotFound, Hint: "record it again: a take that is not kept is soon forgotten"}
}

// studioRoutes are those of the recorder, all behind the operator.
func (s *Server) studioRoutes(e *echo.Echo) {
	e.GET("/record", s.recorderPage, s.operator)
	e.GET("/v1/record/texts", s.readings, s.operator)
	e.POST("/v1/record/takes/audio", s.take, s.operator)
	e.GET("/v1/record/takes/:id/sound", s.takeSound, s.operator)
	e.POST("/v1/record/takes/:id/keep", s.keepTake, s.operator)
}

// recorderPage is GET /record.
func (s *Server) recorderPage(c echo.Context) error {
	if s.Studio == nil {
		return echo.ErrNotFound
	}
	return s.pageOf(c, "recorder.html")
}

// readings is GET /v1/record/texts: what there is to read in a language.
func (s *Server) readings(c echo.Context) error {
	lang, err := s.studioLang(c)
	if err != nil {
		return err
	}
	var names []map[string]string
	for _, l := range advisory.MessageLangs() {
		names = append(names, map[string]string{"lang": string(l), "name": advisory.Say(l, "lang_name")})
	}
	return c.JSON(http.StatusOK, map[string]any{"lang": lang, "languages": names, "texts": s.Studio.Texts(lang)})
}

// studioLang is the language that the request names; English when it names none.
func (s *Server) studioLang(c echo.Context) (advisory.Lang, error) {
	if s.Studio == nil {
		return "", echo.ErrNotFound
	}
	return langOf(c)
}

// take is POST /v1/record/takes/audio; the body is the recording of the text that the query names.
func (s *Server) take(c echo.Context) error {
	lang, err := s.studioLang(c)
	if err != nil {
		return err
	}
	var text content.Text
	for _, r := range s.Studio.Texts(lang) {
		if r.Key() == c.QueryParam("text") {
			text = r.Text
		}
	}
	if text.ID == "" {
		return &advisory.Error{Code: advisory.NotFound, Hint: "name a text of /v1/record/texts as KIND/ID"}
	}
	leave, err := take(c.Request().Context(), s.hearing, 15*time.Second)
	if err != nil {
		return err
	}
	defer leave()
	audio, err := readBody(c, maxAudio)
	if err != nil {
		return err
	}
	made, err := s.Studio.Take(audio)
	if err != nil {
		return err
	}
	t := pendingTake{newTakeID(), text, made}
	s.pending.add(t)
	return c.JSON(http.StatusOK, map[string]any{
		"id": t.id, "seconds": made.Length.Seconds(), "sound": "/v1/record/takes/" + t.id + "/sound",
	})
}

// takeSound is GET /v1/record/takes/{id}/sound.
func (s *Server) takeSound(c echo.Context) error {
	t, err := s.pending.get(c.Param("id"))
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentType, "audio/wav")
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(t.WAV))
	return nil
}

// keepTake is POST /v1/record/takes/{id}/keep.
func (s *Server) keepTake(c echo.Context) error {
	var body struct {
		By string `json:"by"`
	}
	if err := readJSON(c, &body); err != nil {
		return err
	}
	t, err := s.pending.get(c.Param("id"))
	if err != nil {
		return err
	}
	if err := s.Studio.Keep(t.text, t.Take, body.By); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
