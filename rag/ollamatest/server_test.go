package ollamatest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/ollama/ollama/api"
)

// server is a real model server that has the tests' models and no network beyond this machine.
type server struct {
	address string
	client  *api.Client
	process *exec.Cmd
}

// start runs a server with a home of its own and waits until it answers.
func start(t *testing.T) *server {
	t.Helper()
	program := os.Getenv("JEMBE_OLLAMA")
	if program == "" {
		t.Skip("needs a real model server: make test-ollama builds one and runs this")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := listener.Addr().String()
	listener.Close()
	dir := t.TempDir()
	var log bytes.Buffer
	s := &server{address: "http://" + host, client: api.NewClient(&url.URL{Scheme: "http", Host: host}, http.DefaultClient), process: exec.Command(program, "serve")}
	s.process.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "OLLAMA_MODELS=" + filepath.Join(dir, "models"), "OLLAMA_HOST=" + host, "OLLAMA_NO_CLOUD=1"}
	s.process.Stdout, s.process.Stderr = &log, &log
	s.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its runners are its own, and end with it
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.kill()
		_ = s.process.Wait() // it was killed
		if t.Failed() {
			t.Logf("the server's log ends: %s", log.Bytes()[max(0, log.Len()-4000):])
		}
	})
	for range 600 {
		if _, err := s.client.Version(t.Context()); err == nil {
			return s
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the server does not answer")
	return nil
}

// kill ends the server and its runners at once, as a power cut of its own would.
func (s *server) kill() { _ = syscall.Kill(-s.process.Process.Pid, syscall.SIGKILL) }

// install gives the server a model, offline.
func (s *server) install(t *testing.T, name string, model []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if len(model) > 1<<20 {
		t.Errorf("%s has %d bytes", name, len(model))
	}
	digest := fmt.Sprintf("sha256:%x", sha256.Sum256(model))
	if err := s.client.CreateBlob(ctx, digest, bytes.NewReader(model)); err != nil {
		t.Fatal(err)
	}
	request := &api.CreateRequest{Model: name, Files: map[string]string{name + ".gguf": digest}, Template: "{{ .System }} {{ .Prompt }}" + cue}
	if err := s.client.Create(ctx, request, func(api.ProgressResponse) error { return nil }); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
