package hub

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"jembe/advisory"
	"jembe/edge/durable"
)

// Backup writes the whole hub, keys and all, into a new file of a folder ("": <data>/backups), reads it back, and recomputes its
// chains. Only then are its events safe: boxes may delete them after 30 days. It works beside a running serve.
func (h *Hub) Backup(ctx context.Context, dir string) (path string, v Verified, err error) {
	if dir == "" {
		dir = filepath.Join(h.Data, "backups")
	}
	if path, v, err = h.backup(ctx, dir, byHand); err == nil {
		err = h.noteUpkeep(ctx, taskBackup, nil)
	}
	return path, v, err
}

// backup makes a backup whose name begins as told. The path of one that does not verify is given too.
func (h *Hub) backup(ctx context.Context, dir, name string) (path string, v Verified, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", v, folderError(dir, err)
	}
	path = filepath.Join(dir, name+h.clock().UTC().Format("20060102-150405.000")+".tar.zst")
	if err := h.writeBackup(ctx, path); err != nil {
		return "", v, folderError(dir, err)
	}
	head, v, known, err := readBackup(path)
	if err != nil {
		return path, v, err
	}
	if head.Hub != h.Fingerprint() {
		return path, v, damaged("%s is another hub's", path)
	}
	return path, v, h.db.write(ctx, func(tx *sql.Tx) error {
		for at, e := range known {
			_, err := tx.ExecContext(ctx, `UPDATE epochs SET safe = $1 WHERE device = $2 AND epoch = $3 AND safe < $1 AND through >= $1`, e.through, at.device, at.epoch)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// unfinished begins the name of a backup that is being written.
const unfinished = ".backup-"

// writeBackup writes the archive so that it is there whole, or not at all.
func (h *Hub) writeBackup(ctx context.Context, path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), unfinished)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails when the rename has succeeded
	if err := errors.Join(h.archive(ctx, f), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return durable.SyncDir(filepath.Dir(path))
}

func (h *Hub) archive(ctx context.Context, f *os.File) error {
	a, err := newArchiveWriter(f)
	if err != nil {
		return err
	}
	head, err := json.Marshal(backupHead{1, h.Fingerprint(), h.now()})
	if err != nil {
		return err
	}
	if err := a.entry(archiveHead, head); err != nil {
		return err
	}
	names, err := tables()
	if err != nil {
		return err
	}
	err = h.db.snapshot(ctx, func(tx *sql.Tx) error {
		for _, name := range names {
			if err := a.table(ctx, tx, name); err != nil {
				return fmt.Errorf("table %s: %w", name, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := a.files(h.Data); err != nil { // after the tables: a file that a row names is there
		return err
	}
	return a.close()
}

// VerifyBackup reads a backup, compares its sums, and recomputes its chains.
func VerifyBackup(path string) (Verified, error) {
	_, v, _, err := readBackup(path)
	return v, err
}

// readBackup verifies a backup, and gives how far each epoch has come in it.
func readBackup(path string) (head backupHead, v Verified, known map[place]extent, err error) {
	known = map[place]extent{}
	c := newChains()
	err = readArchive(path, func(name string, data []byte) error {
		if name == archiveHead {
			return json.Unmarshal(data, &head)
		}
		switch tableOf(name) {
		case "devices":
			return eachRow(data, func(map[string]any) error { v.Devices++; return nil })
		case "events":
			return eachRow(data, func(r map[string]any) error {
				return c.add(row{text(r["device"]), text(r["epoch"]), text(r["kind"]), integer(r["seq"]), []byte(text(r["body"]))})
			})
		case "epochs":
			return eachRow(data, func(r map[string]any) error {
				at, e := place{text(r["device"]), text(r["epoch"])}, extent{through: integer(r["through"]), erased: integer(r["erased"])}
				head, _ := r["head"].([]byte)
				copy(e.head[:], head)
				head, _ = r["erased_head"].([]byte)
				copy(e.erasedHead[:], head)
				known[at] = e
				c.begin(at, e) // the table comes before that of the events
				return nil
			})
		}
		return nil
	})
	if err == nil && head.Format != 1 {
		err = &advisory.Error{Code: advisory.BadRequest, Hint: "this is no backup of a hub, or one by a newer program"}
	}
	if err == nil {
		err = c.compare(known)
	}
	v.Events, v.Rejected, v.Repeated, v.Epochs = c.events, c.rejected, c.repeated, len(known)
	return head, v, known, err
}

func text(v any) string   { s, _ := v.(string); return s }
func integer(v any) int64 { n, _ := v.(int64); return n }

// Restore brings a hub back from a backup: its record, its keys and its files. The hub must be empty, and not serve; with force
// what is there is put into a backup of its own first. The backup is verified before anything changes.
func Restore(ctx context.Context, c Config, path string, force bool) (v Verified, err error) {
	_, v, _, err = readBackup(path)
	if err != nil {
		return v, err
	}
	if held, err := durable.Lock(filepath.Join(c.Data, "key"), unix.LOCK_EX|unix.LOCK_NB); err == nil {
		defer held.Close()
	} else if errors.Is(err, unix.EWOULDBLOCK) {
		return v, &advisory.Error{Code: advisory.Busy, Hint: "stop jembe-hub serve on " + c.Data + " first", Err: err}
	}
	h, err := Open(ctx, c)
	if err != nil {
		return v, err
	}
	defer h.Close()
	var rows int
	if err := h.db.Read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM devices) + (SELECT count(*) FROM invitations)`).Scan(&rows); err != nil {
		return v, err
	}
	if rows > 0 && !force {
		return v, &advisory.Error{Code: advisory.BadRequest, Hint: "this hub is not empty: choose another --data folder, or give --force to put what it has into a backup first"}
	}
	if rows > 0 {
		if _, _, err := h.Backup(ctx, ""); err != nil {
			return v, fmt.Errorf("keep what is there: %w", err)
		}
	}
	return v, h.load(ctx, path)
}

// load replaces all rows, and the files, by those of a verified backup. Nobody is signed in by it again, and an invitation that was open
// then may have been used since, or taken back: the office makes a new one.
func (h *Hub) load(ctx context.Context, path string) error {
	names, err := tables()
	if err != nil {
		return err
	}
	return h.db.write(ctx, func(tx *sql.Tx) error {
		for _, name := range slices.Backward(names) {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+name); err != nil {
				return err
			}
		}
		err := readArchive(path, func(entry string, data []byte) error {
			if file, ok := strings.CutPrefix(entry, archiveFiles); ok {
				return h.loadFile(file, data)
			}
			name := tableOf(entry)
			if name == "" || name == "sessions" {
				return nil
			}
			if !slices.Contains(names, name) {
				return &advisory.Error{Code: advisory.BadRequest, Hint: "the backup is of a newer jembe-hub: it has a table " + name}
			}
			return loadRows(ctx, tx, name, data)
		})
		if err == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM invitations WHERE device IS NULL`)
		}
		return err
	})
}

func (h *Hub) loadFile(name string, data []byte) error {
	if !inBackup(name) {
		return damaged("the backup holds %q, which no backup has", name)
	}
	path := filepath.Join(h.Data, filepath.FromSlash(name)) // a valid path, without ..: readArchive sees to it
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return durable.WriteFile(path, data)
}

// loadRows inserts the rows of one entry.
func loadRows(ctx context.Context, tx *sql.Tx, name string, data []byte) error {
	var columns []string
	var rows [][]any
	err := eachRow(data, func(r map[string]any) error {
		if columns == nil {
			for k := range r {
				if !columnPattern.MatchString(k) {
					return damaged("the backup has a column %q", k)
				}
				columns = append(columns, k)
			}
		}
		var values []any
		for _, k := range columns {
			values = append(values, r[k])
		}
		rows = append(rows, values)
		return nil
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	return preparing(tx).insert(ctx, "INSERT INTO "+name+" ("+strings.Join(columns, ", ")+") VALUES ", "", rows)
}
