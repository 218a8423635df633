package voice

import (
	"fmt"
	"time"

	"jembe/advisory"
)

// Take is a recording of a text, made ready to be kept and played: nothing before the first and after the last word, and as loud as
// all others.
type Take struct {
	Opus     []byte // an Ogg/Opus file, 16 kHz, mono
	WAV      []byte // what is heard of it, to listen to before it is kept
	Duration time.Duration
	Loudness float64 // LUFS, of what came in; the take itself has TargetLoudness
}

// quietestTake is the loudness in LUFS below which a microphone was too far away for the noise not to be raised with the voice.
const quietestTake = -50.0

// NewTake makes a take of a recording as it comes from a microphone or a phone. Errors are *advisory.Error: BadAudio for bytes that
// are no recording or in which nobody can be heard, TooLarge when it sounds for longer than a listener may be kept.
func NewTake(audio []byte) (Take, error) {
	pcm, err := Decode(audio)
	if err != nil {
		return Take{}, err
	}
	pcm = trim(pcm)
	loud := Loudness(pcm, SampleRate)
	if loud < quietestTake {
		return Take{}, &advisory.Error{Code: advisory.BadAudio, Hint: "nobody can be heard in it: come closer to the microphone, and speak up"}
	}
	length := duration(len(pcm))
	if length > maxPiece {
		return Take{}, &advisory.Error{
			Code: advisory.TooLarge, Hint: fmt.Sprintf("read it in less than %.0f seconds", maxPiece.Seconds()),
			Err: fmt.Errorf("a take of %v", length.Round(time.Second)),
		}
	}
	file, heard, err := encodedAt(pcm, TargetLoudness)
	if err != nil {
		return Take{}, err
	}
	return Take{Opus: file, WAV: EncodeWAV(heard, SampleRate), Duration: length, Loudness: loud}, nil
}

// codecSlack is how far in LU Opus may move the loudness before it is set right: it takes a little off every voice, and more off some.
const codecSlack = 0.2

// encodedAt gives an Opus file that has the loudness in LUFS when it is heard, and what is heard then.
func encodedAt(pcm []float32, target float64) (file []byte, heard []float32, err error) {
	aim, ceiling := target, maxPeak
	for range 4 {
		if file, err = EncodeOpus(evened(pcm, aim, ceiling)); err != nil {
			return nil, nil, err
		}
		if heard, err = Decode(file); err != nil {
			return nil, nil, fmt.Errorf("hear the take: %w", err)
		}
		off, over := target-Loudness(heard, SampleRate), TruePeak(heard, SampleRate)-heardPeak
		if -codecSlack < off && off < codecSlack && over <= 0 {
			break
		}
		aim += off
		ceiling -= max(0, over)
	}
	return file, heard, nil
}
