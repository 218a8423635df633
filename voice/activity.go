package voice

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Speech is found by what sets it apart from noise and tones: it stands out above the noise floor of its own recording, its
// energy lies in some frequencies and not in all, and which ones changes from moment to moment.
const (
	hop          = SampleRate / 100 // samples between frames: 10 ms
	frameLength  = 512              // samples, 32 ms
	aboveFloor   = 9.0              // dB over the noise floor
	quietest     = -65.0            // dB of full scale; what is softer is silence
	maxFlatness  = 0.30             // geometric over arithmetic mean of the spectrum: white noise 0.56, vowels below 0.1
	maxLikeness  = 0.97             // cosine of spectra 100 ms apart; a steady sound is above
	minSpeech    = 15               // speech frames in a recording that holds any: 150 ms
	preRoll      = 30               // frames kept before the first sound of speech: 300 ms, soft consonants among them
	postRoll     = 30               // and after the last
	lowestBand   = 200 * frameLength / SampleRate
	highestBand  = 4000 * frameLength / SampleRate
	likenessHops = 10
)

// Speech gives the part of a recording from 300 ms before the first to 300 ms after the last sound of speech; nothing when
// nobody speaks. Silence, steady noise and steady tones are no speech; other voices, animals and music may pass for it.
// Samples are at SampleRate.
func Speech(pcm []float32) []float32 {
	frames := spectra(pcm)
	speaks := spoken(frames)
	first, last := slices.Index(speaks, true), lastIndex(speaks)
	if first < 0 {
		return nil
	}
	return pcm[max(0, first-preRoll)*hop : min(len(pcm), (last+postRoll)*hop+frameLength)]
}

// spoken tells which frames are speech; none when there are too few for anybody to have spoken.
func spoken(frames []frame) []bool {
	floor := noiseFloor(frames)
	out, count := make([]bool, len(frames)), 0
	for i, f := range frames {
		if f.level < max(floor+aboveFloor, quietest) || f.flatness > maxFlatness || steady(frames, i) {
			continue
		}
		out[i] = true
		count++
	}
	if count < minSpeech {
		return nil
	}
	return out
}

func lastIndex(flags []bool) int {
	for i := len(flags) - 1; i >= 0; i-- {
		if flags[i] {
			return i
		}
	}
	return -1
}

// frame is the spectrum of 32 ms between 200 and 4,000 Hz.
type frame struct {
	bands    []float64 // magnitudes
	level    float64   // dB of full scale
	flatness float64   // 0 to 1
}

func spectra(pcm []float32) []frame {
	var frames []frame
	buffer, window := make([]complex128, frameLength), make([]float64, frameLength)
	for i := range window {
		window[i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/frameLength) // Hann
	}
	for at := 0; at+frameLength <= len(pcm); at += hop {
		for i := range buffer {
			buffer[i] = complex(window[i]*float64(pcm[at+i]), 0)
		}
		fft(buffer)
		f := frame{bands: make([]float64, 0, highestBand-lowestBand)}
		power, logs := 0.0, 0.0
		for _, c := range buffer[lowestBand:highestBand] {
			p := real(c)*real(c) + imag(c)*imag(c) + 1e-12
			power += p
			logs += math.Log(p)
			f.bands = append(f.bands, math.Sqrt(p))
		}
		n := float64(highestBand - lowestBand)
		f.flatness = math.Exp(logs/n) / (power / n)
		// A sine of full scale has a power of (frameLength/4)^2 at its peak under the window, 1.5 times that in all.
		f.level = 10 * math.Log10(power/(1.5*frameLength*frameLength/16))
		frames = append(frames, f)
	}
	return frames
}

// noiseFloor is the level under which a tenth of the frames lie: in any speech there are as many pauses.
func noiseFloor(frames []frame) float64 {
	if len(frames) == 0 {
		return 0
	}
	levels := make([]float64, len(frames))
	for i, f := range frames {
		levels[i] = f.level
	}
	slices.Sort(levels)
	return levels[len(levels)/10]
}

// steady reports whether frame i sounds like that 100 ms before or after it: a tone, a hum, a whistle.
func steady(frames []frame, i int) bool {
	before, after := max(0, i-likenessHops), min(len(frames)-1, i+likenessHops)
	return likeness(frames[before], frames[i]) > maxLikeness || likeness(frames[i], frames[after]) > maxLikeness
}

func likeness(a, b frame) float64 {
	var dot, aa, bb float64
	for i, v := range a.bands {
		dot += v * b.bands[i]
		aa += v * v
		bb += b.bands[i] * b.bands[i]
	}
	return dot / math.Sqrt(aa*bb)
}

// The level at which recognisers are given a recording.
const (
	recogniserPeak = 0.7    // of a quiet recording raised, so that 16 bits hold its detail
	recogniserHiss = 0.0015 // standard deviation, -56 dB: below any microphone's own noise
)

// levelled raises a quiet recording, and lays a faint hiss under it. Digital silence, as synthetic voices and telephones
// that gate their microphone have it, has no spectrum that the acoustic model knows, and spoils the mean that is taken off
// the whole recording: with the hiss the word error of espeak-ng's voices halves, that of people stays the same.
func levelled(pcm []float32) []float32 {
	peak := float32(0)
	for _, v := range pcm {
		peak = max(peak, v, -v)
	}
	gain := float32(1)
	if peak > 0 && peak < recogniserPeak {
		gain = recogniserPeak / peak
	}
	random := rand.New(rand.NewPCG(0, 0)) // the same recording is always heard the same
	out := make([]float32, len(pcm))
	for i, v := range pcm {
		out[i] = v*gain + float32(random.NormFloat64()*recogniserHiss)
	}
	return out
}
