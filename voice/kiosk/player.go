package kiosk

import (
	"context"
	"log/slog"
	"time"

	"jembe/advisory"
	"jembe/voice"
)

// cue is one thing that is heard: a sound of the box, a tone, a pause, or what is heard already.
type cue struct {
	address string
	wav     []byte
	pause   time.Duration
	private bool   // for one person's ear: by the earphone
	begun   *begun // it plays on, to its end
}

// begun is sound that has begun to play.
type begun struct {
	ended <-chan struct{}
	stop  func() // returns when nothing sounds any more
}

// cues of the box's sounds.
func cues(addresses ...string) []cue {
	out := make([]cue, len(addresses))
	for i, a := range addresses {
		out[i].address = a
	}
	return out
}

// player plays cues one after the other. It keeps nothing of them.
type player struct {
	box               *box
	speaker, earphone string // ALSA devices
	clock             func(time.Duration) <-chan time.Time
	log               *slog.Logger
}

// play returns when all was heard, or the context ends. What the box has no sound for is passed over. Where the box does not answer a
// tone says so.
func (p player) play(ctx context.Context, all []cue) {
	for _, c := range all {
		switch {
		case c.begun != nil:
			c.begun.await(ctx)
			continue
		case ctx.Err() != nil:
			return
		case c.pause > 0:
			p.wait(ctx, c.pause)
			continue
		case c.wav == nil:
			var err error
			if c.wav, err = p.box.sound(ctx, c.address); err != nil && ctx.Err() == nil {
				p.log.Warn("a sound is missing", "code", codeOfError(err), "error", err)
				if codeOfError(err) != advisory.Unreachable {
					continue
				}
				p.device(ctx, cue{wav: toneTrouble()})
				return
			}
		}
		if !p.device(ctx, c) {
			return
		}
	}
}

// await returns when it was heard; where the context ends before, it ends too.
func (b *begun) await(ctx context.Context) {
	select {
	case <-b.ended:
	case <-ctx.Done():
		b.stop()
	}
}

// device plays a sound on the loudspeaker or the earphone. One that is not there is tried again until it is, for a while; what is
// private waits for the earphone, and never goes to the loudspeaker instead.
func (p player) device(ctx context.Context, c cue) bool {
	device := p.speaker
	if c.private && p.earphone != "" {
		device = p.earphone
	}
	for try := range retries {
		err := voice.Play(ctx, device, c.wav)
		if err == nil || ctx.Err() != nil {
			return err == nil
		}
		if try == 0 {
			p.log.Warn("nothing can be heard; it is tried again", "device", device, "error", err)
			if device != p.speaker {
				p.once(ctx, toneTrouble())
			}
		}
		p.wait(ctx, retryEvery)
	}
	return false
}

// once plays a tone that nobody misses where it cannot be heard.
func (p player) once(ctx context.Context, tone []byte) {
	if err := voice.Play(ctx, p.speaker, tone); err != nil && ctx.Err() == nil {
		p.log.Debug("a tone was not heard", "error", err)
	}
}

func (p player) wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-p.clock(d):
	}
}

// start plays in the background; the returned function ends it, and returns when nothing sounds any more.
func (p player) start(ctx context.Context, all []cue) (ended <-chan struct{}, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.play(ctx, all)
	}()
	return done, func() { cancel(); <-done }
}

// follow plays in the background what comes, one after the other, until pieces is closed. A piece that was taken has begun.
func (p player) follow(ctx context.Context, pieces <-chan cue) *begun {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for c := range pieces {
			p.play(ctx, []cue{c})
		}
	}()
	return &begun{done, func() { cancel(); <-done }}
}

// hum plays the tone of thinking after a second, and again and again, until it is stopped.
func (p player) hum(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for next := thinkFirst; ctx.Err() == nil; next = thinkEvery {
			p.wait(ctx, next)
			if ctx.Err() == nil {
				p.once(ctx, toneThinking())
			}
		}
	}()
	return func() { cancel(); <-done }
}
