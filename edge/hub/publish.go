package hub

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/durable"
)

// Published is a version of a pack that was published.
type Published struct {
	content.ChannelPack
	ReviewBy  string `json:"review_by,omitempty"`
	At        int64  `json:"published_ms"` // Unix ms
	By        string `json:"published_by"`
	Withdrawn int64  `json:"withdrawn_ms,omitempty"` // Unix ms; 0: it holds
}

// Publication asks for a pack to be published.
type Publication struct {
	Pack     string   // archive, or the folder from which one is made
	By       string   // who publishes
	Corrects []string // documents (LANG/ID, or ID for every language) that were taken back, and that this pack holds corrected
}

// Publish checks a pack as `jembe pack build` does, and puts it into what all boxes are to have. What the guard of every box would
// stop is content.Problems, and so is a pack that cannot be read; a version that is not larger than all before, and a document that
// was taken back, are BadRequest. The warnings are what a reviewer should look at. Nothing changes unless all is in order.
func (h *Hub) Publish(ctx context.Context, p Publication) (Published, content.Problems, error) {
	archive, err := h.takeArchive(p.Pack)
	if err != nil {
		return Published{}, nil, err
	}
	defer os.Remove(archive) // fails when it was put in its place
	pack, err := content.VerifyArchive(archive)
	if err != nil {
		return Published{}, nil, err
	}
	warnings := content.Check(pack)
	if stopped := content.Unsafe(pack); len(stopped) > 0 {
		return Published{}, warnings, stopped
	}
	out := Published{At: h.now(), By: p.By, ReviewBy: firstReview(pack)}
	if out.ChannelPack, err = entryOf(archive, pack.Manifest); err != nil {
		return out, warnings, err
	}
	return out, warnings, h.publishing(ctx, func(tx *sql.Tx) error {
		if err := h.record(ctx, tx, out, pack.Manifest, p.Corrects); err != nil {
			return err
		}
		if err := os.Rename(archive, filepath.Join(h.contentDir(), out.SHA256)); err != nil {
			return folderError(h.Data, err)
		}
		return folderError(h.Data, durable.SyncDir(h.contentDir())) // boxes must find it once they are told
	})
}

// record puts a pack into the tables and into the next content.json.
func (h *Hub) record(ctx context.Context, tx *sql.Tx, p Published, m content.Manifest, corrects []string) error {
	all, err := packs(ctx, tx)
	if err != nil {
		return err
	}
	for _, old := range all {
		if old.Name == p.Name && old.Version == p.Version && old.SHA256 != p.SHA256 {
			return &advisory.Error{Code: advisory.BadRequest, Err: fmt.Errorf("%s was published before with other content, which boxes have and keep", p.ID()),
				Hint: "build the pack with a larger version"}
		}
		if old.Name == p.Name && content.CompareVersions(p.Version, old.Version) <= 0 {
			return &advisory.Error{Code: advisory.BadRequest, Err: fmt.Errorf("%s is not newer than %s, which was published before", p.ID(), old.ID()),
				Hint: "build the pack with a larger version"}
		}
	}
	if err := correct(ctx, tx, m, corrects, p.At); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO packs (name, version, size, sha256, review_by, published_ms, published_by, withdrawn_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '')`, p.Name, p.Version, p.Size, p.SHA256, p.ReviewBy, p.At, p.By)
	if err != nil {
		return err
	}
	_, err = h.issue(ctx, tx)
	return err
}

// correct lets documents that were taken back hold again, as they stand in a pack. One that is not named is refused: boxes would
// leave it out.
func correct(ctx context.Context, tx *sql.Tx, m content.Manifest, corrects []string, at int64) error {
	withdrawn, err := withdrawnDocuments(ctx, tx)
	if err != nil {
		return err
	}
	for _, r := range withdrawn {
		for _, f := range m.Files {
			if !r.Stops(f) {
				continue
			}
			if !slices.Contains(corrects, r.String()) {
				return &advisory.Error{Code: advisory.BadRequest, Err: fmt.Errorf("%s was taken back, and this pack holds it", r),
					Hint: fmt.Sprintf("leave it out, or publish with --corrects %s if it is put right", r)}
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO corrections (document, lang, sha256, corrected_ms) VALUES ($1, $2, $3, $4)`,
				r.Document, string(r.Lang), f.SHA256, at)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// firstReview gives the first day on which a document of the pack wants another look; "" where none has one.
