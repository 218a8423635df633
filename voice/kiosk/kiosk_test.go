package kiosk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/voice/kiosk/kiosktest"
)

const advice1, advice2 = "/v1/answers/a1/sound/1", "/v1/answers/a1/sound/2"

// Whoever presses any key hears the menu in their language at once, and what else can be done when they wait or ask for it.
func TestGreeting(t *testing.T) {
	s := newStage(t)
	want(t, s.tap(kiosktest.NumLock), "kiosk_numbers en", "/v1/menu/sound/2?lang=en", "/v1/menu/sound/6?lang=en", "kiosk_talk en", "kiosk_language sw", "kiosk_week en", "kiosk_reply en")
	want(t, s.tap(kiosktest.Asterisk), "kiosk_talk en", "kiosk_language sw", "kiosk_week en", "kiosk_reply en")
	want(t, s.tap(kiosktest.Slash), "kiosk_numbers sw", "/v1/menu/sound/2?lang=en", "/v1/menu/sound/6?lang=en", "kiosk_language en", "kiosk_week sw", "kiosk_reply sw")
	want(t, s.hears(silence, func() { s.pad.Down(kiosktest.Enter) }), "tone not understood", "kiosk_cannot_hear sw")
}

func TestTalk(t *testing.T) {
	s := newStage(t)
	want(t, s.asks("my maize"), "tone listening", advice1, advice2, "kiosk_helped en", "confirm_how en")
	if got := s.box.called("/v1/ask/audio?lang=en&session="); len(got) != 1 || !strings.HasSuffix(got[0], " my maize") {
		t.Errorf("asked %q", got)
	}
	want(t, s.tap(kiosktest.Plus), "thanks en", "kiosk_ticket en")
	if got := s.box.called("/v1/answers/a1/rating"); len(got) != 1 || !strings.Contains(got[0], `"rating":"up"`) {
		t.Errorf("rated %q", got)
	}
	want(t, s.tap(kiosktest.Asterisk), advice1, advice2)
	want(t, s.tap(kiosktest.Asterisk), advice1+"?slow=1", advice2+"?slow=1")
	s.box.set(func(b *boxDouble) {
		b.answer = map[string]any{"simple": map[string]any{"sound": []string{"/simple/sound"}}}
	})
	s.asks("my maize")
	s.tap(kiosktest.Asterisk)
	want(t, s.tap(kiosktest.Asterisk), "/simple/sound")
}

// A first short press is somebody who does not know the key; later it begins a question that a second press ends.
func TestTapToTalk(t *testing.T) {
	s := newStage(t)
	got := s.hears(silence, func() {
		s.holds()
		s.pad.Tap(0) // of no meaning
		s.pad.Up(kiosktest.Enter, 50*time.Millisecond)
	})
	if !slices.Contains(got, "speaker: kiosk_talk en") || slices.Contains(got, "speaker: kiosk_numbers en") || len(s.box.called("/v1/ask")) > 0 {
		t.Errorf("heard %q", got)
	}
	s.alsa.Say(t, []byte("hens"))
	s.tap(kiosktest.Digits[2])
	want(t, s.hears(silence, func() {
		s.holds()
		s.pad.Up(kiosktest.Enter, 100*time.Millisecond)
		s.pad.Tap(kiosktest.Digits[1], kiosktest.Enter)
	}), "tone listening", advice1, advice2, "kiosk_helped en", "confirm_how en")
}

func TestMenuByDigits(t *testing.T) {
	s := newStage(t)
	want(t, s.tap(kiosktest.Digits[2]), "tone key", "/v1/menu/sound/2-1?lang=en")
	want(t, s.tap(kiosktest.Asterisk), "/v1/menu/sound/2-1?lang=en")
	want(t, s.tap(kiosktest.Asterisk), "/v1/menu/sound/2-1?lang=en&slow=1")
	want(t, s.tap(kiosktest.Digits[1]), "tone key", "/v1/menu/sound/2-1-4?lang=en") // it is still the menu that was heard
	want(t, s.tap(kiosktest.Digits[4]), advice1, advice2, "kiosk_helped en", "confirm_how en")
	if got := s.box.called(`"choice":"2-1-4"`); len(got) != 1 {
		t.Errorf("chose %q", got)
	}
	want(t, s.tap(kiosktest.Digits[9]), "tone not understood", "kiosk_no_number en")
	s.tap(kiosktest.Digits[2])
	s.tap(kiosktest.Digits[9])
	want(t, s.tap(kiosktest.Asterisk), "kiosk_talk en", "kiosk_language sw", "kiosk_week en", "kiosk_reply en") // not a menu that was left
	got := s.tap(kiosktest.Digits[2], kiosktest.Digits[1], kiosktest.Digits[4])                                 // by one who knows the number
	if n := len(got); n < 4 || got[n-4] != "speaker: "+advice1 || strings.Contains(strings.Join(got, ""), "/v1/menu") {
		t.Errorf("heard %q", got)
	}
}

