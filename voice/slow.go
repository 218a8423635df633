package voice

import "math"

// A recording is slowed without lowering the voice by WSOLA: pieces of it are laid further apart than they were taken, each moved a
// little to where it continues the one before best (W. Verhelst and M. Roelands, ICASSP 1993).
const (
	slowGrain  = SampleRate * 40 / 1000 // samples of a piece
	slowStep   = slowGrain / 2          // from one to the next, in what comes out
	slowSearch = SampleRate * 8 / 1000  // samples by which a piece may be moved: a period of a low voice
	slowPace   = 0.75                   // of the usual pace, as advisory.Speech has it
)

// slowed gives samples at SampleRate at three quarters of their pace.
func slowed(pcm []float32) []float32 {
	if len(pcm) <= slowGrain+2*slowSearch {
		return pcm
	}
	out := make([]float32, int(float64(len(pcm))/slowPace)+slowGrain)
	weight := make([]float32, len(out))
	next := 0 // where the piece before would go on
	for to := 0; to+slowGrain <= len(out); to += slowStep {
		ideal := int(float64(to) * slowPace)
		if ideal+slowGrain+slowSearch > len(pcm) {
			break
		}
		from := ideal
		if to > 0 {
			from = bestMatch(pcm, next, ideal)
		}
		for i := range slowGrain {
			w := float32(0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/slowGrain))
			out[to+i] += w * pcm[from+i]
			weight[to+i] += w
		}
		next = from + slowStep
	}
	end := 0
	for i, w := range weight {
		if w > 0 {
			out[i] /= w
			end = i + 1
		}
	}
	return out[:end]
}

// bestMatch gives the place near the ideal one whose sound is most like that at next.
func bestMatch(pcm []float32, next, ideal int) int {
	best, most := ideal, math.Inf(-1)
	for from := max(0, ideal-slowSearch); from <= ideal+slowSearch && from+slowGrain <= len(pcm); from += 2 {
		var dot, power float64
		for i := 0; i < slowGrain && next+i < len(pcm); i += 4 {
			a, b := float64(pcm[from+i]), float64(pcm[next+i])
			dot += a * b
			power += a * a
		}
		if like := dot / math.Sqrt(power+1e-9); like > most {
			best, most = from, like
		}
	}
	return best
}
