package edge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
)

func TestAskByTextIsAnsweredHeardRatedAndRecorded(t *testing.T) {
	s := newTestServer(t)
	r := askFor(t, s, `{"text":"there are worms in my maize","lang":"en","session":"s-1","consent":true,"gender":"woman"}`)
	if r.Outcome != advisory.Answered || r.Text != armyworm.Answer || !r.Saved || len(r.Sound) < 2 {
		t.Fatalf("%+v", r)
	}
	for _, path := range append(r.Sound, "/v1/answers/"+r.ID+"/sound") {
		if w := get(t, s, path); w.Code != 200 || w.Header().Get("Content-Type") != "audio/wav" || !bytes.Equal(w.Body.Bytes(), tone(200*time.Millisecond)) {
			t.Errorf("%s: %d, %d bytes", path, w.Code, w.Body.Len())
		}
	}
	if w := get(t, s, r.Sound[0]+"?slow=1"); !bytes.Equal(w.Body.Bytes(), tone(400*time.Millisecond)) {
		t.Errorf("slow: %d bytes", w.Body.Len())
	}
	if w := post(t, s, "/v1/answers/"+r.ID+"/rating", `{"rating":"down","session":"s-1"}`); w.Code != 204 {
		t.Errorf("rating: %d %s", w.Code, w.Body)
	}
	if w := post(t, s, "/v1/answers/"+r.ID+"/rating", `{"rating":"up"}`); w.Code != 204 {
		t.Errorf("second rating: %d %s", w.Code, w.Body)
	}
	w := post(t, s, "/v1/answers/"+r.ID+"/escalation", `{}`)
	if w.Code != 200 || !strings.Contains(w.Body.String(), advisory.Say("en", "escalated_nobody")) {
		t.Errorf("escalation: %d %s", w.Code, w.Body)
	}
	got := events(t, s.Store)
	if len(got) != 4 || got[0].Gender != advisory.Woman || got[0].WordsHash == "" || got[1].Rating != advisory.ThumbDown ||
		got[2].Rating != advisory.ThumbUp || got[3].Kind != advisory.KindEscalation || got[3].Answer != r.ID || got[3].Session != "s-1" {
		t.Errorf("events %+v", got)
	}
}

func TestSoundServesRanges(t *testing.T) {
	s := newTestServer(t)
	r := askFor(t, s, `{"text":"there are worms in my maize"}`)
	q := httptest.NewRequest("GET", r.Sound[0], nil)
	q.Header.Set("Range", "bytes=4-43")
	w := call(t, s, q)
	if w.Code != 206 || !bytes.Equal(w.Body.Bytes(), tone(200 * time.Millisecond)[4:44]) {
		t.Errorf("%d, %d bytes", w.Code, w.Body.Len())
	}
}

func TestSeveralSoundsOfAPieceAreJoined(t *testing.T) {
	s := newTestServer(t, func(c *Config) { c.Advisor.Speaker = singer{sounds: 3} })
	r := askFor(t, s, `{"text":"there are worms in my maize"}`)
	from, to, err := waveData(get(t, s, r.Sound[0]).Body.Bytes())
	if one := len(tone(200*time.Millisecond)) - 44; err != nil || to-from != 3*one {
		t.Errorf("%d bytes of samples, %v; want %d", to-from, err, 3*one)
	}
}

func TestChoicesGoOnFromAClarifyingAnswer(t *testing.T) {
	s := newTestServer(t)
	r := askFor(t, s, `{"text":"the leaves are dying","lang":"sw"}`)
	if r.Outcome != advisory.Clarify || len(r.Choices) != 2 || r.Choices[1].Label != "nyanya" {
		t.Fatalf("%+v", r)
	}
	if r = askFor(t, s, fmt.Sprintf(`{"choice":%q,"lang":"sw"}`, r.Choices[1].Value)); r.Outcome != advisory.Answered || !r.Reviewed {
		t.Errorf("%+v", r)
	}
	wantProblem(t, post(t, s, "/v1/ask", `{"choice":"no-such-document"}`), 404, advisory.NotFound)
}

func TestLanguageWithoutAVoiceHasNoSound(t *testing.T) {
	s := newTestServer(t)
	r := askFor(t, s, `{"text":"कौन जीता","lang":"hi"}`)
	if len(r.Sound) != 0 || r.Lang != "hi" {
		t.Errorf("%+v", r)
	}
	r2 := httptest.NewRequest("GET", "/v1/answers/"+r.ID+"/sound", nil)
	if p := wantProblem(t, call(t, s, r2), 422, advisory.NoVoice); !strings.Contains(p.Detail, "हिन्दी") {
		t.Errorf("told as %q", p.Detail)
	}
}

func audio(query string, body io.Reader) *http.Request {
	return httptest.NewRequest("POST", "/v1/ask/audio?"+query, body)
}

