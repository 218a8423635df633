package kiosk

import (
	"context"
	"slices"

	"jembe/advisory"
)

// digit goes on: a choice that the answer offers, this week, or a step on the way to an advice.
func (p *person) digit(ctx context.Context, n int) ([]cue, error) {
	if a := p.answer; len(p.path) == 0 {
		switch {
		case len(p.offers) > 0:
			return p.takeOffer(ctx, n)
		case a != nil && a.Outcome == advisory.Clarify && a.Reason != advisory.Confirm && n >= 1 && n <= len(a.Choices):
			return p.choose(ctx, a.Choices[n-1].Value)
		case n == 0:
			return p.thisWeek(ctx, offer{})
		}
	}
	level, err := p.branches(ctx)
	if err != nil {
		return p.failed(err)
	}
	i := slices.IndexFunc(level, func(b branch) bool { return b.Key == n })
	switch {
	case i < 0:
		if len(p.path) > 0 {
			p.path, p.last = nil, nil // the menu that was left is not played again: its keys would lead elsewhere
		}
		return p.notUnderstood("kiosk_no_number"), nil
	case level[i].Number != "":
		return p.choose(ctx, level[i].Number)
	}
	p.path = append(p.path, n)
	return append([]cue{{wav: toneKey()}, {pause: nextDigit}}, p.keep(read(level[i].Branches))...), nil
}

// branches are those of the menu from which the next digit chooses.
func (p *person) branches(ctx context.Context) ([]branch, error) {
	if p.menu == nil {
		var err error
		if p.menu, err = brief(ctx, func(ctx context.Context) ([]branch, error) { return p.box.menu(ctx, p.lang) }); err != nil {
			return nil, err
		}
	}
	level := p.menu
	for _, key := range p.path {
		i := slices.IndexFunc(level, func(b branch) bool { return b.Key == key })
		if i < 0 {
			return nil, nil
		}
		level = level[i].Branches
	}
	return level, nil
}

// read gives the labels of branches with their keys.
func read(branches []branch) []cue {
	var out []cue
	for _, b := range branches {
		if b.Sound != "" {
			out = append(out, cue{address: b.Sound})
		}
	}
	return out
}
