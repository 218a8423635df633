package main

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/content"
	"jembe/voice"
)

// listening is how long the way to an advice takes to hear.
type listening struct {
	number, document string
	takes            time.Duration // on the page
	kiosk            time.Duration // where its few words of greeting come first, and a tick stands for the chosen label
}

// From a cold start any advice is reached in three choices and 20 seconds of listening, in every language: in each of the three
// menus one hears up to the branch that one chooses, and on the page the chosen label once more as it opens.
func TestEveryAdviceIsReachedIn20Seconds(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	const most = 20 * time.Second
	speaker, err := voice.NewEspeak(filepath.Join(t.TempDir(), "sound"), cacheBytes)
	if err != nil {
		t.Fatal(err)
	}
	starter, err := content.Starter()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range advisory.MessageLangs() {
		ways, greeting := listen(t, speaker, lang, starter.Menu)
		slices.SortFunc(ways, func(a, b listening) int { return int(b.takes - a.takes) })
		worst, p95, median := ways[0], ways[len(ways)/20], ways[len(ways)/2]
		t.Logf("%s: %d ways, worst %.1f s (%s %s), p95 %.1f s, median %.1f s", lang, len(ways),
			worst.takes.Seconds(), worst.number, worst.document, p95.takes.Seconds(), median.takes.Seconds())
		far := slices.MaxFunc(ways, func(a, b listening) int { return int(a.kiosk - b.kiosk) })
		t.Logf("%s at the kiosk: worst %.1f s (%s %s), of which the greeting %.1f s", lang, far.kiosk.Seconds(), far.number, far.document, greeting.Seconds())
		if far.kiosk > most {
			t.Errorf("%s: %s %s is reached after %.1f s of listening at the kiosk: shorten kiosk_numbers, or the labels before it", lang, far.number, far.document, far.kiosk.Seconds())
		}
		if worst.takes > most {
			t.Errorf("%s: %s %s is reached after %.1f s of listening: shorten the labels before it", lang, worst.number, worst.document, worst.takes.Seconds())
		}
	}
}

// tick is how long the kiosk's sound lasts that a key counts.
const tick = 30 * time.Millisecond

// listen gives the time to hear up to each advice of a menu, and that of the words which the kiosk begins with.
func listen(t *testing.T, speaker advisory.Speaker, lang advisory.Lang, menu advisory.Menu) (out []listening, greeting time.Duration) {
	t.Helper()
	known := map[string]time.Duration{}
	length := func(s advisory.Speech) time.Duration {
		key := string(s.Lang) + s.Text
		if known[key] == 0 {
			sounds, err := speaker.Speak(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			for _, sound := range sounds {
				known[key] += sound.Duration
			}
		}
		return known[key]
	}
	greeting = length(advisory.Speech{Text: advisory.Say(lang, "kiosk_numbers"), Lang: lang})
	var walk func(path []int, before listening, m advisory.Menu)
	walk = func(path []int, before listening, m advisory.Menu) {
		for _, b := range m {
			speech := b.Speech(lang)
			label, key := length(speech[0]), length(speech[1])
			before.takes += label + key
			before.kiosk += label + key
			at := append(slices.Clone(path), b.Number)
			if b.Document != "" {
				out = append(out, listening{advisory.FormatNumber(at), b.Document, before.takes, before.kiosk})
			}
			walk(at, listening{takes: before.takes + label, kiosk: before.kiosk + tick}, b.Branches)
		}
	}
	walk(nil, listening{kiosk: greeting}, menu)
	return out, greeting
}
