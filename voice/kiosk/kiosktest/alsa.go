// Package kiosktest stands in for what surrounds a kiosk, for tests: sound devices, keys and time. All of it are doubles: nothing is
// played, recorded or pressed. It knows nothing of the product.
package kiosktest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// ALSA is a double of arecord and aplay: programs of these names, first in PATH until the test ends. Names of devices are words.
type ALSA struct{ dir string }

// Played is a sound that was given to a device.
type Played struct {
	Device string
	Sound  []byte // as far as it was given
}

// aplay is the double: it writes down what it is given, or fails as the real one does where a device is gone. A sound that
// begins while the file lasting is there does not end by itself, before the file over is there too. What was stopped has not ended.
const aplay = `#!/bin/sh
cd '%s' || exit 1
if [ -e "pulled-$3" ]; then echo "aplay: main:831: audio open error: No such file or directory" >&2; exit 1; fi
printf '\n== %%s\n' "$3" >>heard
cat >>heard
if [ -e lasting ]; then while [ ! -e over ]; do sleep 0.02; done; fi
echo >>ended
`

// arecord is the double: it records until it is told to end, and gives what was said.
const arecord = `#!/bin/sh
cd '%s' || exit 1
gone() { echo "arecord: pcm_read:2221: read error: No such device" >&2; rm -f recording; exit 1; }
[ -e "pulled-$3" ] && gone
trap 'rm -f recording; cat said; exit 1' TERM
touch recording
while :; do
	sleep 0.05 >/dev/null 2>&1 &
	wait $!
	[ -e "pulled-$3" ] && gone
done
`

// NewALSA puts the doubles in place.
func NewALSA(t testing.TB) *ALSA {
	t.Helper()
	dir, programs := t.TempDir(), t.TempDir()
	a := &ALSA{dir}
	for name, text := range map[string]string{"aplay": aplay, "arecord": arecord} {
		if err := os.WriteFile(filepath.Join(programs, name), fmt.Appendf(nil, text, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", programs+string(os.PathListSeparator)+os.Getenv("PATH"))
	a.Say(t, nil)
	return a
}

// Say sets what is said into every microphone from now on: the bytes of a recording.
func (a *ALSA) Say(t testing.TB, recording []byte) {
	t.Helper()
	a.put(t, "new-said", recording)
	if err := os.Rename(filepath.Join(a.dir, "new-said"), filepath.Join(a.dir, "said")); err != nil {
		t.Fatal(err)
	}
}

// Pull pulls a device out, Plug puts it back.
func (a *ALSA) Pull(t testing.TB, device string) { a.put(t, "pulled-"+device, nil) }

// Plug puts a device back.
func (a *ALSA) Plug(device string) { os.Remove(filepath.Join(a.dir, "pulled-"+device)) }

// Lasting has sounds last until they are stopped.
func (a *ALSA) Lasting(t testing.TB) { a.put(t, "lasting", nil) }

// Short has them end at once again.
func (a *ALSA) Short() { os.Remove(filepath.Join(a.dir, "lasting")) }

// Over ends the sounds that last.
func (a *ALSA) Over(t testing.TB) { a.put(t, "over", nil) }

// Ended is how many sounds have ended by themselves.
func (a *ALSA) Ended() int64 {
	info, err := os.Stat(filepath.Join(a.dir, "ended"))
	if err != nil {
		return 0
	}
	return info.Size()
}

func (a *ALSA) put(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(a.dir, name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// AwaitRecording waits until a microphone is open.
func (a *ALSA) AwaitRecording(t testing.TB) {
	t.Helper()
	Await(t, "a recording", func() bool {
		_, err := os.Stat(filepath.Join(a.dir, "recording"))
		return err == nil
	})
}

var header = regexp.MustCompile(`\n== (\w+)\n`)

// Size is how many bytes were given to devices.
func (a *ALSA) Size() int64 {
	info, err := os.Stat(filepath.Join(a.dir, "heard"))
	if err != nil {
		return 0
	}
	return info.Size()
}

// Heard gives what was played, in order, from where Size was once.
func (a *ALSA) Heard(from int64) []Played {
	all, err := os.ReadFile(filepath.Join(a.dir, "heard"))
	if err != nil {
		return nil
	}
	all = all[min(from, int64(len(all))):]
	var out []Played
	at := header.FindAllSubmatchIndex(all, -1)
	for i, m := range at {
		end := len(all)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		out = append(out, Played{string(all[m[2]:m[3]]), all[m[1]:end]})
	}
	return out
}

// wavHeader comes before the sound in a plain WAV file.
const wavHeader = 44

// Length is how long a WAV file sounds.
func Length(wav []byte) time.Duration {
	if len(wav) < wavHeader {
		return 0
	}
	return time.Duration(len(wav)-wavHeader) * time.Second / time.Duration(binary.LittleEndian.Uint32(wav[28:]))
}

// WAV gives a WAV file whose samples are the bytes of a text: whoever plays it shows what is said, and to whom.
func WAV(text string) []byte {
	if len(text)%2 == 1 {
		text += " "
	}
	var b bytes.Buffer
	b.WriteString("RIFF")
	put := func(v any) { _ = binary.Write(&b, binary.LittleEndian, v) } // a bytes.Buffer takes all
	put(uint32(wavHeader - 8 + len(text)))
	b.WriteString("WAVEfmt ")
	const rate = 16000
	for _, v := range []any{uint32(16), uint16(1), uint16(1), uint32(rate), uint32(2 * rate), uint16(2), uint16(16)} {
		put(v)
	}
	b.WriteString("data")
	put(uint32(len(text)))
	b.WriteString(text)
	return b.Bytes()
}

// Await waits until something holds.
func Await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("waited in vain for %s", what)
}
