package hub

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"jembe/edge/wire"
)

// onBatches are attacks by a box, with its own key.
func (s *siege) onBatches() []attack {
	with := func(change func(*wire.Batch)) func() error {
		return func() error { return s.tampered(change) }
	}
	return []attack{
		{"another box's record", with(func(b *wire.Batch) { b.Device = s.other.device; b.Epoch = s.other.epoch })},
		{"meant for another hub", with(func(b *wire.Batch) { b.Hub = "aaaaaaaaaaaaaaaa" })},
		{"meant for no hub", with(func(b *wire.Batch) { b.Hub = "" })},
		{"a path for an epoch", with(func(b *wire.Batch) { b.Epoch = "../../.." })},
		{"no epoch", with(func(b *wire.Batch) { b.Epoch = "" })},
		{"an epoch too long", with(func(b *wire.Batch) { b.Epoch += "a" })},
		{"an epoch with a line end", with(func(b *wire.Batch) { b.Epoch = b.Epoch[:7] + "\n" })},
		{"from event 0 on", with(func(b *wire.Batch) { b.First = 0 })},
		{"from a negative event on", with(func(b *wire.Batch) { b.First = math.MinInt64 })},
		{"numbers that overflow", with(func(b *wire.Batch) { b.First = math.MaxInt64 - 3 })},
		{"nothing", func() error { return s.framed(nil, nil) }},
		{"no header", func() error { return s.header("[]") }},
		{"half a header", func() error { return s.header(`{"line":1,"first":1`) }},
		{"another version of the line", func() error { return s.header(`{"line":2,"first":11}`) }},
		{"more events than a batch has", func() error { return s.header(`{"line":1,"first":11,"events":4097}`) }},
		{"fewer events than none", func() error { return s.header(`{"line":1,"first":11,"events":-1}`) }},
		{"events that are not there", func() error { return s.header(`{"line":1,"first":11,"events":4096}`) }},
		{"a gigabyte that was packed small", func() error { return s.framed(make([]byte, 1<<30), nil) }},
		{"a header of megabytes", func() error { return s.header(`{"line":1,"version":"` + strings.Repeat("x", 3<<20) + `"}`) }},
		{"too many bytes", func() error {
			body := make([]byte, wire.MaxBody+1)
			return s.send(s.box.device, wire.Sign(body, s.box.key), body)
		}},
		{"an encoding of the future", func() error {
			body := append([]byte{99}, s.pushed[1:]...)
			return s.send(s.box.device, wire.Sign(body, s.box.key), body)
		}},
	}
}

// onEnrolment are attacks by those who were not invited, or not any more.
func (s *siege) onEnrolment() []attack {
	return []attack{
		{"a code that was used", func() error { return s.enrol(s.used, s.stranger, nil) }},
		{"no code", func() error { return s.enrol("", s.stranger, nil) }},
		{"SQL for a code", func() error { return s.enrol("' OR 1=1 --", s.stranger, nil) }},
		{"1,000 codes", func() (err error) {
			for i := range 1000 {
				if err = s.enrol(fmt.Sprintf("%016d", i), s.stranger, nil); err == nil {
					return nil
				}
			}
			return err
		}},
		{"a code 8 days later", func() error {
			s.h.clock = func() time.Time { return time.Now().Add(8 * 24 * time.Hour) }
			defer func() { s.h.clock = time.Now }()
			return s.enrol(s.open, s.stranger, nil)
		}},
		{"a revoked box", func() error { return s.enrol(s.open, s.revoked.key, nil) }},
		{"another box's key", func() error {
			return s.enrol(s.open, s.stranger, func(e *wire.Enrolment) { e.Key = s.box.key.Public().(ed25519.PublicKey) })
		}},
		{"half a key", func() error { return s.enrol(s.open, s.stranger, func(e *wire.Enrolment) { e.Key = e.Key[:16] }) }},
		{"no key", func() error { return s.enrol(s.open, s.stranger, func(e *wire.Enrolment) { e.Key = nil }) }},
		{"no recipient", func() error { return s.enrol(s.open, s.stranger, func(e *wire.Enrolment) { e.Recipient = "age1" }) }},
		{"a field that is not known", func() error {
			return s.enrolBody([]byte(`{"code":"`+s.open+`","role":"administrator"}`), s.stranger)
		}},
		{"no JSON", func() error { return s.enrolBody([]byte("code="+s.open), s.stranger) }},
		{"too many bytes to enrol", func() error { return s.enrolBody(bytes.Repeat([]byte(" "), wire.MaxBody+1), s.stranger) }},
	}
}

// onSticks are attacks on a stick, on which nothing is trusted: each leaves a file behind that was not taken in.
func (s *siege) onSticks() []attack {
	fresh := s.encode(s.box.batch(11, 20))
	seal := func(c wire.Carried, to string) []byte {
		sealed, err := wire.Seal(c, to)
		if err != nil {
			s.t.Fatal(err)
		}
		return sealed
	}
	good := seal(wire.Carried{Device: s.box.device, Signature: wire.Sign(fresh, s.box.key), Body: fresh}, s.h.Recipient())
	id, err := age.GenerateX25519Identity()
	if err != nil {
		s.t.Fatal(err)
	}
	mutated := bytes.Clone(good)
	mutated[len(mutated)-20] ^= 1
	of := func(data []byte) func() error {
		return func() error { return s.stick("aaaaaaaaaaaaaaaa-00001.age", data) }
	}
	return []attack{
		{"on a stick: a byte changed", of(mutated)},
		{"on a stick: cut short", of(good[:len(good)/2])},
		{"on a stick: not sealed", of(fresh)},
		{"on a stick: sealed to another hub", of(seal(wire.Carried{Device: s.box.device, Signature: wire.Sign(fresh, s.box.key), Body: fresh}, id.Recipient().String()))},
		{"on a stick: forged", of(seal(wire.Carried{Device: s.box.device, Signature: wire.Sign(fresh, s.stranger), Body: fresh}, s.h.Recipient()))},
		{"on a stick: a stranger", of(seal(wire.Carried{Device: s.deviceStranger, Signature: wire.Sign(fresh, s.stranger), Body: fresh}, s.h.Recipient()))},
		{"on a stick: a revoked box", of(seal(wire.Carried{Device: s.revoked.device, Signature: wire.Sign(fresh, s.revoked.key), Body: fresh}, s.h.Recipient()))},
		{"on a stick: a path for a box", of(seal(wire.Carried{Device: "../../../etc", Signature: "x", Body: fresh}, s.h.Recipient()))},
		{"on a stick: too large", of(make([]byte, wire.MaxSealed+1))},
	}
}

// stick brings one file on a stick.
func (s *siege) stick(name string, data []byte) error {
	dir := s.t.TempDir()
	path := filepath.Join(dir, filepath.FromSlash(wire.StickUp), name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, 0o600)); err != nil {
		s.t.Fatal(err)
	}
	got, err := s.h.Stick(s.t.Context(), dir)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(got.Left) == 1 && got.Requests == 0 {
		return errors.New(got.Left[0])
	}
	return nil
}
