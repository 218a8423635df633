package hub

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Guessing is held back, for the one who guesses: others at the same address, and the same user elsewhere, sign in.
func TestGuessing(t *testing.T) {
	h := newTestHub(t, "")
	ctx, s, clock := t.Context(), h.Staff(), clockOf(h)
	for _, name := range []string{"grace", "amos"} {
		if _, err := s.Add(ctx, CommandLine(), name, []Role{Expert}, goodPassword); err != nil {
			t.Fatal(err)
		}
	}
	try := func(name, password, address string) error {
		_, err := s.SignIn(ctx, Credentials{Name: name, Password: password}, address, "")
		return err
	}
	var wait *TooManyTries
	for i := range 7 {
		err := try("grace", "wrong", "10.0.0.1")
		if held := errors.As(err, &wait); held != (i == 6) {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	if err := try("grace", goodPassword, "10.0.0.1"); !errors.As(err, &wait) {
		t.Errorf("the right password is tried all the same: %v", err)
	}
	if err := errors.Join(try("amos", goodPassword, "10.0.0.1"), try("grace", goodPassword, "10.0.0.2")); err != nil {
		t.Errorf("someone else is locked out: %v", err)
	}
	*clock = clock.Add(time.Minute)
	if err := try("grace", goodPassword, "10.0.0.1"); err != nil {
		t.Errorf("after a minute: %v", err)
	}
}

// A whole office behind one address comes to work, while someone else's address guesses at many names.
func TestWholeOfficeSignsIn(t *testing.T) {
	h := newTestHub(t, "")
	ctx, s := t.Context(), h.Staff()
	clockOf(h)
	if _, err := s.Add(ctx, CommandLine(), "grace", []Role{Expert}, goodPassword); err != nil {
		t.Fatal(err)
	}
	for i := range 70 {
		if _, err := s.SignIn(ctx, Credentials{Name: "grace", Password: goodPassword}, "10.0.0.9", ""); err != nil {
			t.Fatalf("sign-in %d: %v", i+1, err)
		}
	}
	held, wait := 0, (*TooManyTries)(nil)
	for i := range 70 {
		if _, err := s.SignIn(ctx, Credentials{Name: fmt.Sprintf("nobody%d", i), Password: "wrong"}, "10.0.0.3", ""); errors.As(err, &wait) {
			held++
		}
	}
	if held != 10 {
		t.Errorf("%d of 70 guesses held back", held)
	}
	if got := network("2001:db8:1:2:3:4:5:6"); got != network("2001:db8:1:2:ffff::1") || got == network("2001:db8:1:3::1") {
		t.Errorf("the addresses of one IPv6 network are told apart: %s", got)
	}
}

// Who is not there is answered like who is: in the same words, after the same work.
func TestNoEnumeration(t *testing.T) {
	h := newTestHub(t, "")
	ctx, s := t.Context(), h.Staff()
	if _, err := s.Add(ctx, CommandLine(), "grace", []Role{Expert}, goodPassword); err != nil {
		t.Fatal(err)
	}
	decoy()
	took := func(name string) (time.Duration, string) {
		began := time.Now()
		_, err := s.SignIn(context.Background(), Credentials{Name: name, Password: "wrong"}, "10.0.0."+name, "")
		return time.Since(began), err.Error()
	}
	there, is := took("grace")
	absent, isNot := took("nobody")
	for range 4 { // in turn, so that what else the machine does weighs on both
		again, _ := took("grace")
		there = min(there, again)
		again, _ = took("nobody")
		absent = min(absent, again)
	}
	if is != isNot {
		t.Errorf("%q and %q", is, isNot)
	}
	if absent < there/2 {
		t.Errorf("a user takes %v, nobody %v", there, absent)
	}
	deeds, err := s.Audit(ctx, 0, 1)
	if err != nil || deeds[0].Actor != "?" || deeds[0].Action != "sign-in refused" {
		t.Errorf("what was typed for a name may be a password: %+v %v", deeds, err)
	}
}

// A hash made at another cost is made anew when its owner signs in.
func TestStaleHash(t *testing.T) {
	h := newTestHub(t, "")
	was := hashing
	hashing = argon2Cost{memory: 8 * 1024, time: 1, threads: 1}
	_, err := h.Staff().Add(t.Context(), CommandLine(), "grace", []Role{Expert}, goodPassword)
	hashing = was
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := h.Staff().SignIn(t.Context(), Credentials{Name: "grace", Password: goodPassword}, "10.0.0.1", ""); err != nil {
			t.Fatal(err)
		}
	}
	var phc string
	if err := h.db.Read.QueryRow(`SELECT password FROM users`).Scan(&phc); err != nil || !strings.Contains(phc, "m=19456,t=2,p=1") {
		t.Errorf("%s %v", phc, err)
	}
}
