package main

import (
	"context"
	"fmt"
	"strings"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/edge"
	"jembe/voice"
)

type villageCmd struct {
	Lang string `help:"Language that the village hears." default:"en" env:"JEMBE_LANG" placeholder:"CODE"`
	Play bool   `help:"Say the short form on the loudspeaker."`
}

// Run tells what was asked here and what came of it.
func (a *villageCmd) Run(ctx context.Context, p *program, c *cli) error {
	b, report, err := reportOf(ctx, p, c, a.Lang)
	if err != nil {
		return err
	}
	defer b.close()
	var lines []string
	for _, part := range report.Parts {
		lines = append(lines, part.Text)
	}
	if err := p.print(c, report, strings.Join(lines, "\n")); err != nil || !a.Play {
		return err
	}
	return b.tellVillage(ctx, report)
}

// reportOf opens the box, which the caller closes, and tells the report in a language.
func reportOf(ctx context.Context, p *program, c *cli, tag string) (*box, edge.VillageReport, error) {
	lang, err := parseLang(tag)
	if err != nil {
		return nil, edge.VillageReport{}, err
	}
	b, err := openBox(ctx, p, c, boxNeeds{recorder: true})
	if err != nil {
		return nil, edge.VillageReport{}, err
	}
	report, err := edge.Report(ctx, b.store, b.advisor, lang)
	if err != nil {
		b.close()
		return nil, edge.VillageReport{}, err
	}
	return b, report, nil
}

// tellVillage says the short form of a report.
func (b *box) tellVillage(ctx context.Context, r edge.VillageReport) error {
	if err := voice.CanPlay(); err != nil {
		return err
	}
	for _, part := range r.Parts {
		if !part.Short {
			continue
		}
		sounds, err := b.voice.Speak(ctx, advisory.Speech{Text: part.Text, Lang: r.Lang, Advice: true})
		if err != nil {
			return err
		}
		for _, s := range sounds {
			if err := voice.Play(ctx, voice.UsualDevice, s.WAV); err != nil {
				return err
			}
		}
	}
	return nil
}

type printVillageCmd struct {
	Lang string `help:"Language of the sheet." default:"en" env:"JEMBE_LANG" placeholder:"CODE"`
}

// Run prints the sheet.
func (a *printVillageCmd) Run(ctx context.Context, p *program, c *cli) error {
	b, report, err := reportOf(ctx, p, c, a.Lang)
	if err != nil {
		return err
	}
	defer b.close()
	return edge.PrintVillage(p.stdout, report)
}

// see takes note of the documents in use, for the village to hear what has come. A record in trouble costs that note alone.
func (b *box) see(ctx context.Context) {
	if err := b.store.SeeDocuments(ctx, b.loaded.Load().Documents); err != nil && ctx.Err() == nil {
		fmt.Fprintln(b.program.stderr, "jembe: not noted which documents are in use:", terminal.NewFault(err))
	}
}
