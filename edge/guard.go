package edge

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
	"jembe/edge/wire"
)

// policy lets the page load what is its own, and nothing else: no inline script or style, no other host.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; media-src 'self' blob:; connect-src 'self'; " +
	"img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// guard stands before every handler: it sets the headers that protect the page, refuses calls that another site's page
// makes through a farmer's browser, and turns a panic into an error that costs one question.
func (s *Server) guard(next echo.HandlerFunc) echo.HandlerFunc {
	sameSite := http.NewCrossOriginProtection()
	return func(c echo.Context) (err error) {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v", r)
			}
		}()
		if err := sameSite.Check(c.Request()); err != nil {
			return badRequest("call this from the box's own page, or from a program")
		}
		return next(c)
	}
}

// fail renders an error as an RFC 9457 problem in the caller's language. What an operator must know is logged, and the
// hints of our own failures stay here: they may name folders.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed || c.Request().Context().Err() != nil {
		return // nobody is waiting any more
	}
	lang, _ := c.Get(langKey).(advisory.Lang)
	if lang == "" {
		lang = preferred(c.Request())
	}
	p := wire.NewProblem(asError(err), lang)
	if he := (*echo.HTTPError)(nil); errors.As(err, &he) && he.Code < 500 {
		p.Status = he.Code // 405 and the like
	}
	if p.Status >= 500 {
		s.Log.Error("request failed", "path", c.Path(), "error", err)
		p.Hint = ""
	}
	if p.Code == advisory.Busy || p.Code == advisory.TooManyTries {
		c.Response().Header().Set("Retry-After", "5")
	}
	c.Response().Header().Set(echo.HeaderContentType, "application/problem+json")
	if err := c.JSON(p.Status, p); err != nil {
		s.Log.Debug("write problem", "error", err)
	}
}

// asError reads the errors of routing and of bodies that are too large, beside our own.
func asError(err error) *advisory.Error {
	own, he, tooLarge := (*advisory.Error)(nil), (*echo.HTTPError)(nil), (*http.MaxBytesError)(nil)
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &tooLarge):
		return &advisory.Error{Code: advisory.TooLarge, Hint: fmt.Sprintf("send at most %d bytes", tooLarge.Limit)}
	case errors.As(err, &he) && he.Code == http.StatusNotFound:
		return &advisory.Error{Code: advisory.NotFound, Hint: "see /openapi.yaml for what there is"}
	case errors.As(err, &he) && he.Code < 500:
		return &advisory.Error{Code: advisory.BadRequest, Hint: "see /openapi.yaml for how to call this"}
	}
	return wire.AsError(err)
}

func badRequest(hint string) error { return &advisory.Error{Code: advisory.BadRequest, Hint: hint} }

// langKey is where a handler leaves the language of the request for fail.
const langKey = "lang"

// setLang reads the language that the request names ("" if none), for the answer and for errors.
func setLang(c echo.Context, tag string) (advisory.Lang, error) {
	lang, ok := advisory.ParseLang(tag)
	if !ok {
		return "", &advisory.Error{Code: advisory.UnknownLang, Hint: "see /v1/status for the languages of this box"}
	}
	c.Set(langKey, lang)
	return lang, nil
}

// langOf is the language that the request names in its address, else the one that its browser asks for.
func langOf(c echo.Context) (advisory.Lang, error) {
	lang, err := setLang(c, c.QueryParam("lang"))
	if lang == "" && err == nil {
		lang = preferred(c.Request())
	}
	return lang, err
}

// preferred gives the first language of Accept-Language that the box has, in the order in which browsers send them; else English.
func preferred(r *http.Request) advisory.Lang {
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		if lang, ok := advisory.ParseLang(tag); ok && lang != "" {
			return lang
		}
	}
	return "en"
}

func etag(data []byte) string {
	sum := sha256.Sum256(data)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}
