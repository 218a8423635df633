package voice

import "slices"

// The level of every recording that is kept, so that one voice follows another without a hand at the loudness: EBU R128 has -23
// for broadcast; small loudspeakers in the open want more.
const (
	TargetLoudness = -18.0 // LUFS
	maxPeak        = -3.0  // dB true peak before Opus, which may raise it by 2
	heardPeak      = -1.8  // dB true peak when it is heard, by our own decoder at 16 kHz: below -1 as others decode it
)

const (
	limiterReach = SampleRate * 5 / 1000 // samples on each side over which a peak is turned down
	levelRounds  = 5
	levelNear    = 0.1 // LU
)

// evened brings samples at SampleRate to a loudness in LUFS. Peaks that would pass a ceiling in dB are turned down for 5 ms on each side.
// Silence stays silence.
func evened(pcm []float32, target, ceiling float64) []float32 {
	loud := Loudness(pcm, SampleRate)
	if loud <= noLoudness {
		return pcm
	}
	gain := target - loud
	var out []float32
	for range levelRounds { // turning peaks down takes loudness away, so the rest is raised a little more
		out = limit(scaled(pcm, amplitude(gain)), amplitude(ceiling))
		off := target - Loudness(out, SampleRate)
		if -levelNear < off && off < levelNear {
			break
		}
		gain += off
	}
	return out
}

func scaled(pcm []float32, by float64) []float32 {
	out := make([]float32, len(pcm))
	for i, v := range pcm {
		out[i] = v * float32(by)
	}
	return out
}

// limit turns down what is louder than the ceiling, those peaks between samples included. The gain is the least that any peak
// in reach asks for, then smoothed over the same reach, so that it never jumps and never lets a peak through.
func limit(pcm []float32, ceiling float64) []float32 {
	peaks := localPeaks(pcm, SampleRate)
	if len(pcm) == 0 || float64(slices.Max(peaks)) <= ceiling {
		return pcm
	}
	least := make([]float64, len(pcm))
	for i := range least {
		highest := ceiling
		for _, p := range peaks[max(0, i-2*limiterReach):min(len(peaks), i+2*limiterReach+1)] {
			highest = max(highest, float64(p))
		}
		least[i] = ceiling / highest
	}
	out := make([]float32, len(pcm))
	sum := 0.0
	for i := range len(pcm) + limiterReach { // the mean over the reach, as a sum that moves along
		if i < len(least) {
			sum += least[i]
		}
		if gone := i - 2*limiterReach - 1; gone >= 0 {
			sum -= least[gone]
		}
		if at := i - limiterReach; at >= 0 {
			n := min(len(least)-1, i) - max(0, at-limiterReach) + 1
			out[at] = pcm[at] * float32(sum/float64(n))
		}
	}
	return out
}
