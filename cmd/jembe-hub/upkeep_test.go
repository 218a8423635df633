package main

import (
	"path/filepath"
	"strings"
	"testing"

	"jembe/cmd/terminal"
)

// A hub that serves makes a backup by itself, and the doctor tells how old the last is.
func TestServeMakesBackups(t *testing.T) {
	data, to := t.TempDir(), filepath.Join(t.TempDir(), "disk")
	if r := jembeHub(t, data, "doctor"); !strings.Contains(r.stdout, "trouble  users") {
		t.Errorf("nobody can sign in: %s", r.stdout)
	}
	if r := jembeHub(t, data, "doctor"); !strings.Contains(r.stdout, "there is none: boxes delete nothing") {
		t.Errorf("before: %s", r.stdout)
	}
	startServe(t, data, "--backup", to)
	waitFor(t, func() bool {
		return strings.Contains(jembeHub(t, data, "doctor").stdout, "the last one that was verified is 0s old")
	})
	found, err := filepath.Glob(filepath.Join(to, "*.tar.zst"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	if r := jembeHub(t, data, "verify", found[0]); r.code != terminal.OK {
		t.Error(r.stderr)
	}
	for _, wrong := range [][]string{{"--backup", filepath.Join(data, "content")}, {"--backup", to, "--backup-every", "1s"}} {
		if r := jembeHub(t, data, append([]string{"serve", "--listen", "127.0.0.1:0"}, wrong...)...); r.code != terminal.Usage {
			t.Errorf("%v: %d %s", wrong, r.code, r.stderr)
		}
	}
}

// A lost password or telephone: the user gets a one-time password.
func TestUserReset(t *testing.T) {
	data := t.TempDir()
	if r := typing(t, data, "correct zebra staple hoe\n", "user", "add", "grace", "--role", "expert"); r.code != terminal.OK {
		t.Fatal(r.stderr)
	}
	if r := jembeHub(t, data, "user", "reset", "grace"); r.code != terminal.OK || !strings.Contains(r.stdout, "One-time password: ") {
		t.Errorf("%d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := jembeHub(t, data, "user", "list"); !strings.Contains(r.stdout, "(one-time password)") {
		t.Errorf("%s", r.stdout)
	}
	if r := jembeHub(t, data, "user", "reset", "nobody"); r.code != terminal.Usage || !strings.Contains(r.stderr, "no user") {
		t.Errorf("%d: %s", r.code, r.stderr)
	}
}
