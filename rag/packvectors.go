package rag

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"jembe/advisory"
)

// Vectors are the embeddings of documents, made by a model elsewhere and carried in a file of a pack. They are found by the text
// that they belong to, so those of a text that has changed since are never used.
//
// The file is the mark, the length of a header in 4 bytes, the header as JSON, and a row for each text in the header's order: 16 bytes
// of the text's SHA-256, a float32, and as many signed bytes as the model has dimensions, which times that float32 are the
// vector. All numbers are little-endian. A row whose float32 is 0 stands for a text that the model could not take.
type Vectors struct {
	header vectorHeader
	rows   []byte
	at     map[textKey]int // text -> its row
}

// vectorHeader says whose vectors they are.
type vectorHeader struct {
	Model     string           `json:"model"`  // as the server names it
	Digest    string           `json:"digest"` // of its version
	Size      int              `json:"size"`   // dimensions
	Documents []vectorDocument `json:"documents"`
}

// vectorDocument says how many of the rows are of a document: its title, questions, short answer and passages, in order.
type vectorDocument struct {
	ID    string        `json:"id"`
	Lang  advisory.Lang `json:"lang"`
	Texts int           `json:"texts"`
}

const (
	vectorMark    = "jembevec"
	maxVectorHead = 8 << 20   // bytes of the header
	maxVectorSize = 8192      // dimensions
	maxVectorRows = 1_000_000 // texts
)

// textKey names a text.
type textKey [16]byte

func keyOf(text string) textKey {
	sum := sha256.Sum256([]byte(text))
	return textKey(sum[:16])
}

// Model gives the name and the digest of the model that made the vectors.
func (v *Vectors) Model() Model { return Model{Name: v.header.Model, Digest: v.header.Digest} }

// Len is the number of texts that have a vector.
func (v *Vectors) Len() int { return len(v.at) }

// rowBytes is the length of a row.
func (h vectorHeader) rowBytes() int { return len(textKey{}) + 4 + h.Size }

// of gives the vector of a text, nil where there is none.
func (v *Vectors) of(text string) []float32 {
	i, ok := v.at[keyOf(text)]
	if !ok {
		return nil
	}
	row := v.row(i)
	scale := scaleOf(row)
	out := make([]float32, v.header.Size)
	for k, b := range row[len(textKey{})+4:] {
		out[k] = scale * float32(int8(b))
	}
	return out
}

func (v *Vectors) row(i int) []byte { return v.rows[i*v.header.rowBytes() : (i+1)*v.header.rowBytes()] }

func scaleOf(row []byte) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(row[len(textKey{}):]))
}

// ParseVectors reads a file of vectors; raw must not change afterwards. What it takes in memory is bounded by the length of raw.
func ParseVectors(raw []byte) (*Vectors, error) {
	rest, ok := bytes.CutPrefix(raw, []byte(vectorMark))
	if !ok || len(rest) < 4 {
		return nil, errors.New("read vectors: not a file of vectors")
	}
	n := binary.LittleEndian.Uint32(rest)
	if rest = rest[4:]; n > maxVectorHead || int(n) > len(rest) {
		return nil, errors.New("read vectors: the header is too long")
	}
	v := &Vectors{}
	if err := json.Unmarshal(rest[:n], &v.header); err != nil {
		return nil, fmt.Errorf("read vectors: header: %w", err)
	}
	v.rows = rest[n:]
	rows, err := v.header.count()
	if err != nil {
		return nil, fmt.Errorf("read vectors: %w", err)
	}
	if len(v.rows) != rows*v.header.rowBytes() {
		return nil, fmt.Errorf("read vectors: %d bytes are not %d rows of %d dimensions", len(v.rows), rows, v.header.Size)
	}
	v.at = make(map[textKey]int, rows)
	for i := range rows {
		switch scale := float64(scaleOf(v.row(i))); {
		case !(scale >= 0) || math.IsInf(scale, 0): // not a number, too
			return nil, fmt.Errorf("read vectors: row %d has no sound scale", i)
		case scale > 0:
			v.at[textKey(v.row(i))] = i
		}
	}
	return v, nil
}

// count gives the number of rows, and refuses what cannot be.
func (h vectorHeader) count() (rows int, err error) {
	if h.Model == "" || h.Digest == "" || h.Size < 1 || h.Size > maxVectorSize {
		return 0, fmt.Errorf("a model %q, its digest %q and %d dimensions", h.Model, h.Digest, h.Size)
	}
	for _, d := range h.Documents {
		if d.Texts < 0 || d.Texts > maxVectorRows {
			return 0, fmt.Errorf("%s has %d texts", d.ID, d.Texts)
		}
		if rows += d.Texts; rows > maxVectorRows {
			return 0, fmt.Errorf("more than %d texts", maxVectorRows)
		}
	}
	return rows, nil
}

// encodeVectors writes the file; there is a text for each row, and a vector for each text, nil where the model could not take it.
func encodeVectors(h vectorHeader, texts []string, vectors [][]float32) ([]byte, error) {
	head, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("write vectors: %w", err)
	}
	out := binary.LittleEndian.AppendUint32([]byte(vectorMark), uint32(len(head)))
	out = append(out, head...)
	for i, text := range texts {
		key := keyOf(text)
		out = appendRow(append(out, key[:]...), vectors[i], h.Size)
	}
	return out, nil
}

// appendRow writes a vector as its scale and signed bytes: the largest number becomes 127 or -127.
func appendRow(out []byte, vector []float32, size int) []byte {
	largest := float32(0)
	for _, x := range vector {
		largest = max(largest, x, -x)
	}
	scale := largest / 127
	out = binary.LittleEndian.AppendUint32(out, math.Float32bits(scale))
	for k := range size {
		b := int8(0)
		if scale > 0 {
			b = int8(math.Round(float64(vector[k] / scale)))
		}
		out = append(out, byte(b))
	}
	return out
}
