package voice

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// hiss is white noise of an amplitude that lasts some seconds.
func hiss(amplitude float64, seconds float64) []float32 {
	random := rand.New(rand.NewPCG(3, 4))
	out := make([]float32, int(seconds*SampleRate))
	for i := range out {
		out[i] = float32(amplitude * (2*random.Float64() - 1))
	}
	return out
}

func join(parts ...[]float32) []float32 {
	var out []float32
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func mix(a, b []float32) []float32 {
	out := make([]float32, min(len(a), len(b)))
	for i := range out {
		out[i] = a[i] + b[i]
	}
	return out
}

// said is a sentence in a synthetic voice, with a peak of 0.5.
func said(t testing.TB, text string) []float32 {
	t.Helper()
	requireTools(t, "espeak-ng")
	cmd := exec.Command("espeak-ng", "-v", "en-us", "--stdin", "--stdout")
	cmd.Stdin = strings.NewReader(text)
	wav, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	pcm, err := Decode(wav)
	if err != nil {
		t.Fatal(err)
	}
	return pcm
}

func TestSpeechIsNotHeardInSilenceNoiseAndTones(t *testing.T) {
	quiet := make([]float32, SampleRate)
	for name, pcm := range map[string][]float32{
		"nothing":        nil,
		"a click":        {1},
		"digital zero":   make([]float32, 3*SampleRate),
		"faint hiss":     hiss(0.0005, 3),
		"hiss":           hiss(0.1, 3),
		"loud hiss":      hiss(0.9, 3),
		"burst of hiss":  join(quiet, hiss(0.5, 1), quiet),
		"hum":            sine(0.3, 50, SampleRate, 3),
		"tone":           sine(0.5, 440, SampleRate, 3),
		"beep":           join(quiet, sine(0.5, 1000, SampleRate, 1), quiet),
		"dialling tone":  mix(sine(0.3, 350, SampleRate, 3), sine(0.3, 440, SampleRate, 3)),
		"tone over hiss": mix(sine(0.3, 800, SampleRate, 3), hiss(0.05, 3)),
	} {
		if got := Speech(pcm); len(got) > 0 {
			t.Errorf("%s: %v of speech", name, duration(len(got)))
		}
	}
}

func TestSpeechIsCutOut(t *testing.T) {
	words := said(t, "how do I make compost from maize stalks")
	for name, amplitude := range map[string]float64{"silence": 0, "faint hiss": 0.001, "hiss": 0.01, "loud hiss": 0.03} {
		before, after := hiss(amplitude, 2), hiss(amplitude, 1.5)
		pcm := join(before, mix(words, hiss(amplitude, 60)), after)
		got := Speech(pcm)
		if len(got) == 0 {
			t.Errorf("%s: not found", name)
			continue
		}
		start := cap(pcm) - cap(got) // it is a part of the recording
		if lead := duration(len(before) - start).Seconds(); lead < 0.1 || lead > 0.4 {
			t.Errorf("%s: begins %.2f s before the words, wanted about 0.3", name, lead)
		}
		if spare := duration(start + len(got) - len(before) - len(words)).Seconds(); spare < -0.3 || spare > 0.4 {
			t.Errorf("%s: ends %.2f s after the last sample, wanted about 0.1: espeak-ng ends in 0.2 s of silence", name, spare)
		}
	}
}

func TestSpeechOfPeopleIsFound(t *testing.T) {
	list := recordings(t)
	if len(list) == 0 {
		t.Skip("no human recordings in " + *speech)
	}
	for _, r := range list {
		b, err := os.ReadFile(r.who)
		if err != nil {
			t.Fatal(err)
		}
		pcm, err := Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if got := Speech(pcm); 3*len(got) < len(pcm) {
			t.Errorf("%s: %v of %v", r.who, duration(len(got)), duration(len(pcm)))
		}
	}
}

func BenchmarkSpeech5s(b *testing.B) {
	pcm := hiss(0.1, 5)
	for b.Loop() {
		Speech(pcm)
	}
}
