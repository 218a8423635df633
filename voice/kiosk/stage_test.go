package kiosk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jembe/voice/kiosk/kiosktest"
)

// stage is a kiosk at a double of a box, with doubles of keys, sound and time.
type stage struct {
	t     *testing.T
	alsa  *kiosktest.ALSA
	clock *kiosktest.Clock
	pad   *kiosktest.Keypad
	box   *boxDouble
}

func newStage(t *testing.T, change ...func(*Config)) *stage {
	t.Helper()
	s := &stage{t: t, alsa: kiosktest.NewALSA(t), clock: &kiosktest.Clock{}, pad: kiosktest.NewKeypad(t), box: &boxDouble{}}
	server := httptest.NewServer(s.box)
	t.Cleanup(server.Close)
	c := Config{Box: server.URL, Lang: "en", Microphone: "mic", Speaker: "speaker", Log: slog.New(slog.DiscardHandler), Clock: s.clock.After}
	for _, f := range change {
		f(&c)
	}
	ctx, stop := context.WithCancel(context.Background())
	presses := make(chan Press, 64)
	var running sync.WaitGroup
	running.Go(func() { inputs(s.pad.Path).Read(ctx, presses) })
	running.Go(func() {
		if err := New(c, presses).Run(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		stop()
		running.Wait()
	})
	return s
}

// inputs reads devices, and looks for them more often than usual.
func inputs(paths ...string) Inputs {
	soon := func(time.Duration) <-chan time.Time { return time.After(5 * time.Millisecond) }
	return Inputs{Patterns: paths, Keys: UsualKeys(), Log: slog.New(slog.DiscardHandler), Clock: soon}
}

// hears does something, and gives what is heard from then on until the kiosk waits in silence for so long.
func (s *stage) hears(wait time.Duration, do func()) []string {
	s.t.Helper()
	from, before := s.alsa.Size(), s.clock.Asked(wait)
	do()
	kiosktest.Await(s.t, "silence", func() bool {
		s.clock.Pass(20 * time.Millisecond)
		return s.clock.Asked(wait) > before
	})
	return s.since(from)
}

// tap is what is heard after these keys.
func (s *stage) tap(codes ...uint16) []string {
	s.t.Helper()
	return s.hears(silence, func() { s.pad.Tap(codes...) })
}

// asks holds the talk key and says something.
func (s *stage) asks(words string) []string {
	s.t.Helper()
	s.alsa.Say(s.t, []byte(words))
	return s.hears(silence, func() {
		s.holds()
		s.pad.Up(kiosktest.Enter, time.Second)
	})
}

// holds presses the talk key until the microphone is open and the tone was heard.
func (s *stage) holds() {
	s.t.Helper()
	from := s.alsa.Size()
	s.pad.Down(kiosktest.Enter)
	s.alsa.AwaitRecording(s.t)
	kiosktest.Await(s.t, "the tone", func() bool { return slices.Contains(s.since(from), "speaker: tone listening") })
}

// keyC is KEY_C, which means code; keyT is KEY_T, which means ticket.
const keyC, keyT = 46, 20

// code presses a code and the key of its picture.
func (s *stage) code(wait time.Duration, digits ...int) []string {
	s.t.Helper()
	s.tap(keyC)
	for _, d := range digits[:len(digits)-1] {
		s.tap(kiosktest.Digits[d])
	}
	return s.hears(wait, func() { s.pad.Tap(kiosktest.Digits[digits[len(digits)-1]]) })
}

// since gives what was played: "device: tone" or "device: what was said".
func (s *stage) since(from int64) []string {
	names := map[string][]byte{
		"listening": toneListening(), "thinking": toneThinking(), "not understood": toneNotUnderstood(), "key": toneKey(), "end": toneEnd(), "trouble": toneTrouble(),
	}
	var out []string
	for _, p := range s.alsa.Heard(from) {
		said := "part of a sound"
		if len(p.Sound) > 44 {
			said = strings.TrimSpace(string(p.Sound[44:]))
		}
		for name, tone := range names {
			if bytes.Equal(tone, p.Sound) {
				said = "tone " + name
			}
		}
		out = append(out, p.Device+": "+said)
	}
	return out
}

func want(t *testing.T, got []string, wanted ...string) {
	t.Helper()
	for i, w := range wanted {
		wanted[i] = "speaker: " + w
	}
	if !slices.Equal(got, wanted) {
		t.Errorf("heard\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(wanted, "\n\t"))
	}
}

// boxDouble answers like a box: each sound holds its own address, and each recording is the words that it holds.
type boxDouble struct {
	mu     sync.Mutex
	away   bool // nothing answers
	calls  []string
	slow   chan struct{} // an answer waits until it is closed; nil: it comes at once
	writes chan bool     // an answer to a recording begins, and goes on with true or breaks off with false; nil: it comes whole
	answer map[string]any
	week   string // the reply to it; "": there is none
}

func (b *boxDouble) set(change func(*boxDouble)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(b)
}

// called gives the calls whose path and body hold a text.
func (b *boxDouble) called(text string) (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.calls {
		if strings.Contains(c, text) {
			out = append(out, c)
		}
	}
	return out
}

const menuDouble = `{"branches": [{"key": 2, "sound": "/v1/menu/sound/2?lang=en", "branches": [
	{"key": 1, "sound": "/v1/menu/sound/2-1?lang=en", "branches": [{"key": 4, "sound": "/v1/menu/sound/2-1-4?lang=en", "number": "2-1-4"}]}]},
	{"key": 6, "sound": "/v1/menu/sound/6?lang=en"}]}`

func (b *boxDouble) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	path := r.URL.Path
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls = append(b.calls, r.URL.String()+" "+string(body))
	if slow := b.slow; slow != nil && strings.HasPrefix(path, "/v1/ask") {
		b.mu.Unlock()
		select {
		case <-slow:
		case <-r.Context().Done():
		}
		b.mu.Lock()
	}
	switch {
	case b.away:
		panic(http.ErrAbortHandler)
	case strings.Contains(path, "/sound"):
		w.Write(kiosktest.WAV(strings.NewReplacer("/v1/messages/", "", "/sound?lang=", " ").Replace(r.URL.String())))
	case path == "/v1/status":
		io.WriteString(w, `{"languages": [{"lang": "en", "heard": true, "spoken": true}, {"lang": "fr"}, {"lang": "sw", "spoken": true}], "office": {"enrolled": true}}`)
	case path == "/v1/menu":
		io.WriteString(w, menuDouble)
	case path == "/v1/week" && b.week != "":
		io.WriteString(w, b.week)
	case path == "/v1/ask" && !strings.Contains(string(body), "no-such"):
		w.Write(b.reply(body))
	case path == "/v1/ask/audio":
		b.write(w, r, body)
	case strings.HasSuffix(path, "/escalation"):
		code := ""
		if strings.Contains(string(body), "true") {
			code = "217"
		}
		fmt.Fprintf(w, `{"code": %q, "sound": ["/v1/answers/t/sound/1"]}`, code)
	case strings.HasSuffix(path, "/ticket"):
		io.WriteString(w, `{"code": "444", "picture": 1, "sound": ["/v1/answers/n/sound/1"]}`)
	case path == "/v1/replies/217":
		io.WriteString(w, `{"state": "ready", "sound": ["/v1/answers/r/sound/1"]}`)
	case path == "/v1/replies/300":
		io.WriteString(w, `{"state": "waiting", "sound": ["/v1/answers/w/sound/1"]}`)
	case path == "/v1/replies/444":
		io.WriteString(w, `{"state": "advice", "asks": true, "sound": ["/v1/answers/c/sound/1"]}`)
	case strings.HasPrefix(path, "/v1/replies"):
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, `{"code": "wrong_code"}`)
	case strings.HasSuffix(path, "/rating"), path == "/v1/followups", strings.HasSuffix(path, "/end"):
		w.WriteHeader(http.StatusNoContent)
	default:
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, `{"code": "not_found"}`)
	}
}

func (b *boxDouble) reply(body []byte) []byte {
	a := map[string]any{"id": "a1", "outcome": "answered", "sound": []string{advice1, advice2}}
	if !json.Valid(body) {
		a["heard"] = string(body)
	}
	for key, value := range b.answer {
		a[key] = value
	}
	raw, _ := json.Marshal(a)
	return raw
}

// write replies line by line.
func (b *boxDouble) write(w http.ResponseWriter, r *http.Request, body []byte) {
	if writes := b.writes; writes != nil {
		fmt.Fprintf(w, `{"part": {"sound": [%q]}}`, advice1)
		w.(http.Flusher).Flush()
		b.mu.Unlock()
		goes := false
		select {
		case goes = <-writes:
		case <-r.Context().Done():
		}
		b.mu.Lock()
		if !goes {
			panic(http.ErrAbortHandler)
		}
		fmt.Fprintf(w, `{"part": {"sound": [%q]}}`, advice2)
	}
	fmt.Fprintf(w, `{"answer": %s}`, b.reply(body))
}
