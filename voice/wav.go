package voice

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/go-audio/audio"
	"github.com/go-audio/wav"
)

// The format tags of a WAV file: Microsoft, "Multiple Channel Audio Data and WAVE Files".
const (
	formatPCM        = 1
	formatFloat      = 3
	formatExtensible = 0xfffe // the real tag is the first two bytes of a GUID
)

// headerBytes come before the sound in every WAV file of ours.
const headerBytes = 44

// wavFormat is what a "fmt " chunk says.
type wavFormat struct {
	Tag        uint16
	Channels   uint16
	Rate       uint32
	ByteRate   uint32
	BlockAlign uint16
	Bits       uint16
}

// decodeWAV mixes a WAV file down to mono at its own rate.
//
// go-audio/wav hangs or allocates gigabytes on chunk sizes that lie, so it only sees a file of ours: one "fmt " and one
// "data" chunk, bounded by the bytes that are really there.
func decodeWAV(b []byte) ([]float32, int, error) {
	format, data, err := walkRIFF(b)
	if err != nil {
		return nil, 0, err
	}
	align := int(format.BlockAlign)
	frames := min(len(data)/align, maxSamples(int(format.Rate)))
	if frames == 0 {
		return nil, int(format.Rate), nil
	}
	d := wav.NewDecoder(bytes.NewReader(canonicalWAV(format, data[:frames*align])))
	channels := int(format.Channels)
	block := &audio.IntBuffer{Data: make([]int, 4096*channels)}
	mono := make([]float32, 0, frames)
	for len(mono) < frames {
		n, err := d.PCMBuffer(block)
		if err != nil {
			return nil, 0, badAudio(fmt.Sprintf("read WAV: %v", err))
		}
		if n < channels {
			break
		}
		mono = mixDown(mono, block.Data[:n], format)
	}
	return mono[:min(len(mono), frames)], int(format.Rate), nil
}

// walkRIFF finds the format and the sound. A data chunk that claims nothing, or more than there is (as a program does that
// writes to a pipe and can't know), holds all that is left.
func walkRIFF(b []byte) (format wavFormat, data []byte, err error) {
	if len(b) < 12 || string(b[8:12]) != "WAVE" {
		return format, nil, badAudio("RIFF file that is no WAVE")
	}
	known := false
	for rest := b[12:]; len(rest) >= 8; {
		id, size := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:]))
		rest = rest[8:]
		body := rest[:min(size, int64(len(rest)))]
		switch {
		case id == "fmt ":
			if format, err = parseFormat(body); err != nil {
				return format, nil, err
			}
			known = true
		case id == "data" && !known:
			return format, nil, badAudio("WAV file without a format")
		case id == "data" && size == 0:
			return format, rest, nil
		case id == "data":
			return format, body, nil
		}
		rest = rest[min(size+size&1, int64(len(rest))):]
	}
	return format, nil, badAudio("WAV file without sound")
}

func parseFormat(body []byte) (f wavFormat, err error) {
	if len(body) < 16 {
		return f, badAudio("WAV format chunk too short")
	}
	if err := binary.Read(bytes.NewReader(body), binary.LittleEndian, &f); err != nil {
		return f, badAudio(err.Error())
	}
	if f.Tag == formatExtensible && len(body) >= 26 {
		f.Tag = binary.LittleEndian.Uint16(body[24:])
	}
	pcm := f.Tag == formatPCM && (f.Bits == 8 || f.Bits == 16 || f.Bits == 24 || f.Bits == 32)
	if !pcm && (f.Tag != formatFloat || f.Bits != 32) {
		return f, badAudio(fmt.Sprintf("WAV of kind %d with %d bits; PCM of 8, 16, 24, 32 bits and 32 bit float can be read", f.Tag, f.Bits))
	}
	if f.Channels < 1 || f.Channels > 8 || f.Rate < 4000 || f.Rate > 192000 {
		return f, badAudio(fmt.Sprintf("WAV of %d channels at %d Hz; 1 to 8 at 4,000 to 192,000 can be read", f.Channels, f.Rate))
	}
	f.BlockAlign = f.Channels * f.Bits / 8
	f.ByteRate = f.Rate * uint32(f.BlockAlign)
	return f, nil
}

// canonicalWAV is a WAV file of exactly one format and one data chunk.
func canonicalWAV(f wavFormat, data []byte) []byte {
	var b bytes.Buffer
	b.Grow(headerBytes + len(data) + 1)
	padded := len(data) + len(data)&1
	b.WriteString("RIFF")
	put := func(v any) { _ = binary.Write(&b, binary.LittleEndian, v) } // a bytes.Buffer takes all
	put(uint32(headerBytes - 8 + padded))
	b.WriteString("WAVEfmt ")
	put(uint32(16))
	put(f)
	b.WriteString("data")
	put(uint32(len(data)))
	b.Write(data)
	b.Write(make([]byte, padded-len(data)))
	return b.Bytes()
}

// mixDown appends the mean of each frame's channels, scaled to -1..1.
func mixDown(mono []float32, samples []int, f wavFormat) []float32 {
	channels := int(f.Channels)
	scale := 1 / float64(int64(1)<<(f.Bits-1))
	for i := 0; i+channels <= len(samples); i += channels {
		sum := 0.0
		for _, s := range samples[i : i+channels] {
			switch {
			case f.Tag == formatFloat:
				sum += finite(math.Float32frombits(uint32(int32(s))))
			case f.Bits == 8: // unsigned, silence at 128
				sum += float64(s-128) * scale
			default:
				sum += float64(s) * scale
			}
		}
		mono = append(mono, float32(sum/float64(channels)))
	}
	return mono
}

// finite is v within -1..1, and 0 for what is no number.
func finite(v float32) float64 {
	if v != v {
		return 0
	}
	return float64(max(-1, min(1, v)))
}

// EncodeWAV writes samples between -1 and 1 (others are clipped) as a WAV file, mono, 16 bit, at the rate in Hz.
func EncodeWAV(pcm []float32, rate int) []byte {
	return canonicalWAV(mono16(rate), pcm16(pcm))
}

// mono16 is the format of everything we write.
func mono16(rate int) wavFormat {
	return wavFormat{Tag: formatPCM, Channels: 1, Rate: uint32(rate), ByteRate: uint32(2 * rate), BlockAlign: 2, Bits: 16}
}

// pcm16 gives samples as 16 bit little-endian integers.
func pcm16(pcm []float32) []byte {
	out := make([]byte, 2*len(pcm))
	for i, v := range pcm {
		binary.LittleEndian.PutUint16(out[2*i:], uint16(int16(math.Round(finite(v)*32767))))
	}
	return out
}
