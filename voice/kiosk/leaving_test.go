package kiosk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jembe/voice/kiosk/kiosktest"
)

// Nothing of one person can be heard, rated or asked about by the next, whether they press the key for it or the one before went away.
func TestNothingIsCarriedOver(t *testing.T) {
	for name, leave := range map[string]func(*stage){
		"key": func(s *stage) { s.tap(kiosktest.NumLock) },
		"silence": func(s *stage) {
			before := len(s.box.called("/end"))
			kiosktest.Await(s.t, "the end", func() bool {
				s.clock.Pass(time.Second)
				return len(s.box.called("/end")) > before
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.asks("my maize")
			s.code(answerYesNo, 2, 1, 7, 3)
			from := s.alsa.Size()
			leave(s)
			for _, key := range []uint16{kiosktest.Asterisk, kiosktest.Plus, kiosktest.Minus, kiosktest.Dot} {
				s.tap(key)
			}
			if heard := strings.Join(s.since(from), "\n"); strings.Contains(heard, "/v1/answers") || !strings.Contains(heard, "tone end") {
				t.Errorf("the next person heard\n%s", heard)
			}
			if got := append(s.box.called("/rating"), s.box.called("/escalation")...); len(got) > 0 {
				t.Errorf("of the answer of one before: %q", got)
			}
			first, ended := session(s.box.called("/v1/ask/audio")[0]), s.box.called("/end")
			if len(ended) != 1 || !strings.Contains(ended[0], first) {
				t.Errorf("session %s, ended %q", first, ended)
			}
			if s.asks("my hens"); session(s.box.called("my hens")[0]) == first {
				t.Error("two people in one session")
			}
		})
	}
}

func session(call string) string {
	_, after, _ := strings.Cut(call, "session=")
	id, _, _ := strings.Cut(after, " ")
	return id
}

// The next person is heard at once, in whatever the one before was stopped.
func TestTheNextPersonStopsEverything(t *testing.T) {
	during := map[string]func(*stage){
		"an answer": func(s *stage) {
			s.alsa.Lasting(s.t)
			from := s.alsa.Size()
			s.pad.Tap(kiosktest.Digits[2], kiosktest.Digits[1], kiosktest.Digits[4])
			kiosktest.Await(s.t, "the answer", func() bool { return strings.Contains(fmt.Sprint(s.since(from)), advice1) })
			s.alsa.Short()
		},
		"a question": func(s *stage) {
			s.holds()
		},
		"a wait": func(s *stage) {
			s.box.set(func(b *boxDouble) { b.slow = make(chan struct{}) })
			s.pad.Tap(kiosktest.Digits[2], kiosktest.Digits[1], kiosktest.Digits[4])
			kiosktest.Await(s.t, "the call", func() bool { return len(s.box.called("2-1-4")) > 0 })
		},
		"yes or no": func(s *stage) {
			s.asks("my maize")
			s.hears(answerYesNo, func() { s.pad.Tap(kiosktest.Dot) })
		},
		"a code": func(s *stage) { s.tap(kiosktest.Dot, kiosktest.Digits[2]) },
	}
	for name, begin := range during {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			begin(s)
			got := s.tap(kiosktest.NumLock)
			if len(got) < 2 || got[0] != "speaker: tone end" || got[1] != "speaker: kiosk_numbers en" {
				t.Errorf("heard %q", got)
			}
		})
	}
}

// A box that takes long is heard to think, and a question that takes long can be left.
func TestThinking(t *testing.T) {
	s := newStage(t)
	wait := make(chan struct{})
	s.box.set(func(b *boxDouble) { b.slow = wait })
	from, asked := s.alsa.Size(), s.clock.Asked(thinkEvery)
	s.pad.Tap(kiosktest.Digits[2], kiosktest.Digits[1], kiosktest.Digits[4])
	kiosktest.Await(t, "the call", func() bool { return len(s.box.called("2-1-4")) > 0 })
	for range 2 {
		s.clock.Pass(thinkEvery)
		s.clock.AwaitAsked(t, thinkEvery, asked)
		asked++
	}
	got := strings.Join(s.since(from), "\n")
	if strings.Count(got, "tone thinking") != 2 {
		t.Errorf("heard\n%s", got)
	}
	want(t, s.hears(silence, func() { close(wait) }), advice1, advice2, "kiosk_helped en", "confirm_how en")
}

func TestPulledDevices(t *testing.T) {
	s := newStage(t)
	s.alsa.Pull(t, "mic")
	from := s.alsa.Size()
	s.hears(silence, func() { s.pad.Down(kiosktest.Enter) })
	if got := strings.Join(s.since(from), "\n"); !strings.HasSuffix(got, "speaker: tone trouble\nspeaker: kiosk_no_microphone en") { // after a beginning of that for listening
		t.Errorf("heard\n%s", got)
	}
	s.pad.Up(kiosktest.Enter, time.Second)
	s.alsa.Plug("mic")
	want(t, s.hears(silence, func() {
		s.holds()
		s.alsa.Pull(t, "mic")
	}), "tone listening", "tone trouble", "kiosk_no_microphone en")
	s.pad.Up(kiosktest.Enter, time.Second)
	s.alsa.Plug("mic")
	want(t, s.asks("my maize"), "tone listening", advice1, advice2, "kiosk_helped en", "confirm_how en")

	s.alsa.Pull(t, "speaker")
	asked := s.clock.Asked(retryEvery)
	s.pad.Tap(kiosktest.Asterisk)
	s.clock.AwaitAsked(t, retryEvery, asked)
	s.alsa.Plug("speaker")
	want(t, s.hears(silence, func() { s.clock.Pass(retryEvery) }), advice1, advice2)
	s.alsa.Pull(t, "speaker")
	want(t, s.tap(kiosktest.Asterisk)) // it is given up, and the kiosk goes on
	s.alsa.Plug("speaker")
	want(t, s.tap(kiosktest.Digits[9]), "tone not understood", "kiosk_no_number en")

	s.holds()
	s.pad.Pull() // while the key is held: what is said until another press is asked
	s.pad.Plug()
	want(t, s.tap(kiosktest.Enter), advice1, advice2, "kiosk_helped en", "confirm_how en")
}

func TestTheBoxIsAway(t *testing.T) {
	s := newStage(t)
	s.box.set(func(b *boxDouble) { b.away = true })
	want(t, s.tap(kiosktest.Plus), "tone trouble")
	s.box.set(func(b *boxDouble) { b.away = false })
	want(t, s.tap(kiosktest.Digits[9]), "tone not understood", "kiosk_no_number en")
	s.box.set(func(b *boxDouble) { b.away = true })
	want(t, s.asks("my maize"), "tone listening", "tone trouble")
}
