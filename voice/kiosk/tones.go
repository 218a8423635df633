package kiosk

import (
	"math"
	"time"

	"jembe/voice"
)

// note of a tone; a pitch of 0 is a rest.
type pitch struct {
	hertz float64
	lasts time.Duration
}

// A tone tells without words how things stand. Tones differ in rhythm as well as in pitch, so that whoever hears high notes badly
// tells them apart too.
var (
	toneListening     = tone(loudTone, pitch{660, 60 * time.Millisecond}, pitch{990, 90 * time.Millisecond})                                                                                                                                                                              // short, up: speak
	toneThinking      = tone(softTone, pitch{330, 50 * time.Millisecond}, pitch{0, 150 * time.Millisecond}, pitch{330, 50 * time.Millisecond})                                                                                                                                            // tok, tok
	toneNotUnderstood = tone(loudTone, pitch{440, 180 * time.Millisecond}, pitch{370, 180 * time.Millisecond}, pitch{294, 320 * time.Millisecond})                                                                                                                                        // long, down
	toneKey           = tone(softTone, pitch{1200, 30 * time.Millisecond})                                                                                                                                                                                                                // a tick: the key counts
	toneEnd           = tone(loudTone, pitch{990, 120 * time.Millisecond}, pitch{0, 60 * time.Millisecond}, pitch{495, 350 * time.Millisecond})                                                                                                                                           // a door that closes
	toneTrouble       = tone(loudTone, pitch{220, 100 * time.Millisecond}, pitch{0, 60 * time.Millisecond}, pitch{220, 100 * time.Millisecond}, pitch{0, 60 * time.Millisecond}, pitch{220, 100 * time.Millisecond}, pitch{0, 60 * time.Millisecond}, pitch{220, 100 * time.Millisecond}) // four times the same, low
)

// The loudness of tones in LUFS: a little below speech, which has voice.TargetLoudness, and well below it.
const (
	loudTone = -20.0
	softTone = -30.0
)

// toneEdge is how long a note takes to swell and to fade, so that it does not click.
const toneEdge = 5 * time.Millisecond

// tone makes a WAV file of notes, at a loudness in LUFS.
func tone(loudness float64, notes ...pitch) []byte {
	var pcm []float32
	samples := func(d time.Duration) int { return int(d * voice.SampleRate / time.Second) }
	edge := float64(samples(toneEdge))
	for _, note := range notes {
		n := samples(note.lasts)
		for i := range n {
			swell := min(1, float64(i)/edge, float64(n-i)/edge)
			phase := 2 * math.Pi * note.hertz * float64(i) / voice.SampleRate
			pcm = append(pcm, float32(0.1*swell*(math.Sin(phase)+0.3*math.Sin(2*phase)))) // an octave above, for small loudspeakers
		}
	}
	gain := math.Pow(10, (loudness-voice.Loudness(pcm, voice.SampleRate))/20)
	for i := range pcm {
		pcm[i] *= float32(gain)
	}
	return voice.EncodeWAV(pcm, voice.SampleRate)
}
