package kiosk

import (
	"encoding/binary"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Press is a key that goes down or up.
type Press struct {
	Means Meaning
	Down  bool
	At    time.Duration // by the clock of the device: it tells how long a key was held, and nothing else
}

// EventSize is the size in bytes of Linux's struct input_event: a time of two words, type, code and value. It is 24 where a word has
// 64 bits, and 16 where it has 32 (linux/input.h; a 32-bit program has two longs there even where its time has 64 bits).
const (
	wordSize  = int(unsafe.Sizeof(uintptr(0)))
	EventSize = 2*wordSize + 8
)

// From linux/input-event-codes.h.
const (
	evSyn      = 0 // type
	evKey      = 1
	synDropped = 3 // code of evSyn: the kernel has lost events
)

// decoder reads the events of one device, whatever their bytes: what is no press of a key that means something is passed over. A
// press is told once, and a release only after its press.
type decoder struct {
	keys    Keys
	unknown func(code uint16) // told of a key without a meaning that goes down
	rest    []byte            // of an event that has come in part
	held    map[uint16]bool
	at      time.Duration // of the last event
}

func newDecoder(keys Keys, unknown func(uint16)) *decoder {
	return &decoder{keys: keys, unknown: unknown, held: map[uint16]bool{}}
}

// feed takes bytes and gives the presses that are whole with them.
func (d *decoder) feed(b []byte) []Press {
	var out []Press
	d.rest = append(d.rest, b...)
	for len(d.rest) >= EventSize {
		event := d.rest[:EventSize]
		d.rest = d.rest[EventSize:]
		out = append(out, d.event(event)...)
	}
	d.rest = append([]byte(nil), d.rest...)
	return out
}

func (d *decoder) event(b []byte) []Press {
	d.at = time.Duration(word(b))*time.Second + time.Duration(word(b[wordSize:]))*time.Microsecond
	kind, code := binary.NativeEndian.Uint16(b[2*wordSize:]), binary.NativeEndian.Uint16(b[2*wordSize+2:])
	value := int32(binary.NativeEndian.Uint32(b[2*wordSize+4:]))
	switch {
	case kind == evSyn && code == synDropped:
		return d.release()
	case kind != evKey:
		return nil
	}
	meaning, known := d.keys[code]
	switch {
	case !known && value == 1:
		d.unknown(code)
	case known && value == 1 && !d.held[code]:
		d.held[code] = true
		return []Press{{meaning, true, d.at}}
	case known && value == 0 && d.held[code]:
		delete(d.held, code)
		return []Press{{meaning, false, d.at}}
	}
	return nil // a key that repeats by itself, or was held before anybody listened
}

// word reads an unsigned long.
func word(b []byte) uint64 {
	if wordSize == 8 {
		return binary.NativeEndian.Uint64(b)
	}
	return uint64(binary.NativeEndian.Uint32(b))
}

// release lets go of all that is held: the device is gone, or has lost count.
func (d *decoder) release() []Press {
	var out []Press
	for code := range d.held {
		out = append(out, Press{d.keys[code], false, d.at})
	}
	clear(d.held)
	return out
}

// grab is EVIOCGRAB of linux/input.h, _IOW('E', 0x90, int): no console and no desktop gets the keys beside us.
const grab = 0x40044590

// grabbed takes a device for us alone; what is no input device, as a FIFO, refuses it, and need not be.
func grabbed(fd uintptr) bool { return unix.IoctlSetInt(int(fd), grab, 1) == nil }
