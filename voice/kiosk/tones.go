package kiosk

import (
	"math"
	"sync"
	"time"

	"jembe/voice"
)

// pitch is a note of a tone; one of 0 Hz is a rest.
type pitch struct{ hertz, milliseconds int }

// A tone tells without words how things stand. Tones differ in rhythm as well as in pitch, so that whoever hears high notes badly
// tells them apart too.
var (
	toneListening     = tone(loudTone, pitch{660, 60}, pitch{990, 90})                                                                           // short, up: speak
	toneThinking      = tone(softTone, pitch{330, 50}, pitch{0, 150}, pitch{330, 50})                                                            // tok, tok
	toneNotUnderstood = tone(loudTone, pitch{440, 200}, pitch{0, 100}, pitch{370, 200}, pitch{0, 100}, pitch{294, 300})                          // slow, down
	toneKey           = tone(softTone, pitch{1200, 30})                                                                                          // a tick: the key counts
	toneEnd           = tone(loudTone, pitch{990, 100}, pitch{0, 150}, pitch{495, 350})                                                          // a door that closes
	toneTrouble       = tone(loudTone, pitch{220, 70}, pitch{0, 80}, pitch{220, 70}, pitch{0, 80}, pitch{220, 70}, pitch{0, 80}, pitch{220, 70}) // quick, low, four times the same
)

// The loudness of tones in LUFS: a little below speech, which has voice.TargetLoudness, and well below it.
const (
	loudTone = -20.0
	softTone = -30.0
)

// toneEdge is how long a note takes to swell and to fade, so that it does not click.
const toneEdge = 5 * time.Millisecond

// tone gives what makes a WAV file of notes, at a loudness in LUFS, when it is first wanted.
func tone(loudness float64, notes ...pitch) func() []byte {
	return sync.OnceValue(func() []byte { return synthesised(loudness, notes) })
}

func synthesised(loudness float64, notes []pitch) []byte {
	var pcm []float32
	samples := func(d time.Duration) int { return int(d * voice.SampleRate / time.Second) }
	edge := float64(samples(toneEdge))
	for _, note := range notes {
		n := samples(time.Duration(note.milliseconds) * time.Millisecond)
		for i := range n {
			swell := min(1, float64(i)/edge, float64(n-i)/edge)
			phase := 2 * math.Pi * float64(note.hertz) * float64(i) / voice.SampleRate
			pcm = append(pcm, float32(0.1*swell*(math.Sin(phase)+0.3*math.Sin(2*phase)))) // an octave above, for small loudspeakers
		}
	}
	gain := math.Pow(10, (loudness-voice.Loudness(pcm, voice.SampleRate))/20)
	for i := range pcm {
		pcm[i] *= float32(gain)
	}
	return voice.EncodeWAV(pcm, voice.SampleRate)
}
