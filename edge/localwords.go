package edge

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"jembe/advisory"
	"jembe/edge/sqlite"
)

// WordState is how far a local word has come.
type WordState string

// The states.
const (
	WordHere     WordState = "here"     // in use here; the office does not know it yet
	WordSent     WordState = "sent"     // in use here; the office has it
	WordApproved WordState = "approved" // the content has it by now, and so have other boxes
	WordRefused  WordState = "refused"  // by the office: no longer in use
	WordTaken    WordState = "taken"    // the content has the name for something else by now: no longer in use
)

// KeptWord is a local word of this box.
type KeptWord struct {
	advisory.LocalWord
	State WordState `json:"state"`
}

// InUse reports whether it is this box's own doing that the word is understood.
func (w KeptWord) InUse() bool { return w.State == WordHere || w.State == WordSent }

// maxLocalWords is the most local words of a box: many times what a village has.
const maxLocalWords = 500

// LocalWords gives the local words of this box by language and name, as they stand next to the names of the content; nil: of no
// content.
func (s *Store) LocalWords(ctx context.Context, lex *advisory.Lexicon) ([]KeptWord, error) {
	office, err := s.Office(ctx)
	if err != nil {
		return nil, err
	}
	out := []KeptWord{}
	err = s.with(ctx, func(db *sqlite.DB) error {
		rows, err := db.Read.QueryContext(ctx, `SELECT lang, key, name, concept, EXISTS (
				SELECT 1 FROM events e LEFT JOIN sent s ON s.epoch = e.epoch
				WHERE e.seq > coalesce(s.through, 0) AND e.body ->> 'kind' = ?
				AND e.body -> 'word' ->> 'lang' = lang AND e.body -> 'word' ->> 'name' = name)
			FROM local_words ORDER BY lang, key`, string(advisory.KindWord))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			w, key, waits := KeptWord{State: WordSent}, "", false
			if err := rows.Scan(&w.Lang, &key, &w.Name, &w.Concept, &waits); err != nil {
				return err
			}
			if waits {
				w.State = WordHere
			}
			if slices.ContainsFunc(office.RefusedWords, func(r advisory.LocalWord) bool {
				return r.Lang == w.Lang && r.Key() == key && r.Concept == w.Concept
			}) {
				w.State = WordRefused
			}
			out = append(out, w.beside(lex))
		}
		return rows.Err()
	})
	return out, s.explain(err)
}

// beside gives the word as it stands next to the names of the content.
func (w KeptWord) beside(lex *advisory.Lexicon) KeptWord {
	if lex == nil {
		return w
	}
	switch lex.Standing(w.LocalWord) {
	case advisory.WordKnown:
		w.State = WordApproved
	case advisory.WordTaken:
		w.State = WordTaken
	}
	return w
}

// InUse gives the words that the box adds to those of the content.
func InUse(words []KeptWord) []advisory.LocalWord {
	var out []advisory.LocalWord
	for _, w := range words {
		if w.InUse() {
			out = append(out, w.LocalWord)
		}
	}
	return out
}

// AddLocalWord ties a name to a concept, from now on, and tells the office with the next contact. It is checked next to the lexicon in
// use, local words among it, and its documents: an *advisory.WordError within the error says why it cannot be. A word that is tied so already stays.
func (s *Store) AddLocalWord(ctx context.Context, w advisory.LocalWord, lex *advisory.Lexicon, docs []*advisory.Document) (advisory.LocalWord, error) {
	w, err := lex.CheckWord(w, docs)
	if err == nil && Redact(w.Name) != w.Name {
		err = advisory.RefuseWord(advisory.WordPersonal, "")
	}
	if err != nil {
		return w, err
	}
	return w, s.commit(ctx, func(tx *sql.Tx) (mark, error) {
		var concept string
		err := tx.QueryRowContext(ctx, `SELECT concept FROM local_words WHERE lang = ? AND key = ?`, string(w.Lang), w.Key()).Scan(&concept)
		switch {
		case err == nil && concept == w.Concept:
			return mark{}, nil
		case err == nil:
			return mark{}, advisory.RefuseWord(advisory.WordTaken, concept)
		case !errors.Is(err, sql.ErrNoRows):
			return mark{}, err
		}
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM local_words`).Scan(&n); err != nil {
			return mark{}, err
		}
		if n >= maxLocalWords {
			return mark{}, &advisory.Error{Code: advisory.BadRequest, Hint: fmt.Sprintf("a box has at most %d local words: remove one first", maxLocalWords)}
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO local_words (lang, key, name, concept) VALUES (?, ?, ?, ?)`,
			string(w.Lang), w.Key(), w.Name, w.Concept); err != nil {
			return mark{}, err
		}
		return s.add(ctx, tx, advisory.Event{Kind: advisory.KindWord, Word: &advisory.WordChange{LocalWord: w}})
	})
}

// RemoveLocalWord unties a name, and tells the office with the next contact; NotFound when it is none.
func (s *Store) RemoveLocalWord(ctx context.Context, name string, lang advisory.Lang) error {
	return s.commit(ctx, func(tx *sql.Tx) (mark, error) {
		w := advisory.LocalWord{Name: name, Lang: lang}
		err := tx.QueryRowContext(ctx, `DELETE FROM local_words WHERE lang = ? AND key = ? RETURNING name, concept`, string(lang), w.Key()).
			Scan(&w.Name, &w.Concept)
		if errors.Is(err, sql.ErrNoRows) {
			return mark{}, &advisory.Error{Code: advisory.NotFound, Err: fmt.Errorf("%q is no local word in %s", name, lang), Hint: "see the list of local words: jembe word list"}
		}
		if err != nil {
			return mark{}, err
		}
		return s.add(ctx, tx, advisory.Event{Kind: advisory.KindWord, Word: &advisory.WordChange{LocalWord: w, Removed: true}})
	})
}
