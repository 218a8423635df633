package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/rag/ragtest"
)

// The tests of this file take a question through the whole program, with a model that writes slowly.

const (
	writingPace = 100 * time.Millisecond // a token: 10 tokens/s
	lateSound   = 1.2                    // times the first sentence took to write, until it is heard
	lateAnswer  = 500 * time.Millisecond // after the model was killed
)

// slowParrot says the first sentences of its first passage, slowly.
func slowParrot(sentences int, pace time.Duration) func(ragtest.Chat) ragtest.Script {
	return func(c ragtest.Chat) ragtest.Script {
		var draft struct {
			Sentences []struct{ Text string }
		}
		if err := json.Unmarshal([]byte(parrot(c).Text), &draft); err != nil {
			panic(err)
		}
		var out []any
		for _, s := range draft.Sentences[:min(sentences, len(draft.Sentences))] {
			out = append(out, s.Text, 1)
		}
		return ragtest.Script{Text: ragtest.Draft(out...), Every: pace}
	}
}

// toldLine is a line of an answer that is told part by part, and when it came.
type toldLine struct {
	Part *struct {
		Text  string
		Sound []string
	}
	Answer *httpAnswer
	at     time.Duration // since the question
}

// tell asks for an answer part by part; each gets every line as it comes.
func (s serving) tell(t *testing.T, question string, each func(toldLine)) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"text": question, "lang": "en"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.url+"/v1/ask", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/x-ndjson")
	began := time.Now()
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	for lines := bufio.NewScanner(reply.Body); lines.Scan(); {
		l := toldLine{at: time.Since(began)}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatalf("%v: %s", err, lines.Bytes())
		}
		each(l)
	}
}

// firstBytes fetches a sound and gives when its first samples are there.
func (s serving) firstBytes(t *testing.T, path string) time.Time {
	t.Helper()
	r, err := http.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	head := make([]byte, 1024)
	if _, err := io.ReadFull(r.Body, head); err != nil || string(head[:4]) != "RIFF" {
		t.Fatalf("%s: %d, %v", path, r.StatusCode, err)
	}
	return time.Now()
}

// writingBox is a box whose model has passed its evaluation in English.
func writingBox(t *testing.T) (data string, server *ragtest.Server) {
	t.Helper()
	data, server = modelBox(t)
	passed := map[advisory.Lang]*modelTally{"en": {Asked: 12, Passed: 12}}
	if err := (modelResults{}).store(data, "first", passed); err != nil {
		t.Fatal(err)
	}
	return data, server
}

func TestFirstSoundWhileTheModelWrites(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	data, server := writingBox(t)
	server.Play(slowParrot(2, writingPace))
	s := startServe(t, data)
	var parts []toldLine
	var first time.Duration // sound of the first sentence
	var whole *toldLine
	s.tell(t, quotedQuestion, func(l toldLine) {
		if l.Answer != nil {
			whole = &l
			return
		}
		parts = append(parts, l)
		if began := time.Now().Add(-l.at); len(parts) == 2 { // after the opening
			first = s.firstBytes(t, l.Part.Sound[0]).Sub(began)
		}
	})
	if whole == nil || whole.Answer.Tier != advisory.Generated || len(parts) < 3 {
		t.Fatalf("%d parts of %+v", len(parts), whole)
	}
	draft := slowParrot(2, writingPace)(server.Chats()[len(server.Chats())-1]).Text
	written := time.Duration(len(ragtest.Tokens(draft[:strings.Index(draft, "},")+1]))) * writingPace
	t.Logf("the opening is told after %v; the first sentence is written after %v and heard after %v (%.2f times); the answer is whole after %v",
		parts[0].at.Round(time.Millisecond), written, first.Round(time.Millisecond), float64(first)/float64(written), whole.at.Round(time.Millisecond))
	if float64(first) > lateSound*float64(written) || first >= whole.at || parts[0].at > written/2 {
		t.Error("the farmer waits too long")
	}
}

func TestAnswerOfTheWholeProgramWhenTheModelIsKilled(t *testing.T) {
	data, server := writingBox(t)
	s := startServe(t, data)
	for _, c := range []struct {
		name string
		pace time.Duration // so that the first sentence is, or is not, whole when the model dies
		tier advisory.Tier
	}{{"in the second sentence", 10 * time.Millisecond, advisory.Generated}, {"in the first sentence", time.Second, advisory.Quoted}} {
		server.Play(slowParrot(1, c.pace))
		if c.tier == advisory.Generated {
			server.Play(func(chat ragtest.Chat) ragtest.Script {
				script := slowParrot(1, c.pace)(chat)
				script.Text = strings.TrimSuffix(script.Text, "]}") + `,{"text":"Then` + strings.Repeat(" and so on", 1000)
				return script
			})
		}
		var killed time.Time
		parts := 0
		s.tell(t, quotedQuestion, func(l toldLine) {
			if l.Answer != nil {
				late := time.Since(killed)
				t.Logf("killed %s: a %s answer after %v", c.name, l.Answer.Tier, late.Round(10*time.Microsecond))
				if l.Answer.Tier != c.tier || l.Answer.Outcome != advisory.Answered || late > lateAnswer || killed.IsZero() {
					t.Errorf("%s: %s after %v, want %s", c.name, l.Answer.Tier, late, c.tier)
				}
				return
			}
			if parts++; killed.IsZero() && (parts == 2 || c.tier == advisory.Quoted) {
				time.Sleep(50 * time.Millisecond) // in mid-sentence
				killed = time.Now()
				server.CloseClientConnections()
			}
		})
	}
}

// A farmer who goes away stops the model of the whole program.
func TestLeavingStopsTheModel(t *testing.T) {
	data, server := writingBox(t)
	server.Play(slowParrot(2, time.Second))
	s := startServe(t, data)
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "POST", s.url+"/v1/ask", strings.NewReader(`{"lang":"en","text":"`+quotedQuestion+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	go func() {
		for server.Writing() == 0 {
			time.Sleep(5 * time.Millisecond)
		}
		leave()
	}()
	if reply, err := http.DefaultClient.Do(r); err == nil {
		reply.Body.Close()
		t.Fatal("an answer came though the asker has left")
	}
	for range 200 {
		if server.Writing() == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the model still writes")
}

func TestAskSpeaksAndPrintsAsItIsWritten(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	need(t, "aplay", "apt install alsa-utils")
	data, server := writingBox(t)
	server.Play(slowParrot(2, 5*time.Millisecond))
	device := filepath.Join(t.TempDir(), "asound.conf")
	if err := os.WriteFile(device, []byte("pcm.!default { type null }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ALSA_CONFIG_PATH", device)
	r := jembe(t, data, "ask", "--play", "--lang", "en", quotedQuestion)
	if lines := strings.Split(r.stdout, "\n"); r.code != terminal.OK || len(lines) < 5 || !strings.Contains(r.stdout, "(answered generated") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	t.Setenv("ALSA_CONFIG_PATH", "/dev/null")
	if r := jembe(t, data, "ask", "--play", "--lang", "en", "how do I make compost"); r.code != terminal.Failure || !strings.Contains(r.stderr, "loudspeaker") {
		t.Errorf("without a device: exit %d: %s", r.code, r.stderr)
	}
}
