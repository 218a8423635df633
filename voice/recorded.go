package voice

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"jembe/advisory"
	"jembe/content"
)

// Recorded is the advisory.Speaker with the voices that people know: it plays what somebody has read into the box, and leaves the
// rest to the synthetic voice, sentence by sentence. It is safe for concurrent use.
type Recorded struct {
	next   advisory.Speaker           // nil: there is no synthetic voice
	speaks func(advisory.Lang) bool   // whether next has a voice for it
	shelf  atomic.Pointer[repertoire] // of this moment
}

// NewRecorded gives a speaker without recordings yet. The synthetic voice may be nil; speaks tells in which languages there is one.
func NewRecorded(next advisory.Speaker, speaks func(advisory.Lang) bool) *Recorded {
	r := &Recorded{next: next, speaks: speaks}
	r.shelf.Store(&repertoire{})
	return r
}

// Use takes these recordings in place of those before. Only the fresh among them are played.
func (r *Recorded) Use(readings []content.Reading) { r.shelf.Store(newRepertoire(readings)) }

// Speaks reports whether anything can be said in the language.
func (r *Recorded) Speaks(lang advisory.Lang) bool {
	return r.synthetic(lang) || len(r.shelf.Load().units[lang]) > 0
}

func (r *Recorded) synthetic(lang advisory.Lang) bool { return r.next != nil && r.speaks(lang) }

// Part cuts a speech where the voice changes, and leaves out what cannot be said. Advice of which a part cannot be said is left out
// in full; the farmer hears that there is no voice for it instead, where that was recorded.
func (r *Recorded) Part(s advisory.Speech) []advisory.Speech {
	shelf := r.shelf.Load()
	var out []advisory.Speech
	for _, stretch := range shelf.cover(s.Lang, s.Text) {
		part := s
		part.Text, part.Whole = stretch.text, stretch.units != nil
		switch {
		case part.Whole || r.synthetic(s.Lang):
			out = append(out, part)
		case s.Advice:
			return r.unsaid(shelf, s)
		}
	}
	return out
}

// unsaid gives what is said in place of advice that no voice can say.
func (r *Recorded) unsaid(shelf *repertoire, s advisory.Speech) []advisory.Speech {
	s.Text = advisory.Say(s.Lang, "error_no_voice", "language", advisory.LangName(s.Lang, s.Lang))
	s.Advice, s.Whole = false, true
	if stretches := shelf.cover(s.Lang, s.Text); len(stretches) != 1 || stretches[0].units == nil {
		return nil
	}
	return []advisory.Speech{s}
}

// Speak implements advisory.Speaker: recordings are WAV files of 16 kHz, the rest is as the synthetic voice has it. A recording whose
// sound is damaged is left to the synthetic voice.
func (r *Recorded) Speak(ctx context.Context, s advisory.Speech) ([]advisory.Sound, error) {
	shelf := r.shelf.Load()
	var out []advisory.Sound
	for _, part := range r.Part(s) {
		sound, err := shelf.sound(part)
		if err == nil {
			out = append(out, sound)
			continue
		}
		if !r.synthetic(s.Lang) {
			return nil, noVoice(s.Lang, err)
		}
		more, err := r.next.Speak(ctx, part)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	if len(out) == 0 && !r.synthetic(s.Lang) {
		return nil, noVoice(s.Lang, errors.New("nothing of it was recorded"))
	}
	return out, nil
}

func noVoice(lang advisory.Lang, err error) error {
	return &advisory.Error{Code: advisory.NoVoice, Hint: "read it into the box with jembe record", Err: fmt.Errorf("language %q: %w", lang, err)}
}

// sound gives the recordings of a text, one after the other, as one WAV file.
func (s *repertoire) sound(part advisory.Speech) (advisory.Sound, error) {
	stretches := s.cover(part.Lang, part.Text)
	if len(stretches) != 1 || stretches[0].units == nil {
		return advisory.Sound{}, errors.New("it was not recorded")
	}
	var pcm []float32
	for _, u := range stretches[0].units {
		file, err := u.Sound()
		if err != nil {
			return advisory.Sound{}, err
		}
		more, err := Decode(file)
		if err != nil {
			return advisory.Sound{}, fmt.Errorf("recording of %s: %w", u.Key, err)
		}
		pcm = append(pcm, more...)
	}
	if part.Slow {
		pcm = slowed(pcm)
	}
	return advisory.Sound{WAV: EncodeWAV(pcm, SampleRate), Duration: duration(len(pcm))}, nil
}

// repertoire is what was recorded and is fresh, by language and the words that they say.
type repertoire struct {
	units   map[advisory.Lang]map[string]content.Recording
	lengths map[advisory.Lang][]int // in words, the longest first
}

func newRepertoire(readings []content.Reading) *repertoire {
	s := &repertoire{units: map[advisory.Lang]map[string]content.Recording{}, lengths: map[advisory.Lang][]int{}}
	for _, r := range readings {
		if r.Recording == nil {
			continue
		}
		if s.units[r.Lang] == nil {
			s.units[r.Lang] = map[string]content.Recording{}
		}
		words := content.SpokenWords(r.Words)
		s.units[r.Lang][strings.Join(words, " ")] = *r.Recording
		s.lengths[r.Lang] = withLength(s.lengths[r.Lang], len(words))
	}
	return s
}
