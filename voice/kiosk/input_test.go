package kiosk

import (
	"bytes"
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jembe/voice"
	"jembe/voice/kiosk/kiosktest"
)

func TestKeys(t *testing.T) {
	keys := UsualKeys()
	for code, want := range map[uint16]Meaning{
		kiosktest.Enter: Talk, kiosktest.Plus: Yes, kiosktest.Minus: No, kiosktest.Asterisk: Again, kiosktest.Slash: Language, kiosktest.Dot: Person, kiosktest.NumLock: NewPerson,
		kiosktest.Digits[0]: "0", kiosktest.Digits[9]: "9", 11: "0", 2: "1",
	} {
		if keys[code] != want {
			t.Errorf("%s means %q, want %q", nameOf(code), keys[code], want)
		}
	}
	own, err := ReadKeys(strings.NewReader("# pedal\nKEY_B = Talk\n\n288=new\nkey_f12=yes\nKEY_SPACE=\n"))
	if err != nil || own[48] != Talk || own[288] != NewPerson || own[88] != Yes || own[57] != "" || own[kiosktest.Enter] != Talk {
		t.Errorf("%v %v", own, err)
	}
}

func TestKeysThatAreWrong(t *testing.T) {
	for text, want := range map[string]string{
		"KEY_B": "line 1", "\nKEY_NONE=talk": "line 2", "KEY_B=speak": "no meaning", "70000=talk": "no key", "-=talk": "no key",
		"NUMLOCK=\nESC=\nBACKSPACE=": "no key means new",
	} {
		if _, err := ReadKeys(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// What keys are called agrees with this system's own header.
func TestKeyNames(t *testing.T) {
	header, err := os.ReadFile("/usr/include/linux/input-event-codes.h")
	switch {
	case err != nil && os.Getenv("CI") != "":
		t.Fatalf("apt install linux-libc-dev: %v", err)
	case err != nil:
		t.Skipf("apt install linux-libc-dev: %v", err)
	}
	for line := range strings.Lines(string(header)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[0] != "#define" || !strings.HasPrefix(fields[1], "KEY_") {
			continue
		}
		code, err := codeOf(fields[1])
		if number, isNumber := codeOf("0" + fields[2]); isNumber == nil && err == nil && code != number {
			t.Errorf("%s is %d here, and %s there", fields[1], code, fields[2])
		}
	}
}

// press gives what a decoder makes of events: kind, code, value.
func press(d *decoder, events ...[3]int) (out []Press) {
	for _, e := range events {
		out = append(out, d.feed(kiosktest.Event(time.Second, uint16(e[0]), uint16(e[1]), int32(e[2])))...)
	}
	return out
}

func TestDecoder(t *testing.T) {
	var unknown []uint16
	d := newDecoder(UsualKeys(), func(code uint16) { unknown = append(unknown, code) })
	got := press(d, [3]int{4, 4, 458}, [3]int{1, kiosktest.Enter, 1}, [3]int{0, 0, 0}, [3]int{1, kiosktest.Enter, 2}, [3]int{1, kiosktest.Enter, 1},
		[3]int{2, kiosktest.Enter, 1}, [3]int{1, 500, 1}, [3]int{1, kiosktest.Plus, 0}, [3]int{1, kiosktest.Enter, 0}, [3]int{1, kiosktest.Enter, 0})
	if want := []Press{{Talk, true, time.Second}, {Talk, false, time.Second}}; !slices.Equal(got, want) || !slices.Equal(unknown, []uint16{500}) {
		t.Errorf("%v, and unknown %v", got, unknown)
	}
	press(d, [3]int{1, kiosktest.Enter, 1})
	if got := press(d, [3]int{0, 3, 0}); len(got) != 1 || got[0].Down {
		t.Errorf("events were lost, and the key is still held: %v", got)
	}
}

// Whatever bytes come, in whatever pieces: each key goes down and up in turn, and at the end none is held.
func TestDecoderTakesAnyBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkDecoder(t, rapid.SliceOf(rapid.Byte()).Draw(t, "noise"), rapid.SliceOf(rapid.IntRange(0, 127)).Draw(t, "keys"))
	})
}

func FuzzDecoder(f *testing.F) {
	f.Add(kiosktest.Event(0, 1, kiosktest.Enter, 1))
	f.Fuzz(func(t *testing.T, noise []byte) { checkDecoder(t, noise, []int{kiosktest.Enter}) })
}

