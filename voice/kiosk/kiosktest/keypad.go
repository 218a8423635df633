package kiosktest

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// The keys of a number pad, by their codes in linux/input-event-codes.h.
const (
	Enter    = 96
	Plus     = 78
	Minus    = 74
	Asterisk = 55
	Slash    = 98
	Dot      = 83
	NumLock  = 69
)

// Digits are the codes of KEY_KP0 to KEY_KP9.
var Digits = [10]uint16{82, 79, 80, 81, 75, 76, 77, 71, 72, 73}

// Event gives the bytes of a struct input_event of this machine.
func Event(at time.Duration, kind, code uint16, value int32) []byte {
	var b []byte
	for _, v := range []time.Duration{at / time.Second, at % time.Second / time.Microsecond} {
		if unsafe.Sizeof(uintptr(0)) == 8 {
			b = binary.NativeEndian.AppendUint64(b, uint64(v))
		} else {
			b = binary.NativeEndian.AppendUint32(b, uint32(v))
		}
	}
	b = binary.NativeEndian.AppendUint16(b, kind)
	b = binary.NativeEndian.AppendUint16(b, code)
	return binary.NativeEndian.AppendUint32(b, uint32(value))
}

// Keypad is a double of an input device: a FIFO.
type Keypad struct {
	Path string
	t    testing.TB
	fifo *os.File
	at   time.Duration // by the device's clock
}

// NewKeypad makes a keypad that is plugged in.
func NewKeypad(t testing.TB) *Keypad {
	t.Helper()
	k := &Keypad{Path: filepath.Join(t.TempDir(), "keypad"), t: t}
	k.Plug()
	t.Cleanup(k.Pull)
	return k
}

// Plug plugs it in, again where it was pulled.
func (k *Keypad) Plug() {
	k.t.Helper()
	if err := syscall.Mkfifo(k.Path, 0o600); err != nil {
		k.t.Fatal(err)
	}
	var err error
	if k.fifo, err = os.OpenFile(k.Path, os.O_RDWR, 0); err != nil { // so that it can be written to before anybody reads
		k.t.Fatal(err)
	}
}

// Pull pulls it out.
func (k *Keypad) Pull() {
	if k.fifo != nil {
		os.Remove(k.Path)
		k.fifo.Close()
		k.fifo = nil
	}
}

// Write writes bytes as the device would; none where it is pulled.
func (k *Keypad) Write(b []byte) {
	k.t.Helper()
	if k.fifo == nil {
		return
	}
	if _, err := k.fifo.Write(b); err != nil {
		k.t.Fatal(err)
	}
}

// syn ends what belongs together.
func (k *Keypad) syn() []byte { return Event(k.at, 0, 0, 0) }

// Down presses a key.
func (k *Keypad) Down(code uint16) {
	k.t.Helper()
	k.Write(append(Event(k.at, 1, code, 1), k.syn()...))
}

// Up lets it go after it was held for some time.
func (k *Keypad) Up(code uint16, held time.Duration) {
	k.t.Helper()
	k.at += held
	k.Write(append(Event(k.at, 1, code, 0), k.syn()...))
}

// Tap presses keys one after the other and lets each go.
func (k *Keypad) Tap(codes ...uint16) {
	k.t.Helper()
	for _, code := range codes {
		k.Down(code)
		k.Up(code, 100*time.Millisecond)
		k.at += 200 * time.Millisecond
	}
}
