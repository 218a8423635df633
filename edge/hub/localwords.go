package hub

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/wire"
)

// Ruling is what the office has ruled of a local word.
type Ruling string

// The rulings.
const (
	WordWaits    Ruling = "" // nobody has ruled
	WordApproved Ruling = "approved"
	WordRefused  Ruling = "refused"
)

// ReportedWord is a local word that boxes have, or that the office has ruled of.
type ReportedWord struct {
	advisory.LocalWord
	Key      string   // of advisory.LocalWord
	Villages []string // whose boxes have it, each once, in order
	Boxes    int
	Others   []string // ids of what else the name means elsewhere
	Ruling   Ruling
	RuledMS  int64 // Unix time; 0: nobody has
	RuledBy  string
}

// mostBoxWords is how many words of a box are kept, more than a box takes: one may be hostile.
const mostBoxWords = 600

var langPattern = regexp.MustCompile(`^[a-z]{2,3}$`)

// wordOf gives what an event says of a local word; nil when it says nothing that can be kept.
func wordOf(e wire.Event) *advisory.WordChange {
	if e.Kind != advisory.KindWord || e.Word == nil {
		return nil
	}
	w := *e.Word
	var err error
	if w.LocalWord, err = w.Shape(); err != nil || !storable(w.Name) || !langPattern.MatchString(string(w.Lang)) || plain(w.Concept) != w.Concept || w.Concept == "" {
		return nil
	}
	return &w
}

// noteWords keeps which local words the box has: the last event of a name tells.
func (r *record) noteWords(ctx context.Context, tx *transaction, lines []entry, now int64) error {
	for _, e := range lines {
		if e.word == nil {
			continue
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM local_words WHERE device = $1 AND lang = $2 AND key = $3`, r.device, string(e.word.Lang), e.word.Key())
		if err != nil {
			return err
		}
		if e.word.Removed {
			continue
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO local_words (device, lang, key, name, concept, since_ms)
			SELECT device, $2, $3, $4, $5, CAST($6 AS BIGINT) FROM devices
			WHERE device = $1 AND (SELECT count(*) FROM local_words WHERE device = $1) < CAST($7 AS BIGINT)`,
			r.device, string(e.word.Lang), e.word.Key(), e.word.Name, e.word.Concept, now, mostBoxWords)
		if err != nil {
			return err
		}
	}
	return nil
}

// LocalWords gives the words that boxes in service have or that were ruled of: first those that wait, those of most boxes first.
func (h *Hub) LocalWords(ctx context.Context) ([]ReportedWord, error) {
	all, err := h.ruledWords(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := h.db.Read.QueryContext(ctx, `SELECT w.lang, w.key, w.concept, w.name, d.village FROM local_words w JOIN devices d ON d.device = w.device
		WHERE d.revoked_ms IS NULL ORDER BY w.lang, w.key, w.concept, d.village`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var w ReportedWord
		var village string
		if err := rows.Scan(&w.Lang, &w.Key, &w.Concept, &w.Name, &village); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(a ReportedWord) bool { return a.Lang == w.Lang && a.Key == w.Key && a.Concept == w.Concept })
		if i < 0 {
			all, i = append(all, w), len(all)
		}
		if all[i].Boxes++; village != "" && !slices.Contains(all[i].Villages, village) {
			all[i].Villages = append(all[i].Villages, village)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i, w := range all {
		for _, other := range all {
			if w.Key == other.Key && w.Lang == other.Lang && w.Concept != other.Concept {
				all[i].Others = append(all[i].Others, other.Concept)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b ReportedWord) int {
		return cmp.Or(cmp.Compare(a.RuledMS, b.RuledMS), cmp.Compare(b.Boxes, a.Boxes))
	})
	return all, nil
}

// ruledWords gives the words that were ruled of.
func (h *Hub) ruledWords(ctx context.Context) ([]ReportedWord, error) {
	rows, err := h.db.Read.QueryContext(ctx, `SELECT lang, key, concept, name, ruling, ruled_ms, ruled_by FROM word_rulings ORDER BY lang, key, concept`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []ReportedWord
	for rows.Next() {
		var w ReportedWord
		if err := rows.Scan(&w.Lang, &w.Key, &w.Concept, &w.Name, &w.Ruling, &w.RuledMS, &w.RuledBy); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, rows.Err()
}

// refusedWords gives the words of a box that the office has refused.
func (h *Hub) refusedWords(ctx context.Context, device string) ([]advisory.LocalWord, error) {
	rows, err := h.db.Read.QueryContext(ctx, `SELECT w.name, w.concept, w.lang FROM local_words w
		JOIN word_rulings r ON r.lang = w.lang AND r.key = w.key AND r.concept = w.concept
		WHERE w.device = $1 AND r.ruling = $2 ORDER BY w.lang, w.key`, device, string(WordRefused))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []advisory.LocalWord
	for rows.Next() {
		var w advisory.LocalWord
		if err := rows.Scan(&w.Name, &w.Concept, &w.Lang); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, rows.Err()
}

// RuleWord approves or refuses a local word that boxes have or that was ruled of before, and publishes what follows from it. NotFound
// when there is none; a *advisory.WordError within the error says why the library cannot take what is approved.
func (h *Hub) RuleWord(ctx context.Context, by Deed, word advisory.LocalWord, ruling Ruling) error {
	all, err := h.LocalWords(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(w ReportedWord) bool {
		return w.Lang == word.Lang && w.Key == word.Key() && w.Concept == word.Concept
	})
	if i < 0 {
		return &advisory.Error{Code: advisory.NotFound}
	}
	w := all[i]
	if ruling == WordApproved {
		if err := checkApproved(w, all); err != nil {
			return err
		}
	}
	err = h.staff.do(ctx, by.did("local word "+string(ruling), fmt.Sprintf("%s %s = %s", w.Lang, w.Name, w.Concept)), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO word_rulings (lang, key, concept, name, ruling, ruled_ms, ruled_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (lang, key, concept) DO UPDATE SET ruling = excluded.ruling, ruled_ms = excluded.ruled_ms, ruled_by = excluded.ruled_by`,
			string(w.Lang), w.Key, w.Concept, w.Name, string(ruling), h.now(), by.Actor)
		return err
	})
	if err != nil {
		return err
	}
	return h.publishWords(ctx, by.Actor)
}

// checkApproved holds a word against the library that boxes come with, and the words approved before.
func checkApproved(w ReportedWord, all []ReportedWord) error {
	starter, err := content.Starter()
	if err != nil {
		return err
	}
	var docs []*advisory.Document
	for _, d := range starter.Documents {
		docs = append(docs, &d.Document)
	}
	lexicon := advisory.NewLexicon(starter.Concepts).With(approved(slices.DeleteFunc(slices.Clone(all), func(o ReportedWord) bool {
		return o.Lang == w.Lang && o.Key == w.Key && o.Concept == w.Concept
	})))
	_, err = lexicon.CheckWord(w.LocalWord, docs)
	return err
}

// approved gives the words that were approved.
func approved(all []ReportedWord) []advisory.LocalWord {
	var out []advisory.LocalWord
	for _, w := range all {
		if w.Ruling == WordApproved {
			out = append(out, w.LocalWord)
		}
	}
	return out
}
