package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge"
	"jembe/voice/kiosk"
	"jembe/voice/kiosk/kiosktest"
)

// kioskVillage is a kiosk at a real box with its library and record. Whose words are heard and sent is followed by the marker in them.
type kioskVillage struct {
	t    *testing.T
	alsa *kiosktest.ALSA
	pads [2]*kiosktest.Keypad
	log  *lockedBuffer
	stop func()

	mu       sync.Mutex
	ended    int               // sessions
	now      string            // the marker of who is here
	from     int64             // where in what was played their time began
	readBack int               // of those who were here, in whose own time their words were played
	owner    map[string]string // of each marker that was sent or said, the session
}

// hearing is a recogniser double: a recording is the words that it holds, and the crop is in doubt, so that they are read back.
type hearing struct{}

func (hearing) Transcribe(_ context.Context, audio []byte, _ advisory.Lang) (advisory.Transcript, error) {
	return advisory.Transcript{Text: string(audio), Lang: "en", Farm: true, Silent: len(audio) == 0, Doubtful: []string{"maize"}}, nil
}

// reading is a voice double: the sound of a text holds it.
type reading struct{}

func (reading) Speak(_ context.Context, s advisory.Speech) ([]advisory.Sound, error) {
	wav := kiosktest.WAV(s.Text)
	return []advisory.Sound{{WAV: wav, Duration: kiosktest.Length(wav)}}, nil
}

func newKioskVillage(t *testing.T) *kioskVillage {
	t.Helper()
	v := &kioskVillage{t: t, alsa: kiosktest.NewALSA(t), pads: [2]*kiosktest.Keypad{kiosktest.NewKeypad(t), kiosktest.NewKeypad(t)}, log: &lockedBuffer{}, owner: map[string]string{}}
	b, err := openBox(t.Context(), &program{stderr: v.log}, &cli{Data: t.TempDir()}, boxNeeds{recorder: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.close)
	b.advisor.Transcriber, b.advisor.Speaker = hearing{}, reading{}
	config := b.config(v.log)
	config.Languages = func() []edge.Language {
		all := b.languages()
		for i := range all {
			all[i].Heard, all[i].Spoken = all[i].Lang == "en", true
		}
		return all
	}
	server := httptest.NewServer(v.watched(edge.NewServer(config)))
	t.Cleanup(server.Close)

	clock := &kiosktest.Clock{}
	log := slog.New(slog.NewTextHandler(v.log, nil))
	inputs := kiosk.Inputs{Patterns: []string{v.pads[0].Path, v.pads[1].Path}, Keys: kiosk.UsualKeys(), Log: log,
		Clock: func(time.Duration) <-chan time.Time { return time.After(5 * time.Millisecond) }}
	presses := make(chan kiosk.Press, 64)
	k := kiosk.New(kiosk.Config{Box: server.URL, Lang: "en", Microphone: "mic", Speaker: "speaker", Log: log, Clock: clock.After}, presses)
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { clock.Run(ctx, 100*time.Millisecond) })
	running.Go(func() { inputs.Read(ctx, presses) })
	running.Go(func() {
		if err := k.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	v.stop = func() { stop(); running.Wait() }
	t.Cleanup(v.stop)
	return v
}

var (
	markers     = regexp.MustCompile(`zq[a-j]{4}qz`)
	sessionBody = regexp.MustCompile(`"session":"([^"]+)"|session=([^&]+)`)
)

// watched follows what is sent to the box and what it says, and cuts what is played where a session ends.
func (v *kioskVillage) watched(box http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(sent))
		copied := &copiedReply{ResponseWriter: w}
		if strings.HasSuffix(r.URL.Path, "/end") {
			v.endsNow() // before the box has forgotten: nothing sounds any more
		}
		box.ServeHTTP(copied, r)
		m := sessionBody.FindStringSubmatch(r.URL.RawQuery + string(sent))
		if m == nil {
			return
		}
		v.mu.Lock()
		defer v.mu.Unlock()
		for _, word := range markers.FindAllString(string(sent)+copied.said.String(), -1) {
			if before, known := v.owner[word]; known && before != m[1]+m[2] {
				v.t.Errorf("%s of session %s is in %s of session %s", word, before, r.URL.Path, m[1]+m[2])
			}
			v.owner[word] = m[1] + m[2]
		}
	})
}

// copiedReply is a reply that is kept as well as sent.
type copiedReply struct {
	http.ResponseWriter
	said bytes.Buffer
}

func (t *copiedReply) Write(b []byte) (int, error) {
	t.said.Write(b)
	return t.ResponseWriter.Write(b)
}

// begins says whose time it is.
func (v *kioskVillage) begins(words string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now = words
}

// endsNow looks at what was played in the time of whoever goes.
func (v *kioskVillage) endsNow() {
	v.mu.Lock()
	defer v.mu.Unlock()
	to, own := v.alsa.Size(), false
	for _, p := range v.alsa.Heard(v.from) {
		for _, word := range markers.FindAllString(string(p.Sound), -1) {
			if own = own || word == v.now; word != v.now {
				v.t.Errorf("%s is heard in the time of %s", word, v.now)
			}
		}
	}
	if own {
		v.readBack++
	}
	v.from = to
	v.ended++
}

// entries counts what is in a folder.
func entries(t *testing.T, dir string) int {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// children counts the processes that this one has started.
func children(t *testing.T) (n int) {
	t.Helper()
	tasks, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		list, err := os.ReadFile(task)
		if err != nil {
			continue // a thread that has ended
		}
		n += len(strings.Fields(string(list)))
	}
	return n
}
