package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Bounds of one batch.
const (
	MaxBody   = 64 << 10 // bytes of a request that a hub reads; a box stays far below it
	MaxEvents = 4096     // lines of one batch
	maxOpened = 4 << 20  // bytes that a batch may grow to when it is opened
	maxSeq    = 1 << 53  // which every reader of JSON can hold, and no box will ever reach
)

// Header is what a box says of itself and of the lines that follow.
type Header struct {
	Line    int    `json:"line"` // version of the line: 1
	Hub     string `json:"hub"`  // KeyID of the hub it is meant for
	Device  string `json:"device"`
	Epoch   string `json:"epoch"`
	Before  []byte `json:"before,omitempty"` // the first BeforeBytes of the chain's hash before the first line: another chain is seen at once
	First   int64  `json:"first"`            // seq of the first line; after the last event where there are none
	Events  int    `json:"events"`           // lines, 0 to MaxEvents
	Version string `json:"version"`
	Waiting int64  `json:"waiting"` // events of the epoch that wait behind these; 0: its record ends here
	Wall    int64  `json:"wall_ms"` // the box's clock, Unix ms, however wrong: the hub's anchor
	Boot    int64  `json:"boot"`    // starts of the machine, and
	Mono    int64  `json:"mono_ms"` // ms since the last one: what wall times of events are set right by
	Nonce   string `json:"nonce"`

	Settings string `json:"settings,omitempty"` // Mark of the office's settings that the box has

	Replies     []string `json:"replies,omitempty"`     // that were received, until the hub has said so; at most MaxListed
	Escalations []string `json:"escalations,omitempty"` // of which the box still holds the sealed file: is it at the hub? At most MaxListed
}

// Batch is one request: the lines of one epoch, gapless from the first on.
type Batch struct {
	Header
	Lines []Line
}

// BeforeBytes of a chain's hash tell two chains apart.
const BeforeBytes = 8

// errBroken is for a batch that no box of ours has written.
var errBroken = errors.New("the batch is broken")

// The first byte of a batch tells how the rest is written. What any box has written is read for ever; others may be added.
const (
	firstEncoding = 1 // zstd begins with the first dictionary
	encoding      = 2 // and with the second: what is written now
)

// EncodeBatch gives the bytes of a batch: the encoding, the length of a zstd frame in which stand the header as one line of JSON and
// all that is text, then the fields of the events in bits (see packer). DecodeBatch gives every line back byte for byte.
func EncodeBatch(b Batch) ([]byte, error) {
	if len(b.Lines) > MaxEvents {
		return nil, fmt.Errorf("%d events in one batch; the most is %d", len(b.Lines), MaxEvents)
	}
	b.Header.Line, b.Header.Events = 1, len(b.Lines)
	head, err := json.Marshal(b.Header)
	if err != nil {
		return nil, err
	}
	text, packed, err := pack(b.Header, b.Lines)
	if err != nil {
		return nil, err
	}
	frame := compressor().EncodeAll(append(append(head, '\n'), text...), nil)
	out := binary.AppendUvarint([]byte{encoding}, uint64(len(frame)))
	return append(append(out, frame...), packed...), nil
}

// DecodeBatch reads the bytes of a batch. Whatever they are, it takes no more than some 20 MiB of memory.
func DecodeBatch(body []byte) (Batch, error) {
	if len(body) == 0 || body[0] != encoding && body[0] != firstEncoding {
		return Batch{}, errors.New("the batch is written in a way that this program does not know")
	}
	length, n := binary.Uvarint(body[1:])
	if n <= 0 || length > uint64(len(body)-1-n) {
		return Batch{}, errBroken
	}
	frame, packed := body[1+n:1+n+int(length)], body[1+n+int(length):]
	opened, err := decompressor().DecodeAll(frame, nil)
	if err != nil {
		return Batch{}, fmt.Errorf("open batch: %w", err)
	}
	head, text, ok := bytes.Cut(opened, []byte("\n"))
	var b Batch
	if err := json.Unmarshal(head, &b.Header); err != nil || !ok {
		return Batch{}, errors.Join(errBroken, err)
	}
	if b.Line != 1 || b.Events < 0 || b.Events > MaxEvents || b.First < 1 || b.First > maxSeq {
		return Batch{}, errBroken
	}
	b.Lines, err = unpack(b.Header, text, packed)
	return b, err
}

// The dictionaries are what zstd begins with: questions, for words that go along are questions. The second holds those of all documents
// of the starter pack in four languages, and takes a sixth off the words of people who have read none of them.
const (
	firstDictionary  = 1
	secondDictionary = 2
)

var compressor = sync.OnceValue(func() *zstd.Encoder {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false),
		zstd.WithWindowSize(maxWindow), zstd.WithLowerEncoderMem(true), zstd.WithEncoderDictRaw(secondDictionary, read("questions-2.txt")))
	if err != nil {
		panic(err) // the options never change
	}
	return z
})

// maxWindow reaches over the whole of a dictionary, in bytes.
const maxWindow = 1 << 20

var decompressor = sync.OnceValue(func() *zstd.Decoder {
	z, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxOpened), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderConcurrency(0),
		zstd.WithDecoderDictRaw(firstDictionary, read("questions.txt")), zstd.WithDecoderDictRaw(secondDictionary, read("questions-2.txt")))
	if err != nil {
		panic(err) // the options never change
	}
	return z
})
