package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
	"jembe/edge/hub"
	"jembe/voice/kiosk/kiosktest"
)

// reader is one who reads nothing, at the kiosk: fingers and ears, and nothing else. Who presses and the sound devices are doubles; box,
// recogniser, voice and office are real.
type reader struct {
	t    *testing.T
	alsa *kiosktest.ALSA
	pad  *kiosktest.Keypad
	taps int

	mu      sync.Mutex
	fetched []string          // what was asked of the box
	replies map[string][]byte // the last to each kind of request: "ask", "week", "ticket"
}

// ticket is what somebody remembers who comes back.
type ticket struct {
	Code    string
	Picture int
}

// TestWhoReadsNothingAtTheKiosk goes by keys and sound alone: to an answer by the menu and by talking, to saying that it helped, to a
// person, and back to their reply.
func TestWhoReadsNothingAtTheKiosk(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	need(t, "pocketsphinx_batch", "apt install pocketsphinx pocketsphinx-en-us")
	office, invitation := openOffice(t)
	data := t.TempDir()
	asPerson(t, data, "enroll", invitation)
	r := newReader(t, startServe(t, data).url, "--lang", "en")

	r.road("an answer by the menu, all of it listened to", func() {
		r.press("the menu, and what else there is", "/kiosk_reply/", kiosktest.NumLock)
		r.press("what there is of its second branch", lastOf(t, 2), kiosktest.Digits[2])
		r.press("the problems", lastOf(t, 2, 1), kiosktest.Digits[1])
		r.press("the answer", "/confirm_how/", kiosktest.Digits[4])
		r.press("thanks", "/thanks/", kiosktest.Plus)
	})
	r.road("the same by one who knows the number", func() {
		r.press("the answer", "/confirm_how/", kiosktest.NumLock, kiosktest.Digits[2], kiosktest.Digits[1], kiosktest.Digits[4])
	})
	r.road("an answer by talking, and a person", func() {
		r.press("how to talk", "/kiosk_talk/", kiosktest.NumLock)
		r.talk("worms are eating the heart of my young maize and leave sawdust")
		r.press("the offer of a person", "/confirm_how/", kiosktest.Minus)
		r.press("the first consent", "/confirm_how/", kiosktest.Plus)
		r.press("the second", "/confirm_how/", kiosktest.Plus)
		r.press("who may hear it", "/confirm_how/", kiosktest.Plus)
		r.press("the ticket", "/sound/", kiosktest.Plus)
	})
	reply(t, data, office)
	r.road("back for the reply", func() {
		var mine ticket
		r.replied("escalation", &mine)
		r.comesBack("who may hear it", mine)
		r.press("the reply", "/sound/2", kiosktest.Plus)
	})
	stats := asPerson(t, data, "events", "export")
	for _, kind := range []string{`"kind":"rating"`, `"kind":"escalation"`, `"kind":"reply_heard"`, `"channel":"voice"`, `"channel":"choice"`} {
		if !strings.Contains(stats, kind) {
			t.Errorf("the record has no %s: %s", kind, stats)
		}
	}
}

// lastOf is the sound that ends the reading of the menu behind a branch.
func lastOf(t *testing.T, path ...int) string {
	t.Helper()
	starter, err := content.Starter()
	if err != nil {
		t.Fatal(err)
	}
	branch, _ := starter.Menu.At(path...)
	level := branch.Branches
	return "/v1/menu/sound/" + advisory.FormatNumber(append(path, level[len(level)-1].Number))
}

// reply has the office take what waits, and a person reply to it.
func reply(t *testing.T, data string, office *hub.Hub) {
	t.Helper()
	asPerson(t, data, "sync", "--once")
	waiting, err := office.Desk().Escalations(t.Context(), hub.Waiting{}, 0, 10)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%+v %v", waiting, err)
	}
	if err := office.Desk().Reply(t.Context(), waiting[0].ID, hub.EscalationReply{By: "expert", AtMS: 1, Text: "Fence the plot."}, nil); err != nil {
		t.Fatal(err)
	}
	asPerson(t, data, "sync", "--once")
}

// newReader stands at `jembe listen`, which speaks with the box through a relay that notes what is fetched.
func newReader(t *testing.T, box string, args ...string) *reader {
	t.Helper()
	r := &reader{t: t, alsa: kiosktest.NewALSA(t), pad: kiosktest.NewKeypad(t), replies: map[string][]byte{}}
	to, err := url.Parse(box)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(to)
		p.Out.Header.Del("Accept-Encoding") // so that what comes can be read here
	}}
	proxy.ErrorLog = log.New(io.Discard, "", 0) // of calls that a key ends
	proxy.ModifyResponse = func(reply *http.Response) error {
		raw, err := io.ReadAll(reply.Body)
		reply.Body = io.NopCloser(bytes.NewReader(raw))
		r.mu.Lock()
		defer r.mu.Unlock()
		r.fetched = append(r.fetched, reply.Request.URL.RequestURI())
		if strings.HasPrefix(reply.Header.Get("Content-Type"), "application/json") {
			r.replies[path.Base(reply.Request.URL.Path)] = raw
		}
		return err
	}
	relay := httptest.NewServer(proxy)
	t.Cleanup(relay.Close)
	args = append([]string{"--data", t.TempDir(), "listen", "--box", relay.URL, "--input", r.pad.Path, "--microphone", "mic", "--speaker", "speaker"}, args...)
	start(t, args...)
	return r
}

