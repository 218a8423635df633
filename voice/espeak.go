package voice

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
	"unicode"

	"jembe/advisory"
)

// espeakVoices are the voices we ask for, by language: an allow-list, so that nothing from outside becomes an argument.
var espeakVoices = map[advisory.Lang]string{
	"en": "en-gb", "hi": "hi", "sw": "sw", "fr": "fr-fr", "te": "te", "kn": "kn", "ta": "ta", "bn": "bn", "mr": "mr",
	"or": "or", "am": "am", "pt": "pt", "gu": "gu", "ml": "ml", "pa": "pa", "ur": "ur", "ne": "ne", "si": "si",
}

// The pace of speech in espeak's words a minute: its own is 175, which is fast for advice that is heard once.
const (
	paceUsual = "150"
	paceSlow  = "112"
)

const (
	maxPiece      = 45 * time.Second // promised by advisory.Speaker
	maxPieceRunes = 220              // of one piece: 40 s of Amharic, the longest per letter, at the slow pace; 20 s of English
	maxPieceBytes = 16 << 20         // of one piece's sound: six minutes
	maxSpeech     = 8000             // runes that are spoken at most; an answer has a tenth of that
	speakTimeout  = 20 * time.Second // of one piece; a second of it is usual on the slowest box
	espeakHint    = "install a voice: apt install espeak-ng"
)

// Espeak is the advisory.Speaker with espeak-ng in a process of its own for each piece. It is safe for concurrent use.
type Espeak struct {
	program string
	cache   *soundCache
}

// NewEspeak finds espeak-ng. Rendered sound is kept in the cache directory, at most maxBytes of it; an empty directory keeps
// nothing. Without espeak-ng the error is *advisory.Error NoVoice with what to install.
func NewEspeak(cache string, maxBytes int64) (*Espeak, error) {
	program, err := exec.LookPath("espeak-ng")
	if err != nil {
		return nil, &advisory.Error{Code: advisory.NoVoice, Hint: espeakHint, Err: err}
	}
	return &Espeak{program: program, cache: &soundCache{dir: cache, max: maxBytes}}, nil
}

// Speak implements advisory.Speaker: WAV files of 22,050 Hz, 16 bit, mono.
func (e *Espeak) Speak(ctx context.Context, s advisory.Speech) ([]advisory.Sound, error) {
	name, ok := espeakVoices[s.Lang]
	if !ok {
		return nil, &advisory.Error{Code: advisory.NoVoice, Hint: "espeak-ng has no voice for it", Err: fmt.Errorf("language %q", s.Lang)}
	}
	pace, spoken := paceUsual, s.Text
	switch {
	case s.Slow:
		pace = paceSlow
	case s.Label:
		pace = paceLabel
	}
	if s.Label {
		spoken = asLabel(spoken)
	}
	var out []advisory.Sound
	for _, text := range pieces(asSpoken(s.Lang, sayable(spoken)), maxPieceRunes) {
		more, err := e.piece(ctx, name, pace, text)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	if n := len(out); s.Label && n > 0 {
		out[n-1] = tighten(out[n-1])
	}
	return out, nil
}

// piece gives the sound of one piece, from the cache or rendered. One that turns out too long, as a row of numbers does, is
// halved.
func (e *Espeak) piece(ctx context.Context, name, pace, text string) ([]advisory.Sound, error) {
	key := cacheKey("espeak", name, pace, text)
	file, ok := e.cache.get(key)
	if !ok {
		var err error
		if file, err = e.render(ctx, name, pace, text); err != nil {
			return nil, err
		}
	}
	sound := advisory.Sound{WAV: file, Duration: wavDuration(file)}
	if length := len([]rune(text)); sound.Duration > maxPiece && length > 1 {
		var out []advisory.Sound
		for _, half := range pieces(text, (length+1)/2) {
			more, err := e.piece(ctx, name, pace, half)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
		return out, nil
	}
	if !ok {
		e.cache.put(key, file)
	}
	return []advisory.Sound{sound}, nil
}

// render runs espeak-ng on one piece. The text goes through standard input, where nothing in it is taken for an option.
func (e *Espeak) render(ctx context.Context, name, pace, text string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, speakTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, e.program, "-v", name, "-s", pace, "-b", "1", "--stdin", "--stdout")
	cmd.Stdin = strings.NewReader(text + "\n")
	out, problem := &boundedBuffer{limit: maxPieceBytes}, &boundedBuffer{limit: maxOutput}
	cmd.Stdout, cmd.Stderr = out, problem
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("espeak-ng: %w", errors.Join(err, context.Cause(ctx)))
	}
	file, err := mendHeader(out.Bytes())
	if err != nil {
		return nil, fmt.Errorf("espeak-ng gave no sound: %w: %.200s", err, problem.Bytes())
	}
	return file, nil
}

// sayable takes out what espeak would read as orders ("[[" opens phoneme input, control characters change the voice), and
// bounds the length. A text without a letter or a digit is nothing to say.
func sayable(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return ""
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	text = strings.NewReplacer("[[", " ", "]]", " ").Replace(text)
	if r := []rune(text); len(r) > maxSpeech {
		text = string(r[:maxSpeech])
	}
	return text
}

// pieces joins sentences into texts of at most length characters. A longer sentence is cut between words, a longer word
// anywhere.
func pieces(text string, length int) []string {
	var out []string
	var now []rune
	flush := func() {
		if len(now) > 0 {
			out = append(out, string(now))
		}
		now = nil
	}
	add := func(part []rune) {
		if len(now) > 0 && len(now)+1+len(part) > length {
			flush()
		}
		if len(now) > 0 {
			now = append(now, ' ')
		}
		now = append(now, part...)
	}
	for _, sentence := range splitSentences(text) {
		if whole := []rune(sentence); len(whole) <= length {
			add(whole)
			continue
		}
		flush()
		for _, word := range strings.Fields(sentence) {
			for w := []rune(word); len(w) > 0; {
				n := min(len(w), length)
				add(w[:n])
				w = w[n:]
			}
		}
	}
	flush()
	return out
}

// mendHeader writes the true length into the header of a streamed WAV file, which claims 2 GB.
func mendHeader(b []byte) ([]byte, error) {
	format, data, err := walkRIFF(b)
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return nil, errors.New("no samples")
	}
	return canonicalWAV(format, data[:len(data)-len(data)%int(format.BlockAlign)]), nil
}

// wavDuration tells how long a WAV file sounds; 0 for one that is damaged or shorter than its header says.
func wavDuration(file []byte) time.Duration {
	format, data, err := walkRIFF(file)
	if err != nil || len(file) != headerBytes+len(data) || binary.LittleEndian.Uint32(file[headerBytes-4:]) != uint32(len(data)) {
		return 0
	}
	return time.Duration(len(data)) * time.Second / time.Duration(format.ByteRate)
}

// Join makes one WAV file of sounds, resampled to the rate of the first where they differ. The error is that of a sound that
// is no WAV file.
func Join(sounds []advisory.Sound) ([]byte, error) {
	var pcm []float32
	rate := 0
	for _, s := range sounds {
		mono, r, err := decodeWAV(s.WAV)
		if err != nil {
			return nil, err
		}
		if rate == 0 {
			rate = r
		}
		pcm = append(pcm, Resample(mono, r, rate)...)
	}
	return EncodeWAV(pcm, rate), nil
}
