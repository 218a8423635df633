package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"jembe/voice/kiosk/kiosktest"
)

// TestKioskSessions has people come one after another to a kiosk at a real box, with the noise of keys, devices that are pulled,
// silence, and two who press at once. It ends no program, nothing grows, and no words of one are heard or sent in the time of another.
// Sound devices, keys and time are doubles; so are recogniser and voice, so that words can be followed from mouth to ear.
func TestKioskSessions(t *testing.T) {
	sessions := 50
	if *full {
		sessions = 1000
	}
	t.Setenv("TMPDIR", t.TempDir())
	v := newKioskVillage(t)
	crowd := &crowd{village: v, random: rand.New(rand.NewPCG(6, 1000))}
	var before usage
	for n := range sessions {
		crowd.person(n)
		if n == sessions/10 {
			before = usageNow(t)
		}
	}
	after := usageNow(t)
	v.stop()
	t.Logf("%d sessions, %d ended by the key and %d by silence: %d presses, %d questions asked aloud, %d in whose own time their words were read back; %d times a device was pulled",
		sessions, crowd.byKey, crowd.bySilence, crowd.presses, crowd.talked, v.readBack, crowd.pulled)
	t.Logf("after a tenth of them %v", before)
	t.Logf("after all of them     %v", after)
	if v.readBack == 0 || crowd.pulled == 0 || crowd.bySilence == 0 {
		t.Error("nothing was put to the test")
	}
	after.grownFrom(t, before)
	if stderr := v.log.String(); strings.Contains(stderr, "panic") {
		t.Error(stderr)
	}
}

// crowd are people who know no better.
type crowd struct {
	village                                   *kioskVillage
	random                                    *rand.Rand
	presses, talked, pulled, byKey, bySilence int
}

// keysOfAll are the keys that a person may press but that for the next.
var keysOfAll = append([]uint16{kiosktest.Plus, kiosktest.Minus, kiosktest.Asterisk, kiosktest.Asterisk, kiosktest.Slash, kiosktest.Dot, 31, 20, 46}, kiosktest.Digits[:]...)

// person is one person's time: some of all that can happen, and an end.
func (c *crowd) person(n int) {
	v := c.village
	words := marker(n)
	v.alsa.Say(v.t, []byte("worms are eating the heart of my young maize and leave sawdust "+words))
	v.begins(words)
	if c.random.IntN(2) == 0 {
		c.talk(n) // so that half of them say something before all else
	}
	for range 2 + c.random.IntN(8) {
		c.step(n)
		time.Sleep(time.Duration(c.random.IntN(12)) * time.Millisecond)
	}
	v.alsa.Plug("mic")
	v.alsa.Plug("speaker")
	c.tap(v.pads[0], keysOfAll[c.random.IntN(len(keysOfAll))]) // there is somebody, whatever came before
	if c.random.IntN(4) == 0 {
		c.bySilence++
		v.ends(func() {})
		return
	}
	c.byKey++
	v.ends(func() { c.tap(v.pads[0], kiosktest.NumLock) })
}

func (c *crowd) tap(pad *kiosktest.Keypad, codes ...uint16) {
	c.presses += len(codes)
	pad.Tap(codes...)
}

// talk holds the key for some time, as long as it takes to be heard or not.
func (c *crowd) talk(n int) {
	v := c.village
	c.talked++
	c.presses++
	v.pads[0].Down(kiosktest.Enter)
	if c.random.IntN(4) > 0 {
		time.Sleep(time.Duration(20+c.random.IntN(60)) * time.Millisecond)
	}
	if n%3 == 0 { // another presses meanwhile
		c.tap(v.pads[1], keysOfAll[c.random.IntN(len(keysOfAll))], kiosktest.Enter)
	}
	v.pads[0].Up(kiosktest.Enter, time.Duration(c.random.IntN(3000))*time.Millisecond)
	time.Sleep(time.Duration(c.random.IntN(60)) * time.Millisecond)
}

func (c *crowd) step(n int) {
	v := c.village
	pad := v.pads[c.random.IntN(2)]
	key := keysOfAll[c.random.IntN(len(keysOfAll))]
	switch c.random.IntN(12) {
	case 0, 1:
		c.talk(n)
	case 2:
		c.tap(pad, kiosktest.Digits[2], kiosktest.Digits[1], kiosktest.Digits[4])
	case 3: // noise: what repeats by itself, what is let go that was not held, other kinds of events
		for range 20 {
			pad.Write(kiosktest.Event(0, uint16(c.random.IntN(5)), uint16(c.random.IntN(600)), int32(2-2*c.random.IntN(2))))
		}
	case 4: // a device that goes in the middle of an event, and comes back
		c.pulled++
		pad.Down(key)
		pad.Write(kiosktest.Event(0, 1, key, 0)[:1+c.random.IntN(15)])
		pad.Pull()
		pad.Plug()
	case 5:
		c.pulled++
		v.alsa.Pull(v.t, "mic")
		c.talk(n)
		v.alsa.Plug("mic")
	case 6:
		c.pulled++
		v.alsa.Pull(v.t, "speaker")
		c.tap(pad, key)
		time.Sleep(time.Duration(c.random.IntN(40)) * time.Millisecond)
		v.alsa.Plug("speaker")
	case 7: // two at once
		c.tap(v.pads[0], key)
		c.tap(v.pads[1], keysOfAll[c.random.IntN(len(keysOfAll))])
	default:
		c.tap(pad, key)
	}
}

// usage is what the process holds.
type usage struct {
	goroutines, files, processes, temporary int
	heap                                    uint64 // bytes
}

func (u usage) String() string {
	return fmt.Sprintf("%d goroutines, %d open files, %d processes, %d temporary files, %.1f MiB of heap", u.goroutines, u.files, u.processes, u.temporary, float64(u.heap)/(1<<20))
}

func usageNow(t *testing.T) usage {
	t.Helper()
	time.Sleep(300 * time.Millisecond) // what was stopped ends
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return usage{runtime.NumGoroutine(), entries(t, "/proc/self/fd"), children(t), entries(t, os.TempDir()), memory.HeapAlloc}
}

// grownFrom tells what has grown by more than what comes and goes.
func (u usage) grownFrom(t *testing.T, before usage) {
	t.Helper()
	if u.goroutines > before.goroutines+10 || u.files > before.files+8 || u.processes > before.processes+2 || u.temporary > before.temporary+2 || u.heap > before.heap+8<<20 {
		t.Errorf("it grows: from %v to %v", before, u)
	}
}

// marker is a word that nobody else says.
func marker(n int) string {
	word := "zq"
	for range 4 {
		word += string(rune('a' + n%10))
		n /= 10
	}
	return word + "qz"
}

// ends has a person leave, and waits until the box knows.
func (v *kioskVillage) ends(leave func()) {
	v.t.Helper()
	v.mu.Lock()
	before := v.ended
	v.mu.Unlock()
	leave()
	kiosktest.Await(v.t, "the end of a session", func() bool {
		v.mu.Lock()
		defer v.mu.Unlock()
		return v.ended > before
	})
}
