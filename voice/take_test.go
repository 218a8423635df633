package voice

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
)

// readings are what officers read aloud: a digit, a prompt, a short answer, in several languages and voices.
var readings = []struct {
	voice string // of espeak-ng, or "flite NAME"
	text  string
}{
	{"en-gb", "Look into the whorl of ten plants in the early morning. Crush the eggs and the small caterpillars by hand. Put a pinch of sand or ash into each whorl."},
	{"flite slt", "Seven."},
	{"sw", "Ng'oa mimea iliyougua na uichome mbali na shamba. Usipande mahindi hapo msimu ujao."},
	{"hi", "सुबह जल्दी दस पौधों को देखिए और अंडों को हाथ से मसल दीजिए।"},
	{"fr-fr", "Sortez les plants malades et brûlez-les loin du champ."},
	{"flite rms", "Spray only in the evening. Fresh fish."},
	{"am", "ዘሩን ከመዝራትዎ በፊት ይምረጡ።"},
	{"flite kal16", "I do not know. I have nothing that answers this well enough. You can ask a person."},
	{"en-us+f3", "Which crop or animal is it?"},
	{"te", "ఉదయం పది మొక్కలను చూడండి"},
}

// noises lie under a reading, of standard deviation 1: what stands around when somebody reads in an office or a yard.
var noises = []struct {
	name string
	make func(r *rand.Rand, n int) []float64
}{
	{"none", func(_ *rand.Rand, n int) []float64 { return make([]float64, n) }},
	{"hiss", func(r *rand.Rand, n int) []float64 {
		return filled(n, func(int) float64 { return r.NormFloat64() })
	}},
	{"wind", func(r *rand.Rand, n int) []float64 { // brown noise that swells and sinks
		last := 0.0
		return filled(n, func(i int) float64 {
			last = 0.995*last + 0.1*r.NormFloat64()
			return last * (1 + 0.5*math.Sin(float64(i)/SampleRate*2*math.Pi*0.4))
		})
	}},
	{"hum", func(_ *rand.Rand, n int) []float64 { // mains and its overtones
		return filled(n, func(i int) float64 {
			at := 2 * math.Pi * 50 * float64(i) / SampleRate
			return math.Sin(at) + 0.6*math.Sin(3*at) + 0.4*math.Sin(5*at) + 0.3*math.Sin(9*at)
		})
	}},
	{"engine", func(r *rand.Rand, n int) []float64 { // a generator: hiss in beats of 25 a second, over a drone
		return filled(n, func(i int) float64 {
			at := float64(i) / SampleRate
			return r.NormFloat64()*(0.6+0.4*math.Sin(2*math.Pi*25*at)) + 1.5*math.Sin(2*math.Pi*75*at)
		})
	}},
	{"crickets", func(_ *rand.Rand, n int) []float64 { // chirps of 4.2 kHz, 15 a second, without end
		return filled(n, func(i int) float64 {
			at := float64(i) / SampleRate
			return math.Sin(2*math.Pi*4200*at) * math.Max(0, math.Sin(2*math.Pi*15*at))
		})
	}},
	{"keys", func(r *rand.Rand, n int) []float64 { // a faint hiss, and a key or a bump once a second
		return filled(n, func(i int) float64 {
			if i%SampleRate < 120 {
				return 8 * r.NormFloat64()
			}
			return 0.3 * r.NormFloat64()
		})
	}},
}

// filled gives n values of standard deviation 1.
func filled(n int, value func(i int) float64) []float64 {
	out, power := make([]float64, n), 0.0
	for i := range out {
		out[i] = value(i)
		power += out[i] * out[i]
	}
	for i := range out {
		out[i] /= math.Sqrt(power / float64(n))
	}
	return out
}

