package voice

import "math"

// The resampler's filter: a sinc under a Kaiser window (J. O. Smith, "Digital Audio Resampling Home Page").
const (
	stopDecibels = 90.0  // attenuation of what would alias
	passShare    = 0.875 // of the lower Nyquist frequency: up to there nothing is lost; at 16 kHz, 7 kHz
	rateStep     = 25    // Hz; see Resample
)

// Resample changes the rate of samples from one rate to another, in Hz, both at least 4,000. Frequencies above the lower
// Nyquist frequency are below -80 dB in what comes out, those below 7/8 of it pass within 0.1 dB.
//
// Rates are taken to the nearest 25 Hz, as all usual ones are: an odd rate is then off by less than 0.4%, which no
// listener notices, and the filter never has more than 640 phases on the way to 16 kHz.
func Resample(in []float32, from, to int) []float32 {
	up, down := ratio(from, to)
	if up == down || len(in) == 0 {
		return in
	}
	bank, half := filterBank(up, down)
	taps := 2 * half
	padded := make([]float32, len(in)+2*taps)
	copy(padded[half-1:], in)
	out := make([]float32, (int64(len(in))*int64(up)+int64(down)-1)/int64(down))
	for i := range out {
		at := int64(i) * int64(down) // in steps of 1/up input samples; 32 bits are too few
		window := padded[at/int64(up):][:taps]
		phase := bank[at%int64(up)][:taps]
		var sum float32
		for k, w := range phase {
			sum += w * window[k]
		}
		out[i] = sum
	}
	return out
}

// ratio is to/from in lowest terms.
func ratio(from, to int) (up, down int) {
	up, down = (to+rateStep/2)/rateStep, (from+rateStep/2)/rateStep
	a, b := up, down
	for b != 0 {
		a, b = b, a%b
	}
	return up / a, down / a
}

// filterBank gives for each of the up phases the weights of the 2*half input samples around an output sample.
func filterBank(up, down int) (bank [][]float32, half int) {
	nyquist := 0.5 // of the lower rate, in cycles per input sample
	if down > up {
		nyquist *= float64(up) / float64(down)
	}
	transition := (1 - passShare) * nyquist
	cutoff := nyquist - transition/2
	// Kaiser's formulas: Oppenheim and Schafer, "Discrete-Time Signal Processing", section 7.5.3.
	beta := 0.1102 * (stopDecibels - 8.7)
	whole := bessel0(beta)
	half = int(math.Ceil((stopDecibels-8)/(2.285*2*math.Pi*transition)/2)) + 1
	bank = make([][]float32, up)
	for p := range bank {
		bank[p] = make([]float32, 2*half)
		weights, sum := make([]float64, 2*half), 0.0
		for k := range weights {
			x := float64(k-half+1) - float64(p)/float64(up)
			weights[k] = 2 * cutoff * sinc(2*cutoff*x) * kaiser(x/float64(half), beta) / whole
			sum += weights[k]
		}
		for k, w := range weights {
			bank[p][k] = float32(w / sum) // each phase passes a constant unchanged
		}
	}
	return bank, half
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the window at x between -1 and 1, where it is bessel0(beta) in the middle, 0 outside.
func kaiser(x, beta float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	return bessel0(beta * math.Sqrt(1-x*x))
}

// bessel0 is the modified Bessel function of the first kind and order zero, by its power series.
func bessel0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-12; k++ {
		term *= x / (2 * k) * x / (2 * k)
		sum += term
	}
	return sum
}
