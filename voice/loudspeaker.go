package voice

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"jembe/advisory"
)

const playHint = "install the sound tools: apt install alsa-utils; see that a loudspeaker is connected"

// Loudspeaker plays on the machine's own sound device, with ALSA's aplay in a process of its own for each piece.
type Loudspeaker struct{ program string }

// NewLoudspeaker finds aplay. Without it the error is *advisory.Error NoVoice with what to install.
func NewLoudspeaker() (*Loudspeaker, error) {
	program, err := exec.LookPath("aplay")
	if err != nil {
		return nil, &advisory.Error{Code: advisory.NoVoice, Hint: playHint, Err: err}
	}
	return &Loudspeaker{program}, nil
}

// Play plays a sound and returns when it has been heard, or the context ends. The error is *advisory.Error NoVoice where the device
// refuses it.
func (l *Loudspeaker) Play(ctx context.Context, s advisory.Sound) error {
	ctx, cancel := context.WithTimeout(ctx, s.Duration+speakTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, l.program, "-q", "-")
	problem := &boundedBuffer{limit: maxOutput}
	cmd.Stdin, cmd.Stderr, cmd.WaitDelay = bytes.NewReader(s.WAV), problem, time.Second
	if err := cmd.Run(); err != nil {
		return &advisory.Error{Code: advisory.NoVoice, Hint: playHint, Err: fmt.Errorf("aplay: %w: %.200s", errors.Join(err, context.Cause(ctx)), problem.Bytes())}
	}
	return nil
}