// spokenBy renders a reading, cut to where it is within 40 dB of its own peak, which is 0.9: that is where it begins and ends.
func spokenBy(t *testing.T, voice, text string) []float32 {
	t.Helper()
	var wav []byte
	if name, ok := strings.CutPrefix(voice, "flite "); ok {
		requireTools(t, "flite")
		file := t.TempDir() + "/said.wav"
		run(t, nil, "flite", "-voice", name, "-t", text, "-o", file)
		var err error
		if wav, err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	} else {
		requireTools(t, "espeak-ng")
		wav = run(t, []byte(text), "espeak-ng", "-v", voice, "-s", "150", "--stdin", "--stdout")
	}
	pcm, err := Decode(wav)
	if err != nil {
		t.Fatal(err)
	}
	peak := float32(0)
	for _, v := range pcm {
		peak = max(peak, v, -v)
	}
	pcm = scaled(pcm, 0.9/float64(peak))
	edge := float32(0.009)
	loud := func(v float32) bool { return v > edge || v < -edge }
	first := slices.IndexFunc(pcm, loud)
	last := len(pcm) - 1
	for !loud(pcm[last]) {
		last--
	}
	return pcm[first : last+1]
}

// TestTakesAreTrimmedAndLevelled holds the promise: readings at known places in silence and noise are cut within 0.2 s of where
// they begin and end, and are within 1 dB of the target by ffmpeg's meter, in the file that is kept.
func TestTakesAreTrimmedAndLevelled(t *testing.T) {
	requireTools(t, "ffmpeg")
	count := 12
	if *full {
		count = 100
	}
	random := rand.New(rand.NewPCG(7, 11))
	var starts, ends, levels, peaks []float64
	for i := range count {
		reading, noise := readings[i%len(readings)], noises[i%len(noises)]
		signalToNoise := []float64{30, 20, 15}[random.IntN(3)] // dB
		before, after := 0.2+2.3*random.Float64(), 0.2+2.3*random.Float64()
		if !*full {
			before, after = before/2, after/2
		}
		name := fmt.Sprintf("%d %s in %s at %.0f dB", i, reading.voice, noise.name, signalToNoise)
		clip := scaled(spokenBy(t, reading.voice, reading.text), amplitude(-25*random.Float64()))
		audio, start := laid(random, clip, before, after, noise.make, signalToNoise)
		take, err := NewTake(EncodeWAV(audio, SampleRate))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		first := located(audio, trim(audio))
		startOff := float64(first-start) / SampleRate
		endOff := float64(first+int(take.Duration*SampleRate/time.Second)-start-len(clip)) / SampleRate
		loud, peak := ffmpegMeter(t, take.Opus)
		levelOff := loud - TargetLoudness
		if math.Abs(startOff) > 0.2 || math.Abs(endOff) > 0.2 || math.Abs(levelOff) > 1 || peak > -1 {
			t.Errorf("%s: begins %+.2f s, ends %+.2f s, level %+.1f LU, peak %.1f dB", name, startOff, endOff, levelOff, peak)
		}
		starts, ends = append(starts, math.Abs(startOff)), append(ends, math.Abs(endOff))
		levels, peaks = append(levels, math.Abs(levelOff)), append(peaks, peak)
	}
	worst := slices.Max[[]float64]
	t.Logf("%d takes: begin within %.3f s, end within %.3f s, level within %.2f LU, true peak at most %.1f dB",
		len(starts), worst(starts), worst(ends), worst(levels), worst(peaks))
}

// laid puts a clip between seconds of silence, with noise under all of it, and tells at which sample the clip begins.
func laid(r *rand.Rand, clip []float32, before, after float64, noise func(*rand.Rand, int) []float64, signalToNoise float64) ([]float32, int) {
	start := int(before * SampleRate)
	audio := make([]float32, start+len(clip)+int(after*SampleRate))
	copy(audio[start:], clip)
	power := 0.0
	for _, v := range clip {
		power += float64(v) * float64(v)
	}
	soft := math.Sqrt(power/float64(len(clip))) * amplitude(-signalToNoise)
	for i, v := range noise(r, len(audio)) {
		audio[i] += float32(v * soft)
	}
	return audio, start
}

// located gives the index of a part within what it was cut from.
func located(whole, part []float32) int { return cap(whole) - cap(part) }

var (
	meterLoud = regexp.MustCompile(`I: +(-?[0-9.]+) LUFS`)
	meterPeak = regexp.MustCompile(`Peak: +(-?[0-9.]+) dBFS`)
)

