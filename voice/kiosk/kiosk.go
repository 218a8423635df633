// Package kiosk is a box without a screen: keys, a microphone and a loudspeaker. A farmer holds a key and asks, or presses the
// numbers of a picture, hears the answer, says whether it helped, asks for a person, and comes back for the reply.
//
// It owns what keys mean, the order of what is said and asked, the tones, and that one person after another hears nothing of the one
// before: all that is known of a person is in one value that goes with them. It speaks with the box over the box's own HTTP
// interface alone, as the page does, so that both give the same answers; it answers nothing by itself. Recordings pass through
// memory. It writes no file, and dials nothing but that box.
package kiosk

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"jembe/advisory"
)

// Config is what a Kiosk is made of.
type Config struct {
	Box        string        // address of the box, "http://127.0.0.1:8080"
	Lang       advisory.Lang // in which people are greeted; "": the first that the box speaks
	Microphone string        // ALSA devices: "default", "plughw:1"
	Speaker    string
	Earphone   string       // for what is private; "": there is none
	Log        *slog.Logger // for whoever looks after the box; nothing that anybody said

	Clock func(time.Duration) <-chan time.Time // nil: time.After
}

// How long the kiosk waits.
const (
	silence     = 30 * time.Second        // without a key or a sound: whoever was here has gone
	tending     = 3 * time.Minute         // the same while somebody tends to the poisoned and comes back for the number
	answerYesNo = 10 * time.Second        // after this silence means no
	nextDigit   = 1500 * time.Millisecond // before a menu is read aloud
	thinkFirst  = time.Second             // before the first tone of thinking
	thinkEvery  = 2 * time.Second
	tap         = 400 * time.Millisecond // a talk key let go sooner was not held: it is pressed again when one has asked
	tapLimit    = 20 * time.Second       // of a question asked so, if it is not
	briefWait   = 5 * time.Second        // for what the box says at once
	retryEvery  = time.Second            // of a loudspeaker that is not there
	retries     = 20
)

// Kiosk waits for people. One that was made serves once.
type Kiosk struct {
	Config
	box     *box
	presses <-chan Press
	player  player
}

// New makes a kiosk that is driven by presses, as Inputs sends them.
func New(c Config, presses <-chan Press) *Kiosk {
	if c.Clock == nil {
		c.Clock = time.After
	}
	b := newBox(c.Box)
	return &Kiosk{Config: c, box: b, presses: presses, player: player{box: b, speaker: c.Speaker, earphone: c.Earphone, clock: c.Clock, log: c.Log}}
}

// Run serves one person after another until the context ends.
func (k *Kiosk) Run(ctx context.Context) error {
	var first Press
	for {
		for !first.Down {
			select {
			case first = <-k.presses:
			case <-ctx.Done():
				return nil
			}
		}
		ended := k.attend(ctx, first)
		first = Press{}
		if errors.Is(ended, errNextPerson) {
			first = Press{Means: NewPerson, Down: true}
		}
	}
}

// The ways in which a person's time ends.
var (
	errNextPerson = errors.New("the next person is here")
	errSilence    = errors.New("nobody is here any more")
)

// attend is the time of one person, from their first key on.
func (k *Kiosk) attend(ctx context.Context, first Press) error {
	p := &person{Kiosk: k, session: advisory.NewID(), lang: k.Lang}
	defer p.forget(ctx)
	said, err := p.begin(ctx, first)
	for err == nil {
		var press Press
		if press, err = p.tell(ctx, said, p.patience()); err == nil {
			said, err = p.act(ctx, press)
		}
	}
	return err
}
