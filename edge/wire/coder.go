package wire

import "math/bits"

// coder is a binary arithmetic coder with adaptive probabilities, as lpaq has it: each bit costs what it tells. One that writes and
// one that reads go through the same calls, so that one function describes both ways; a reader that runs out of bytes reads zeros.
type coder struct {
	reading   bool
	bytes     []byte // written so far, or left to read
	room      int    // reading: how many bytes may still come of it
	low, high uint32
	value     uint32 // reading: the bytes at low and high
}

func newWriter() *coder { return &coder{high: 1<<32 - 1} }

func newReader(b []byte, room int) *coder {
	c := &coder{reading: true, bytes: b, room: room, high: 1<<32 - 1}
	for range 4 {
		c.value = c.value<<8 | c.next()
	}
	return c
}

// next reads a byte, or 0 after the last.
func (c *coder) next() uint32 {
	if len(c.bytes) == 0 {
		return 0
	}
	b := c.bytes[0]
	c.bytes = c.bytes[1:]
	return uint32(b)
}

// around is what a word takes beside its letters, about.
const around = 64

// take makes room for a word of n letters; false when there is none, which ends what bytes that nobody wrote can grow to.
func (c *coder) take(n uint64) bool {
	if !c.reading {
		return true
	}
	if n += around; n > uint64(max(c.room, 0)) || n < around {
		c.room = -1
		return false
	}
	c.room -= int(n)
	return true
}

// chance is what is known of a bit: how likely it is 1, in 65536ths, and how often it was seen.
type chance struct {
	one  uint16
	seen uint16
}

// slowest bounds how slowly a chance adapts.
const slowest = 60

// bit codes one bit; while reading the argument is passed over.
func (c *coder) bit(m *chance, bit uint64) uint64 {
	p := uint64(m.one)
	if m.seen == 0 {
		p = 1 << 15
	}
	p = min(max(p, 32), 1<<16-32)
	bit = c.halve(p, bit)
	m.seen = min(m.seen+1, slowest)
	target := uint64(0)
	if bit == 1 {
		target = 1<<16 - 1
	}
	m.one = uint16((p*(2*uint64(m.seen)+1) + 2*target) / (2*uint64(m.seen) + 3))
	return bit
}

// halve parts the range at p 65536ths and goes into the part of the bit.
func (c *coder) halve(p, bit uint64) uint64 {
	middle := c.low + uint32(uint64(c.high-c.low)*p>>16)
	if c.reading {
		bit = 0
		if c.value <= middle {
			bit = 1
		}
	}
	if bit == 1 {
		c.high = middle
	} else {
		c.low = middle + 1
	}
	for (c.low^c.high)>>24 == 0 {
		if c.reading {
			c.value = c.value<<8 | c.next()
		} else {
			c.bytes = append(c.bytes, byte(c.high>>24))
		}
		c.low, c.high = c.low<<8, c.high<<8|255
	}
	return bit
}

// end gives all that was written: as few bytes more as lie in the range, for a reader goes on with zeros.
func (c *coder) end() []byte {
	for n := range 4 {
		below := uint32(1)<<(32-8*n) - 1 // n of 0: all ones
		v := c.low + below
		if v < c.low && c.low != 0 {
			continue
		}
		if v &^= below; v >= c.low && v <= c.high {
			for i := range n {
				c.bytes = append(c.bytes, byte(v>>(24-8*i)))
			}
			return c.bytes
		}
	}
	return append(c.bytes, byte(c.low>>24), byte(c.low>>16), byte(c.low>>8), byte(c.low))
}

// random codes bytes that nothing is known of: a bit costs a bit.
func (c *coder) random(b []byte) {
	for i := range b {
		var v uint64
		for shift := 7; shift >= 0; shift-- {
			v = v<<1 | c.halve(1<<15, uint64(b[i]>>shift)&1)
		}
		b[i] = byte(v)
	}
}

// number is what is known of the numbers in one place: how many bits they have, and the first of these.
type number struct {
	length [128]chance
	first  [65][1 << modelled]chance
}

// modelled is how many bits after the first of a number are worth a chance of their own.
const modelled = 3

// code codes a number.
func (n *number) code(c *coder, v uint64) uint64 {
	length := tree(c, n.length[:], 7, uint64(bits.Len64(v)))
	if length < 2 || length > 64 {
		return min(length, 1)
	}
	rest := int(length) - 1
	out, node := uint64(1), uint64(1)
	for i := rest - 1; i >= 0; i-- {
		bit := v >> i & 1
		if rest-1-i < modelled {
			bit = c.bit(&n.first[length][node], bit)
			node = node<<1 | bit
		} else {
			bit = c.halve(1<<15, bit)
		}
		out = out<<1 | bit
	}
	return out
}

// signed codes a number that may be negative.
func (n *number) signed(c *coder, v int64) int64 {
	u := n.code(c, uint64(v<<1^v>>63))
	return int64(u>>1) ^ -int64(u&1)
}

// tree codes a value of so many bits, each with a chance that hangs on those before it.
func tree(c *coder, chances []chance, width int, v uint64) uint64 {
	node := uint64(1)
	for i := width - 1; i >= 0; i-- {
		node = node<<1 | c.bit(&chances[node], v>>i&1)
	}
	return node - 1<<width
}

// flag is what is known of a yes or no in one place.
type flag struct{ chance }

func (f *flag) code(c *coder, v bool) bool {
	bit := uint64(0)
	if v {
		bit = 1
	}
	return c.bit(&f.chance, bit) == 1
}
