package voice

import (
	"math"
	"math/bits"
	"math/cmplx"
)

// fft transforms x, whose length is a power of two, in place: Cooley and Tukey 1965, radix 2.
func fft(x []complex128) {
	n := len(x)
	shift := bits.LeadingZeros32(uint32(n)) + 1
	for i := range x {
		if j := int(bits.Reverse32(uint32(i)) >> shift); i < j {
			x[i], x[j] = x[j], x[i]
		}
	}
	for size := 2; size <= n; size *= 2 {
		step := cmplx.Rect(1, -2*math.Pi/float64(size))
		for start := 0; start < n; start += size {
			turn := complex(1, 0)
			for k := start; k < start+size/2; k++ {
				a, b := x[k], x[k+size/2]*turn
				x[k], x[k+size/2] = a+b, a-b
				turn *= step
			}
		}
	}
}
