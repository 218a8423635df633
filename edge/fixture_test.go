package edge

import (
	"bytes"
	"context"
	"encoding/binary"
	"log/slog"
	"math"
	"slices"
	"testing"
	"time"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
)

var armyworm = &advisory.Document{
	ID: "maize-fall-armyworm", Lang: "en", Title: "Fall armyworm in maize", Kind: "pest", Crops: []string{"maize"}, Topics: []string{"fall-armyworm"},
	Sources: []advisory.Source{{Name: "Double of an extension leaflet", Year: 2024}}, Status: advisory.Unreviewed,
	Answer: "Look into the whorl of ten plants in the early morning. Crush the eggs and the small caterpillars by hand. " +
		"Put a pinch of sand or ash into each whorl. If more than two plants in ten are eaten, ask your extension worker which product is registered.",
}

var blight = &advisory.Document{
	ID: "tomato-late-blight", Lang: "en", Title: "Late blight in tomato", Kind: "disease", Crops: []string{"tomato"}, Topics: []string{"late-blight"},
	Sources: []advisory.Source{{Name: "Double of a leaflet"}}, Status: advisory.Reviewed,
	Answer: "Pull out the sick plants and carry them away from the field. Water the soil and not the leaves.",
}

// The questions to which the double of a library has answers.
const (
	armywormQuestion = "there are worms in my maize"
	unclearQuestion  = "the leaves are dying"
)

// sure is a match that answers beyond doubt.
func sure(d *advisory.Document) advisory.Match {
	return advisory.Match{Document: d, Score: 1, Words: 1, Coverage: 1, Question: 1, Vector: 1, Concepts: 1, About: slices.Concat(d.Crops, d.Topics),
		Passages: []advisory.Passage{{Document: d, Text: d.Answer}}}
}

// singer is a Speaker double: it speaks English and Swahili as a tone, in as many sounds as told.
type singer struct{ sounds int }

func (m singer) Speak(_ context.Context, s advisory.Speech) ([]advisory.Sound, error) {
	if s.Lang != "en" && s.Lang != "sw" {
		return nil, &advisory.Error{Code: advisory.NoVoice}
	}
	length := 200 * time.Millisecond
	if s.Slow {
		length *= 2
	}
	var out []advisory.Sound
	for range max(m.sounds, 1) {
		out = append(out, advisory.Sound{WAV: tone(length), Duration: length})
	}
	return out, nil
}

// tone is a WAV file of 440 Hz.
func tone(length time.Duration) []byte {
	const rate = 16000
	n := int(length.Seconds() * rate)
	var b bytes.Buffer
	b.WriteString("RIFF")
	for _, v := range []any{uint32(36 + 2*n), []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), uint32(rate), uint32(2 * rate), uint16(2), uint16(16), []byte("data"), uint32(2 * n)} {
		binary.Write(&b, binary.LittleEndian, v)
	}
	for i := range n {
		binary.Write(&b, binary.LittleEndian, int16(8000*math.Sin(2*math.Pi*440*float64(i)/rate)))
	}
	return b.Bytes()
}

// finderOf is a library double of two documents, one of which may be another than usual.
func finderOf(maize *advisory.Document) at.Finder {
	return at.Finder{
		armywormQuestion: {sure(maize)}, unclearQuestion: {sure(maize), sure(blight)},
		maize.ID: {sure(maize)}, blight.ID: {sure(blight)},
	}
}

// newTestServer is the real Server and Store; library, ears and mouth are doubles.
func newTestServer(t *testing.T, change ...func(*Config)) *Server {
	t.Helper()
	found := finderOf(armyworm)
	lex := advisory.NewLexicon([]advisory.Concept{
		{ID: "maize", Kind: advisory.Crop, Names: map[advisory.Lang][]string{"en": {"maize"}, "sw": {"mahindi"}}},
		{ID: "tomato", Kind: advisory.Crop, Names: map[advisory.Lang][]string{"en": {"tomato"}, "sw": {"nyanya"}}},
		{ID: "fall-armyworm", Kind: advisory.Pest, Names: map[advisory.Lang][]string{"en": {"armyworm"}}},
		{ID: "late-blight", Kind: advisory.Disease, Names: map[advisory.Lang][]string{"en": {"late blight"}}},
	})
	store := newStore(t, t.TempDir())
	c := Config{
		Advisor: &advisory.Advisor{
			Library: func() advisory.Library {
				return advisory.Library{Lexicon: lex, Retriever: found, Packs: []string{"double@1"}}
			},
			Transcriber: at.Ears{Transcript: advisory.Transcript{Text: armywormQuestion, Lang: "en", Farm: true}},
			Speaker:     singer{}, Recorder: store,
		},
		Store: store, Version: "test", Log: slog.New(slog.DiscardHandler),
		Languages: func() []Language {
			return []Language{
				{Lang: "en", Typed: true, Heard: true, Spoken: true, Documents: 2}, {Lang: "fr", Typed: true},
				{Lang: "hi", Typed: true, Documents: 1}, {Lang: "sw", Typed: true, Spoken: true, Documents: 1},
			}
		},
	}
	for _, f := range change {
		f(&c)
	}
	return NewServer(c)
}
