package voice

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
)

// greetings is a sentence in each language that can be spoken.
var greetings = map[advisory.Lang]string{
	"en": "Pile the stalks in the shade and keep them moist.", "fr": "Mettez les tiges en tas à l'ombre et gardez-les humides.",
	"pt": "Amontoe os caules à sombra e mantenha-os húmidos.", "sw": "Rundika mabua kivulini na uyaweke na unyevu.",
	"hi": "डंठलों को छाया में ढेर करें और नम रखें।", "mr": "देठ सावलीत रचून ठेवा आणि ओलसर ठेवा.", "ne": "डाँठलाई छायाँमा थुपार्नुहोस्।",
	"bn": "ডাঁটাগুলো ছায়ায় স্তূপ করুন।", "or": "ଡେମ୍ଫଗୁଡ଼ିକୁ ଛାଇରେ ଗଦା କରନ୍ତୁ।", "gu": "દાંડીઓને છાંયડામાં ઢગલો કરો.", "pa": "ਡੰਡਲਾਂ ਨੂੰ ਛਾਂ ਵਿੱਚ ਢੇਰ ਕਰੋ।",
	"te": "కాండాలను నీడలో కుప్పగా పోయండి.", "kn": "ಕಾಂಡಗಳನ್ನು ನೆರಳಿನಲ್ಲಿ ರಾಶಿ ಹಾಕಿ.", "ta": "தண்டுகளை நிழலில் குவிக்கவும்.", "ml": "തണ്ടുകൾ തണലിൽ കൂട്ടിയിടുക.",
	"si": "දඬු සෙවණේ ගොඩගසන්න.", "ur": "ڈنٹھلوں کو سائے میں ڈھیر کریں۔", "am": "አገዳውን በጥላ ስር ክመር።",
}

