package kiosk

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"jembe/voice"
	"jembe/voice/kiosk/kiosktest"
)

// The real arecord and aplay, with devices of ALSA's own that are files: what is played is what was recorded, and a device that is not
// there is an error.
func TestRealALSA(t *testing.T) {
	for _, program := range []string{"arecord", "aplay"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal("apt install alsa-utils")
			}
			t.Skip("apt install alsa-utils")
		}
	}
	dir := t.TempDir()
	said, heard, conf := filepath.Join(dir, "said"), filepath.Join(dir, "heard.wav"), filepath.Join(dir, "alsa.conf")
	tone, err := voice.Decode(toneNotUnderstood())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(said, toneNotUnderstood()[44:], 0o600); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`</usr/share/alsa/alsa.conf>
pcm.mic { type file; slave.pcm null; file "/dev/null"; infile %q; format raw }
pcm.speaker { type file; slave.pcm null; file %q; format wav }
`, said, heard)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ALSA_CONFIG_PATH", conf)
	ended, finish := (&person{Kiosk: &Kiosk{Config: Config{Microphone: "mic"}}}).hear(t.Context())
	select {
	case <-ended:
	case <-time.After(2 * time.Second):
	}
	recording, err := finish()
	if err != nil {
		t.Fatal(err)
	}
	pcm, err := voice.Decode(recording)
	if err != nil || len(pcm) < len(tone) || voice.Loudness(pcm[:len(tone)], voice.SampleRate) < loudTone-1 {
		t.Fatalf("recorded %d samples of %d: %v", len(pcm), len(tone), err)
	}
	p := player{speaker: "speaker", clock: (&kiosktest.Clock{}).After, log: slog.New(slog.DiscardHandler)}
	if !p.device(t.Context(), cue{wav: toneNotUnderstood()}) {
		t.Fatal("it was not played")
	}
	played, err := os.ReadFile(heard)
	if err != nil {
		t.Fatal(err)
	}
	if pcm, err := voice.Decode(played); err != nil || len(pcm) < len(tone) {
		t.Errorf("played %d samples of %d: %v", len(pcm), len(tone), err)
	}
	if err := voice.Play(t.Context(), "none", toneKey()); err == nil {
		t.Error("a device that is not there plays")
	}
	if _, err := voice.Record(t.Context(), "none"); err == nil {
		t.Error("a device that is not there records")
	}
}