func checkDecoder(t rapid.TB, noise []byte, keys []int) {
	all := slices.Clone(noise)
	for i, key := range keys {
		all = append(all, kiosktest.Event(time.Duration(i), 1, uint16(key), int32(i%3))...)
	}
	whole := newDecoder(UsualKeys(), func(uint16) {})
	want := append(whole.feed(all), whole.release()...)
	parts := newDecoder(UsualKeys(), func(uint16) {})
	var got []Press
	random := rand.New(rand.NewPCG(1, uint64(len(all))))
	for rest := all; len(rest) > 0; {
		n := 1 + random.IntN(len(rest))
		got = append(got, parts.feed(rest[:n])...)
		rest = rest[n:]
	}
	got = append(got, parts.release()...)
	held := map[Meaning]int{}
	for _, p := range got {
		if p.Down {
			held[p.Means]++
		} else {
			held[p.Means]--
		}
		if held[p.Means] < 0 {
			t.Fatalf("%s is let go that was not held", p.Means)
		}
	}
	for meaning, n := range held {
		if n != 0 {
			t.Fatalf("%s is held at the end", meaning)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d presses in pieces, %d in one", len(got), len(want))
	}
}

// A device that is pulled out is read again when it is back, a file is read once and on, and a key held on what is gone is let go.
func TestInputs(t *testing.T) {
	pad, file := kiosktest.NewKeypad(t), filepath.Join(t.TempDir(), "events")
	one := kiosktest.Event(0, 1, kiosktest.Digits[1], 1)
	if err := os.WriteFile(file, one[:EventSize-3], 0o600); err != nil {
		t.Fatal(err)
	}
	presses := make(chan Press, 64)
	in := inputs(filepath.Dir(pad.Path)+"/key*", file)
	var log bytes.Buffer
	in.Log = slog.New(slog.NewTextHandler(&log, nil))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); in.Read(ctx, presses) }()
	expect := func(means Meaning, down bool) {
		t.Helper()
		select {
		case p := <-presses:
			if p.Means != means || p.Down != down {
				t.Errorf("%+v, want %s %v", p, means, down)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s did not come", means)
		}
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(one[EventSize-3:]); err != nil {
		t.Fatal(err)
	}
	expect("1", true)
	pad.Write(kiosktest.Event(0, 1, 48, 1)[:EventSize/2])
	pad.Pull()
	pad.Plug()
	pad.Down(kiosktest.Enter)
	expect(Talk, true)
	pad.Pull()
	expect(Talk, false)
	pad.Plug()
	pad.Tap(kiosktest.Plus, 48)
	expect(Yes, true)
	expect(Yes, false)
	stop()
	<-ended
	if told := log.String(); !strings.Contains(told, "key=KEY_B") {
		t.Errorf("nobody learns what the key is called: %s", told)
	}
}

// Tones can be told apart by rhythm as well as by pitch, and are about as loud as speech, or well below it.
func TestTones(t *testing.T) {
	rhythms := map[string]string{}
	for name, wav := range map[string][]byte{
		"listening": toneListening(), "thinking": toneThinking(), "not understood": toneNotUnderstood(), "end": toneEnd(), "trouble": toneTrouble(), "key": toneKey(),
	} {
		pcm, err := voice.Decode(wav)
		if err != nil {
			t.Fatal(err)
		}
		loud, length := voice.Loudness(pcm, voice.SampleRate), time.Duration(len(pcm))*time.Second/voice.SampleRate
		aim := loudTone
		if name == "thinking" || name == "key" {
			aim = softTone
		}
		if loud < aim-1 || loud > aim+1 || voice.TruePeak(pcm, voice.SampleRate) > -1 || length > time.Second {
			t.Errorf("%s: %.1f LUFS, %.1f dB, %v", name, loud, voice.TruePeak(pcm, voice.SampleRate), length)
		}
		rhythm := rhythmOf(pcm)
		if other := rhythms[rhythm]; other != "" {
			t.Errorf("%s has the rhythm of %s: %s", name, other, rhythm)
		}
		rhythms[rhythm] = name
		t.Logf("%-15s %5.1f LUFS %4d ms %s", name, loud, length.Milliseconds(), rhythm)
	}
}

// rhythmOf draws where it sounds, by 25 ms.
func rhythmOf(pcm []float32) string {
	out := ""
	for step := range slices.Chunk(pcm, voice.SampleRate/40) {
		sound := "."
		if slices.Max(step) > 0.003 {
			sound = "#"
		}
		out += sound
	}
	return out
}
