package voice

import (
	"bytes"
	"encoding/binary"

	"github.com/pion/opus"
	"github.com/pion/opus/pkg/oggreader"
)

const (
	opusRate     = 48000
	opusLongest  = opusRate * 120 / 1000 // samples in the longest packet, 120 ms: RFC 6716, section 2.1.4
	maxOpusBytes = 4 << 20               // 60 s at Opus's highest rate, 510 kbit/s, are 3.8 MB; what follows is not read
)

// opusStream decodes the packets of one stream to mono at 48 kHz.
type opusStream struct {
	decoder opus.Decoder
	skip    int // samples yet to be dropped: the encoder's delay
	pcm     []float32
	packet  [opusLongest]float32
	packets int // seen
	good    int // decoded
}

func newOpusStream(preSkip int) (*opusStream, error) {
	d, err := opus.NewDecoderWithOutput(opusRate, 1)
	if err != nil {
		return nil, badAudio(err.Error())
	}
	return &opusStream{decoder: d, skip: preSkip}, nil
}

// add decodes a packet; a damaged one is left out. It reports whether more is wanted.
func (s *opusStream) add(packet []byte) bool {
	s.packets++
	n, err := s.decoder.DecodeToFloat32(packet, s.packet[:])
	if err == nil {
		s.good++
		drop := min(s.skip, n)
		s.skip -= drop
		for _, v := range s.packet[drop:n] {
			s.pcm = append(s.pcm, float32(finite(v)))
		}
	}
	return len(s.pcm) < maxSamples(opusRate)
}

// sound gives the samples and their rate.
func (s *opusStream) sound() ([]float32, int, error) {
	if s.packets > 0 && s.good == 0 {
		return nil, 0, badAudio("no packet of the Opus recording can be decoded")
	}
	return s.pcm[:min(len(s.pcm), maxSamples(opusRate))], opusRate, nil
}

// preSkip reads the delay from an identification header: RFC 7845, section 5.1. It is 0 when there is none.
func preSkip(head []byte) int {
	if len(head) < 12 || string(head[:8]) != "OpusHead" {
		return 0
	}
	return int(binary.LittleEndian.Uint16(head[10:]))
}

// decodeOgg decodes an Ogg file with one Opus stream of one or two channels.
func decodeOgg(b []byte) ([]float32, int, error) {
	reader, header, err := oggreader.NewWith(bytes.NewReader(b[:min(len(b), maxOpusBytes)]))
	if err != nil {
		return nil, 0, badAudio("Ogg file that holds no Opus: " + err.Error())
	}
	if header.ChannelMap != 0 {
		return nil, 0, badAudio("Ogg/Opus file of more than two channels")
	}
	stream, err := newOpusStream(int(header.PreSkip))
	if err != nil {
		return nil, 0, err
	}
	for {
		packet, _, err := reader.ParseNextPacket()
		if err != nil {
			return stream.sound() // the end, or a file cut short: heard as far as it goes
		}
		if bytes.HasPrefix(packet, []byte("OpusTags")) {
			continue
		}
		if !stream.add(packet) {
			return stream.sound()
		}
	}
}
