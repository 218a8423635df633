package edge

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
	"jembe/content"
)

// Glossary is what the page of local words works with beside the Store.
type Glossary struct {
	Documents func() []*advisory.Document     // in use
	Use       func(ctx context.Context) error // takes up what was added or removed, at once
}

// mostLookedUp is how many concepts are shown for a text.
const mostLookedUp = 8

// glossaryRoutes are those of the local words, all behind the operator.
func (s *Server) glossaryRoutes(e *echo.Echo) {
	e.GET("/words", s.wordsPage, s.operator)
	e.GET("/v1/words", s.localWords, s.operator)
	e.POST("/v1/words", s.addWord, s.operator)
	e.POST("/v1/words/removal", s.removeWord, s.operator)
	e.POST("/v1/words/audio", s.hearWord, s.operator)
	e.GET("/v1/words/concepts", s.lookUp, s.operator)
}

// wordsPage is GET /words.
func (s *Server) wordsPage(c echo.Context) error {
	if s.Glossary == nil {
		return echo.ErrNotFound
	}
	return s.pageOf(c, "words.html")
}

// wordLang is the language of the request; NotFound where there are no local words.
func (s *Server) wordLang(c echo.Context) (advisory.Lang, error) {
	if s.Glossary == nil {
		return "", echo.ErrNotFound
	}
	return langOf(c)
}

// shownWord is a local word with what it means, in words.
type shownWord struct {
	KeptWord
	Means   string `json:"means"`
	Picture string `json:"picture"` // "": there is none
	Says    string `json:"says"`    // how far it has come, in words
}

func show(w KeptWord, lang advisory.Lang, lex *advisory.Lexicon) shownWord {
	return shownWord{w, lex.Name(w.Concept, lang), content.PictureOf(w.Concept), advisory.Say(lang, "word_state_"+string(w.State))}
}

// localWords is GET /v1/words: the local words of the box, told in a language.
func (s *Server) localWords(c echo.Context) error {
	lang, err := s.wordLang(c)
	if err != nil {
		return err
	}
	ctx, lex := c.Request().Context(), s.Advisor.Library().Lexicon
	kept, err := s.Store.LocalWords(ctx, lex)
	if err != nil {
		return err
	}
	words := make([]shownWord, len(kept))
	for i, w := range kept {
		words[i] = show(w, lang, lex)
	}
	return c.JSON(http.StatusOK, map[string]any{"lang": lang, "languages": s.languages(ctx), "words": words})
}

// addWord is POST /v1/words: from now on the box understands the name.
func (s *Server) addWord(c echo.Context) error {
	lang, err := s.wordLang(c)
	if err != nil {
		return err
	}
	var body advisory.LocalWord
	if err := readJSON(c, &body); err != nil {
		return err
	}
	ctx, lex := c.Request().Context(), s.Advisor.Library().Lexicon
	word, err := s.Store.AddLocalWord(ctx, body, lex, s.Glossary.Documents())
	if why := (*advisory.WordError)(nil); errors.As(err, &why) {
		return &advisory.Error{Code: advisory.BadWord, Hint: why.Tell(lang, lex)}
	}
	if err != nil {
		return err
	}
	if err := s.Glossary.Use(ctx); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, show(KeptWord{word, WordHere}, lang, lex))
}

// removeWord is POST /v1/words/removal.
func (s *Server) removeWord(c echo.Context) error {
	if _, err := s.wordLang(c); err != nil {
		return err
	}
	var body struct {
		Name string        `json:"name"`
		Lang advisory.Lang `json:"lang"`
	}
	if err := readJSON(c, &body); err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.Store.RemoveLocalWord(ctx, body.Name, body.Lang); err != nil {
		return err
	}
	if err := s.Glossary.Use(ctx); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// hearWord is POST /v1/words/audio: what the recogniser takes a spoken name for, as a hint. The recording is not kept.
func (s *Server) hearWord(c echo.Context) error {
	lang, err := s.wordLang(c)
	if err != nil {
		return err
	}
	if s.Advisor.Transcriber == nil {
		return &advisory.Error{Code: advisory.NoRecogniser}
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
	heard, err := s.Advisor.Transcriber.Transcribe(c.Request().Context(), audio, lang)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"heard": heard.Text})
}

// shownConcept is a concept to choose, with its picture.
type shownConcept struct {
	advisory.Named
	Picture string `json:"picture"` // "": there is none
}

// lookUp is GET /v1/words/concepts: which concepts there are, by a name in any language.
func (s *Server) lookUp(c echo.Context) error {
	lang, err := s.wordLang(c)
	if err != nil {
		return err
	}
	out := []shownConcept{}
	for _, n := range s.Advisor.Library().Lexicon.LookUp(c.QueryParam("find"), lang, mostLookedUp) {
		out = append(out, shownConcept{n, content.PictureOf(n.ID)})
	}
	return c.JSON(http.StatusOK, map[string]any{"concepts": out})
}
