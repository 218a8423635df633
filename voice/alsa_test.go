package voice

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"jembe/advisory"
)

// alsa gives the machine a sound device of this definition, for a test.
func alsa(t *testing.T, device string) {
	t.Helper()
	if _, err := exec.LookPath("aplay"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no aplay: apt install alsa-utils")
		}
		t.Skip("no aplay: apt install alsa-utils")
	}
	config := filepath.Join(t.TempDir(), "asound.conf")
	if err := os.WriteFile(config, []byte("pcm.!default { "+device+" }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ALSA_CONFIG_PATH", config)
}

func TestPlay(t *testing.T) {
	second := EncodeWAV(make([]float32, 16000), 16000)
	heard := filepath.Join(t.TempDir(), "heard.raw")
	alsa(t, `type file slave.pcm { type null } file "`+heard+`" format raw`)
	if err := errors.Join(CanPlay(), Play(t.Context(), UsualDevice, second)); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(heard); err != nil || info.Size() != 2*16000 {
		t.Errorf("%v: not the second that was played: %+v", err, info)
	}
	alsa(t, "type hw card 99")
	if e := (*advisory.Error)(nil); !errors.As(Play(t.Context(), UsualDevice, second), &e) || e.Code != advisory.NoVoice || e.Hint == "" {
		t.Errorf("without a device: %v", e)
	}
	t.Setenv("PATH", t.TempDir())
	if e := (*advisory.Error)(nil); !errors.As(CanPlay(), &e) || e.Code != advisory.NoVoice || e.Hint == "" {
		t.Errorf("without aplay: %v", e)
	}
}
