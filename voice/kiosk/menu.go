package kiosk

import (
	"context"
	"errors"
	"slices"

	"jembe/advisory"
)

// digit goes on: a choice that the answer offers, this week, or a step on the way to an advice.
func (p *person) digit(ctx context.Context, n int) ([]cue, error) {
	if a := p.answer; len(p.path) == 0 {
		switch {
		case a != nil && a.Outcome == advisory.Clarify && a.Reason != advisory.Confirm && n >= 1 && n <= len(a.Choices):
			return p.choose(ctx, a.Choices[n-1].Value)
		case n == 0:
			return p.thisWeek(ctx, 0)
		}
	}
	level, err := p.branches(ctx)
	if err != nil {
		return p.failed(err)
	}
	i := slices.IndexFunc(level, func(b branch) bool { return b.Key == n })
	switch {
	case i < 0:
		p.path = nil
		return p.notUnderstood("kiosk_no_number"), nil
	case level[i].Number != "":
		return p.choose(ctx, level[i].Number)
	}
	p.path = append(p.path, n)
	said := []cue{{wav: toneKey()}, {pause: nextDigit}}
	if level[i].Sound != "" {
		said = append(said, cue{address: level[i].Sound + "&only=label"})
	}
	return append(said, p.keep(read(level[i].Branches))...), nil
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

// thisWeek says what matters now, and first of all what the office has to tell. Where the box has no clock to trust, the person says
// the month.
func (p *person) thisWeek(ctx context.Context, month int) ([]cue, error) {
	w, err := think(ctx, p, func(ctx context.Context) (week, error) { return p.box.week(ctx, p.lang, month) })
	switch {
	case codeOfError(err) == advisory.NotFound:
		return p.notUnderstood("kiosk_no_week"), nil
	case err != nil:
		return p.failed(err)
	case w.State == whichMonth && month == 0:
		return p.askMonth(ctx, cues(w.Sound...))
	}
	said := cues(w.Sound...)
	for _, s := range slices.Concat(w.Bulletins, w.Items) {
		said = append(said, cues(s.Sound...)...)
	}
	return p.keep(said), nil
}

// askMonth takes the number of a month: one digit, and a second where it may follow.
func (p *person) askMonth(ctx context.Context, question []cue) ([]cue, error) {
	month, patience := 0, p.patience()
	for {
		press, err := p.tell(ctx, question, patience)
		if month > 0 && errors.Is(err, errSilence) {
			return p.thisWeek(ctx, month)
		}
		if err != nil {
			return nil, err
		}
		n, digit := press.Means.digit()
		switch {
		case !digit && month > 0 && press.Means == Yes:
			return p.thisWeek(ctx, month)
		case !digit:
			return p.act(ctx, press)
		case month == 0 && n == 0: // as in 04
		case month == 1 && n <= 2:
			return p.thisWeek(ctx, 10+n)
		case month == 0 && n == 1:
			month, patience = 1, 2*nextDigit
		case month == 0:
			return p.thisWeek(ctx, n)
		default:
			return p.notUnderstood("kiosk_no_number"), nil
		}
		question = []cue{{wav: toneKey()}}
	}
}
