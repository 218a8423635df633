package voice

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jembe/advisory"
	"jembe/content"
)

// readInto is a Recorded into which a double of an officer, a tone for each text, has read these texts.
func readInto(t *testing.T, next advisory.Speaker, texts ...content.Text) *Recorded {
	t.Helper()
	takes := content.NewTakes(t.TempDir())
	for i, text := range texts {
		file, err := EncodeOpus(sine(0.3, 300, SampleRate, float64(i+1)/10))
		if err != nil {
			t.Fatal(err)
		}
		if err := takes.Keep(text, file, time.Duration(i+1)*time.Second/10, "Double", time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := takes.All()
	if err != nil {
		t.Fatal(err)
	}
	r := NewRecorded(next, func(l advisory.Lang) bool { return l == "en" })
	r.Use(content.Readings(texts, kept))
	return r
}

// reader is a double of a synthetic voice, which notes what it is given.
type reader struct{ said []string }

func (r *reader) Speak(_ context.Context, s advisory.Speech) ([]advisory.Sound, error) {
	r.said = append(r.said, s.Text)
	return []advisory.Sound{{WAV: EncodeWAV(sine(0.1, 200, SampleRate, 0.1), SampleRate), Duration: time.Second / 10}}, nil
}

func text(lang advisory.Lang, kind content.TextKind, id, words string) content.Text {
	return content.Text{Lang: lang, Kind: kind, ID: id, Words: words}
}

// parted tells how a speech is said: recordings in brackets.
func parted(r *Recorded, s advisory.Speech) string {
	var out []string
	for _, p := range r.Part(s) {
		if p.Whole {
			out = append(out, "["+p.Text+"]")
		} else {
			out = append(out, p.Text)
		}
	}
	return strings.Join(out, " ")
}

func TestRecordingsArePlayedBeforeTheSyntheticVoice(t *testing.T) {
	var officer []content.Text
	for _, lang := range []advisory.Lang{"en", "ha"} {
		officer = append(officer,
			text(lang, content.PromptText, "opening-1", "About"), text(lang, content.TitleText, "striga", "Striga in maize"),
			text(lang, content.AnswerText, "striga", "Pull it out before it flowers. Burn it."),
			text(lang, content.PromptText, "unreviewed", "Your office has not yet reviewed this."),
			text(lang, content.NumberText, "2", "2"), text(lang, content.NumberText, "7", "7"),
			text(lang, content.PromptText, "ask_person-1", "You can ask"), text(lang, content.NameText, "contact-officer", "Dr. Otieno"))
	}
	recorded := readInto(t, &reader{}, officer...)
	for _, c := range []struct {
		why, lang, text, want string
		advice                bool
	}{
		{"an answer of two sentences is one recording", "en", "Pull it out before it flowers. Burn it.", "[Pull it out before it flowers. Burn it.]", true},
		{"a sentence is put together", "en", "About Striga in maize.", "[About Striga in maize.]", false},
		{"what nobody read is left to the synthetic voice, in whole sentences", "en",
			"About Striga in maize. Source: CABI, 2019. Your office has not yet reviewed this.",
			"[About Striga in maize.] Source: CABI, 2019. [Your office has not yet reviewed this.]", false},
		{"one changed word, and it is not played", "en", "Pull it out before it seeds. Burn it.", "Pull it out before it seeds. Burn it.", true},
		{"a number is read digit by digit", "en", "You can ask Dr. Otieno: 2 7, 2.", "[You can ask Dr. Otieno: 2 7, 2.]", false},
		{"without a synthetic voice the source is left out", "ha", "Source: CABI, 2019. Your office has not yet reviewed this.",
			"[Your office has not yet reviewed this.]", false},
		{"half of an advice is none", "ha", "Pull it out before it flowers. Burn it. Wear gloves.", "", true},
		{"a whole one is", "ha", "Pull it out before it flowers. Burn it.", "[Pull it out before it flowers. Burn it.]", true},
		{"a language of which nothing was read", "fr", "Bonjour.", "", false},
		{"nothing to say", "en", " ... ", "", false},
	} {
		speech := advisory.Speech{Lang: advisory.Lang(c.lang), Text: c.text, Advice: c.advice}
		if got := parted(recorded, speech); got != c.want {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
}

func TestTheListenerIsToldThatThereIsNoVoice(t *testing.T) {
	told := advisory.Say("ha", "error_no_voice", "language", "ha")
	r := readInto(t, nil, text("ha", content.PromptText, "error_no_voice", told), text("ha", content.PromptText, "reviewed", "Reviewed."))
	if got, want := parted(r, advisory.Speech{Lang: "ha", Text: "Wear gloves.", Advice: true}), "["+told+"]"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if !r.Speaks("ha") || r.Speaks("rw") {
		t.Error("only a language that somebody has read can be spoken")
	}
	if _, err := r.Speak(t.Context(), advisory.Speech{Lang: "rw", Text: "Muraho."}); code(err) != advisory.NoVoice {
		t.Errorf("a language without any voice: %v", err)
	}
}

func TestRecordedSoundIsPlayedWholeAndSlow(t *testing.T) {
	voice := &reader{}
	r := readInto(t, voice, text("en", content.AnswerText, "a", "Burn it."), text("en", content.AnswerText, "b", "Then wait."))
	sounds, err := r.Speak(t.Context(), advisory.Speech{Lang: "en", Text: "Burn it. Then wait. Spray nothing."})
	if err != nil || len(sounds) != 3 || !slices.Equal(voice.said, []string{"Spray nothing."}) {
		t.Fatalf("%d sounds, synthetic %q, %v", len(sounds), voice.said, err)
	}
	if got := sounds[1].Duration; got < 190*time.Millisecond || got > 260*time.Millisecond {
		t.Errorf("a recording of 0.2 s plays for %v", got)
	}
	slow, err := r.Speak(t.Context(), advisory.Speech{Lang: "en", Text: "Then wait.", Slow: true})
	if err != nil || len(slow) != 1 {
		t.Fatal(err)
	}
	if ratio := float64(slow[0].Duration) / float64(sounds[1].Duration); ratio < 1.15 || ratio > 1.5 {
		t.Errorf("slow takes %.2f times as long", ratio)
	}
}

// A slowed tone keeps its pitch and loses nothing of its level.
func TestSlowedKeepsThePitch(t *testing.T) {
	pcm := sine(0.5, 220, SampleRate, 2)
	out := slowed(pcm)
	if ratio := float64(len(out)) / float64(len(pcm)); math.Abs(ratio-1/slowPace) > 0.04 {
		t.Errorf("%.2f times as long", ratio)
	}
	crossings := 0
	for i := 1; i < len(out); i++ {
		if out[i-1] < 0 && out[i] >= 0 {
			crossings++
		}
	}
	if pitch := float64(crossings) / duration(len(out)).Seconds(); math.Abs(pitch-220) > 5 {
		t.Errorf("220 Hz became %.0f", pitch)
	}
	if off := math.Abs(Loudness(out, SampleRate) - Loudness(pcm, SampleRate)); off > 1 {
		t.Errorf("the level moved by %.1f LU", off)
	}
}

// Whatever was recorded: the parts of a text are all its words in order, and each part is recorded words or whole sentences.
func TestCoverLosesNoWord(t *testing.T) {
	words := rapid.SampledFrom([]string{"burn", "it", "Then", "wait.", "2", "7", "—", "Spray!"})
	rapid.Check(t, func(t *rapid.T) {
		s := &repertoire{units: map[advisory.Lang]map[string]content.Recording{"en": {}}, lengths: map[advisory.Lang][]int{}}
		for range rapid.IntRange(0, 5).Draw(t, "units") {
			unit := content.SpokenWords(strings.Join(rapid.SliceOfN(words, 1, 4).Draw(t, "unit"), " "))
			if len(unit) > 0 {
				s.units["en"][strings.Join(unit, " ")] = content.Recording{Key: "answers/x"}
				s.lengths["en"] = withLength(s.lengths["en"], len(unit))
			}
		}
		text := strings.Join(rapid.SliceOfN(words, 0, 12).Draw(t, "text"), " ")
		var back []string
		for _, part := range s.cover("en", text) {
			back = append(back, content.SpokenWords(part.text)...)
			whole, ends := wordsOf(part.text)
			if part.units == nil && (len(ends) == 0 || ends[len(ends)-1] != len(whole)) {
				t.Fatalf("%q is no whole sentence", part.text)
			}
		}
		if want := content.SpokenWords(text); !slices.Equal(back, want) {
			t.Fatalf("%q became %q", want, back)
		}
	})
}