func TestChoices(t *testing.T) {
	s := newStage(t)
	choices := []map[string]string{{"value": "one"}, {"value": "two"}}
	s.box.set(func(b *boxDouble) {
		b.answer = map[string]any{"outcome": "clarify", "reason": "which_problem", "choices": choices}
	})
	want(t, s.asks("leaves"), "tone listening", advice1, advice2)
	s.tap(kiosktest.Digits[2])
	s.box.set(func(b *boxDouble) {
		b.answer = map[string]any{"outcome": "clarify", "reason": "confirm", "choices": choices}
	})
	s.asks("leaves")
	s.tap(kiosktest.Minus)
	s.tap(kiosktest.Plus)
	if two, one := s.box.called(`"choice":"two"`), s.box.called(`"choice":"one"`); len(two) != 2 || len(one) != 1 {
		t.Errorf("chose %q %q", two, one)
	}
	s.box.set(func(b *boxDouble) { b.answer = map[string]any{"outcome": "unsure", "reason": "not_heard"} })
	want(t, s.asks("hm"), "tone listening", "tone not understood", advice1, advice2)
	s.box.set(func(b *boxDouble) {
		b.answer = map[string]any{"outcome": "clarify", "reason": "which_problem", "choices": []map[string]string{{"value": "no-such"}}}
	})
	s.asks("leaves")
	want(t, s.tap(kiosktest.Digits[1]), "tone not understood", "kiosk_no_number en")
}

// The office's word comes first in a week; without a clock the farmer says the month.
func TestWeek(t *testing.T) {
	s := newStage(t)
	week := func(reply string) { s.box.set(func(b *boxDouble) { b.week = reply }) }
	want(t, s.tap(kiosktest.Digits[0]), "tone not understood", "kiosk_no_week en")
	week(`{"sound": ["/week/sound"], "items": [{"key": 2, "number": "6-1-1", "sound": ["/item/sound"]}], "bulletins": [{"sound": ["/bulletin/sound"]}]}`)
	want(t, s.tap(kiosktest.Digits[0]), "/week/sound", "/bulletin/sound", "/item/sound")
	s.tap(kiosktest.Asterisk)
	want(t, s.tap(kiosktest.Digits[2]), advice1, advice2, "kiosk_helped en", "confirm_how en")
	s.tap(kiosktest.Digits[0])
	want(t, s.tap(kiosktest.Digits[9]), "tone not understood", "kiosk_no_number en") // what is not offered is of the menu
	s.tap(kiosktest.Digits[0])
	s.tap(kiosktest.NumLock)
	want(t, s.tap(kiosktest.Digits[2]), "tone key", "/v1/menu/sound/2-1?lang=en")
	s.tap(kiosktest.Slash)
	months := ""
	for m := 1; m <= 12; m++ {
		months += fmt.Sprintf(`{"key": %d, "month": %d, "sound": []},`, m, m)
	}
	week(`{"state": "which_month", "sound": ["/month/sound"], "choices": [` + months + `{"key": 0, "other": true, "crop": "maize", "stage": "flowering"}]}`)
	want(t, s.tap(kiosktest.Digits[0]), "/month/sound")
	for _, keys := range [][]uint16{{4}, {1, 1}, {1}, {1, 2}, {0}} {
		for i, key := range keys {
			if wait := silence; i < len(keys)-1 {
				s.hears(2*nextDigit, func() { s.pad.Tap(kiosktest.Digits[key]) })
			} else {
				s.hears(wait, func() { s.pad.Tap(kiosktest.Digits[key]) }) // and nothing more
			}
		}
	}
	for _, told := range []string{"month=4&", "month=11&", "month=1&", "month=12&session", "crop=maize&lang=sw&month=12&other=true"} {
		if len(s.box.called(told)) != 1 {
			t.Errorf("%s was not asked once: %q", told, s.box.called("/v1/week"))
		}
	}
}

// Nothing goes to a person but after a yes; and the number is said aloud only after another.
func TestPerson(t *testing.T) {
	s := newStage(t)
	s.asks("my maize")
	want(t, s.hears(answerYesNo, func() { s.pad.Tap(kiosktest.Minus) }), "thanks en", "kiosk_person en", "confirm_how en")
	want(t, s.hears(answerYesNo, func() { s.pad.Tap(kiosktest.Plus) }), "consent_words en", "confirm_how en")
	want(t, s.hears(answerYesNo, func() { s.pad.Tap(kiosktest.Plus) }), "consent_voice en", "confirm_how en")
	want(t, s.hears(answerYesNo, func() { s.clock.Pass(answerYesNo) }), "kiosk_others_hear en", "confirm_how en") // silence is no
	if got := s.box.called("/escalation"); len(got) != 1 || !strings.Contains(got[0], `"consent":{"words":true,"voice":false}`) {
		t.Errorf("asked for a person with %q", got)
	}
	want(t, s.tap(kiosktest.Minus), "kiosk_later en")
	want(t, s.hears(answerYesNo, func() { s.pad.Tap(kiosktest.Asterisk) }), "kiosk_others_hear en", "confirm_how en")
	want(t, s.tap(kiosktest.Plus), "/v1/answers/t/sound/1")
	s.box.set(func(b *boxDouble) { b.answer = map[string]any{"outcome": "refused", "reason": "despair"} })
	s.asks("i cannot go on")
	want(t, s.tap(kiosktest.Dot), "/v1/answers/t/sound/1") // at once, and there is no number to keep from others
}