// replied reads the last reply of the box to a kind of request.
func (r *reader) replied(kind string, into any) {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := json.Unmarshal(r.replies[kind], into); err != nil {
		r.t.Fatalf("%s: %v in %q", kind, err, r.replies[kind])
	}
}

// comesBack is a new person with a ticket.
func (r *reader) comesBack(what string, with ticket) {
	r.t.Helper()
	r.press("the question for the number", "/kiosk_code/", kiosktest.NumLock, kiosktest.Dot)
	for _, d := range with.Code {
		r.press("a tick", "", kiosktest.Digits[d-'0'])
	}
	r.press(what, "/confirm_how/", kiosktest.Digits[with.Picture])
}

// road prints what a road takes: the keys pressed, and the seconds listened to if nothing is cut short.
func (r *reader) road(name string, walk func()) {
	r.t.Helper()
	from := r.alsa.Size()
	r.taps = 0
	walk()
	heard := r.heard(from)
	if heard == 0 {
		r.t.Errorf("%s: nothing was heard", name)
	}
	r.t.Logf("%s: %d taps, %.1f s of listening", name, r.taps, heard.Seconds())
}

// press presses keys, and waits until what follows the last was fetched and played to its end.
func (r *reader) press(what, fetched string, keys ...uint16) {
	r.t.Helper()
	r.mu.Lock()
	from := len(r.fetched)
	r.mu.Unlock()
	size := r.alsa.Size()
	r.taps += len(keys)
	r.pad.Tap(keys...)
	kiosktest.Await(r.t, what, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.alsa.Size() > size && strings.Contains(strings.Join(r.fetched[from:], "\n"), fetched)
	})
	for last := int64(-1); last != r.alsa.Size(); time.Sleep(time.Second) { // a voice makes a piece in less
		last = r.alsa.Size()
	}
	r.t.Logf("  %d keys, then %s: %.1f s", len(keys), what, r.heard(size).Seconds())
}

// heard is how long all that was played from somewhere on sounds.
func (r *reader) heard(from int64) (sounds time.Duration) {
	for _, p := range r.alsa.Heard(from) {
		sounds += kiosktest.Length(p.Sound)
	}
	return sounds
}

// talk holds the key and says something.
func (r *reader) talk(question string) {
	r.t.Helper()
	wav := filepath.Join(r.t.TempDir(), "question.wav")
	if out, err := speakers["espeak-ng en-us"](question, wav).CombinedOutput(); err != nil {
		r.t.Fatalf("%v: %s", err, out)
	}
	said, err := os.ReadFile(wav)
	if err != nil {
		r.t.Fatal(err)
	}
	r.alsa.Say(r.t, said)
	r.pad.Down(kiosktest.Enter)
	r.alsa.AwaitRecording(r.t)
	r.mu.Lock()
	from := len(r.fetched)
	r.mu.Unlock()
	r.taps++
	r.pad.Up(kiosktest.Enter, 4*time.Second)
	kiosktest.Await(r.t, "the answer", func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return strings.Contains(strings.Join(r.fetched[from:], "\n"), "/confirm_how/")
	})
}

// Where no box answers the kiosk starts its own, which serves the page as well; keys and devices that cannot be are told at once.
func TestListenStartsItsBox(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	alsa, pad := kiosktest.NewALSA(t), kiosktest.NewKeypad(t)
	box, _ := start(t, "--data", t.TempDir(), "listen", "--listen", "127.0.0.1:0", "--input", pad.Path, "--speaker", "speaker", "--lang", "sw")
	if reply, err := http.Get(box + "/healthz"); err != nil || reply.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v", box, err)
	}
	pad.Tap(kiosktest.NumLock)
	kiosktest.Await(t, "the greeting", func() bool { return len(alsa.Heard(0)) > 3 })
}

// A language that the box does not have is told with those it has; people are greeted all the same.
func TestListenTellsOfALanguageThatIsNotThere(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	alsa, pad := kiosktest.NewALSA(t), kiosktest.NewKeypad(t)
	_, errs := start(t, "--data", t.TempDir(), "listen", "--listen", "127.0.0.1:0", "--input", pad.Path, "--speaker", "speaker", "--lang", "xx")
	if says := errs.String(); !strings.Contains(says, `does not have the language "xx"`) || !strings.Contains(says, "sw (Kiswahili)") {
		t.Errorf("told: %s", says)
	}
	pad.Tap(kiosktest.NumLock)
	kiosktest.Await(t, "the greeting", func() bool { return len(alsa.Heard(0)) > 3 })
}

func TestListenBadUse(t *testing.T) {
	kiosktest.NewALSA(t)
	keys := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(keys, []byte("KEY_B=speak\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--keys", keys}, "line 1"},
		{[]string{"--keys", keys + "-none"}, "there is no"},
		{[]string{"--input", "[" + keys}, "--input"},
	} {
		r := jembe(t, t.TempDir(), append([]string{"listen", "--listen", "127.0.0.1:0"}, c.args...)...)
		if r.code != terminal.Usage || !strings.Contains(r.stderr, c.says) {
			t.Errorf("%v: %d %s", c.args, r.code, r.stderr)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if r := jembe(t, t.TempDir(), "listen", "--listen", "127.0.0.1:0"); r.code != terminal.Failure || !strings.Contains(r.stderr, "apt install alsa-utils") {
		t.Errorf("without a loudspeaker: %d %s", r.code, r.stderr)
	}
}
