package main

import (
	"fmt"
	"slices"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
	"jembe/edge"
	"jembe/voice"
)

// readings gives the texts of a language with the state of their recordings, those just kept among them.
func (b *box) readings(lang advisory.Lang) []content.Reading {
	return content.Readings(content.Texts(b.loaded.Load(), b.advisor.Setting().Contacts, lang), b.recordings())
}

// recordings gives those of the packs, then the box's own.
func (b *box) recordings() []content.Recording {
	own, err := b.shelf.Takes().All()
	if err != nil {
		fmt.Fprintln(b.program.stderr, "jembe: left out:", terminal.NewFault(err))
	}
	return slices.Concat(b.loaded.Load().Recordings, own)
}

// knowVoices takes the recordings of this moment into use.
func (b *box) knowVoices() {
	b.voicesAt = b.shelf.Takes().Revision()
	read := map[advisory.Lang]bool{} // most boxes have recordings in one language or none
	for _, r := range b.recordings() {
		read[r.Lang] = true
	}
	var all []content.Reading
	for lang := range read {
		all = append(all, b.readings(lang)...)
	}
	b.voice.Use(all)
}

// studio is what the recorder's page works with.
func (b *box) studio() *edge.Studio {
	return &edge.Studio{
		Texts: b.readings,
		Take: func(audio []byte) (edge.Take, error) {
			t, err := voice.NewTake(audio)
			return edge.Take{Opus: t.Opus, WAV: t.WAV, Length: t.Duration}, err
		},
		Keep: func(t content.Text, take edge.Take, by string) error { // watch sees it within seconds
			return b.shelf.Takes().Keep(t, take.Opus, take.Length, by, time.Now())
		},
	}
}