func TestComingBack(t *testing.T) {
	s := newStage(t)
	want(t, s.code(answerYesNo, 2, 1, 7, 3), "kiosk_others_hear en", "confirm_how en")
	want(t, s.tap(kiosktest.Plus), "/v1/answers/r/sound/1")
	if got := s.box.called("/v1/replies/217"); len(got) != 1 || !strings.Contains(got[0], `"picture":3`) {
		t.Errorf("opened %q", got)
	}
	want(t, s.code(silence, 3, 0, 0, 1), "/v1/answers/w/sound/1")
	want(t, s.code(silence, 9, 9, 9, 1), "tone not understood", "error_wrong_code en")
}

// Who comes back for an advice says whether it was of use, in two keys, or nothing.
func TestOfUse(t *testing.T) {
	s := newStage(t)
	s.tap(kiosktest.NumLock)
	asked := func(keys ...uint16) {
		t.Helper()
		want(t, s.code(answerYesNo, 4, 4, 4, 1), "/v1/answers/c/sound/1", "followup_done en", "confirm_how en")
		for i, key := range keys {
			wait := answerYesNo
			if i == len(keys)-1 {
				wait = silence
			}
			s.hears(wait, func() { s.pad.Tap(key) })
		}
	}
	asked(kiosktest.Plus, kiosktest.Minus)
	asked(kiosktest.Minus, kiosktest.Digits[2])
	asked(kiosktest.Minus)
	asked()
	want(t, s.code(answerYesNo, 4, 4, 4, 1), "/v1/answers/c/sound/1", "followup_done en", "confirm_how en")
	want(t, s.hears(answerYesNo, func() { s.pad.Tap(kiosktest.Asterisk) }), "/v1/answers/c/sound/1", "followup_done en", "confirm_how en")
	want(t, s.tap(kiosktest.Digits[2]), "tone key", "/v1/menu/sound/2-1?lang=en") // who does not answer goes on
	s.code(answerYesNo, 4, 4, 4, 1)
	s.hears(answerYesNo, func() { s.pad.Tap(kiosktest.Plus) })
	s.tap(kiosktest.NumLock) // half an answer counts
	got := s.box.called("/v1/followups")
	if len(got) != 4 || !strings.Contains(got[0], `"code":"444","picture":1,"done":true,"helped":"no"`) || !strings.Contains(got[1], `"done":false,"why":"not_to_be_had"`) || strings.Contains(got[2], "why") || !strings.Contains(got[3], `"done":true,"lang"`) {
		t.Errorf("said %q", got)
	}
}

// For an advice that helped a second tick gives a number, and so does the key for it at any time after an advice.
func TestTicket(t *testing.T) {
	s := newStage(t)
	if got := s.tap(kiosktest.NumLock, keyT); got[len(got)-1] != "speaker: kiosk_reply en" || len(s.box.called("/ticket")) > 0 {
		t.Errorf("without an advice: heard %q", got)
	}
	s.box.set(func(b *boxDouble) {
		b.answer = map[string]any{"simple": map[string]any{"sound": []string{"/simple/sound"}}}
	})
	s.asks("my maize")
	s.tap(kiosktest.Plus)
	want(t, s.tap(kiosktest.Plus), "/v1/answers/n/sound/1")
	want(t, s.tap(kiosktest.Asterisk), "/v1/answers/n/sound/1")
	want(t, s.tap(kiosktest.Asterisk), "/v1/answers/n/sound/1?slow=1") // the number is asked for, not the advice
	s.asks("my maize")
	want(t, s.tap(keyT), "/v1/answers/n/sound/1")
	if got := s.box.called("/v1/answers/a1/rating"); len(got) != 1 {
		t.Errorf("rated %q", got)
	}
	s.box.set(func(b *boxDouble) { b.answer = map[string]any{"outcome": "unsure", "reason": "no_evidence"} })
	s.asks("hm")
	want(t, s.tap(keyT), advice1, advice2)
}

func TestEarphone(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Earphone = "ear" })
	got := s.code(silence, 2, 1, 7, 3)
	if len(got) != 2 || got[0] != "speaker: kiosk_earphone en" || got[1] != "ear: /v1/answers/r/sound/1" {
		t.Errorf("heard %q", got)
	}
	s.alsa.Pull(t, "ear")
	got = s.tap(kiosktest.Asterisk)
	if strings.Contains(strings.Join(got, ""), "/v1/answers") || len(got) != 2 || got[1] != "speaker: tone trouble" {
		t.Errorf("without the earphone: heard %q", got)
	}
}
