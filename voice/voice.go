// Package voice hears and speaks: it turns a recording into words (PocketSphinx) and words into sound (Espeak).
//
// It owns the decoding of recordings as they come from phones and microphones, the judgement whether anybody spoke, the
// language models built from the installed content, and the programs that recognise and speak, which run as sub-processes
// so that a crash costs one question. Its files on disk are two caches in directories that the caller names, safe to
// delete at any time: models ("<fingerprint>/farm.lm", "farm.dict") and rendered sound ("<hash>.wav").
//
// It never writes a recording to disk, never opens a network connection, and keeps nothing of what was said.
package voice

import (
	"errors"
	"time"

	"jembe/advisory"
)

// The limits of a recording.
const (
	SampleRate  = 16000            // of decoded sound, in Hz
	MaxBytes    = 20 << 20         // a larger recording is refused with advisory.TooLarge
	MaxDuration = 60 * time.Second // of a longer recording only the beginning is heard: half a question beats none
)

// maxSamples is MaxDuration at a rate in Hz.
func maxSamples(rate int) int { return int(MaxDuration/time.Second) * rate }

// duration of n samples at SampleRate.
func duration(n int) time.Duration { return time.Duration(n) * time.Second / SampleRate }

func badAudio(cause string) error {
	return &advisory.Error{Code: advisory.BadAudio, Hint: "send a WAV, WebM/Opus or Ogg/Opus recording", Err: errors.New(cause)}
}
