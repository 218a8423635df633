package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge"
)

type weekCmd struct {
	Lang     string `help:"Language of the asker." default:"en" env:"JEMBE_LANG" placeholder:"CODE"`
	Month    int    `help:"The month, where the clock does not tell or another one is wanted: 1 to 12." placeholder:"N"`
	Crop     string `help:"Only this crop of the village, at --stage." placeholder:"ID"`
	Stage    string `help:"How far the crop is: before-planting, planting, seedling, growing, flowering, filling, ripening, harvest or storage." placeholder:"STAGE"`
	SetMonth int    `help:"Keep this month as the operator's word, until the box starts again: for a box whose clock does not tell." placeholder:"N"`
	Play     bool   `help:"Speak through this machine's loudspeaker."`
}

// Run says what matters; an advice is then asked for by its number, with jembe ask --number.
func (a *weekCmd) Run(ctx context.Context, p *program, c *cli) error {
	lang, err := parseLang(a.Lang)
	if err != nil {
		return err
	}
	b, err := openBox(ctx, p, c, boxNeeds{recorder: true})
	if err != nil {
		return err
	}
	defer b.close()
	if a.SetMonth != 0 {
		if a.SetMonth < 1 || a.SetMonth > 12 {
			return &advisory.Error{Code: advisory.BadRequest, Hint: "--set-month is a number from 1 to 12"}
		}
		if err := b.store.TellMonth(ctx, time.Month(a.SetMonth)); err != nil {
			return err
		}
	}
	said, err := b.weeks().Week(ctx, edge.WeekAsked{Lang: lang, Month: time.Month(a.Month), Crop: a.Crop, Stage: content.Stage(a.Stage)})
	if err != nil {
		return err
	}
	return errors.Join(p.print(c, said, weekText(said)), a.play(ctx, b, said.Speech()))
}

// play says it aloud where that was asked for.
func (a *weekCmd) play(ctx context.Context, b *box, speech []advisory.Speech) error {
	loud, err := playAloud(ctx, a.Play)
	if err != nil || loud == nil {
		return err
	}
	for _, s := range speech {
		sounds, err := b.voice.Speak(ctx, s)
		if err != nil {
			return errors.Join(err, loud.finish())
		}
		loud.say(sounds)
	}
	return loud.finish()
}

// weekText is what people at a terminal see of a week.
func weekText(said edge.WeekSaid) string {
	var b strings.Builder
	b.WriteString(said.Text)
	for _, item := range said.Items {
		fmt.Fprintf(&b, "\n  %s  %s (%s)", item.Number, item.Title, item.Text)
	}
	for _, c := range said.Choices {
		switch {
		case c.Stage != "":
			fmt.Fprintf(&b, "\n  --crop %s --stage %s   %s", c.Crop, c.Stage, c.Label)
		case c.Crop != "":
			fmt.Fprintf(&b, "\n  --crop %s   %s", c.Crop, c.Label)
		case c.Month != 0 && !c.Other:
			fmt.Fprintf(&b, "\n  --month %d   %s", c.Month, c.Label)
		}
	}
	return b.String()
}

// weeks is what a week is made of on this box.
func (b *box) weeks() edge.Weeks {
	return edge.Weeks{Store: b.store, Advisor: b.advisor, Content: b.loaded.Load}
}
