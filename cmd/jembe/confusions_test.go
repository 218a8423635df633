package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/content"
	"jembe/voice"
)

// TestWhichWordsAreSwapped asks our own questions in synthetic voices and lists which words were heard for which, with how often: what
// advisory/swapped.json is made from. It proves nothing, and runs in the long form only.
func TestWhichWordsAreSwapped(t *testing.T) {
	if !*full {
		t.Skip("a list for people to read: go test ./cmd/jembe -run WordsAreSwapped -full -v")
	}
	need(t, "flite", "apt install flite")
	need(t, "espeak-ng", "apt install espeak-ng")
	need(t, "pocketsphinx_batch", "apt install pocketsphinx pocketsphinx-en-us")
	ears, err := voice.NewPocketSphinx(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := ears.Learn(context.Background(), farmText(content.NewShelf(t.TempDir()).Load())); err != nil {
		t.Fatal(err)
	}
	rows, err := readLabelled("testdata/questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rows = slices.DeleteFunc(rows, func(r labelled) bool { return r.lang != "en" || r.document == "-" })
	names := slices.Sorted(maps.Keys(speakers))
	swapped, wav := map[[2]string]int{}, filepath.Join(t.TempDir(), "q.wav")
	for i := 0; i < len(rows); i += 2 {
		if out, err := speakers[names[i/2%len(names)]](rows[i].question, wav).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		audio, err := os.ReadFile(wav)
		if err != nil {
			t.Fatal(err)
		}
		heard, err := ears.Transcribe(context.Background(), audio, "en")
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.2f farm %v: %s => %s", names[i/2%len(names)], heard.Confidence, heard.Farm, rows[i].question, heard.Text)
		for _, s := range swaps(advisory.Words(rows[i].question), advisory.Words(heard.Text)) {
			swapped[s]++
		}
	}
	for _, s := range slices.SortedFunc(maps.Keys(swapped), func(a, b [2]string) int { return swapped[b] - swapped[a] }) {
		t.Logf("%d\t%s\t%s", swapped[s], s[0], s[1])
	}
}

// swaps gives what was said and what was heard in its place wherever two texts differ.
func swaps(said, heard []string) (out [][2]string) {
	for len(said) > 0 || len(heard) > 0 {
		if len(said) > 0 && len(heard) > 0 && said[0] == heard[0] {
			said, heard = said[1:], heard[1:]
			continue
		}
		i, j := meet(said, heard)
		out = append(out, [2]string{strings.Join(said[:i], " "), strings.Join(heard[:j], " ")})
		said, heard = said[i:], heard[j:]
	}
	return out
}

// meet gives how many words of each to skip until both go on with the same word, as few as can be.
func meet(said, heard []string) (i, j int) {
	for n := 1; n < len(said)+len(heard); n++ {
		for i := 0; i <= min(n, len(said)-1); i++ {
			if j := n - i; j < len(heard) && said[i] == heard[j] {
				return i, j
			}
		}
	}
	return len(said), len(heard)
}
