package voice

import (
	"bytes"
	"io"

	"github.com/at-wat/ebml-go"
)

// maxElement bounds one WebM element, in bytes; a block of 255 packets of the usual size is far below.
const maxElement = 256 << 10

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

// webmReader hears the first Opus track of a WebM file while the file is read, so that nothing of it piles up in memory.
type webmReader struct {
	file   webmFile
	source *io.LimitedReader
	track  uint64
	stream *opusStream // nil until an Opus track was found
	fault  error
}

// decodeWebM decodes the first Opus track of a WebM file, as the MediaRecorder of browsers writes it: clusters without a
// size, an end that may be missing.
func decodeWebM(b []byte) ([]float32, int, error) {
	r := &webmReader{source: &io.LimitedReader{R: bytes.NewReader(b), N: maxOpusBytes}}
	// The error is left alone: a file cut short is heard as far as it goes, and one without sound fails below.
	_ = ebml.Unmarshal(r.source, &r.file, ebml.WithElementReadHooks(r.element), ebml.WithMaxLeafElementSize(maxElement))
	switch {
	case r.fault != nil:
		return nil, 0, r.fault
	case r.stream == nil:
		return nil, 0, badAudio("WebM file without an Opus track")
	}
	return r.stream.sound()
}

// element takes up an element that has been read.
func (r *webmReader) element(e *ebml.Element) {
	switch e.Type {
	case ebml.ElementTrackEntry:
		tracks := r.file.Segment.Tracks.TrackEntry
		if t := tracks[len(tracks)-1]; r.stream == nil && t.CodecID == "A_OPUS" {
			r.track = t.TrackNumber
			r.stream, r.fault = newOpusStream(preSkip(t.CodecPrivate))
		}
		r.file.Segment.Tracks.TrackEntry = nil
	case ebml.ElementSimpleBlock, ebml.ElementBlock:
		if block, ok := e.Value.(ebml.Block); ok {
			r.hear(block)
		}
		r.file.Segment.Cluster.SimpleBlock, r.file.Segment.Cluster.BlockGroup.Block = nil, nil
	}
}

// hear decodes a block of the track, and ends the reading when there is enough.
func (r *webmReader) hear(block ebml.Block) {
	if r.stream == nil || block.TrackNumber != r.track {
		return
	}
	for _, packet := range block.Data {
		if !r.stream.add(packet) {
			r.source.N = 0
			return
		}
	}
}
