package voice

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"

	"jembe/advisory"
)

// UsualDevice is the sound device that the machine takes by itself.
const UsualDevice = "default"

// alsaHint is what to do when a program of ALSA is missing or fails.
const alsaHint = "is a microphone or loudspeaker plugged in, and alsa-utils installed (apt install alsa-utils)? arecord -L and aplay -L list the devices"

// Record takes sound from an ALSA device until the context ends, at most MaxDuration of it, and gives a WAV file of 16
// kHz. The end of the context is no error.
func Record(ctx context.Context, device string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "arecord", "-q", "-D", device, "-t", "wav", "-f", "S16_LE", "-r", fmt.Sprint(SampleRate), "-c", "1",
		"-d", fmt.Sprintf("%.0f", MaxDuration.Seconds()), "-")
	cmd.Cancel = func() error { return cmd.Process.Signal(unix.SIGTERM) } // so that it writes what it still holds; one started in the background may ignore an interrupt
	cmd.WaitDelay = time.Second
	out, problem := &boundedBuffer{limit: MaxBytes}, &boundedBuffer{limit: maxOutput}
	cmd.Stdout, cmd.Stderr = out, problem
	err := cmd.Run()
	if err != nil && ctx.Err() == nil {
		return nil, alsaError(advisory.Internal, "arecord", err, problem.Bytes())
	}
	return out.Bytes(), nil
}

// CanPlay gives *advisory.Error NoVoice with what to install where this machine has nothing to play sound with.
func CanPlay() error {
	if _, err := exec.LookPath("aplay"); err != nil {
		return alsaError(advisory.NoVoice, "aplay", err, nil)
	}
	return nil
}

// Play plays a WAV file on an ALSA device, and returns when it has ended. A device that takes no sound any more, as one that was
// pulled out may, is given up 20 seconds after the sound should have ended. The error is *advisory.Error NoVoice.
func Play(ctx context.Context, device string, wav []byte) error {
	ctx, cancel := context.WithTimeout(ctx, wavDuration(wav)+speakTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "aplay", "-q", "-D", device, "-")
	cmd.Stdin, cmd.WaitDelay = bytes.NewReader(wav), time.Second
	problem := &boundedBuffer{limit: maxOutput}
	cmd.Stderr = problem
	if err := cmd.Run(); err != nil {
		return alsaError(advisory.NoVoice, "aplay", errors.Join(err, context.Cause(ctx)), problem.Bytes())
	}
	return nil
}

func alsaError(code advisory.Code, program string, err error, said []byte) error {
	return &advisory.Error{Code: code, Hint: alsaHint, Err: fmt.Errorf("%s: %w: %.200s", program, err, bytes.TrimSpace(said))}
}
