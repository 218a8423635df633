package hub

import (
	"bytes"
	"context"
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
	"jembe/content"
	"jembe/edge/durable"
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
	e.GET("/v1/line/content/:sha256", h.archive)
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

// archive is GET /v1/line/content/{sha256}, by range: the archive of a pack that holds. It never changes.
func (h *Hub) archive(c echo.Context) error {
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

// CopyContent puts the channel into a folder of a stick, as it is served: the signed files and the archives that are listed, each
// named by its SHA-256. What is there already is left; what the channel no longer lists stays too, and does no harm.
func (h *Hub) CopyContent(ctx context.Context, dir string) error {
	body, _, err := lastSigned(ctx, h.db.Read, contentFile)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // nothing was published yet
	}
	if err != nil {
		return err
	}
	c, err := content.ParseChannel(body.Body)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return folderError(dir, err)
	}
	for _, p := range c.Packs {
		if err := h.copyArchive(p, filepath.Join(dir, p.SHA256)); err != nil {
			return folderError(dir, err)
		}
	}
	return h.copySigned(ctx, dir)
}

// copyArchive copies an archive that is not there yet whole.
func (h *Hub) copyArchive(p content.ChannelPack, to string) error {
	if st, err := os.Stat(to); err == nil && st.Size() == p.Size {
		return nil
	}
	out, err := os.CreateTemp(filepath.Dir(to), incoming)
	if err != nil {
		return err
	}
	defer os.Remove(out.Name()) // fails when it was put in its place
	_ = out.Chmod(forAll)
	if err := errors.Join(copyFile(out, filepath.Join(h.contentDir(), p.SHA256)), out.Close()); err != nil {
		return err
	}
	return errors.Join(os.Rename(out.Name(), to), durable.SyncDir(filepath.Dir(to)))
}

// copySigned copies the signed files in force; content.json last, because a box looks for it first.
func (h *Hub) copySigned(ctx context.Context, dir string) error {
	rows, err := h.db.Read.QueryContext(ctx, `SELECT name, body, signature FROM signed_files s
		WHERE version = (SELECT max(version) FROM signed_files WHERE name = s.name) ORDER BY name DESC`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var s content.Signed
		if err := rows.Scan(&name, &s.Body, &s.Signature); err != nil {
			return err
		}
		if err := errors.Join(copyBytes(filepath.Join(dir, name+minisig), s.Signature), copyBytes(filepath.Join(dir, name), s.Body)); err != nil {
			return folderError(dir, err)
		}
	}
	return rows.Err()
}

// forAll lets everybody read what is on a stick; many of a stick's file systems keep no modes, and need none.
const forAll = 0o644

func copyBytes(to string, raw []byte) error {
	err := durable.WriteFile(to, raw)
	_ = os.Chmod(to, forAll)
	return err
}
