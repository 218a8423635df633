package edge

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
)

// villageReply is a VillageReport with its sound.
type villageReply struct {
	VillageReport
	Sound []string     `json:"sound"` // addresses of the pieces of the short form in order; none where the language has no voice
	Parts []spokenPart `json:"parts"`
}

// spokenPart is a part with its sound.
type spokenPart struct {
	ReportPart
	Sound []string `json:"sound"` // at most one address
}

// village is GET /v1/village: what was asked here and what came of it, told to a village meeting.
func (s *Server) village(c echo.Context) error {
	report, err := s.report(c)
	if err != nil {
		return err
	}
	r := villageReply{report, []string{}, []spokenPart{}}
	spoken := s.Advisor.Speaker != nil && s.spoken()[report.Lang]
	for _, p := range report.Parts {
		one := spokenPart{p, []string{}}
		if spoken {
			one.Sound = append(one.Sound, fmt.Sprintf("/v1/village/sound/%s?lang=%s", p.Key, report.Lang))
		}
		if p.Short {
			r.Sound = append(r.Sound, one.Sound...)
		}
		r.Parts = append(r.Parts, one)
	}
	return c.JSON(http.StatusOK, r)
}

// villageSound is GET /v1/village/sound/{part}: a part of it as it stands now, said.
func (s *Server) villageSound(c echo.Context) error {
	report, err := s.report(c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(report.Parts, func(p ReportPart) bool { return p.Key == c.Param("part") })
	if i < 0 {
		return &advisory.Error{Code: advisory.NotFound, Hint: "see /v1/village for the parts"}
	}
	speech := s.cut([]advisory.Speech{{Text: report.Parts[i].Text, Lang: report.Lang, Advice: true}})
	if len(speech) == 0 {
		return &advisory.Error{Code: advisory.NoVoice}
	}
	wav, err := s.joined(c, speech)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentType, "audio/wav")
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(wav))
	return nil
}

// report tells it in the language of the request.
func (s *Server) report(c echo.Context) (VillageReport, error) {
	lang, err := setLang(c, c.QueryParam("lang"))
	if err != nil {
		return VillageReport{}, err
	}
	if lang == "" {
		lang = preferred(c.Request())
	}
	if s.Store == nil {
		return VillageReport{}, &advisory.Error{Code: advisory.Internal, Hint: "nothing is recorded on this box; see jembe doctor"}
	}
	return Report(c.Request().Context(), s.Store, s.Advisor, lang)
}
