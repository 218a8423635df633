package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/cmd/terminal"
)

// A session at a microphone that hears nothing, ALSA's null device: the reader is told, tries again, and ends.
func TestRecordSessionWithADeafMicrophone(t *testing.T) {
	need(t, "arecord", "apt install alsa-utils")
	var out, problem bytes.Buffer
	p := &program{stdin: strings.NewReader("\n\n\n\nq\n"), stdout: &out, stderr: &problem}
	code := p.run(t.Context(), []string{"--data", t.TempDir(), "record", "--as", "Amina Njeri", "--what", "numbers/7", "--microphone", "null"})
	if code != terminal.OK {
		t.Fatalf("%d: %s", code, problem.String())
	}
	if said := out.String(); !strings.Contains(said, "1 of 1, numbers/7") || strings.Count(said, "Please record it again") != 2 {
		t.Errorf("said: %s", said)
	}
}

func TestRecordFromAFile(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "read.wav")
	if out, err := exec.Command("espeak-ng", "-w", file, "--", "Your office has reviewed this.").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, c := range []struct {
		why  string
		args []string
		code int
		want string
	}{
		{"nobody's voice", []string{"--what", "prompts/reviewed", "--from", file}, terminal.Usage, "--as NAME"},
		{"one file for many texts", []string{"--as", "Amina", "--what", "prompts", "--from", file}, terminal.Usage, "KIND/ID"},
		{"no such text", []string{"--as", "Amina", "--what", "maize-gold", "--from", file}, terminal.Failure, "there is no text"},
		{"no such language", []string{"--as", "Amina", "--lang", "ha", "--from", file}, terminal.Usage, "messages/ha.json"},
		{"a take", []string{"--as", "Amina", "--what", "prompts/reviewed", "--from", file}, terminal.OK, "kept prompts/reviewed"},
		{"it is listed", []string{"--what", "prompts/reviewed", "--list"}, terminal.OK, "1 recorded"},
	} {
		r := jembe(t, data, append([]string{"record"}, c.args...)...)
		if r.code != c.code || !strings.Contains(r.stdout+r.stderr, c.want) {
			t.Errorf("%s: %d %s %s, want %d %q", c.why, r.code, r.stdout, r.stderr, c.code, c.want)
		}
	}
	if _, ok := advisory.ParseLang("ha"); ok {
		t.Error("a language came from nowhere")
	}
}
