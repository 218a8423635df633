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
	settingOffice  = "office"  // wire.Settings, as the hub signed them
	settingRefused = "refused" // Refusal
)

// SaveOffice keeps what the office has set, until it sets something else.
func (s *Store) SaveOffice(ctx context.Context, office wire.Settings) error {
	if err := office.Validate(); err != nil {
		return err
	}
	return s.saveSetting(ctx, settingOffice, office)
}

// Office gives what the office has set; the zero value while it has set nothing.
func (s *Store) Office(ctx context.Context) (office wire.Settings, err error) {
	err = s.setting(ctx, settingOffice, &office)
	return office, err
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
