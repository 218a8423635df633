package ollamatest

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
)

// gguf is a model file in the making, in version 3 of the format: what is known of the model, then its numbers.
type gguf struct {
	keys    int
	meta    bytes.Buffer
	tensors []tensor
}

// tensor is a named table of numbers; width is the length of a row.
type tensor struct {
	name    string
	width   int
	numbers []float32
}

// The numbers by which the format names types.
const (
	typeUint32  = 4
	typeInt32   = 5
	typeFloat32 = 6
	typeBool    = 7
	typeString  = 8
	typeArray   = 9
)

const alignment = 32 // of each tensor, in bytes

func put(b *bytes.Buffer, values ...any) {
	for _, v := range values {
		if s, ok := v.(string); ok {
			put(b, uint64(len(s)))
			b.WriteString(s)
		} else if err := binary.Write(b, binary.LittleEndian, v); err != nil {
			panic(err)
		}
	}
}

// set writes one thing that is known of the model.
func (g *gguf) set(key string, value any) {
	g.keys++
	put(&g.meta, key)
	switch v := value.(type) {
	case int:
		put(&g.meta, uint32(typeUint32), uint32(v))
	case float32:
		put(&g.meta, uint32(typeFloat32), v)
	case bool:
		put(&g.meta, uint32(typeBool), v)
	case string:
		put(&g.meta, uint32(typeString), v)
	case []string:
		put(&g.meta, uint32(typeArray), uint32(typeString), uint64(len(v)))
		for _, s := range v {
			put(&g.meta, s)
		}
	case []int32:
		put(&g.meta, uint32(typeArray), uint32(typeInt32), uint64(len(v)), v)
	case []float32:
		put(&g.meta, uint32(typeArray), uint32(typeFloat32), uint64(len(v)), v)
	default:
		panic("no such type in the format")
	}
}

// add puts a table of numbers into the model.
func (g *gguf) add(name string, width int, numbers []float32) {
	g.tensors = append(g.tensors, tensor{name, width, numbers})
}

// bytes gives the file.
func (g *gguf) bytes() []byte {
	var b bytes.Buffer
	b.WriteString("GGUF")
	put(&b, uint32(3), uint64(len(g.tensors)), uint64(g.keys))
	b.Write(g.meta.Bytes())
	offset := 0
	for _, t := range g.tensors {
		rows := len(t.numbers) / t.width
		if rows == 1 {
			put(&b, t.name, uint32(1), uint64(t.width))
		} else {
			put(&b, t.name, uint32(2), uint64(t.width), uint64(rows))
		}
		put(&b, uint32(0), uint64(offset)) // 0: as float32
		offset += padded(4 * len(t.numbers))
	}
	for _, t := range g.tensors {
		b.Write(make([]byte, padded(b.Len())-b.Len()))
		put(&b, t.numbers)
	}
	b.Write(make([]byte, padded(b.Len())-b.Len()))
	return b.Bytes()
}

func padded(n int) int { return (n + alignment - 1) / alignment * alignment }

// all gives n times the same number.
func all(n int, x float32) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = x
	}
	return out
}

// directions gives n vectors of length 1 that point anywhere, so that no two are much alike.
func directions(n, size int) []float32 {
	random := rand.New(rand.NewPCG(7, 11))
	out := make([]float32, 0, n*size)
	for range n {
		v, sum := make([]float32, size), 0.0
		for i := range v {
			x := random.NormFloat64()
			v[i], sum = float32(x), sum+x*x
		}
		for _, x := range v {
			out = append(out, x/float32(math.Sqrt(sum)))
		}
	}
	return out
}
