package edge

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
)

// menuItem is a branch of the guided menu as the page gets it.
type menuItem struct {
	Key      int        `json:"key"`     // to press, 1 to 9; 0 of this week
	Picture  string     `json:"picture"` // /page/pictures.svg#picture
	Label    string     `json:"label"`
	Sound    string     `json:"sound,omitempty"`    // address of label and key; none where the language has no voice
	Number   string     `json:"number,omitempty"`   // of an advice, "2-1-4": asked as a choice
	Document string     `json:"document,omitempty"` // of an advice
	Branches []menuItem `json:"branches,omitempty"` // of what leads further
}

// menu is GET /v1/menu: the tree of what this box can answer, in a language.
func (s *Server) menu(c echo.Context) error {
	lang, err := langOf(c)
	if err != nil {
		return err
	}
	menu := s.Advisor.Library().MenuIn(lang)
	spoken := s.spoken()[lang]
	items := menuItems(menu, nil, lang, spoken, menu.Numbers())
	reply := map[string]any{"lang": lang, "branches": append([]menuItem{}, items...)}
	if s.tellsWeeks() {
		reply["week"] = menuItems(advisory.Menu{weekBranch()}, nil, lang, spoken, nil)[0]
	}
	return c.JSON(http.StatusOK, reply)
}

func menuItems(m advisory.Menu, path []int, lang advisory.Lang, spoken bool, numbers map[string]string) []menuItem {
	var out []menuItem
	for _, b := range m {
		at := append(path[:len(path):len(path)], b.Number)
		item := menuItem{Key: b.Number, Picture: b.Picture, Label: b.Label(lang), Document: b.Document, Number: numbers[b.Document]}
		if spoken {
			item.Sound = fmt.Sprintf("/v1/menu/sound/%s?lang=%s", advisory.FormatNumber(at), lang)
		}
		item.Branches = menuItems(b.Branches, at, lang, spoken, numbers)
		out = append(out, item)
	}
	return out
}

// menuSound is GET /v1/menu/sound/{path}: the label of a branch and the key to press, or the label alone.
func (s *Server) menuSound(c echo.Context) error {
	lang, err := setLang(c, c.QueryParam("lang"))
	if err != nil {
		return err
	}
	branch, ok := s.Advisor.Library().Menu.At(keysOf(c.Param("path"))...)
	if c.Param("path") == "0" {
		branch, ok = weekBranch(), true
	}
	switch {
	case !ok:
		return &advisory.Error{Code: advisory.NotFound, Hint: "see /v1/menu for the branches"}
	case s.Advisor.Speaker == nil || !s.spoken()[lang]:
		return &advisory.Error{Code: advisory.NoVoice}
	}
	speech := branch.Speech(lang)
	if c.QueryParam("only") == "label" {
		speech = speech[:1]
	}
	wav, err := s.joined(c, speech)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "private, max-age=600") // labels are nobody's secret, and are heard again and again
	h.Set(echo.HeaderContentType, "audio/wav")
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(wav))
	return nil
}

// joined renders speech as one WAV file; slower where the request wants it so.
func (s *Server) joined(c echo.Context, speech []advisory.Speech) ([]byte, error) {
	var sounds []advisory.Sound
	for _, part := range speech {
		part.Slow = c.QueryParam("slow") == "1"
		wav, err := s.voice(c.Request().Context(), &piece{speech: part})
		if err != nil {
			return nil, err
		}
		sounds = append(sounds, advisory.Sound{WAV: wav})
	}
	return joinWAV(sounds)
}

// keysOf reads keys as FormatNumber writes them; what is no key becomes one that no menu has.
func keysOf(path string) []int {
	var keys []int
	for part := range strings.SplitSeq(path, "-") {
		key := 0
		if len(part) == 1 {
			key = int(part[0]) - '0'
		}
		keys = append(keys, key)
	}
	return keys
}

// spoken tells which languages have a voice at this moment.
func (s *Server) spoken() map[advisory.Lang]bool {
	can := map[advisory.Lang]bool{}
	for _, l := range s.Languages() {
		can[l.Lang] = l.Spoken
	}
	return can
}
