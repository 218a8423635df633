package voice

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/at-wat/ebml-go"
	"github.com/pion/opus"
	"github.com/pion/opus/pkg/oggreader"
)

const (
	opusRate     = 48000
	opusLongest  = opusRate * 120 / 1000 // samples in the longest packet, 120 ms: RFC 6716, section 2.1.4
	maxOpusBytes = 4 << 20               // 60 s at Opus's highest rate, 510 kbit/s, are 3.8 MB; what follows is not read
	maxElement   = 256 << 10             // bytes of one WebM block; 255 laced packets of the usual size are far below
)

// opusStream decodes the packets of one stream to mono at 48 kHz.
type opusStream struct {
	decoder opus.Decoder
	skip    int // samples yet to be dropped: the encoder's delay
	pcm     []float32
	packet  [opusLongest]float32
	good    int
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

func (s *opusStream) sound(packets int) ([]float32, int, error) {
	if packets > 0 && s.good == 0 {
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

// webmFile names the elements of a WebM file that are read.
type webmFile struct {
	Segment struct {
		Tracks struct {
			TrackEntry []webmTrack
		}
		Cluster struct {
			SimpleBlock []ebml.Block
			BlockGroup  struct {
				Block []ebml.Block
			}
		}
	}
}

type webmTrack struct {
	TrackNumber  uint64
	CodecID      string
	CodecPrivate []byte
}

// decodeWebM decodes the first Opus track of a WebM file, as the MediaRecorder of browsers writes it: clusters without a
// size, an end that may be missing.
func decodeWebM(b []byte) ([]float32, int, error) {
	var file webmFile
	var stream *opusStream
	var track uint64
	var fault error
	packets := 0
	source := &io.LimitedReader{R: bytes.NewReader(b), N: maxOpusBytes}
	hear := func(block ebml.Block) {
		if stream == nil {
			if track, stream, fault = openTrack(file.Segment.Tracks.TrackEntry); fault != nil {
				source.N = 0
				return
			}
		}
		for _, packet := range block.Data {
			if block.TrackNumber != track {
				continue
			}
			packets++
			if !stream.add(packet) {
				source.N = 0 // ends the reading
				return
			}
		}
	}
	read := ebml.WithElementReadHooks(func(e *ebml.Element) {
		if block, ok := e.Value.(ebml.Block); ok && fault == nil {
			hear(block)
			file.Segment.Cluster.SimpleBlock, file.Segment.Cluster.BlockGroup.Block = nil, nil // keep none
		}
	})
	err := ebml.Unmarshal(source, &file, read, ebml.WithMaxLeafElementSize(maxElement))
	if fault != nil {
		return nil, 0, fault
	}
	if stream == nil {
		return nil, 0, badAudio("WebM file without sound")
	}
	_ = err // a file cut short is heard as far as it goes
	return stream.sound(packets)
}

func openTrack(tracks []webmTrack) (uint64, *opusStream, error) {
	for _, t := range tracks {
		if t.CodecID == "A_OPUS" {
			s, err := newOpusStream(preSkip(t.CodecPrivate))
			return t.TrackNumber, s, err
		}
	}
	return 0, nil, badAudio("WebM file without an Opus track")
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
	packets := 0
	for {
		packet, _, err := reader.ParseNextPacket()
		if err != nil {
			return stream.sound(packets) // the end, or a file cut short: heard as far as it goes
		}
		if bytes.HasPrefix(packet, []byte("OpusTags")) {
			continue
		}
		packets++
		if !stream.add(packet) {
			return stream.sound(packets)
		}
	}
}
