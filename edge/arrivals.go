package edge

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"jembe/advisory"
	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// documentKey tells documents apart.
type documentKey struct {
	id   string
	lang advisory.Lang
}

// seenDocument is a document as the box has taken note of it.
type seenDocument struct {
	documentKey
	title string
	first bool   // it was there when the box began to look
	came  int64  // Unix ms; 0: the clock did not tell
	fills string // the concept on which many questions had found no answer; "": none
	gone  bool
}

// SeeDocuments takes note of the documents in use: which have come since it looked first, which of these fill a gap in what was
// answered here, and which are in use no longer. Nothing is written where nothing has changed.
func (s *Store) SeeDocuments(ctx context.Context, docs []*advisory.Document) error {
	wall, trust, err := s.Clock(ctx)
	if err != nil {
		return err
	}
	if trust == wire.ClockUnknown {
		wall = 0
	}
	return s.explain(s.with(ctx, func(db *sqlite.DB) error {
		seen, err := seenDocuments(ctx, db.Read)
		if err != nil {
			return err
		}
		l := look(seen, docs)
		if len(l.new)+len(l.back)+len(l.gone) == 0 {
			return nil
		}
		tx, err := db.Write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if err := l.keep(ctx, tx, wall); err != nil {
			return fmt.Errorf("note the documents in use: %w", err)
		}
		return tx.Commit()
	}))
}

// seenDocuments gives all documents that the box has taken note of, in the order in which they came.
func seenDocuments(ctx context.Context, db *sql.DB) ([]seenDocument, error) {
	rows, err := db.QueryContext(ctx, `SELECT id, lang, title, first, came_ms, fills, gone FROM documents ORDER BY n`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []seenDocument
	for rows.Next() {
		var d seenDocument
		if err := rows.Scan(&d.id, &d.lang, &d.title, &d.first, &d.came, &d.fills, &d.gone); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// looking is what has changed in the documents in use.
type looking struct {
	first           bool // nothing was noted before
	new, back, gone []*advisory.Document
	covered         map[string]bool // crops and animals of the documents that were in use before
	filled          map[string]bool // gaps that a document in use fills already
}

// look holds the documents in use against those seen.
func look(seen []seenDocument, docs []*advisory.Document) looking {
	l := looking{first: len(seen) == 0, covered: map[string]bool{}, filled: map[string]bool{}}
	was := map[documentKey]seenDocument{}
	for _, d := range seen {
		was[d.documentKey] = d
	}
	for _, d := range docs {
		k := documentKey{d.ID, d.Lang}
		before, known := was[k]
		delete(was, k)
		if !known {
			l.new = append(l.new, d)
			continue
		}
		if before.gone {
			l.back = append(l.back, d)
		}
		l.filled[before.fills] = true
		for _, c := range slices.Concat(d.Crops, d.Animals) {
			l.covered[c] = true
		}
	}
	for k, d := range was {
		if !d.gone {
			l.gone = append(l.gone, &advisory.Document{ID: k.id, Lang: k.lang})
		}
	}
	slices.SortFunc(l.new, func(a, b *advisory.Document) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Lang, b.Lang)) })
	return l
}

// keep writes the changes; wall is when the new ones came.
func (l looking) keep(ctx context.Context, tx *sql.Tx, wall int64) error {
	gaps, err := countsOf(ctx, tx, countGap)
	if err != nil {
		return err
	}
	fills := map[string]string{} // by id: in each language a document fills the same gap
	for _, d := range l.new {
		if _, known := fills[d.ID]; !known && !l.first {
			fills[d.ID] = l.fills(d, gaps)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO documents (id, lang, title, first, came_ms, fills, gone) VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id, lang) DO NOTHING`,
			d.ID, string(d.Lang), d.Title, l.first, wall, fills[d.ID])
		if err != nil {
			return err
		}
	}
	for gone, docs := range map[bool][]*advisory.Document{false: l.back, true: l.gone} {
		for _, d := range docs {
			if _, err := tx.ExecContext(ctx, `UPDATE documents SET gone = ? WHERE id = ? AND lang = ?`, gone, d.ID, string(d.Lang)); err != nil {
				return err
			}
		}
	}
	return nil
}

// fills gives the concept asked about most often without an answer to which a new document is one: its topics, and the crops and
// animals of which there was nothing before. Questions of fewer than advisory.SmallCount stay untold, and so does a gap filled before.
func (l looking) fills(d *advisory.Document, gaps map[string]int64) string {
	of := slices.Clone(d.Topics)
	for _, c := range slices.Concat(d.Crops, d.Animals) {
		if !l.covered[c] {
			of = append(of, c)
		}
	}
	best := ""
	for _, c := range slices.Sorted(slices.Values(of)) {
		if n := gaps[c]; n >= advisory.SmallCount && n > gaps[best] && !l.filled[c] {
			best = c
		}
	}
	if best != "" {
		l.filled[best] = true
	}
	return best
}

// countsOf gives the counts whose name begins so, by what follows.
func countsOf(ctx context.Context, tx *sql.Tx, prefix string) (map[string]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT substr(name, ?), n FROM counts WHERE substr(name, 1, ?) = ?`, len(prefix)+1, len(prefix), prefix)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var name string
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			return nil, err
		}
		out[name] = n
	}
	return out, rows.Err()
}
