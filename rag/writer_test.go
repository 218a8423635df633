package rag

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/ollama/ollama/api"

	"jembe/advisory"
	"jembe/rag/ragtest"
)

func TestReadDraft(t *testing.T) {
	for _, c := range []struct {
		text, want string
		form       bool // it has the form
	}{
		{`{"sentences":[]}`, "", true},
		{` {"sentences" : [ {"passages":[2],"text":" a \n b "} ] } ` + "\n", "a b[5];", true},
		{`{"sentences":[{"text":"a","passages":[1,2]},{"text":"b","passages":[]}]}`, "a[3 5];b[];", true},
		{`{"sentences":[{"text":"a","passages":[0,3,-1]}]}`, "a[-1 -1 -1];", true},
		{`{"sentences":[{"text":" ","passages":[1]}]}`, "", true},             // nothing to say
		{`{"sentences":[{"text":"a","passages":[1]},`, "a[3];", false},        // cut
		{`{"sentences":[{"text":"a","passages":[1]}]}{}`, "a[3];", false},     // more
		{`{"sentences":[{"text":"a","passages":[1]}],"x":1}`, "a[3];", false}, // another key
		{`{"sentences":[{"text":"a","passages":["1"]}]}`, "", false},          // no number
		{`{"sentences":{"text":"a"}}`, "", false},                             // no list
		{`[]`, "", false},
		{``, "", false},
		{`Sure! {"sentences":[]}`, "", false},
	} {
		got := ""
		err := readDraft(iotest.OneByteReader(strings.NewReader(c.text)), []int{3, 5}, func(s advisory.Sentence) error {
			got += fmt.Sprint(s.Text, s.Passages, ";")
			return nil
		})
		if got != c.want || (err == nil) != c.form || !c.form && !errors.Is(err, errForm) {
			t.Errorf("%s: %q, %v", c.text, got, err)
		}
	}
}

// A sentence is given as soon as its bracket is there, not with the next one.
func TestReadDraftDoesNotWait(t *testing.T) {
	from, to := io.Pipe()
	got := make(chan string)
	go func() {
		got <- fmt.Sprint(readDraft(from, []int{0}, func(s advisory.Sentence) error { got <- s.Text; return nil }))
	}()
	for _, part := range []string{`{"sentences":[{"text":"a","passages":[1]}`, `,{"text":"b","passages":[1]}`} {
		if _, err := io.WriteString(to, part); err != nil {
			t.Fatal(err)
		}
		select {
		case <-got:
		case <-time.After(5 * time.Second):
			t.Fatal("the sentence was held back")
		}
	}
	to.CloseWithError(errCut)
	if err := <-got; err != errCut.Error() {
		t.Errorf("the reader says %s", err)
	}
}

func TestTurns(t *testing.T) {
	q := newTurns(1)
	leave, err := q.take(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := q.take(ctx); !errors.Is(err, errFull) {
		t.Errorf("who waits too long gets %v", err)
	}
	second := make(chan error)
	go func() {
		leave, err := q.take(context.Background())
		if err == nil {
			leave()
		}
		second <- err
	}()
	for len(q.inside) < 2 {
		time.Sleep(time.Millisecond)
	}
	start := time.Now()
	if _, err := q.take(context.Background()); !errors.Is(err, errFull) || time.Since(start) > time.Second {
		t.Errorf("where one waits already: %v after %v", err, time.Since(start))
	}
	leave()
	if err := <-second; err != nil {
		t.Errorf("who waited gets %v", err)
	}
}

func TestOneDraftAtATime(t *testing.T) {
	server := ragtest.NewServer(ragtest.Script{Text: ragtest.Draft("a", 1), Every: 20 * time.Millisecond})
	defer server.Close()
	w, err := NewWriter(WriterConfig{URL: server.URL, Model: "m", Waiting: 2})
	if err != nil {
		t.Fatal(err)
	}
	const askers = 5
	done := make(chan error, askers)
	for range askers {
		go func() {
			_, err := w.Generate(context.Background(), request("q", "en", "a."))
			done <- err
		}()
	}
	full, most := 0, 0
	for range askers {
		for waiting := true; waiting; {
			select {
			case err := <-done:
				if e := (*advisory.DraftError)(nil); errors.As(err, &e) && e.Setback == advisory.Full {
					full++
				} else if err != nil {
					t.Error(err)
				}
				waiting = false
			case <-time.After(time.Millisecond):
				most = max(most, server.Writing())
			}
		}
	}
	if full != askers-3 || most != 1 || len(server.Chats()) != 3 {
		t.Errorf("%d of %d were turned away, %d answered, at most %d at once", full, askers, len(server.Chats()), most)
	}
}

func TestSetbackOf(t *testing.T) {
	for err, want := range map[error]advisory.Setback{
		errSlow: advisory.Slow,
		fmt.Errorf("x: %w", context.DeadlineExceeded): advisory.Slow,
		errFull:                          advisory.Full,
		errEndless:                       advisory.Endless,
		errCut:                           advisory.Away,
		formError(io.ErrUnexpectedEOF):   advisory.Broken,
		&url.Error{Err: io.EOF}:          advisory.Away,
		api.StatusError{StatusCode: 404}: advisory.Missing,
		api.StatusError{StatusCode: 503}: advisory.Full,
		api.StatusError{StatusCode: 504}: advisory.Slow,
		api.StatusError{StatusCode: 500}: advisory.Failed,
		errors.New("else"):               advisory.Failed,
	} {
		if got := setbackOf(err); got != want {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
}

func TestNewWriterRefusesAddresses(t *testing.T) {
	for _, address := range []string{"", "127.0.0.1:11434", "ftp://host", "http://", "http://[::1"} {
		if _, err := NewWriter(WriterConfig{URL: address}); err == nil {
			t.Errorf("%q was taken", address)
		}
	}
}

func TestModels(t *testing.T) {
	server := ragtest.NewServer(ragtest.Script{})
	defer server.Close()
	server.Install(ragtest.Model{Name: "b:latest", Digest: "2", Size: 5}, ragtest.Model{Name: "a:1b", Digest: "1"}, ragtest.Model{Name: "far:cloud", Remote: "https://far.example"})
	models, err := Models(context.Background(), server.URL)
	if err != nil || len(models) != 3 || models[0].Name != "a:1b" || !models[2].Remote {
		t.Fatalf("%v: %+v", err, models)
	}
	if m, ok := FindModel(models, "b"); !ok || m.Digest != "2" || m.Size != 5 {
		t.Errorf("b is %+v", m)
	}
	if _, ok := FindModel(models, "a"); ok {
		t.Error("a:1b is not a:latest")
	}
}
