package voice

import (
	"encoding/binary"
	"strings"
	"time"

	"jembe/advisory"
)

// paceLabel is for names in a row: single words are clear at espeak's own pace, and nine of them must not weary.
const paceLabel = "175"

const (
	breath = 60 * time.Millisecond // left after a label
	quiet  = 300                   // of 32,768: below it a sample is silence
)

// asLabel takes out what a voice makes a pause for, and a label has only for the eye.
func asLabel(text string) string { return strings.ReplaceAll(text, ",", "") }

// tighten cuts the pause that the voice makes after a sentence from the end of a sound of 16 bit, mono, down to a breath.
func tighten(s advisory.Sound) advisory.Sound {
	format, data, err := walkRIFF(s.WAV)
	if err != nil || format.BlockAlign != 2 {
		return s
	}
	end := len(data) - len(data)%2
	for end > 0 && silent(int16(binary.LittleEndian.Uint16(data[end-2:]))) {
		end -= 2
	}
	end = min(len(data)-len(data)%2, end+2*int(breath.Seconds()*float64(format.Rate)))
	if end == 0 {
		return s
	}
	file := canonicalWAV(format, data[:end])
	return advisory.Sound{WAV: file, Duration: wavDuration(file)}
}

func silent(sample int16) bool { return sample > -quiet && sample < quiet }
