package hub

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"

	"jembe/content"
	"jembe/edge/wire"
)

// CopyContent puts the channel into the folder wire.StickContent of a stick, as it is served: the signed files, and the archives that
// are listed, each named by its SHA-256. What is there already is left; what the channel no longer lists stays too, and does no harm.
func (h *Hub) CopyContent(ctx context.Context, stick *os.Root) error {
	s, _, err := lastSigned(ctx, h.db.Read, contentFile)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // nothing was published yet
	}
	if err != nil {
		return err
	}
	c, err := content.ParseChannel(s.Body)
	if err != nil {
		return err
	}
	if err := stick.MkdirAll(wire.StickContent, 0o755); err != nil {
		return err
	}
	for _, p := range c.Packs {
		if err := h.copyArchive(p, stick); err != nil {
			return err
		}
	}
	return h.copySigned(ctx, stick)
}

// copyArchive copies an archive that is not there yet whole.
func (h *Hub) copyArchive(p content.ChannelPack, stick *os.Root) error {
	to := path.Join(wire.StickContent, p.SHA256)
	if st, err := stick.Lstat(to); err == nil && st.Mode().IsRegular() {
		if there, err := sumOf(stick, to); err == nil && there == p.SHA256 {
			return nil
		}
	}
	in, err := os.Open(filepath.Join(h.contentDir(), p.SHA256))
	if err != nil {
		return err
	}
	defer in.Close()
	if err := stick.RemoveAll(to + ".part"); err != nil {
		return err
	}
	out, err := stick.OpenFile(to+".part", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return err
	}
	return stick.Rename(to+".part", to)
}

// sumOf gives the SHA-256 of a file on a stick, in hexadecimal.
func sumOf(stick *os.Root, name string) (string, error) {
	f, err := stick.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}

// copySigned copies the signed files in force; content.json last, because a box looks for it first.
func (h *Hub) copySigned(ctx context.Context, stick *os.Root) error {
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
		to := path.Join(wire.StickContent, name)
		if err := errors.Join(wire.WriteSealed(stick, to+minisig, s.Signature), wire.WriteSealed(stick, to, s.Body)); err != nil {
			return err
		}
	}
	return rows.Err()
}
