package voice

import (
	"bytes"
	"fmt"

	"jembe/advisory"
)

// Decode turns a recording as received into samples at SampleRate, mono, between -1 and 1.
//
// It reads WAV (4 to 192 kHz, 1 to 8 channels, PCM of 8, 16, 24 or 32 bit, 32 bit float), WebM/Opus and Ogg/Opus, as told
// by the first bytes. Any bytes are safe: it takes time and memory in proportion to the bytes given, whatever lengths
// they claim. Sound beyond MaxDuration is left out; a recording cut short is heard as far as it goes. A recording without
// samples gives none and no error. Errors are *advisory.Error: BadAudio, or TooLarge above MaxBytes.
func Decode(b []byte) (pcm []float32, err error) {
	if len(b) == 0 {
		return nil, badAudio("the recording is empty")
	}
	if len(b) > MaxBytes {
		return nil, &advisory.Error{
			Code: advisory.TooLarge,
			Hint: fmt.Sprintf("a question has at most %d MB and %v", MaxBytes>>20, MaxDuration),
			Err:  fmt.Errorf("recording of %d bytes", len(b)),
		}
	}
	// The decoders below are other people's; should one panic on bytes that nobody has tried, the box goes on.
	defer func() {
		if p := recover(); p != nil {
			pcm, err = nil, badAudio(fmt.Sprintf("damaged recording: %v", p))
		}
	}()
	mono, rate, err := decodeContainer(b)
	if err != nil {
		return nil, err
	}
	return Resample(mono, rate, SampleRate), nil
}

func decodeContainer(b []byte) (mono []float32, rate int, err error) {
	switch {
	case bytes.HasPrefix(b, []byte("RIFF")):
		return decodeWAV(b)
	case bytes.HasPrefix(b, []byte{0x1a, 0x45, 0xdf, 0xa3}):
		return decodeWebM(b)
	case bytes.HasPrefix(b, []byte("OggS")):
		return decodeOgg(b)
	}
	return nil, 0, badAudio("no recording of a kind that can be read")
}
