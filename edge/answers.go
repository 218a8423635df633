package edge

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// Bounds of what is remembered: after these an answer can no longer be heard again or rated.
const (
	maxAnswers = 256
	maxAge     = 30 * time.Minute
	maxSounded = 12 // answers whose sound stays in memory, about 2 MB each; older ones are rendered again
	maxHeard   = 8  // answers whose question stays in memory as it was recorded, at most wire.MaxAsked bytes each
)

// answers remembers the latest answers, so that they can be heard and rated. It is safe for concurrent use.
type answers struct {
	clock func() time.Time

	mu   sync.Mutex
	byID map[string]*given
	ids  []string // oldest first
}

// given is an answer as it is remembered.
type given struct {
	id, session string
	lang        advisory.Lang // of the asker
	reason      advisory.Reason
	document    string        // id of the advice; "": it is none
	message     bool          // it is no answer, and is only heard
	about       string        // id of the answer of which this is a recall; "": it is none
	turn        advisory.Turn // for the next question of the session
	at          time.Time
	sound       [2][]*piece // at the usual pace, and slow
	withdrawn   bool        // it may not be heard again
	asked       wire.Asked  // the question, should a person be asked for: in memory, and nowhere else
}

func newAnswers() *answers { return &answers{clock: time.Now, byID: map[string]*given{}} }

// add remembers an answer of which nothing is spoken yet.
func (a *answers) add(id string, lang advisory.Lang, session string) {
	a.remember(&given{id: id, session: session, lang: lang})
}

// addMessage remembers what is only to be heard, under an id of its own.
func (a *answers) addMessage(lang advisory.Lang, session string) (id string) {
	id = advisory.NewID()
	a.remember(&given{id: id, session: session, lang: lang, message: true})
	return id
}

func (a *answers) remember(g *given) {
	a.mu.Lock()
	defer a.mu.Unlock()
	g.at = a.clock()
	a.byID[g.id] = g
	a.ids = append(a.ids, g.id)
	a.dropOld()
	time.AfterFunc(maxAge+time.Second, func() { // a recording must not wait for the next question to be forgotten
		a.mu.Lock()
		defer a.mu.Unlock()
		a.dropOld()
	})
	if i := len(a.ids) - maxSounded - 1; i >= 0 {
		a.byID[a.ids[i]].hush()
	}
}

// dropOld forgets what is too old, or too much.
func (a *answers) dropOld() {
	for len(a.ids) > maxAnswers || len(a.ids) > 0 && a.clock().Sub(a.byID[a.ids[0]].at) > maxAge {
		delete(a.byID, a.ids[0])
		a.ids = a.ids[1:]
	}
}

// say adds to what the answer says. It gives the new pieces, and how many came before them; none where the answer was forgotten.
func (a *answers) say(id string, speech []advisory.Speech) (pieces []*piece, before int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	g := a.byID[id]
	if g == nil {
		return nil, 0
	}
	before = len(g.sound[0])
	g.speak(speech)
	return g.sound[0][before:], before
}

// settle sets what is known of the answer when it is whole.
func (a *answers) settle(id string, lang advisory.Lang, answer advisory.Answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	g := a.byID[id]
	if g == nil {
		return
	}
	g.lang, g.reason = lang, answer.Reason
	if answer.Outcome == advisory.Answered && len(answer.Citations) > 0 {
		g.document = answer.Citations[0].Document
	}
}

// recalls notes that an answer repeats one that was given before.
func (a *answers) recalls(id string, t Taken) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if g := a.byID[id]; g != nil {
		g.document, g.about = t.Document, t.Answer
	}
}

// keep remembers the question of an answer: the recording of the latest few alone, and none that is too large to be sent.
func (a *answers) keep(id string, asked wire.Asked) {
	a.mu.Lock()
	defer a.mu.Unlock()
	g := a.byID[id]
	if g == nil {
		return
	}
	if len(asked.Voice) > wire.MaxAsked {
		asked.Voice = nil
	}
	g.asked = asked
	heard := 0
	for _, id := range slices.Backward(a.ids) {
		if g := a.byID[id]; g.asked.Voice != nil {
			if heard++; heard > maxHeard {
				g.asked.Voice = nil
			}
		}
	}
}

// play adds a recording to what the answer says, after how many pieces came before it.
func (a *answers) play(id string, recording func(context.Context) ([]byte, error)) (before int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	g := a.byID[id]
	if g == nil || g.withdrawn {
		return 0
	}
	before = len(g.sound[0])
	for i := range g.sound {
		g.sound[i] = append(g.sound[i], &piece{recording: recording})
	}
	return before
}

// answered gives an answer as get does; that of which an id is a recall; NotFound for what is no answer.
func (a *answers) answered(id, session string) (given, error) {
	g, err := a.get(id, session)
	if err == nil && g.message && g.about == "" {
		return given{}, &advisory.Error{Code: advisory.NotFound}
	}
	g.id = cmp.Or(g.about, g.id)
	return g, err
}

// get gives what can be heard; NotFound when it is not, or no longer, remembered. A session that is not empty must be its own.
func (a *answers) get(id, session string) (given, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	g := a.byID[id]
	if g == nil || a.clock().Sub(g.at) > maxAge || session != "" && session != g.session {
		return given{}, &advisory.Error{Code: advisory.NotFound}
	}
	return *g, nil
}

// forget drops the answers of a session: the next person at the box must not hear them.
func (a *answers) forget(session string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	kept := a.ids[:0]
	for _, id := range a.ids {
		if a.byID[id].session == session {
			delete(a.byID, id)
		} else {
			kept = append(kept, id)
		}
	}
	a.ids = kept
}

// withdraw keeps all answers given so far from being heard again; they can still be rated, and a person asked for.
func (a *answers) withdraw() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, g := range a.byID {
		g.sound, g.withdrawn = [2][]*piece{}, true
	}
}

// speak gives the answer more pieces, which are yet to be rendered; one that was withdrawn says no more.
func (g *given) speak(speech []advisory.Speech) {
	if g.withdrawn {
		return
	}
	for _, s := range speech {
		slow := s
		slow.Slow = true
		g.sound[0] = append(g.sound[0], &piece{speech: s})
		g.sound[1] = append(g.sound[1], &piece{speech: slow})
	}
}

// hush gives up the sound that was rendered.
func (g *given) hush() {
	for _, pace := range g.sound {
		for i, p := range pace {
			pace[i] = &piece{speech: p.speech, recording: p.recording}
		}
	}
}

// piece is a part of an answer's speech, rendered once.
type piece struct {
	speech    advisory.Speech
	recording func(context.Context) ([]byte, error) // gives a person's voice, in place of speech; nil: it is rendered

	mu  sync.Mutex // held while it is rendered: who comes meanwhile waits for the same sound
	wav []byte
}

// render gives the piece's sound as a WAV file. What fails is tried again by the next call.
func (p *piece) render(ctx context.Context, speaker advisory.Speaker) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.wav != nil {
		return p.wav, nil
	}
	if p.recording != nil {
		return p.recording(ctx) // which is on the disk: it needs no room in memory
	}
	sounds, err := speaker.Speak(ctx, p.speech)
	if err != nil {
		return nil, err
	}
	if len(sounds) == 0 {
		return nil, errors.New("the speaker gave no sound")
	}
	p.wav, err = joinWAV(sounds)
	return p.wav, err
}
