package hub

import (
	"bytes"
	"database/sql"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
)

// minisig ends the name of a signature.
const minisig = ".minisig"

var (
	signedName = regexp.MustCompile(`^(content|keys|root-[0-9a-f]{16})\.json$`)
	hexSum     = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// routeContent is what boxes fetch without telling who they are: it is signed, and meant for every farmer.
func (h *Hub) routeContent(e *echo.Echo) {
	e.GET("/v1/line/:file", h.signedFile)
	e.GET("/v1/line/content/:sha256", h.packArchive)
}

// signedFile is GET /v1/line/content.json, keys.json, root-ID.json, and each with .minisig: the version in force.
func (h *Hub) signedFile(c echo.Context) error {
	name, isSignature := strings.CutSuffix(c.Param("file"), minisig)
	if !signedName.MatchString(name) {
		return &advisory.Error{Code: advisory.NotFound}
	}
	s, _, err := lastSigned(c.Request().Context(), h.db.Read, name)
	if errors.Is(err, sql.ErrNoRows) {
		return &advisory.Error{Code: advisory.NotFound, Hint: "nothing was published yet"}
	}
	if err != nil {
		return err
	}
	body, kind := s.Body, "application/json"
	if isSignature {
		body, kind = s.Signature, "text/plain; charset=utf-8"
	}
	c.Response().Header().Set(echo.HeaderContentType, kind)
	c.Response().Header().Set(echo.HeaderCacheControl, "no-cache")
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(body))
	return nil
}

// packArchive is GET /v1/line/content/{sha256}, by range: the archive of a pack that holds. It never changes.
func (h *Hub) packArchive(c echo.Context) error {
	sum := c.Param("sha256")
	var n int
	err := h.db.Read.QueryRowContext(c.Request().Context(),
		`SELECT count(*) FROM packs WHERE sha256 = $1 AND withdrawn_ms IS NULL`, sum).Scan(&n)
	if err != nil {
		return err
	}
	if n == 0 || !hexSum.MatchString(sum) {
		return &advisory.Error{Code: advisory.NotFound}
	}
	in, err := os.Open(filepath.Join(h.contentDir(), sum))
	if err != nil {
		return err
	}
	defer in.Close()
	header := c.Response().Header()
	header.Set("ETag", `"`+sum+`"`)
	header.Set(echo.HeaderCacheControl, "public, max-age=31536000, immutable")
	header.Set(echo.HeaderContentType, "application/zstd")
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, in)
	return nil
}
