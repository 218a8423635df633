package hub

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jembe/edge/wire"
)

// The tasks of the hub's upkeep.
const (
	taskBackup    = "backup"
	taskRetention = "retention"
)

// How often the hub looks whether a task is due, and how soon one that failed is tried again at the earliest.
const (
	upkeepLook  = time.Minute
	upkeepRetry = time.Hour
)

// trustedGap is how long the hub may have been off for its clock to be believed at once. After a longer time what is old is erased only
// when a day later the clock still says so: one that jumped is given a day to be put right.
const trustedGap = 40 * 24 * time.Hour

// Upkeep is how a task of the hub went.
type Upkeep struct {
	TriedMS int64  // Unix time of the last try; 0: none
	DoneMS  int64  // of the last that succeeded; 0: none
	Trouble string // why the last try failed; "": it did not
}

// keepHouse does what is due until the context ends: the backup, where a folder is given for it, and what the days of things ask.
func (h *Hub) keepHouse(ctx context.Context) {
	for {
		if h.BackupDir != "" {
			h.keepUp(ctx, taskBackup, h.BackupEvery, func(ctx context.Context, _ Upkeep) error { return h.regularBackup(ctx) })
		}
		h.keepUp(ctx, taskRetention, 24*time.Hour, h.regularRetention)
		select {
		case <-ctx.Done():
			return
		case <-time.After(upkeepLook):
		}
	}
}

func (h *Hub) regularRetention(ctx context.Context, before Upkeep) error {
	if gap := h.now() - before.DoneMS; gap > trustedGap.Milliseconds() {
		h.Log.Info("what is old is erased in a day, if the clock still says so then")
		return nil
	}
	return h.retain(ctx)
}

// keepUp does a task that is due, and notes how it went. Of several programs on one database one does it.
func (h *Hub) keepUp(ctx context.Context, task string, every time.Duration, do func(ctx context.Context, before Upkeep) error) {
	before, err := h.Upkeep(ctx, task)
	now := h.now()
	due := before.DoneMS > now || now-before.DoneMS >= every.Milliseconds()
	tried := before.Trouble != "" && before.TriedMS <= now && now-before.TriedMS < min(upkeepRetry, every).Milliseconds()
	if err == nil && (!due || tried) {
		return
	}
	if err == nil {
		err = h.beginUpkeep(ctx, task, before.TriedMS, now)
	}
	if errors.Is(err, errOtherUpkeep) {
		return
	}
	if err == nil {
		err = do(ctx, before)
	}
	if ctx.Err() != nil {
		return // the hub ends: the next start does it
	}
	if err := h.noteUpkeep(ctx, task, err); err != nil {
		h.Log.Error("note how the upkeep went", "task", task, "error", err)
	}
	if err != nil {
		h.Log.Error("upkeep of the hub", "task", task, "error", err)
	}
}

// beginUpkeep claims a task that was last tried at a time.
func (h *Hub) beginUpkeep(ctx context.Context, task string, tried, now int64) error {
	if _, err := h.db.Write.ExecContext(ctx, `INSERT INTO upkeep (task, tried_ms, done_ms, trouble) VALUES ($1, 0, 0, '') ON CONFLICT (task) DO NOTHING`, task); err != nil {
		return err
	}
	res, err := h.db.Write.ExecContext(ctx, `UPDATE upkeep SET tried_ms = $1 WHERE task = $2 AND tried_ms = $3`, now, task, tried)
	return oneRow(res, err, errOtherUpkeep)
}

// noteUpkeep keeps how a task went.
func (h *Hub) noteUpkeep(ctx context.Context, task string, failed error) error {
	now, done, trouble := h.now(), h.now(), ""
	if failed != nil {
		e := wire.AsError(failed)
		if done, trouble = 0, e.Hint; e.Err != nil {
			trouble = e.Err.Error() + "; " + e.Hint
		}
	}
	_, err := h.db.Write.ExecContext(ctx, `INSERT INTO upkeep (task, tried_ms, done_ms, trouble) VALUES ($1, $2, $3, $4) ON CONFLICT (task)
		DO UPDATE SET tried_ms = $2, done_ms = CASE WHEN $4 = '' THEN $3 ELSE upkeep.done_ms END, trouble = $4`, task, now, done, trouble)
	return err
}

// Upkeep tells how a task went; the zero value where it was never tried.
func (h *Hub) Upkeep(ctx context.Context, task string) (u Upkeep, err error) {
	err = h.db.Read.QueryRowContext(ctx, `SELECT tried_ms, done_ms, trouble FROM upkeep WHERE task = $1`, task).Scan(&u.TriedMS, &u.DoneMS, &u.Trouble)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return u, err
}

// LastBackup tells how the last backup went, by hand or by itself.
func (h *Hub) LastBackup(ctx context.Context) (Upkeep, error) { return h.Upkeep(ctx, taskBackup) }
