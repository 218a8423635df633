package voice

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode"

	"jembe/advisory"
	"jembe/content"
)

// spelledByPeople are names that everybody says by their letters, as those in capitals (NPK, DAP).
var spelledByPeople = map[string]bool{"pH": true, "Bt": true}

// A word that espeak-ng cannot say it spells, letter by letter, and a farmer hears nonsense.
func TestNoShortAnswerIsSpelledOut(t *testing.T) {
	requireTools(t, "espeak-ng")
	starter, err := content.Starter()
	if err != nil {
		t.Fatal(err)
	}
	words := map[advisory.Lang]map[string]string{} // each word with a document that says it
	for _, d := range starter.Documents {
		if words[d.Lang] == nil {
			words[d.Lang] = map[string]string{}
		}
		for _, w := range strings.FieldsFunc(sayUnits(d.Lang, d.Answer), func(r rune) bool { return r != '\'' && !unicode.In(r, unicode.L, unicode.M) }) {
			if !spelledByPeople[w] && strings.ToUpper(w) != w || unicode.Is(unicode.Devanagari, []rune(w)[0]) {
				words[d.Lang][strings.ToLower(w)] = d.ID
			}
		}
	}
	for lang, from := range words {
		for _, w := range spelledOut(t, lang, sortedKeys(from)) {
			t.Errorf("%s/%s: espeak-ng spells %q", lang, from[w], w)
		}
	}
	if got := spelledOut(t, "en", []string{"maize", "kgst", "leaf"}); !slices.Equal(got, []string{"kgst"}) {
		t.Errorf("of maize, kgst and leaf the test finds %q spelled", got)
	}
}

func sortedKeys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// spelledOut gives the words whose sounds are those of their letters, said one by one. A word of vowels alone sounds like its
// letters anyway, as does one of a single letter.
func spelledOut(t *testing.T, lang advisory.Lang, words []string) (out []string) {
	t.Helper()
	var lines []string
	for _, w := range words {
		var letters []string
		for _, r := range w {
			letters = append(letters, string(r))
		}
		lines = append(lines, asSpoken(lang, w), strings.Join(letters, " "))
	}
	sounds := phonemesOf(t, espeakVoices[lang], lines)
	for i, w := range words {
		if sounds[2*i] == sounds[2*i+1] && strings.Trim(w, "aeiouअआइईउऊएऐओऔ") != "" && len([]rune(w)) > 1 {
			out = append(out, w)
		}
	}
	return out
}

// phonemesOf gives the sounds of each line, without stress, pauses and word ends.
func phonemesOf(t *testing.T, voice string, lines []string) []string {
	t.Helper()
	cmd := exec.Command("espeak-ng", "-q", "-x", "-v", voice, "--stdin", "-b", "1")
	cmd.Stdin = strings.NewReader(strings.Join(lines, ".\n\n") + "\n")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var sounds []string
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); line != "" {
			sounds = append(sounds, strings.NewReplacer("'", "", ",", "", " ", "", "_", "", ":", "", "|", "", "=", "", "%", "", ";", "").Replace(line))
		}
	}
	if len(sounds) != len(lines) {
		t.Fatalf("%s: %d lines of sounds for %d lines of text", voice, len(sounds), len(lines))
	}
	return sounds
}
