package voice

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
)

func newSphinx(t testing.TB) *PocketSphinx {
	t.Helper()
	requireTools(t, "pocketsphinx_batch", "espeak-ng", "flite")
	p, err := NewPocketSphinx(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// farmTexts is a library of one topic.
var farmTexts = []string{
	"Fall armyworm in maize", "How do I stop fall armyworm in my maize?", "What eats the leaves of my maize?",
	"Look into the whorl of the maize plant early in the morning. Crush the eggs and caterpillars.", "napier grass", "striga",
}

func flited(t testing.TB, text string) []byte {
	t.Helper()
	wav, err := flite("slt").say(text).Output()
	if err != nil {
		t.Fatal(err)
	}
	return wav
}

func TestTranscribe(t *testing.T) {
	p := newSphinx(t)
	question := flited(t, "how do i stop fall armyworm in my maize")
	before, err := p.Transcribe(context.Background(), question, "")
	if err != nil || before.Text == "" || !before.Farm || before.Lang != English {
		t.Errorf("before it learnt: %+v, %v", before, err)
	}
	if err := p.Learn(context.Background(), farmTexts); err != nil {
		t.Fatal(err)
	}
	got, err := p.Transcribe(context.Background(), question, "en")
	if err != nil || got.Text != "how do i stop fall armyworm in my maize" || !got.Farm || got.Silent || got.Confidence < 0.5 {
		t.Errorf("%+v, %v", got, err)
	}
	other, err := p.Transcribe(context.Background(), flited(t, "the president will travel to washington on tuesday to meet the senate"), "en")
	if err != nil || other.Farm || !strings.Contains(other.Text, "president") || other.Confidence >= 0.5 {
		t.Errorf("no farm question: %+v, %v", other, err)
	}
}

func TestTranscribeWhatCannotBeHeard(t *testing.T) {
	p := newSphinx(t)
	silence, err := p.Transcribe(context.Background(), EncodeWAV(make([]float32, 2*SampleRate), SampleRate), "")
	if err != nil || !silence.Silent || silence.Text != "" {
		t.Errorf("silence: %+v, %v", silence, err)
	}
	for name, c := range map[string]struct {
		audio []byte
		lang  advisory.Lang
		want  advisory.Code
	}{
		"Hindi":     {EncodeWAV(hiss(0.1, 1), SampleRate), "hi", advisory.NoRecogniser},
		"nothing":   {nil, "en", advisory.BadAudio},
		"text":      {[]byte("how do I"), "en", advisory.BadAudio},
		"too large": {make([]byte, MaxBytes+1), "en", advisory.TooLarge},
	} {
		if _, err := p.Transcribe(context.Background(), c.audio, c.lang); code(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTranscribeStopsInTime(t *testing.T) {
	p := newSphinx(t)
	question := flited(t, strings.Repeat("how do i stop fall armyworm in my maize ", 10))
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := p.Transcribe(ctx, question, ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("stopped after %v", took)
	}
}

func TestLearnKeepsModels(t *testing.T) {
	p := newSphinx(t)
	learn := func(texts ...string) string {
		if err := p.Learn(context.Background(), texts); err != nil {
			t.Fatal(err)
		}
		return filepath.Dir(p.farm.Load().lm)
	}
	first := learn(farmTexts...)
	info, err := os.Stat(first)
	if err != nil {
		t.Fatal(err)
	}
	if again := learn(farmTexts...); again != first {
		t.Errorf("the same texts gave %s and %s", first, again)
	}
	if same, err := os.Stat(first); err != nil || !same.ModTime().Equal(info.ModTime()) {
		t.Error("the same texts were built twice")
	}
	for _, more := range []string{"goat", "sheep", "cow"} {
		learn(append(farmTexts, more)...)
	}
	if kept, _ := filepath.Glob(filepath.Join(p.cache, "*")); len(kept) != modelsKept {
		t.Errorf("%d models are kept", len(kept))
	}
	if _, err := os.Stat(p.farm.Load().lm); err != nil {
		t.Error(err)
	}
}

func TestLearnThatFailsKeepsTheModel(t *testing.T) {
	p := newSphinx(t)
	if err := p.Learn(context.Background(), farmTexts); err != nil {
		t.Fatal(err)
	}
	before := p.farm.Load()
	p.cache = "/proc/nowhere"
	if err := p.Learn(context.Background(), []string{"goat"}); err == nil {
		t.Error("built a model where nothing can be written")
	}
	if p.farm.Load() != before {
		t.Error("the model before is gone")
	}
}

func TestLearnWithoutEspeak(t *testing.T) {
	p := newSphinx(t)
	p.espeak = ""
	if err := p.Learn(context.Background(), farmTexts); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(p.farm.Load().dictionary)
	if err != nil || !strings.Contains(string(b), "maize ") || strings.Contains(string(b), "armyworm") {
		t.Errorf("dictionary without the words that only espeak-ng can say: %v", err)
	}
}

func TestParseHypothesis(t *testing.T) {
	for line, want := range map[string]hypothesis{
		"how do i (3 -15907)\n":            {text: "how do i", score: -15907},
		"either(2) [NOISE] maize (3 -1)\n": {text: "either maize", score: -1},
		" (3 0)\n":                         {},
	} {
		if got, err := parseHypothesis(line); err != nil || got.text != want.text || got.score != want.score {
			t.Errorf("%q: %+v, %v", line, got, err)
		}
	}
	for _, line := range []string{"", "\n", "words", "(3)", "words (3 many)"} {
		if got, err := parseHypothesis(line); err == nil {
			t.Errorf("%q: %+v", line, got)
		}
	}
}

func TestParseBacktrace(t *testing.T) {
	log := "INFO: hypothesis\nword                 start end   pprob ascr       lscr       lback\nINFO: ngram_search.c(1025): bestpath 0.00 CPU 0.000 xRT\n" +
		"<s>                  0     8     1.000 -190464    0          1  \neither(2)            9     30    0.487 -1105920   -290       2  \n" +
		"[NOISE]              31    43    0.953 -205824    -154       3  \nmaize                44    80    0.094 -1074176   -833       2  \n"
	h := hypothesis{text: "either maize", sure: parseBacktrace(log, "either maize")}
	if !slices.Equal(h.sure, []float64{0.487, 0.094}) || !slices.Equal(h.doubtful(), []string{"maize"}) {
		t.Errorf("%v, in doubt %v", h.sure, h.doubtful())
	}
	for _, other := range []string{"", "no table", log[:40], strings.ReplaceAll(log, "0.094", "much")} {
		if got := parseBacktrace(other, "either maize"); got != nil {
			t.Errorf("%q: %v", other, got)
		}
	}
	if got := parseBacktrace(log, "other words"); got != nil {
		t.Errorf("of another hypothesis: %v", got)
	}
}

func TestEngines(t *testing.T) {
	requireTools(t, "pocketsphinx_batch", "espeak-ng")
	for _, e := range Engines() {
		if !e.Found || e.Path == "" || e.Version == "" || len(e.Languages) == 0 || e.Install == "" {
			t.Errorf("%+v", e)
		}
	}
	can := Abilities()
	if can["en"] != (Ability{true, true}) || can["hi"] != (Ability{false, true}) || can["ha"] != (Ability{}) {
		t.Errorf("%v", can)
	}
	t.Setenv("PATH", "")
	for _, e := range Engines() {
		if e.Found || e.Install == "" {
			t.Errorf("without programs: %+v", e)
		}
	}
	if _, err := NewPocketSphinx(""); code(err) != advisory.NoRecogniser {
		t.Error(err)
	}
	if _, err := NewEspeak("", 0); code(err) != advisory.NoVoice {
		t.Error(err)
	}
}

func BenchmarkTranscribe(b *testing.B) {
	p := newSphinx(b)
	if err := p.Learn(context.Background(), farmTexts); err != nil {
		b.Fatal(err)
	}
	question := flited(b, "how do i stop fall armyworm in my maize")
	for b.Loop() {
		if _, err := p.Transcribe(context.Background(), question, ""); err != nil {
			b.Fatal(err)
		}
	}
}
