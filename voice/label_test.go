package voice

import (
	"testing"
	"time"

	"jembe/advisory"
)

// A label is brisk, and ends with a breath instead of the pause after a sentence; slow, it takes longer.
func TestLabelsAreBrisk(t *testing.T) {
	e := newEspeak(t, "", 0)
	length := func(s advisory.Speech) time.Duration {
		t.Helper()
		sounds := speak(t, e, s)
		if len(sounds) != 1 || sounds[0].Duration != wavDuration(sounds[0].WAV) {
			t.Fatalf("%d sounds for %q", len(sounds), s.Text)
		}
		return sounds[0].Duration
	}
	for _, lang := range []advisory.Lang{"en", "hi", "sw", "fr"} {
		text := map[advisory.Lang]string{"en": "hens, goats", "hi": "मुर्गी, बकरी", "sw": "kuku, mbuzi", "fr": "poules, chèvres"}[lang]
		sentence := length(advisory.Speech{Text: text, Lang: lang})
		label := length(advisory.Speech{Text: text, Lang: lang, Label: true})
		slow := length(advisory.Speech{Text: text, Lang: lang, Label: true, Slow: true})
		if label > sentence*7/10 || label < 400*time.Millisecond || slow < label*12/10 {
			t.Errorf("%s: as a sentence %v, as a label %v, slow %v", lang, sentence, label, slow)
		}
	}
}