func TestAskByVoice(t *testing.T) {
	s := newTestServer(t)
	w := call(t, s, audio("lang=en&session=s-2&consent=words&gender=man", bytes.NewReader(tone(time.Second))))
	var r reply
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || r.Heard != armywormQuestion || r.Outcome != advisory.Answered {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if e := events(t, s.Store)[0]; e.Channel != advisory.ByVoice || e.Consent == nil || !e.Consent.Words || e.Consent.Voice || e.Gender != advisory.Man {
		t.Errorf("event %+v", e)
	}
}

// endless counts what is read of it.
type endless struct{ read atomic.Int64 }

func (e *endless) Read(b []byte) (int, error) {
	e.read.Add(int64(len(b)))
	return len(b), nil
}

func TestLargeUploadsAreNotTakenIn(t *testing.T) {
	s := newTestServer(t)
	declared := &endless{}
	r := audio("lang=en", declared)
	r.ContentLength = 50 << 20
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	wantProblem(t, w, 413, advisory.TooLarge)
	if n := declared.read.Load(); n != 0 {
		t.Errorf("%d bytes were read of an upload that says that it is too large", n)
	}
	chunked := &endless{}
	r = audio("lang=en", chunked)
	r.ContentLength = -1
	w = httptest.NewRecorder()
	s.ServeHTTP(w, r)
	wantProblem(t, w, 413, advisory.TooLarge)
	if n := chunked.read.Load(); n > maxAudio+maxAudio/2 {
		t.Errorf("%d bytes were read of an endless upload", n)
	}
}

func TestBadCalls(t *testing.T) {
	s := newTestServer(t, func(c *Config) {
		c.Advisor.Transcriber = at.Ears{Err: &advisory.Error{Code: advisory.NoRecogniser}}
	})
	for _, c := range []struct {
		path, body string
		status     int
		code       advisory.Code
	}{
		{"/v1/ask", ``, 400, advisory.BadRequest},
		{"/v1/ask", `{"text":`, 400, advisory.BadRequest},
		{"/v1/ask", `[]`, 400, advisory.BadRequest},
		{"/v1/ask", `{"text":"maize"} {"text":"maize"}`, 400, advisory.BadRequest},
		{"/v1/ask", `{"text":"maize","colour":"green"}`, 400, advisory.BadRequest},               // unknown field
		{"/v1/ask", `{"text":"maize","consent":{"name":true}}`, 400, advisory.BadRequest},        // unknown consent
		{"/v1/ask", `{"text":"maize","consent":"yes"}`, 400, advisory.BadRequest},                // neither form of consent
		{"/v1/ask", `{"text":"maize","choice":"compost-making"}`, 400, advisory.BadRequest},      // both
		{"/v1/ask", `{"text":"maize","session":"Juma 0712345678"}`, 400, advisory.BadRequest},    // no id of our kind
		{"/v1/ask", `{"text":"maize","gender":"farmer"}`, 400, advisory.BadRequest},              //
		{"/v1/ask", `{}`, 400, advisory.EmptyQuestion},                                           //
		{"/v1/ask", `{"text":" \u0000 \t"}`, 400, advisory.EmptyQuestion},                        // nothing but control characters
		{"/v1/ask", `{"text":"maize","lang":"xx"}`, 400, advisory.UnknownLang},                   //
		{"/v1/ask", `{"text":"` + strings.Repeat("a", 100000) + `"}`, 413, advisory.TextTooLong}, // over the limit of a question
		{"/v1/ask", `{"text":"` + strings.Repeat("a", 2<<20) + `"}`, 413, advisory.TextTooLong},  // over the limit of a body
		{"/v1/ask/audio?lang=en", ``, 400, advisory.BadAudio},
		{"/v1/ask/audio?lang=hi", `x`, 422, advisory.NoRecogniser},
		{"/v1/ask/audio?lang=xx", `x`, 400, advisory.UnknownLang},
		{"/v1/ask/audio?consent=all", `x`, 400, advisory.BadRequest},
		{"/v1/answers/none/rating", `{"rating":"up"}`, 404, advisory.NotFound},
		{"/v1/answers/none/rating", `{"rating":"great"}`, 400, advisory.BadRequest},
		{"/v1/answers/none/escalation", `{}`, 404, advisory.NotFound},
		{"/v1/nothing", `{}`, 404, advisory.NotFound},
		{"/healthz", `{}`, 405, advisory.BadRequest}, // GET only
	} {
		name := c.path + " " + c.body[:min(len(c.body), 40)]
		t.Run(name, func(t *testing.T) { wantProblem(t, post(t, s, c.path, c.body), c.status, c.code) })
	}
	for _, path := range []string{"/v1/answers/none/sound", "/page/none.js", "/page/../openapi.yaml", "/nothing"} {
		wantProblem(t, get(t, s, path), 404, advisory.NotFound)
	}
	wantProblem(t, get(t, s, "/v1/messages?lang=xx"), 400, advisory.UnknownLang)
}

func TestPieceThatIsNoneIsNotFound(t *testing.T) {
	s := newTestServer(t)
	r := askFor(t, s, `{"text":"there are worms in my maize"}`)
	for _, piece := range []string{"0", "-1", "99", "x", "1e3"} {
		wantProblem(t, get(t, s, "/v1/answers/"+r.ID+"/sound/"+piece), 404, advisory.NotFound)
	}
}
