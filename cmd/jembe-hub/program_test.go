package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/edge/wire"
)

// result is what a command line gave.
type result struct {
	code           int
	stdout, stderr string
}

// jembeHub runs a command line on the data directory.
func jembeHub(t *testing.T, data string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
	code := p.run(context.Background(), append([]string{"--data", data}, args...))
	return result{code, out.String(), errs.String()}
}

// startServe runs serve on a free port until the test ends, and gives the port's address.
func startServe(t *testing.T, data string, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	addr, ended := make(chan string, 1), make(chan int, 1)
	var errs bytes.Buffer // read only after the program has ended
	p := &program{stdin: strings.NewReader(""), stdout: io.Discard, stderr: &errs, listening: func(a string) { addr <- a }}
	go func() {
		ended <- p.run(ctx, append([]string{"--data", data, "serve", "--listen", "127.0.0.1:0"}, args...))
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != terminal.OK {
			t.Errorf("serve ended with %d: %s", code, errs.String())
		}
	})
	select {
	case a := <-addr:
		return a
	case code := <-ended:
		ended <- code
		t.Fatalf("serve ended: %s", errs.String())
	case <-time.After(time.Minute):
		t.Fatal("serve does not listen")
	}
	return ""
}

func TestEnrollBesideServe(t *testing.T) {
	data := t.TempDir()
	addr := startServe(t, data)
	var out struct{ Invitation string }
	waitFor(t, func() bool { // serve keeps its address just after it listens
		r := jembeHub(t, data, "enroll", "--json", "--village", "Kipsigak")
		return r.code == terminal.OK && json.Unmarshal([]byte(r.stdout), &out) == nil
	})
	i, err := wire.ParseInvitation(out.Invitation)
	if err != nil || i.Address != "https://"+addr {
		t.Fatalf("%+v %v, want the address %s", i, err, addr)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error {
		if !wire.Vouched(s.PeerCertificates[0], i.Key) {
			t.Error("the invitation's key does not vouch for the certificate")
		}
		return nil
	}}}}
	defer client.CloseIdleConnections()
	r, err := client.Get(i.Address + "/healthz")
	if err != nil || r.StatusCode != 200 {
		t.Fatalf("%v %+v", err, r)
	}
	r.Body.Close()
	if text := jembeHub(t, data, "enroll").stdout; !strings.Contains(text, "jembe1-") || !strings.Contains(text, "█") {
		t.Errorf("no invitation or QR code: %s", text)
	}
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for range 200 {
		if ok() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("waited in vain")
}

func TestBadUse(t *testing.T) {
	data := t.TempDir()
	for _, c := range []struct {
		args []string
		code int
		want advisory.Code
	}{
		{[]string{"enroll"}, terminal.Usage, advisory.BadRequest}, // no serve has kept an address
		{[]string{"enroll", "--address", "office.example"}, terminal.Usage, advisory.BadRequest},
		{[]string{"events", "export", "--format", "xml"}, terminal.Usage, advisory.BadRequest},
		{[]string{"serve", "--cert", "only.pem"}, terminal.Usage, advisory.BadRequest},
		{[]string{"serve", "--listen", "nonsense"}, terminal.Usage, advisory.BadRequest},
		{[]string{"--database", "mysql://x", "doctor", "version"}, terminal.Usage, advisory.BadRequest},
		{[]string{"--database", "mysql://x", "verify"}, terminal.Usage, advisory.BadRequest},
	} {
		r := jembeHub(t, data, append(c.args, "--json")...)
		var p wire.Problem
		if err := json.Unmarshal([]byte(r.stderr), &p); err != nil || r.code != c.code || p.Code != c.want || p.Hint == "" {
			t.Errorf("%q: exit %d, %v, %s", c.args, r.code, err, r.stderr)
		}
	}
}

func TestBackupAndRestore(t *testing.T) {
	data, again := t.TempDir(), t.TempDir()
	var made struct{ Backup string }
	r := jembeHub(t, data, "backup", "--json")
	if err := json.Unmarshal([]byte(r.stdout), &made); err != nil || r.code != terminal.OK {
		t.Fatalf("backup: exit %d, %v: %s", r.code, err, r.stderr)
	}
	for _, args := range [][]string{{"verify", made.Backup}, {"restore", made.Backup}, {"verify"}} {
		if r := jembeHub(t, again, args...); r.code != terminal.OK || !strings.Contains(r.stdout, "whole") {
			t.Errorf("%q: exit %d: %s%s", args, r.code, r.stdout, r.stderr)
		}
	}
	addr := startServe(t, data)
	waitFor(t, func() bool { return jembeHub(t, data, "enroll").code == terminal.OK })
	if r := jembeHub(t, data, "restore", made.Backup, "--force"); r.code != terminal.Failure || !strings.Contains(r.stderr, "stop jembe-hub serve") {
		t.Errorf("restored under a hub that serves at %s: exit %d: %s", addr, r.code, r.stderr)
	}
}

func TestAnEmptyHubIsWhole(t *testing.T) {
	data := t.TempDir()
	for _, args := range [][]string{{"verify"}, {"doctor"}, {"version"}, {"events", "export", "--format", "jsonl"}} {
		if r := jembeHub(t, data, args...); r.code != terminal.OK || r.stderr != "" {
			t.Errorf("%q: exit %d: %s%s", args, r.code, r.stdout, r.stderr)
		}
	}
}
