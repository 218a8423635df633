package voice

import (
	"bytes"
	"context"
	"fmt"
	"io"
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
	logFD     = 4       // ... and the second
	maxLog    = 1 << 20 // bytes; a minute of speech makes 20,000
	maxOutput = 1 << 16 // bytes; a minute of speech is about 1,000
)

// hypothesis is the best path of one model through a recording.
type hypothesis struct {
	text  string
	score int       // logarithm of its likelihood to PocketSphinx's base and scale; higher is better
	sure  []float64 // of each word of text: its share of all paths through the lattice, 0 to 1; nil where it is not known
}

// run recognises the sound, 16 bit samples at SampleRate, with a language model, a dictionary and further options.
func (p *PocketSphinx) run(ctx context.Context, sound *os.File, lm, dictionary string, options ...string) (*hypothesis, error) {
	cmd := exec.CommandContext(ctx, p.program, append([]string{
		"-hmm", filepath.Join(p.models, "en-us"), "-lm", lm, "-dict", dictionary,
		"-adcin", "yes", "-cepdir", "/proc/self/fd", "-cepext", "", // the recording is open file 3 of the process
		"-ctl", "/dev/stdin", "-hyp", "/dev/stdout", "-backtrace", "yes", "-logfn", fmt.Sprintf("/proc/self/fd/%d", logFD)}, options...)...)
	log, err := memoryFile(nil)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdin = strings.NewReader(strconv.Itoa(soundFD) + "\n")
	cmd.ExtraFiles = []*os.File{sound, log}
	out := &boundedBuffer{limit: maxOutput}
	cmd.Stdout = out
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fmt.Errorf("run %s: %w", filepath.Base(p.program), err)
	}
	h, err := parseHypothesis(out.String())
	if err != nil {
		return nil, err
	}
	if b, err := io.ReadAll(io.NewSectionReader(log, 0, maxLog)); err == nil { // without it the words are as good, and none is doubted
		h.sure = parseBacktrace(string(b), h.text)
	}
	return h, nil
}

// parseBacktrace reads the posterior of each word from the table that PocketSphinx logs last: rows of word, start, end, pprob, ascr, lscr
// and lback. It gives nil where the table does not hold the words of the hypothesis.
func parseBacktrace(log, text string) []float64 {
	_, table, found := strings.Cut(log[max(0, strings.LastIndex(log, "\nword ")):], "\n")
	if !found {
		return nil
	}
	var sure []float64
	var words []string
	for line := range strings.Lines(table) {
		cells := strings.Fields(line)
		if len(cells) != 7 || strings.HasSuffix(cells[0], ":") {
			continue // a message between the rows
		}
		p, err := strconv.ParseFloat(cells[3], 64)
		if w := spokenWord(cells[0]); w != "" && err == nil {
			words, sure = append(words, w), append(sure, p)
		}
	}
	if strings.Join(words, " ") != text {
		return nil
	}
	return sure
}

// spokenWord gives a word of the dictionary as it is written: without the number of its pronunciation, and "" for silence and noise.
func spokenWord(w string) string {
	w, _, _ = strings.Cut(w, "(")
	if strings.HasPrefix(w, "<") || strings.HasPrefix(w, "[") {
		return ""
	}
	return w
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
		if w = spokenWord(w); w != "" {
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
