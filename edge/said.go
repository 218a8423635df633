package edge

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
)

// messageSound is GET /v1/messages/{key}/sound: a text of the page, said. A farmer who does not read must hear what is asked of them.
func (s *Server) messageSound(c echo.Context) error {
	lang, err := langOf(c)
	if err != nil {
		return err
	}
	text, known := messageSaid(lang, c.Param("key"))
	switch {
	case !known || strings.Contains(text, "{"):
		return &advisory.Error{Code: advisory.NotFound}
	case len(s.cut([]advisory.Speech{{Text: text, Lang: lang}})) == 0:
		return &advisory.Error{Code: advisory.NoVoice}
	}
	wav, err := s.voice(c.Request().Context(), &piece{speech: advisory.Speech{Text: text, Lang: lang}})
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "audio/wav", wav)
}

// messageSaid gives a text of the page that is said, by its name, or what the kiosk says beside by its whole key.
func messageSaid(lang advisory.Lang, name string) (text string, known bool) {
	key := "page_" + name
	if strings.HasPrefix(name, "kiosk_") || strings.HasPrefix(name, "error_") || name == "confirm_how" {
		key = name
	}
	text, known = advisory.Messages(lang, "")[key]
	return text, known && advisory.Said(key)
}

// mediaType tells what kind of sound it is: a person's voice comes as it was recorded.
func mediaType(sound []byte) string {
	switch head := string(sound[:min(len(sound), 4)]); head {
	case "\x1a\x45\xdf\xa3":
		return "audio/webm"
	case "OggS":
		return "audio/ogg"
	}
	return "audio/wav"
}
