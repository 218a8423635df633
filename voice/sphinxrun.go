package voice

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	soundFD   = 3       // the first of a process's extra files
	maxOutput = 1 << 16 // bytes; a minute of speech is about 1,000
)

// hypothesis is the best path of one model through a recording.
type hypothesis struct {
	text  string
	score int // logarithm of its likelihood to PocketSphinx's base and scale; higher is better
}

// run recognises the sound, 16 bit samples at SampleRate, with a language model, a dictionary and further options.
func (p *PocketSphinx) run(ctx context.Context, sound *os.File, lm, dictionary string, options ...string) (*hypothesis, error) {
	cmd := exec.CommandContext(ctx, p.program, append([]string{
		"-hmm", filepath.Join(p.models, "en-us"), "-lm", lm, "-dict", dictionary,
		"-adcin", "yes", "-cepdir", "/proc/self/fd", "-cepext", "", // the recording is open file 3 of the process
		"-ctl", "/dev/stdin", "-hyp", "/dev/stdout", "-logfn", "/dev/null"}, options...)...)
	cmd.Stdin = strings.NewReader(strconv.Itoa(soundFD) + "\n")
	cmd.ExtraFiles = []*os.File{sound}
	out := &boundedBuffer{limit: maxOutput}
	cmd.Stdout = out
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fmt.Errorf("run %s: %w", filepath.Base(p.program), err)
	}
	return parseHypothesis(out.String())
}

// parseHypothesis reads "the words (3 -15907)". Words of which the dictionary has several pronunciations carry "(2)".
func parseHypothesis(line string) (*hypothesis, error) {
	open := strings.LastIndexByte(line, '(')
	if open < 0 {
		return nil, fmt.Errorf("recogniser gave no result: %q", line)
	}
	fields := strings.Fields(strings.Trim(line[open:], "()\n "))
	if len(fields) != 2 {
		return nil, fmt.Errorf("recogniser gave no score: %q", line)
	}
	score, err := strconv.Atoi(fields[1])
	if err != nil {
		return nil, fmt.Errorf("recogniser gave no score: %w", err)
	}
	var words []string
	for _, w := range strings.Fields(line[:open]) {
		w, _, _ = strings.Cut(w, "(")
		if w != "" && !strings.HasPrefix(w, "<") && !strings.HasPrefix(w, "[") {
			words = append(words, w)
		}
	}
	return &hypothesis{text: strings.Join(words, " "), score: score}, nil
}

// memoryFile holds bytes in a file that is in memory only and that other processes can open through this one's descriptor.
func memoryFile(b []byte) (*os.File, error) {
	fd, err := unix.MemfdCreate("sound", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("make a file in memory: %w", err)
	}
	f := os.NewFile(uintptr(fd), "sound")
	if _, err := f.Write(b); err != nil {
		f.Close()
		return nil, fmt.Errorf("fill a file in memory: %w", err)
	}
	return f, nil
}

// boundedBuffer keeps the first bytes written to it and drops the rest, so that a program gone wild fills no memory.
type boundedBuffer struct {
	bytes.Buffer
	limit int
}

func (b *boundedBuffer) Write(p []byte) (int, error) {
	b.Buffer.Write(p[:max(0, min(len(p), b.limit-b.Len()))])
	return len(p), nil
}
