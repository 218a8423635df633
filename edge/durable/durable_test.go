package durable

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"jembe/advisory"
)

func TestKeysAreMadeOnceAndPrivate(t *testing.T) {
	dir := t.TempDir()
	key, identity := filepath.Join(dir, "key"), filepath.Join(dir, "identity")
	first, err := SigningKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	id, err := Identity(identity, "")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := SigningKey(key, ""); err != nil || !again.Equal(first) {
		t.Errorf("another key at the second reading, %v", err)
	}
	if again, err := Identity(identity, ""); err != nil || again.String() != id.String() {
		t.Errorf("another identity at the second reading, %v", err)
	}
	for _, path := range []string{key, identity} {
		if err := os.Chmod(path, 0o644); err != nil { // as a restore may leave it
			t.Fatal(err)
		}
	}
	_, err1 := SigningKey(key, "")
	_, err2 := Identity(identity, "")
	for _, path := range []string{key, identity} {
		if st, err := os.Stat(path); errors.Join(err, err1, err2) != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", path, st.Mode(), err)
		}
	}
}

func TestBrokenKeysAreNeverReplaced(t *testing.T) {
	for _, text := range []string{"", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err1 := SigningKey(path, "do this")
		_, err2 := Identity(path, "do this")
		for _, err := range []error{err1, err2} {
			if e := (*advisory.Error)(nil); !errors.As(err, &e) || e.Hint != "do this" {
				t.Errorf("%q: %v, want an error with the hint", text, err)
			}
		}
		if kept, err := os.ReadFile(path); err != nil || string(kept) != text {
			t.Errorf("%q became %q, %v", text, kept, err)
		}
	}
}

func TestLockKeepsOthersOut(t *testing.T) {
	dir := t.TempDir()
	held, err := Lock(dir, unix.LOCK_EX)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(dir, unix.LOCK_EX|unix.LOCK_NB); !errors.Is(err, unix.EWOULDBLOCK) {
		t.Errorf("%v, want that the folder is locked", err)
	}
	held.Close()
	free, err := Lock(dir, unix.LOCK_EX|unix.LOCK_NB)
	if err != nil {
		t.Fatal(err)
	}
	free.Close()
}
