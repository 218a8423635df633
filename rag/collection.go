package rag

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"jembe/advisory"
)

// collection is a test collection for retrieval.
type collection struct {
	documents []*advisory.Document
	queries   []evalQuery
	grades    map[string]map[string]int // query id -> document id -> grade
}

type evalQuery struct {
	id, text string
	lang     advisory.Lang
}

// line is one object of corpus.jsonl or queries.jsonl.
type line struct {
	ID    string        `json:"_id"`
	Title string        `json:"title"`
	Text  string        `json:"text"`
	Lang  advisory.Lang `json:"lang"`
}

// maxLine is the most bytes that a line of a collection may have.
const maxLine = 16 << 20

// readCollection reads the three files of a collection. Errors name the file and the line.
func readCollection(dir string) (*collection, error) {
	set := &collection{grades: map[string]map[string]int{}}
	known := map[string]bool{}
	err := eachLine(filepath.Join(dir, "corpus.jsonl"), func(raw []byte) error {
		l, err := parseLine(raw)
		if err != nil {
			return err
		}
		if known[l.ID] {
			return fmt.Errorf("document %q stands twice", l.ID)
		}
		known[l.ID] = true
		set.documents = append(set.documents, &advisory.Document{
			ID: l.ID, Lang: l.Lang, Title: l.Title, Sections: []advisory.Section{{Text: l.Text}},
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := set.readGrades(filepath.Join(dir, "qrels.tsv"), known); err != nil {
		return nil, err
	}
	err = eachLine(filepath.Join(dir, "queries.jsonl"), func(raw []byte) error {
		l, err := parseLine(raw)
		if err == nil && set.grades[l.ID] != nil {
			set.queries = append(set.queries, evalQuery{l.ID, l.Text, l.Lang})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(set.queries) == 0 {
		return nil, fmt.Errorf("%s: no query of queries.jsonl has a document of corpus.jsonl in qrels.tsv", dir)
	}
	return set, nil
}

// readGrades reads qrels.tsv, whose first line is a heading; grades of documents that are not known are left out.
func (set *collection) readGrades(path string, known map[string]bool) error {
	heading := true
	return eachLine(path, func(raw []byte) error {
		if heading {
			heading = false
			return nil
		}
		query, document, grade, err := parseGrade(string(raw))
		if err != nil {
			return err
		}
		if grade > 0 && known[document] {
			if set.grades[query] == nil {
				set.grades[query] = map[string]int{}
			}
			set.grades[query][document] = grade
		}
		return nil
	})
}

// parseGrade reads one line of qrels.tsv.
func parseGrade(text string) (query, document string, grade int, err error) {
	fields := strings.Split(text, "\t")
	if len(fields) != 3 {
		return "", "", 0, fmt.Errorf("want 3 fields parted by tabs (query, document, grade), have %d", len(fields))
	}
	grade, err = strconv.Atoi(strings.TrimSpace(fields[2]))
	if err != nil || grade < 0 || grade > 30 {
		return "", "", 0, fmt.Errorf("the grade %q is no whole number from 0 to 30", fields[2])
	}
	return fields[0], fields[1], grade, nil
}

// parseLine reads one object of corpus.jsonl or queries.jsonl.
func parseLine(raw []byte) (line, error) {
	var l line
	if err := json.Unmarshal(raw, &l); err != nil {
		return line{}, err
	}
	if l.ID == "" {
		return line{}, errors.New(`no "_id"`)
	}
	return l, nil
}

// eachLine calls do for each line of a file that is not empty; an error gets the file's name and the line's number.
func eachLine(path string, do func([]byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read test collection: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	if err := scanLines(f, do); err != nil {
		return fmt.Errorf("%s:%w", path, err)
	}
	return nil
}

func scanLines(r io.Reader, do func([]byte) error) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 64<<10), maxLine)
	n := 0
	for sc.Scan() {
		n++
		raw := bytes.TrimSuffix(bytes.TrimPrefix(sc.Bytes(), []byte("\ufeff")), []byte("\r"))
		if len(bytes.TrimSpace(raw)) == 0 {
			continue
		}
		if err := do(raw); err != nil {
			return fmt.Errorf("%d: %w", n, err)
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("%d: %w", n+1, err)
	}
	return nil
}
