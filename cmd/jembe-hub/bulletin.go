package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/edge/hub"
	"jembe/edge/wire"
)

type bulletinCmd struct {
	Add      bulletinAddCmd      `cmd:"" help:"Have boxes say something for a while, from their next contact on."`
	List     bulletinListCmd     `cmd:"" help:"List bulletins: those that hold or will, or all."`
	Withdraw bulletinWithdrawCmd `cmd:"" help:"Take a bulletin back."`
}

type bulletinAddCmd struct {
	Kind  string            `help:"weather, prices or campaign." required:"" placeholder:"KIND"`
	Text  map[string]string `help:"Its text in a language, once for each: sw=\"Mvua kubwa inakuja Ijumaa.\" Plain sentences to be read aloud; no pesticide or medicine." required:"" mapsep:"none" placeholder:"LANG=TEXT"`
	From  string            `help:"First day; default is today." placeholder:"YYYY-MM-DD"`
	Until string            `help:"Last day on which it is still true." required:"" placeholder:"YYYY-MM-DD"`
	Where []string          `help:"Only for these countries and zones, such as KE,semi-arid; default is everywhere." placeholder:"PLACE"`
	Box   []string          `help:"Only for these boxes; default is every box." placeholder:"DEVICE"`
}

// Run publishes a bulletin.
func (a *bulletinAddCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	b := hub.Bulletin{Bulletin: wire.Bulletin{Kind: wire.BulletinKind(a.Kind), Where: a.Where, Texts: map[advisory.Lang]string{}}, Boxes: a.Box}
	for lang, text := range a.Text {
		b.Texts[advisory.Lang(lang)] = strings.Join(strings.Fields(text), " ")
	}
	if a.From == "" {
		a.From = time.Now().Format(time.DateOnly)
	}
	if b.From, b.Until, err = hub.Days(a.From, a.Until); err != nil {
		return err
	}
	if b, err = h.AddBulletin(ctx, hub.CommandLine(), b); err != nil {
		return err
	}
	return p.print(c, b, fmt.Sprintf("bulletin %s: boxes say it from their next contact on, from %s to the end of %s", b.ID, a.From, a.Until))
}

type bulletinListCmd struct {
	All bool `help:"Those that are over or taken back too."`
}

// Run lists bulletins, the newest first.
func (a *bulletinListCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	all, err := h.Bulletins(ctx)
	if err != nil {
		return err
	}
	shown, lines := []hub.Bulletin{}, []string{}
	for _, b := range all {
		state := b.StateAt(time.Now().UnixMilli())
		if !a.All && state != "now" && state != "later" {
			continue
		}
		shown = append(shown, b)
		lines = append(lines, fmt.Sprintf("%s  %-9s %-9s %s to %s  %s", b.ID, state, b.Kind, time.UnixMilli(b.From).Format(time.DateOnly),
			time.UnixMilli(b.Until-1).Format(time.DateOnly), strings.Join(append(slices.Clone(b.Where), b.Boxes...), " ")))
		for _, lang := range slices.Sorted(maps.Keys(b.Texts)) {
			lines = append(lines, fmt.Sprintf("          %s: %s", lang, b.Texts[lang]))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, "no bulletin holds")
	}
	return p.print(c, shown, strings.Join(lines, "\n"))
}

type bulletinWithdrawCmd struct {
	ID string `arg:"" help:"Of the bulletin, as list shows it."`
}

// Run takes a bulletin back.
func (a *bulletinWithdrawCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.WithdrawBulletin(ctx, hub.CommandLine(), a.ID); err != nil {
		return err
	}
	return p.print(c, map[string]string{"withdrawn": a.ID}, a.ID+" is taken back: no box says it any more from its next contact on")
}
