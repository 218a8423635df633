package voice

import (
	"bytes"
	"fmt"

	"github.com/thesyncim/gopus"
	"github.com/thesyncim/gopus/container/ogg"
)

const (
	opusBitrate = 20000                  // bits a second: speech at 16 kHz is hardly told from the original (RFC 6716, section 2.1.1)
	opusFrame   = SampleRate * 20 / 1000 // samples in a packet of 20 ms
	opusPacket  = 1275                   // bytes of the longest frame: RFC 6716, section 3.2.1
	opusScale   = opusRate / SampleRate  // Ogg counts samples at 48 kHz
)

// EncodeOpus writes samples at SampleRate as an Ogg/Opus file (RFC 7845).
func EncodeOpus(pcm []float32) ([]byte, error) {
	encoder, err := gopus.NewEncoder(gopus.EncoderConfig{SampleRate: SampleRate, Channels: 1, Application: gopus.ApplicationVoIP})
	if err != nil {
		return nil, fmt.Errorf("start the Opus encoder: %w", err)
	}
	if err := encoder.SetBitrate(opusBitrate); err != nil {
		return nil, fmt.Errorf("set the bit rate of Opus: %w", err)
	}
	var file bytes.Buffer
	w, err := ogg.NewWriter(&file, SampleRate, 1)
	if err != nil {
		return nil, fmt.Errorf("start the Ogg file: %w", err)
	}
	packet, frame := make([]byte, opusPacket), make([]float32, opusFrame)
	end := len(pcm) + encoder.Lookahead() // so much later does the last sample come out
	for at := 0; at < end; at += opusFrame {
		clear(frame)
		copy(frame, pcm[min(at, len(pcm)):])
		n, err := encoder.Encode(frame, packet)
		if err != nil {
			return nil, fmt.Errorf("encode Opus: %w", err)
		}
		if err := w.WritePacket(packet[:n], opusFrame*opusScale); err != nil {
			return nil, fmt.Errorf("write the Ogg file: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("end the Ogg file: %w", err)
	}
	return file.Bytes(), nil
}
