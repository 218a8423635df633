package kiosk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/voice/kiosk/kiosktest"
)

// hearsFirst asks a box that writes its answer, until the first part is heard. Nothing is written on before the test says so.
func (s *stage) hearsFirst(t *testing.T) (from int64) {
	t.Helper()
	from = s.alsa.Size()
	s.alsa.Say(t, []byte("my maize"))
	s.holds()
	s.pad.Up(kiosktest.Enter, time.Second)
	kiosktest.Await(t, "the first part", func() bool {
		s.clock.Pass(20 * time.Millisecond)
		return slices.Contains(s.since(from), "speaker: "+advice1)
	})
	return from
}

func writingStage(t *testing.T) *stage {
	s := newStage(t)
	s.box.set(func(b *boxDouble) { b.writes = make(chan bool) })
	return s
}

// The first part is heard while the next is written, each is heard once, and the whole is what is played again.
func TestAnAnswerIsHeardWhileItIsWritten(t *testing.T) {
	s := writingStage(t)
	from := s.hearsFirst(t)
	s.hears(silence, func() { s.box.writes <- true })
	want(t, s.since(from), "tone listening", advice1, advice2, "kiosk_helped en", "confirm_how en")
	want(t, s.tap(kiosktest.Asterisk), advice1, advice2)
	want(t, s.tap(kiosktest.Plus), "thanks en", "kiosk_ticket en")
}

// A part that still sounds when the answer is whole is heard to its end.
func TestAPartThatSoundsIsNotCutOff(t *testing.T) {
	s := writingStage(t)
	s.alsa.Lasting(t)
	from := s.hearsFirst(t)
	s.box.writes <- true
	s.hears(silence, func() { s.alsa.Over(t) })
	want(t, s.since(from), "tone listening", advice1, advice2, "kiosk_helped en", "confirm_how en")
	if got := s.alsa.Ended(); got != 4 { // all but the tone, which speaking ends
		t.Errorf("%d sounds were heard to their end", got)
	}
}

// Who leaves while an answer is written ends the writing, and what of it is heard.
func TestLeavingWhileAnAnswerIsWritten(t *testing.T) {
	s := writingStage(t)
	s.hearsFirst(t)
	got := strings.Join(s.tap(kiosktest.NumLock), " ")
	if !strings.Contains(got, "tone end") || strings.Contains(got, "/v1/answers") || !strings.Contains(got, "kiosk_numbers") {
		t.Errorf("the next person hears %s", got)
	}
}

func TestAnAnswerThatBreaksOff(t *testing.T) {
	s := writingStage(t)
	from := s.hearsFirst(t)
	s.hears(silence, func() { s.box.writes <- false })
	want(t, s.since(from), "tone listening", advice1, "tone trouble")
}
