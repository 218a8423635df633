package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"unicode"

	"jembe/advisory"
)

// labelled is a question whose answer is known.
type labelled struct {
	line     int
	document string // "-": it must not be answered
	lang     advisory.Lang
	question string
}

// romanised reports whether it is Hindi in Latin letters.
func (l labelled) romanised() bool {
	return l.lang == "hi" && !strings.ContainsFunc(l.question, func(r rune) bool { return unicode.Is(unicode.Devanagari, r) })
}

// openLabelled reads the questions of a file, and opens a box to ask them: one that records nothing.
func openLabelled(ctx context.Context, p *program, c *cli, path string) ([]labelled, *box, error) {
	rows, err := readLabelled(path)
	if err != nil {
		return nil, nil, err
	}
	b, err := openBox(ctx, p, c, boxNeeds{})
	return rows, b, err
}

// readLabelled reads rows of document, language and question, parted by tabs, without a header.
func readLabelled(path string) ([]labelled, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var rows []labelled
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimPrefix(strings.TrimSpace(lines.Text()), "\ufeff")
		if line == "" {
			continue
		}
		cells := strings.SplitN(line, "\t", 3)
		if len(cells) != 3 {
			return nil, badRow(path, n, "want document, language and question, parted by tabs")
		}
		lang, ok := advisory.ParseLang(strings.TrimSpace(cells[1]))
		if !ok {
			return nil, badRow(path, n, fmt.Sprintf("language %q is not one of the box's", cells[1]))
		}
		rows = append(rows, labelled{n, strings.TrimSpace(cells[0]), lang, strings.TrimSpace(cells[2])})
	}
	return rows, lines.Err()
}

func badRow(path string, line int, hint string) error {
	return &advisory.Error{Code: advisory.BadRequest, Err: fmt.Errorf("%s:%d: this row cannot be read", path, line), Hint: hint}
}
