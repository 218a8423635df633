package edge

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// The names of settings.
const (
	settingOffice  = "office"  // officeSaid, as the hub signed it
	settingRefused = "refused" // Refusal
)

// officeSaid is what the office has set, and when.
type officeSaid struct {
	wire.Settings
	Time int64 `json:"time_ms"` // Unix ms by the hub's clock
}

// SaveOffice keeps what the office has set at a time of its clock (Unix ms), until it sets something else. Now says that it answers a
// request just made; what a stick brought, which may be long out of date, counts only when it is newer than what is kept.
func (s *Store) SaveOffice(ctx context.Context, office wire.Settings, at int64, now bool) error {
	if err := office.Validate(); err != nil {
		return err
	}
	var kept officeSaid
	if err := s.setting(ctx, settingOffice, &kept); err != nil {
		return err
	}
	if !now && at <= kept.Time {
		return nil
	}
	return s.saveSetting(ctx, settingOffice, officeSaid{office, at})
}

// Office gives what the office has set; the zero value while it has set nothing.
func (s *Store) Office(ctx context.Context) (wire.Settings, error) {
	var kept officeSaid
	err := s.setting(ctx, settingOffice, &kept)
	return kept.Settings, err
}

func (s *Store) saveSetting(ctx context.Context, name string, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return s.explain(s.with(ctx, func(db *sqlite.DB) error {
		_, err := db.Write.ExecContext(ctx, `INSERT INTO settings (name, value) VALUES (?, ?)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`, name, string(raw))
		return err
	}))
}

// setting reads a setting; one that was never set leaves value as it is.
func (s *Store) setting(ctx context.Context, name string, value any) error {
	var raw string
	err := s.with(ctx, func(db *sqlite.DB) error {
		return db.Read.QueryRowContext(ctx, `SELECT value FROM settings WHERE name = ?`, name).Scan(&raw)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return s.explain(err)
	}
	if err := json.Unmarshal([]byte(raw), value); err != nil {
		return fmt.Errorf("read setting %s: %w", name, err)
	}
	return nil
}
