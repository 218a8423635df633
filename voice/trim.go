package voice

// What sets the edges of a recording that is kept apart from those of a question: they are tight, so that no pause stands between
// recordings that follow each other, and a key or a bump before the first word is none of it.
const (
	clickReach = 25  // frames, 250 ms: within these
	clickLeast = 7   // so many frames of speech; a click or a bump has fewer
	edgeRoll   = 8   // frames kept before and after: 80 ms
	edgeReach  = 12  // frames, 120 ms: soft consonants at the edge, which are noise by their spectrum, are looked for so far out
	edgeAbove  = 6.0 // dB over the noise floor, of such a consonant
)

// trim cuts what comes before the first and after the last word off samples at SampleRate; nothing is left when nobody speaks.
func trim(pcm []float32) []float32 {
	frames := spectra(brightened(pcm))
	speaks := withoutClicks(spoken(frames))
	if lastIndex(speaks) < 0 { // hiss, which is brightened too, may hide a short word
		frames = spectra(pcm)
		speaks = withoutClicks(spoken(frames))
	}
	first, last := 0, lastIndex(speaks)
	if last < 0 {
		return nil
	}
	for !speaks[first] {
		first++
	}
	floor := max(noiseFloor(frames)+edgeAbove, quietest)
	for n := 0; n < edgeReach && first > 0 && frames[first-1].level > floor; n++ {
		first--
	}
	for n := 0; n < edgeReach && last+1 < len(frames) && frames[last+1].level > floor; n++ {
		last++
	}
	return pcm[max(0, first-edgeRoll)*hop : min(len(pcm), (last+edgeRoll)*hop+frameLength)]
}

// brightened raises the high tones as far as wind on a microphone lacks them, so that wind has the flat spectrum of noise; the
// loudest sample stays as loud. Voices keep their formants.
func brightened(pcm []float32) []float32 {
	out := make([]float32, len(pcm))
	before, was, is := float32(0), float32(0), float32(0)
	for i, v := range pcm {
		out[i] = v - 0.95*before
		before = v
		was, is = max(was, v, -v), max(is, out[i], -out[i])
	}
	if is == 0 {
		return out
	}
	return scaled(out, float64(was/is))
}

// withoutClicks clears frames of speech that stand alone: too few others within reach before and after.
func withoutClicks(speaks []bool) []bool {
	out := make([]bool, len(speaks))
	for i := range speaks {
		before, after := 0, 0
		for _, s := range speaks[max(0, i-clickReach) : i+1] {
			before += one(s)
		}
		for _, s := range speaks[i:min(len(speaks), i+clickReach)] {
			after += one(s)
		}
		out[i] = speaks[i] && max(before, after) >= clickLeast
	}
	return out
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
