package kiosk

import (
	"context"
	"time"
)

// writing is how long a box that has begun to answer may take for the rest before what there is of it is heard. An answer that was
// prepared comes whole before that.
const writing = 300 * time.Millisecond

// listen waits for an answer as think does, and says it. Where the box writes it sentence by sentence, each is heard while the next is
// written. Only the next person ends it.
func (p *person) listen(ctx context.Context, ask func(ctx context.Context, hear func(sounds []string)) (answer, error)) ([]cue, error) {
	type result struct {
		answer answer
		err    error
	}
	calling, cancel := context.WithCancel(ctx)
	defer cancel()
	parts, done := make(chan []string), make(chan result, 1)
	go func() {
		a, err := ask(calling, func(sounds []string) {
			select {
			case parts <- sounds:
			case <-calling.Done():
			}
		})
		done <- result{a, err}
	}()
	hush := p.player.hum(calling)
	defer func() { hush() }()
	aloud := aloud{person: p}
	defer aloud.close()
	for {
		next, begins := aloud.next()
		select {
		case sounds := <-parts:
			aloud.add(sounds)
		case <-aloud.patience:
			hush()
			aloud.begin(ctx)
		case begins <- next:
			aloud.took()
		case r := <-done:
			if ctx.Err() != nil {
				r.err = ctx.Err()
			}
			said, err := p.answered(r.answer, r.err)
			return aloud.rest(said, r.err == nil), err
		case press := <-p.presses:
			if press.Down && press.Means == NewPerson {
				cancel()
				aloud.silence()
				<-done
				return nil, errNextPerson
			}
		}
	}
}

// aloud is what is heard of an answer that is still written.
type aloud struct {
	*person
	patience <-chan time.Time // rings when what is there begins to be heard; nil: nothing is there
	waiting  []cue            // parts that have not begun
	pieces   chan cue         // parts that begin; nil: nothing is heard yet
	sound    *begun
	heard    int // parts that have begun
}

// add takes the sounds of a part.
func (a *aloud) add(sounds []string) {
	if a.patience == nil && a.pieces == nil {
		a.patience = a.Clock(writing)
	}
	a.waiting = append(a.waiting, cues(sounds...)...)
}

// begin lets be heard what is there.
func (a *aloud) begin(ctx context.Context) {
	a.patience, a.pieces = nil, make(chan cue)
	a.sound = a.player.follow(ctx, a.pieces)
}

// next gives the part that may begin, and where it is taken; nil where nothing may.
func (a *aloud) next() (cue, chan<- cue) {
	if len(a.waiting) == 0 {
		return cue{}, nil
	}
	return a.waiting[0], a.pieces
}

func (a *aloud) took() { a.waiting, a.heard = a.waiting[1:], a.heard+1 }

// rest is what is said of a whole answer after that which has begun, which plays on; what broke off is silenced.
func (a *aloud) rest(said []cue, whole bool) []cue {
	if a.sound == nil {
		return said
	}
	if !whole {
		a.silence()
		return said
	}
	out := []cue{{begun: a.sound}}
	for _, c := range said {
		if a.heard > 0 && c.address != "" {
			a.heard--
			continue
		}
		out = append(out, c)
	}
	return out
}

// silence ends what is heard.
func (a *aloud) silence() {
	a.close()
	if a.sound != nil {
		a.sound.stop()
	}
}

// close lets what has begun be the last.
func (a *aloud) close() {
	if a.pieces != nil {
		close(a.pieces)
		a.pieces = nil
	}
}