// ffmpegMeter measures a sound file: integrated loudness in LUFS and true peak in dB. What is shorter than the meter's first
// block is repeated, which leaves its loudness as it is.
func ffmpegMeter(t *testing.T, file []byte) (loud, peak float64) {
	t.Helper()
	said := run(t, file, "ffmpeg", "-hide_banner", "-i", "pipe:0", "-af", "ebur128=peak=true", "-f", "null", "-")
	last := func(p *regexp.Regexp) float64 {
		found := p.FindAllSubmatch(said, -1)
		if len(found) == 0 {
			t.Fatalf("ffmpeg says nothing of %v: %s", p, said)
		}
		v, err := strconv.ParseFloat(string(found[len(found)-1][1]), 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	return last(meterLoud), last(meterPeak)
}

// run runs a program and gives all that it says.
func run(t *testing.T, in []byte, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Stdin = bytes.NewReader(in)
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v: %s", program, err, problem.Bytes())
	}
	return append(out.Bytes(), problem.Bytes()...)
}

func TestLoudnessIsFFmpegs(t *testing.T) {
	requireTools(t, "ffmpeg")
	for name, pcm := range map[string][]float32{
		"a tone":         sine(0.3, 997, SampleRate, 3),
		"a low tone":     sine(0.5, 60, SampleRate, 3),
		"noise, silence": Resample(Resample(join(hiss(0.2, 2), make([]float32, 3*SampleRate), hiss(0.01, 2)), SampleRate, 12000), 12000, SampleRate),
		"a voice":        said(t, "Put a pinch of sand or ash into each whorl. Then wait for rain."),
	} {
		loud, peak := ffmpegMeter(t, EncodeWAV(pcm, SampleRate))
		if got := Loudness(pcm, SampleRate); math.Abs(got-loud) > 0.15 {
			t.Errorf("%s: %.2f LUFS, ffmpeg says %.1f", name, got, loud)
		}
		if got := TruePeak(pcm, SampleRate); math.Abs(got-peak) > 0.3 {
			t.Errorf("%s: peak %.2f dB, ffmpeg says %.1f", name, got, peak)
		}
	}
}

func TestWhatIsNoTake(t *testing.T) {
	for name, c := range map[string]struct {
		audio []byte
		want  advisory.Code
	}{
		"no sound":      {[]byte("hello"), advisory.BadAudio},
		"silence":       {EncodeWAV(make([]float32, 2*SampleRate), SampleRate), advisory.BadAudio},
		"only noise":    {EncodeWAV(hiss(0.1, 2), SampleRate), advisory.BadAudio},
		"only a tone":   {EncodeWAV(sine(0.3, 440, SampleRate, 2), SampleRate), advisory.BadAudio},
		"far away":      {EncodeWAV(scaled(said(t, "Which crop is it?"), 0.004), SampleRate), advisory.BadAudio},
		"a long speech": {EncodeWAV(slices.Repeat(said(t, "Put a pinch of sand or ash into each whorl, and wait."), 16), SampleRate), advisory.TooLarge},
	} {
		if _, err := NewTake(c.audio); code(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// Loud pops that a limiter must turn down leave no peak, and the voice at its level.
func TestPeaksAreTurnedDown(t *testing.T) {
	pcm := said(t, "Put a pinch of sand or ash into each whorl. Then wait for rain.")
	for i := 4000; i < len(pcm); i += 9000 {
		for k := range 60 {
			pcm[i+k] = float32(0.99 * math.Sin(float64(k)/3))
		}
	}
	out := evened(scaled(pcm, 0.2), TargetLoudness, maxPeak)
	if peak := TruePeak(out, SampleRate); peak > maxPeak+0.1 {
		t.Errorf("true peak %.2f dB", peak)
	}
	if loud := Loudness(out, SampleRate); math.Abs(loud-TargetLoudness) > 0.5 {
		t.Errorf("%.2f LUFS", loud)
	}
}

func TestOpusRoundTrip(t *testing.T) {
	pcm := said(t, "Water the soil and not the leaves.")
	file, err := EncodeOpus(pcm)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if more := len(back) - len(pcm); more < 0 || more > 2*opusFrame {
		t.Errorf("%d samples came back as %d", len(pcm), len(back))
	}
	if a, b := Loudness(pcm, SampleRate), Loudness(back, SampleRate); math.Abs(a-b) > 0.5 {
		t.Errorf("%.1f LUFS became %.1f", a, b)
	}
	if rate := float64(8*len(file)) / duration(len(pcm)).Seconds(); rate > 40000 {
		t.Errorf("%.0f bits a second", rate)
	}
}
