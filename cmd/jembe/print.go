package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"jembe/advisory"
	"jembe/edge"
)

type printCmd struct {
	Menu     printMenuCmd     `cmd:"" help:"Print the guided menu: sheets of A4 with pictures and numbers, as HTML."`
	Leaflets printLeafletsCmd `cmd:"" help:"Print leaflets of A5 with the most asked answers of this box, and then the library's first, as HTML."`
	Village  printVillageCmd  `cmd:"" help:"Print what was asked at this box and what came of it: a sheet of A5 for the wall, as HTML."`
}

type printMenuCmd struct {
	Lang string `help:"Language of the labels." default:"en" env:"JEMBE_LANG" placeholder:"CODE"`
}

// Run prints the menu.
func (a *printMenuCmd) Run(ctx context.Context, p *program, c *cli) error {
	lang, err := parseLang(a.Lang)
	if err != nil {
		return err
	}
	b, err := openBox(ctx, p, c, boxNeeds{})
	if err != nil {
		return err
	}
	defer b.close()
	return edge.PrintMenu(p.stdout, lang, b.library.Load().MenuIn(lang))
}

type printLeafletsCmd struct {
	Lang string `help:"Language of the leaflets." default:"en" env:"JEMBE_LANG" placeholder:"CODE"`
	Top  int    `help:"How many leaflets." default:"12" placeholder:"N"`
}

// Run prints the leaflets. What they say is what the box would say today: an answer that it holds back is not printed either, and
// nothing is recorded.
func (a *printLeafletsCmd) Run(ctx context.Context, p *program, c *cli) error {
	lang, err := parseLang(a.Lang)
	if err != nil {
		return err
	}
	if a.Top < 1 || a.Top > 300 {
		return &advisory.Error{Code: advisory.BadRequest, Hint: "--top is a number from 1 to 300"}
	}
	b, err := openBox(ctx, p, c, boxNeeds{})
	if err != nil {
		return err
	}
	defer b.close()
	asked, err := mostAsked(ctx, c.dataDir())
	if err != nil {
		return err
	}
	menu := b.library.Load().MenuIn(lang)
	var answers []advisory.Answer
	for _, document := range append(asked, firstOf(menu, asked)...) {
		if len(answers) == a.Top {
			break
		}
		answer, err := b.advisor.Ask(ctx, advisory.Question{Choice: document, Lang: lang})
		if known := (*advisory.Error)(nil); errors.As(err, &known) && known.Code == advisory.NotFound {
			continue // asked once, and in no pack any more
		}
		if err != nil {
			return err
		}
		if answer.Outcome == advisory.Answered && answer.Lang == lang {
			answers = append(answers, answer)
		}
	}
	return edge.PrintLeaflets(p.stdout, lang, menu, answers)
}

// parseLang reads the language of a sheet.
func parseLang(tag string) (advisory.Lang, error) {
	lang, ok := advisory.ParseLang(tag)
	if !ok || lang == "" {
		return "", noLang(tag)
	}
	return lang, nil
}

// noLang is the error for a language that the box does not have.
func noLang(tag string) error {
	return &advisory.Error{Code: advisory.UnknownLang, Err: fmt.Errorf("this box does not have the language %q", tag),
		Hint: "use one of " + langs(advisory.MessageLangs())}
}

// mostAsked gives the documents that this box's answers stood on most; none where nothing was recorded yet.
func mostAsked(ctx context.Context, data string) ([]string, error) {
	if _, err := os.Stat(filepath.Join(data, "jembe.db")); errors.Is(err, fs.ErrNotExist) {
		return nil, nil // printing makes no record
	}
	s, err := edge.OpenStore(ctx, data)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	stats, err := s.Stats(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, d := range stats.Documents {
		out = append(out, d.Name)
	}
	return out, nil
}

// firstOf gives the advice of the menu, the first of every branch before the second of any, since what is asked most comes first
// in each menu. What is known already is left out.
func firstOf(menu advisory.Menu, known []string) []string {
	type place struct {
		document string
		path     []int
	}
	var places []place
	menu.Walk(func(path []int, b advisory.Branch) {
		if b.Document != "" && !b.Also && !slices.Contains(known, b.Document) {
			places = append(places, place{b.Document, path})
		}
	})
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(a.path[2]-b.path[2], a.path[1]-b.path[1], a.path[0]-b.path[0])
	})
	var out []string
	for _, p := range places {
		out = append(out, p.document)
	}
	return out
}
