package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"jembe/advisory"
)

// programs is the directory of programs that the tests build; TestMain removes it.
var programs string

// TestMain gives the tests a directory for programs.
func TestMain(m *testing.M) {
	var err error
	if programs, err = os.MkdirTemp("", "jembe-test-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(programs)
	os.Exit(code)
}

// shipped makes the program once, as it ships, without cgo.
var shipped = sync.OnceValues(func() (string, error) {
	bin := filepath.Join(programs, "jembe")
	cmd := exec.Command("go", "build", "-o", bin, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return bin, nil
})

func build(t *testing.T) string {
	t.Helper()
	bin, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

func TestAskNeedsNoNetworkInterface(t *testing.T) {
	need(t, "unshare", "apt install util-linux")
	if err := exec.Command("unshare", "--net", "true").Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("unshare --net: %v", err)
		}
		t.Skip("needs the right to make a network namespace: run as root")
	}
	var errs bytes.Buffer
	cmd := exec.Command("unshare", "--net", build(t), "--data", t.TempDir(), "ask", "--json", "how do I make compost")
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, errs.String())
	}
	var a advisory.Answer
	if err := json.Unmarshal(out, &a); err != nil || a.Outcome != advisory.Answered {
		t.Errorf("%v: %s", err, out)
	}
}

// dialled are the calls by which a process reaches out, with an address of the internet.
var dialled = regexp.MustCompile(`(?m)^.*(?:connect|sendto|sendmsg)\(.*AF_INET6?.*$`)

func TestBoxDialsNothing(t *testing.T) {
	need(t, "strace", "apt install strace")
	bin, dir := build(t), t.TempDir()
	trace := filepath.Join(dir, "trace")
	script := `
		"$BIN" --data "$DIR/data" serve --listen 127.0.0.1:0 > "$DIR/out" 2> "$DIR/err" & box=$!
		for i in $(seq 100); do grep -q http "$DIR/out" && break; sleep 0.1; done
		sleep 3
		kill -TERM $box; wait $box
		"$BIN" --data "$DIR/data" ask --speak "$DIR/a.wav" "how do I make compost"
		[ -f "$DIR/a.wav" ] && "$BIN" --data "$DIR/data" ask --audio "$DIR/a.wav"
		"$BIN" --data "$DIR/data" doctor
		true`
	cmd := exec.Command("strace", "-f", "-e", "trace=connect,sendto,sendmsg,socket", "-o", trace, "sh", "-c", script)
	cmd.Env = append(os.Environ(), "BIN="+bin, "DIR="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		if os.Getenv("CI") == "" && strings.Contains(string(out), "ptrace") {
			t.Skipf("this machine does not allow tracing: %s", out)
		}
		t.Fatalf("%v: %s", err, out)
	}
	calls, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(calls, []byte("socket(AF_INET")) {
		t.Errorf("the trace does not even show the listening socket: %.500s", calls)
	}
	for _, call := range dialled.FindAllString(string(calls), -1) {
		if !strings.Contains(call, `inet_addr("127.`) && !strings.Contains(call, `"::1"`) {
			t.Errorf("the box reached out: %s", call)
		}
	}
}
