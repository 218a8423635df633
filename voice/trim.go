package voice

// What sets the edges of a recording that is kept apart from those of a question: they are tight, so that no pause stands between
// recordings that follow each other, and a key or a bump before the first word is none of it.
const (
	shortestRun = 5   // frames; a key is heard in 4, which overlap
	clickReach  = 16  // frames, 160 ms: within these
	clickLeast  = 7   // so many frames of speech; a click or a bump has fewer
	edgeRoll    = 5   // frames kept before and after: 50 ms
	edgeReach   = 8   // frames, 80 ms: soft consonants at the edge, which are noise by their spectrum, are looked for so far out
	edgeAbove   = 6.0 // dB over the noise floor, of such a consonant
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

// withoutClicks clears frames of speech that stand alone: in runs as short as a key's, or with too few others within reach.
func withoutClicks(speaks []bool) []bool {
	runs := make([]bool, len(speaks))
	for at := 0; at < len(speaks); {
		end := at
		for end < len(speaks) && speaks[end] == speaks[at] {
			end++
		}
		for i := at; speaks[at] && end-at >= shortestRun && i < end; i++ {
			runs[i] = true
		}
		at = end
	}
	out := make([]bool, len(runs))
	for i := range runs {
		before, after := count(runs[max(0, i-clickReach):i+1]), count(runs[i:min(len(runs), i+clickReach)])
		out[i] = runs[i] && max(before, after) >= clickLeast
	}
	return out
}

func count(flags []bool) (n int) {
	for _, f := range flags {
		if f {
			n++
		}
	}
	return n
}