func firstReview(p *content.Pack) string {
	first := ""
	for _, d := range p.Documents {
		if day := d.ReviewBy.Format(time.DateOnly); !d.ReviewBy.IsZero() && (first == "" || day < first) {
			first = day
		}
	}
	return first
}

// Packs gives every version of every pack that was published, oldest first.
func (h *Hub) Packs(ctx context.Context) ([]Published, error) { return packs(ctx, h.db.Read) }

func packs(ctx context.Context, q querier) ([]Published, error) {
	rows, err := q.QueryContext(ctx, `SELECT name, version, size, sha256, review_by, published_ms, published_by, coalesce(withdrawn_ms, 0)
		FROM packs ORDER BY published_ms, name, version`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Published{}
	for rows.Next() {
		var p Published
		if err := rows.Scan(&p.Name, &p.Version, &p.Size, &p.SHA256, &p.ReviewBy, &p.At, &p.By, &p.Withdrawn); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// contentDir holds the archives by their SHA-256.
func (h *Hub) contentDir() string { return filepath.Join(h.Data, "content") }

// incoming begins the name of an archive that is not in its place yet.
const incoming = ".incoming-"

// takeArchive copies an archive into the hub's folder, or makes one there from a folder, and gives its name: what is checked is
// what is published.
func (h *Hub) takeArchive(from string) (string, error) {
	info, err := os.Stat(from)
	if err != nil {
		return "", &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: "name an archive such as office.tar.zst, or the folder of a pack"}
	}
	if err := os.MkdirAll(h.contentDir(), 0o700); err != nil {
		return "", folderError(h.Data, err)
	}
	out, err := os.CreateTemp(h.contentDir(), incoming)
	if err != nil {
		return "", folderError(h.Data, err)
	}
	defer out.Close()
	if info.IsDir() {
		_, _, err = content.Build(from, out.Name(), content.BuildOptions{})
	} else {
		err = copyFile(out, from)
	}
	if err != nil {
		os.Remove(out.Name())
		if problems := (content.Problems)(nil); errors.As(err, &problems) {
			return "", err
		}
		return "", folderError(h.Data, err)
	}
	return out.Name(), nil
}

func copyFile(out *os.File, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync())
}

// entryOf gives the entry of an archive in content.json.
func entryOf(archive string, m content.Manifest) (content.ChannelPack, error) {
	p := content.ChannelPack{Name: m.Name, Version: m.Version}
	in, err := os.Open(archive)
	if err != nil {
		return p, err
	}
	defer in.Close()
	sum := sha256.New()
	if p.Size, err = io.Copy(sum, in); err != nil {
		return p, err
	}
	p.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return p, nil
}

// SignArchive signs the archive of a pack for those who carry it by hand, checked as for Publish; key is the publisher's public key,
// with which a stock minisign checks the signature.
func (h *Hub) SignArchive(ctx context.Context, archive string) (signature []byte, key string, err error) {
	pack, err := content.VerifyArchive(archive)
	if err != nil {
		return nil, "", err
	}
	if stopped := content.Unsafe(pack); len(stopped) > 0 {
		return nil, "", stopped
	}
	keys, err := h.keysInForce(ctx, h.db.Read)
	if err != nil {
		return nil, "", err
	}
	secret, err := h.publisherKey(keys)
	if err != nil {
		return nil, "", err
	}
	raw, err := os.ReadFile(archive)
	if err != nil {
		return nil, "", err
	}
	return content.Sign(secret, raw, "jembe pack "+pack.Manifest.ID()).Signature, publicOf(secret), nil
}
