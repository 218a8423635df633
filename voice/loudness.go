package voice

import "math"

// meterRate is the rate in Hz for which ITU-R BS.1770 gives its filters; other sound is resampled to it.
const meterRate = 48000

// biquad is a filter of second order; a0 is 1.
type biquad struct{ b0, b1, b2, a1, a2 float64 }

// kWeighting hears as a head does: a shelf for the head itself, then a high-pass (ITU-R BS.1770-4, annex 1, tables 1 and 2).
var kWeighting = [2]biquad{
	{1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585},
	{1, -2, 1, -1.99004745483398, 0.99007225036621},
}

func (f biquad) apply(x []float64) {
	var x1, x2, y1, y2 float64
	for i, v := range x {
		y := f.b0*v + f.b1*x1 + f.b2*x2 - f.a1*y1 - f.a2*y2
		x2, x1, y2, y1 = x1, v, y1, y
		x[i] = y
	}
}

// The blocks of BS.1770-4, annex 1, and the gates that keep pauses from counting.
const (
	blockLength  = meterRate * 400 / 1000
	blockStep    = meterRate * 100 / 1000
	absoluteGate = -70.0 // LUFS
	relativeGate = -10.0 // LU below the loudness of the blocks above the absolute gate
	noLoudness   = -70.0 // LUFS of silence
)

// Loudness is the integrated loudness of EBU R128 (ITU-R BS.1770-4) of mono samples at a rate in Hz, in LUFS; -70 for silence. A
// sound of less than 400 ms, as a spoken digit, is taken as one block.
func Loudness(pcm []float32, rate int) float64 {
	resampled := Resample(pcm, rate, meterRate)
	x := make([]float64, len(resampled))
	for i, v := range resampled {
		x[i] = float64(v)
	}
	for _, f := range kWeighting {
		f.apply(x)
	}
	blocks := powers(x)
	loud, n := gated(blocks, absoluteGate)
	if n == 0 {
		return noLoudness
	}
	loud, n = gated(blocks, lufs(loud)+relativeGate)
	if n == 0 {
		return noLoudness
	}
	return max(noLoudness, lufs(loud))
}

// powers gives the mean square of each block.
func powers(x []float64) []float64 {
	if len(x) == 0 {
		return nil
	}
	var out []float64
	for at := 0; at == 0 || at+blockLength <= len(x); at += blockStep {
		block := x[at:min(len(x), at+blockLength)]
		sum := 0.0
		for _, v := range block {
			sum += v * v
		}
		out = append(out, sum/float64(len(block)))
	}
	return out
}

// gated is the mean of the blocks louder than the gate in LUFS, and their number.
func gated(blocks []float64, gate float64) (mean float64, n int) {
	for _, p := range blocks {
		if lufs(p) > gate {
			mean += p
			n++
		}
	}
	return mean / float64(max(n, 1)), n
}

func lufs(power float64) float64 { return -0.691 + 10*math.Log10(power) }

// decibels of an amplitude, relative to 1.
func decibels(amplitude float64) float64 { return 20 * math.Log10(amplitude) }

func amplitude(decibels float64) float64 { return math.Pow(10, decibels/20) }

// overSampling finds the peaks between samples: ITU-R BS.1770-4, annex 2.
const overSampling = 4

// TruePeak is the highest peak of mono samples at a rate in Hz, those between the samples included, in dB of full scale.
func TruePeak(pcm []float32, rate int) float64 {
	highest := float32(0)
	for _, v := range localPeaks(pcm, rate) {
		highest = max(highest, v)
	}
	return decibels(float64(highest))
}

// localPeaks gives for each sample the highest amplitude from there to the next.
func localPeaks(pcm []float32, rate int) []float32 {
	fine := Resample(pcm, rate, overSampling*rate)
	out := make([]float32, len(pcm))
	for i, v := range fine {
		if at := i / overSampling; at < len(out) {
			out[at] = max(out[at], v, -v)
		}
	}
	return out
}
