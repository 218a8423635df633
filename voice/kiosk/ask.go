package kiosk

import (
	"context"
	"errors"
	"slices"
	"time"

	"jembe/advisory"
	"jembe/voice"
)

// talk records a question for as long as the key is held, and asks it. A first short press of somebody new is told how that is done.
func (p *person) talk(ctx context.Context, down Press) ([]cue, error) {
	if i := p.languageNow(); i < 0 || !p.languages[i].Heard {
		return p.notUnderstood("kiosk_cannot_hear"), nil
	}
	recording, held, err := p.record(ctx, down, p.answer != nil || len(p.last) > 0)
	switch {
	case err != nil:
		return p.noMicrophone(err)
	case !held:
		return p.help(), nil
	}
	return p.listen(ctx, func(ctx context.Context, hear func([]string)) (answer, error) {
		return p.box.ask(ctx, p.lang, p.session, recording, hear)
	})
}

// noMicrophone says that nothing can be heard; the next press of the key tries again. What ends the person's time is passed on.
func (p *person) noMicrophone(err error) ([]cue, error) {
	if problem := (*advisory.Error)(nil); !errors.As(err, &problem) {
		return nil, err
	}
	p.Log.Warn("the microphone gives no sound", "device", p.Microphone, "error", err)
	return []cue{{wav: toneTrouble()}, p.message("kiosk_no_microphone")}, nil
}

// record takes sound while the talk key is held. Where taps are allowed, a key that is let go at once may be pressed again at the end
// instead, as those do who cannot hold it, and pedals that let go by themselves; else held is false.
func (p *person) record(ctx context.Context, down Press, taps bool) (recording []byte, held bool, err error) {
	ended, finish := p.hear(ctx)
	defer finish()
	_, hush := p.player.start(ctx, []cue{{wav: toneListening()}})
	defer hush()
	tapped := false
	var limit <-chan time.Time
	for over := false; !over; {
		select {
		case press := <-p.presses:
			short := press.At-down.At < tap
			switch {
			case press.Down && press.Means == NewPerson:
				return nil, false, errNextPerson
			case press.Means != Talk, press.Down != tapped: // another key, or the same let go that ends nothing
			case press.Down, !short:
				over = true
			case !taps:
				return nil, false, nil
			default:
				tapped, limit = true, p.Clock(tapLimit)
			}
		case <-ended:
			over = true
		case <-limit:
			over = true
		case <-ctx.Done():
			return nil, false, ctx.Err()
		}
	}
	recording, err = finish()
	return recording, true, err
}

// hear takes sound from the microphone until finish is called, which gives it, or until ended: at the longest that a question may be,
// or when the microphone is gone.
func (p *person) hear(ctx context.Context) (ended <-chan struct{}, finish func() ([]byte, error)) {
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	var sound []byte
	var err error
	go func() {
		defer close(done)
		sound, err = voice.Record(ctx, p.Microphone)
	}()
	return done, func() ([]byte, error) {
		stop()
		<-done
		return sound, err
	}
}

// answered says an answer, and asks whether it helped.
func (p *person) answered(a answer, err error) ([]cue, error) {
	if err != nil {
		return p.failed(err)
	}
	p.answer, p.helped = &a, false
	said := p.keep(cues(a.Sound...))
	p.easier = cues(a.Simple.Sound...)
	switch {
	case a.Outcome == advisory.Answered:
		return append(slices.Clone(said), p.question("kiosk_helped")...), nil
	case slices.Contains([]advisory.Reason{advisory.Silence, advisory.NotHeard, advisory.Misheard}, a.Reason):
		return append([]cue{{wav: toneNotUnderstood()}}, said...), nil
	}
	return said, nil
}

// choose asks with a choice, or the number of an advice.
func (p *person) choose(ctx context.Context, choice string) ([]cue, error) {
	p.path = nil
	a, err := think(ctx, p, func(ctx context.Context) (answer, error) { return p.box.choose(ctx, p.lang, p.session, choice) })
	if codeOfError(err) == advisory.NotFound {
		return p.notUnderstood("kiosk_no_number"), nil
	}
	return p.answered(a, err)
}

// yesNo answers what was read back, and else says whether the answer helped. Whom it helped may take a number for it with another yes.
func (p *person) yesNo(ctx context.Context, yes bool) ([]cue, error) {
	switch a := p.answer; {
	case a == nil:
		return p.greet(ctx)
	case a.Reason == advisory.Confirm && len(a.Choices) == 2 && yes:
		return p.choose(ctx, a.Choices[0].Value)
	case a.Reason == advisory.Confirm && len(a.Choices) == 2:
		return p.choose(ctx, a.Choices[1].Value)
	case a.Outcome != advisory.Answered:
		return p.last, nil
	case yes && p.helped:
		return p.takeTicket(ctx)
	}
	rating := advisory.ThumbDown
	if yes {
		rating = advisory.ThumbUp
	}
	_, err := think(ctx, p, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, p.box.rate(ctx, p.answer.ID, p.session, rating)
	})
	if err != nil {
		return p.failed(err)
	}
	thanks := p.message("thanks")
	if p.helped = yes; yes {
		return []cue{thanks, p.message("kiosk_ticket")}, nil
	}
	if wanted, err := p.confirm(ctx, append([]cue{thanks}, p.question("kiosk_person")...)); !wanted {
		return nil, err
	}
	return p.askPerson(ctx)
}