func newEspeak(t testing.TB, cache string, maxBytes int64) *Espeak {
	t.Helper()
	requireTools(t, "espeak-ng")
	e, err := NewEspeak(cache, maxBytes)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func speak(t testing.TB, e *Espeak, s advisory.Speech) []advisory.Sound {
	t.Helper()
	sounds, err := e.Speak(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return sounds
}

func total(sounds []advisory.Sound) (d time.Duration) {
	for _, s := range sounds {
		d += s.Duration
	}
	return d
}

func TestEspeakSpeaksEachLanguage(t *testing.T) {
	e := newEspeak(t, t.TempDir(), 1<<20)
	if got, want := slices.Sorted(maps.Keys(greetings)), slices.Sorted(maps.Keys(espeakVoices)); !slices.Equal(got, want) {
		t.Fatalf("texts for %v, voices for %v", got, want)
	}
	for lang, text := range greetings {
		sounds := speak(t, e, advisory.Speech{Text: text, Lang: lang})
		if len(sounds) != 1 {
			t.Errorf("%s: %d pieces", lang, len(sounds))
			continue
		}
		pcm, err := Decode(sounds[0].WAV)
		if err != nil {
			t.Errorf("%s: %v", lang, err)
		}
		if d := duration(len(pcm)) - sounds[0].Duration; d.Abs() > time.Millisecond || sounds[0].Duration < time.Second {
			t.Errorf("%s: %v, off by %v", lang, sounds[0].Duration, d)
		}
		if len(Speech(pcm)) == 0 {
			t.Errorf("%s: no speech", lang)
		}
	}
}

func TestEspeakSlow(t *testing.T) {
	e := newEspeak(t, t.TempDir(), 1<<20)
	usual := total(speak(t, e, advisory.Speech{Text: greetings["en"], Lang: "en"}))
	slow := total(speak(t, e, advisory.Speech{Text: greetings["en"], Lang: "en", Slow: true}))
	if pace := float64(usual) / float64(slow); pace < 0.7 || pace > 0.82 {
		t.Errorf("slow is at %.2f of the pace", pace)
	}
}

func TestEspeakRefusesOtherLanguages(t *testing.T) {
	e := newEspeak(t, t.TempDir(), 1<<20)
	for _, lang := range []advisory.Lang{"", "ha", "yo", "rw", "en-us", "../en", "-m"} {
		if _, err := e.Speak(context.Background(), advisory.Speech{Text: "hello", Lang: lang}); code(err) != advisory.NoVoice {
			t.Errorf("%q: %v", lang, err)
		}
	}
}

func TestEspeakTakesNothingForAnOrder(t *testing.T) {
	e := newEspeak(t, t.TempDir(), 1<<20)
	plain := total(speak(t, e, advisory.Speech{Text: "h@'loU", Lang: "en"}))
	for _, text := range []string{"[[h@'loU]]", "[[[h@'loU]]]", "[\x00[h@'loU"} {
		if d := total(speak(t, e, advisory.Speech{Text: text, Lang: "en"})); d < plain*9/10 {
			t.Errorf("%q is spoken as phonemes: %v beside %v", text, d, plain)
		}
	}
	file := filepath.Join(t.TempDir(), "out.wav")
	speak(t, e, advisory.Speech{Text: "-w " + file, Lang: "en"})
	if _, err := os.Stat(file); err == nil {
		t.Error("a text that looks like an option wrote a file")
	}
	if sounds := speak(t, e, advisory.Speech{Text: " \n ", Lang: "en"}); len(sounds) != 0 {
		t.Errorf("no text gave %d sounds", len(sounds))
	}
}

func TestPiecesAreShort(t *testing.T) {
	e := newEspeak(t, "", 0)
	for lang, text := range greetings {
		long := strings.Repeat(text+" ", 1+2*maxPieceRunes/len([]rune(text)))
		for i, s := range speak(t, e, advisory.Speech{Text: long, Lang: lang, Slow: true}) {
			if s.Duration > 45*time.Second {
				t.Errorf("%s: piece %d sounds %v", lang, i, s.Duration)
			}
		}
	}
}

func TestPiecesOfNumbersAreShort(t *testing.T) {
	e := newEspeak(t, "", 0)
	for i, s := range speak(t, e, advisory.Speech{Text: strings.Repeat("987654321 ", 50), Lang: "en", Slow: true}) {
		if s.Duration > 45*time.Second {
			t.Errorf("piece %d sounds %v", i, s.Duration)
		}
	}
}

func TestPieces(t *testing.T) {
	word := strings.Repeat("a", 3*maxPieceRunes)
	for name, text := range map[string]string{
		"empty": "", "one": "Water it.", "many": strings.Repeat("Water it. ", 500), "no end": strings.Repeat("water ", 500),
		"no space": word, "Hindi": strings.Repeat("पानी दें। ", 500), "lines": strings.Repeat("a\n", 5000),
	} {
		joined := ""
		for _, p := range pieces(text, maxPieceRunes) {
			if n := len([]rune(p)); n == 0 || n > maxPieceRunes {
				t.Errorf("%s: piece of %d characters", name, n)
			}
			joined += p
		}
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if bare(joined) != bare(text) {
			t.Errorf("%s: words were lost", name)
		}
	}
}

func TestSoundCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sound")
	e := newEspeak(t, dir, 1<<20)
	first := speak(t, e, advisory.Speech{Text: greetings["en"], Lang: "en"})
	e.program = "/nonexistent"
	if again := speak(t, e, advisory.Speech{Text: greetings["en"], Lang: "en"}); !bytes.Equal(again[0].WAV, first[0].WAV) {
		t.Error("another sound came from the cache")
	}
	if _, err := e.Speak(context.Background(), advisory.Speech{Text: "not yet said", Lang: "en"}); err == nil {
		t.Error("spoke without a program")
	}
}

func TestSoundCacheDropsBrokenFiles(t *testing.T) {
	for name, size := range map[string]int64{"empty": 0, "cut": 1000} {
		dir := t.TempDir()
		e := newEspeak(t, dir, 1<<20)
		first := speak(t, e, advisory.Speech{Text: greetings["en"], Lang: "en"})
		files, _ := filepath.Glob(filepath.Join(dir, "*.wav"))
		if err := os.Truncate(files[0], size); err != nil {
			t.Fatal(err)
		}
		if again := speak(t, e, advisory.Speech{Text: greetings["en"], Lang: "en"}); !bytes.Equal(again[0].WAV, first[0].WAV) {
			t.Errorf("%s file was played", name)
		}
	}
}

func TestSoundCacheIsBounded(t *testing.T) {
	dir := t.TempDir()
	c := &soundCache{dir: dir, max: 1000}
	for i := range 20 {
		c.put(cacheKey("sound", string(rune('a'+i))), EncodeWAV(make([]float32, 100), SampleRate)) // 244 bytes
		old := time.Now().Add(time.Duration(i-100) * time.Second)
		_ = os.Chtimes(c.path(cacheKey("sound", string(rune('a'+i)))), old, old)
		c.get(cacheKey("sound", "a")) // stays because it is used
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) != 4 {
		t.Errorf("%d files are kept, wanted 4", len(files))
	}
	if _, ok := c.get(cacheKey("sound", "a")); !ok {
		t.Error("the one that is always used went")
	}
	c.put("large", make([]byte, 2000))
	if _, ok := c.get("large"); ok {
		t.Error("kept what is larger than the cache")
	}
}

func TestSpeakingWithoutADisk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"no directory": "", "a file in its place": file, "below a file": filepath.Join(file, "sound"), "not writable": "/proc/sound"} {
		if sounds := speak(t, newEspeak(t, dir, 1<<20), advisory.Speech{Text: "hello", Lang: "en"}); len(sounds) != 1 {
			t.Errorf("%s: %d sounds", name, len(sounds))
		}
	}
}

func TestJoin(t *testing.T) {
	wav, err := Join([]advisory.Sound{{WAV: EncodeWAV(sine(0.5, 440, 22050, 1), 22050)}, {WAV: EncodeWAV(sine(0.5, 440, SampleRate, 1), SampleRate)}})
	if err != nil || wavDuration(wav) != 2*time.Second {
		t.Errorf("%v, %v", wavDuration(wav), err)
	}
}

// BenchmarkSpeakFirst is the time until the first sound of a short answer that was never said before.
func BenchmarkSpeakFirst(b *testing.B) {
	e := newEspeak(b, "", 0)
	for b.Loop() {
		speak(b, e, advisory.Speech{Text: strings.Repeat(greetings["en"]+" ", 6), Lang: "en"})
	}
}

// BenchmarkSpeakAgain is the same from the cache.
func BenchmarkSpeakAgain(b *testing.B) {
	e := newEspeak(b, b.TempDir(), 1<<20)
	for b.Loop() {
		speak(b, e, advisory.Speech{Text: strings.Repeat(greetings["en"]+" ", 6), Lang: "en"})
	}
}
