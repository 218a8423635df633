package hub

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// A backup is a tar by zstd, which stock tools open: backup.json says whose it is; tables/NAME-000001.jsonl hold the rows of each
// table, a JSON object a line, bytes in base64; files/ holds the keys and whatever else is in the data folder; SHA256SUMS comes last.
const (
	archiveHead  = "backup.json"
	archiveSums  = "SHA256SUMS"
	archiveRows  = "tables/"
	archiveFiles = "files/"
)

// chunkBytes of rows go into one entry of the archive, about.
const chunkBytes = 4 << 20

// backupHead is backup.json.
type backupHead struct {
	Format int    `json:"format"` // 1
	Hub    string `json:"hub"`    // fingerprint of its key
	Made   int64  `json:"made_ms"`
}

var (
	createTable   = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)
	columnPattern = regexp.MustCompile(`^[a-z_0-9]+$`)
)

// tables are those of the migrations in the order in which they were made: none refers to a later one.
func tables() ([]string, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var out []string
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for _, m := range createTable.FindAllSubmatch(text, -1) {
			out = append(out, string(m[1]))
		}
	}
	return out, nil
}

// archiveWriter writes a backup.
type archiveWriter struct {
	zstd *zstd.Encoder
	tar  *tar.Writer
	sums bytes.Buffer
}

func newArchiveWriter(w io.Writer) (*archiveWriter, error) {
	z, err := zstd.NewWriter(w)
	if err != nil {
		return nil, err
	}
	return &archiveWriter{zstd: z, tar: tar.NewWriter(z)}, nil
}

// entry adds a file to the archive.
func (a *archiveWriter) entry(name string, data []byte) error {
	sum := sha256.Sum256(data)
	fmt.Fprintf(&a.sums, "%x  %s\n", sum, name)
	if err := a.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(data)), ModTime: time.Unix(0, 0)}); err != nil {
		return err
	}
	_, err := a.tar.Write(data)
	return err
}

// table adds all rows of a table, by its primary key.
func (a *archiveWriter) table(ctx context.Context, tx *sql.Tx, name string) error {
	order := ""
	if name == "events" {
		order = " ORDER BY device, epoch, seq" // so that the chains can be recomputed as it is read
	}
	rows, err := tx.QueryContext(ctx, "SELECT * FROM "+name+order)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	var chunk []byte
	parts := 0
	flush := func() error {
		parts++
		data := chunk
		chunk = nil
		return a.entry(fmt.Sprintf("%s%s-%06d.jsonl", archiveRows, name, parts), data)
	}
	for rows.Next() {
		line, err := encodeRow(rows, columns)
		if err != nil {
			return err
		}
		if chunk = append(append(chunk, line...), '\n'); len(chunk) >= chunkBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return flush()
}

// blob is a value of bytes in a row.
type blob struct {
	Bytes []byte `json:"bytes"`
}

func encodeRow(rows *sql.Rows, columns []string) ([]byte, error) {
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	if err := rows.Scan(places...); err != nil {
		return nil, err
	}
	row := map[string]any{}
	for i, v := range values {
		if b, ok := v.([]byte); ok {
			v = blob{b}
		}
		row[columns[i]] = v
	}
	return json.Marshal(row)
}

// inBackup reports whether a file of the data folder goes into a backup, and comes back out of one.
func inBackup(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return first != "backups" && first != "serving.json" && first != "certificate.pem" && !strings.HasPrefix(first, "hub.db") && !strings.HasPrefix(first, ".")
}

// files adds what stands in the data folder, but for the database, other backups, and what is made anew at a start.
func (a *archiveWriter) files(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		switch {
		case d.IsDir() && rel == "backups":
			return filepath.SkipDir
		case !d.Type().IsRegular() || !inBackup(filepath.ToSlash(rel)):
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return a.entry(archiveFiles+filepath.ToSlash(rel), data)
	})
}

// close ends the archive with the sums.
func (a *archiveWriter) close() error {
	if err := a.entry(archiveSums, a.sums.Bytes()); err != nil {
		return err
	}
	if err := a.tar.Close(); err != nil {
		return err
	}
	return a.zstd.Close()
}

// maxEntry is the largest entry of an archive that is read, in bytes: a recording or a pack, and not a bomb.
const maxEntry = 1 << 30

// readArchive calls do with every entry of a backup, in order, and then compares the sums. What do has done by then must be undone
// when there is an error.
func readArchive(path string, do func(name string, data []byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := zstd.NewReader(bufio.NewReader(f))
	if err != nil {
		return err
	}
	defer z.Close()
	var sums bytes.Buffer
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if err != nil {
			return damaged("%s is no backup of a hub, or ends early: %v", filepath.Base(path), err)
		}
		if h.Typeflag != tar.TypeReg || h.Size > maxEntry || !fs.ValidPath(h.Name) {
			return damaged("%s holds %q, which no backup has", filepath.Base(path), h.Name)
		}
		data, err := io.ReadAll(t)
		if err != nil {
			return damaged("%s: %v", filepath.Base(path), err)
		}
		if h.Name == archiveSums {
			if !bytes.Equal(data, sums.Bytes()) {
				return damaged("%s has changed since it was made", filepath.Base(path))
			}
			return nil
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), h.Name)
		if err := do(h.Name, data); err != nil {
			return err
		}
	}
}

// eachRow calls do with every row of an entry of a table.
func eachRow(data []byte, do func(map[string]any) error) error {
	for line := range bytes.Lines(data) {
		d := json.NewDecoder(bytes.NewReader(line))
		d.UseNumber()
		raw := map[string]any{}
		if err := d.Decode(&raw); err != nil {
			return damaged("a row of the backup: %v", err)
		}
		for k, v := range raw {
			value, err := decodeValue(v)
			if err != nil {
				return err
			}
			raw[k] = value
		}
		if err := do(raw); err != nil {
			return err
		}
	}
	return nil
}

// decodeValue gives a value as the database takes it.
func decodeValue(v any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, nil
		}
		return v.Float64()
	case map[string]any:
		text, err := json.Marshal(v)
		var b blob
		if err == nil {
			err = json.Unmarshal(text, &b)
		}
		return b.Bytes, err
	}
	return v, nil
}

// tableOf gives the table of an entry's name; "" where it is none.
func tableOf(entry string) string {
	name, ok := strings.CutPrefix(entry, archiveRows)
	if !ok {
		return ""
	}
	at := strings.LastIndex(name, "-")
	if at < 0 {
		return ""
	}
	return name[:at]
}
