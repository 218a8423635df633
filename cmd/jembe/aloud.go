package main

import (
	"context"

	"jembe/advisory"
	"jembe/voice"
)

// aloud plays an answer's sounds one after the other, while the rest of it is still written. A nil one plays nothing.
type aloud struct {
	queue chan advisory.Sound
	ended chan error
	heard bool
}

// mostWaiting is how many sounds may wait to be played: more than any answer has.
const mostWaiting = 256

// playAloud starts to play where that is wanted, until the context ends.
func playAloud(ctx context.Context, wanted bool) (*aloud, error) {
	if !wanted {
		return nil, nil
	}
	if err := voice.CanPlay(); err != nil {
		return nil, err
	}
	l := &aloud{queue: make(chan advisory.Sound, mostWaiting), ended: make(chan error, 1)}
	go func() { l.ended <- l.play(ctx) }()
	return l, nil
}

// play plays what is said until nothing more will be. After a failure it only takes in.
func (l *aloud) play(ctx context.Context) (failed error) {
	for {
		select {
		case s, more := <-l.queue:
			if !more {
				return failed
			}
			if failed == nil {
				failed = voice.Play(ctx, voice.UsualDevice, s.WAV)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// say has sounds played after those before.
func (l *aloud) say(sounds []advisory.Sound) {
	if l == nil {
		return
	}
	for _, s := range sounds {
		l.heard = true
		l.queue <- s
	}
}

// finish waits until all was heard.
func (l *aloud) finish() error {
	if l == nil {
		return nil
	}
	close(l.queue)
	if err := <-l.ended; err != nil || l.heard {
		return err
	}
	return &advisory.Error{Code: advisory.NoVoice, Hint: "install espeak-ng; see jembe doctor"}
}
