package kiosk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/voice"
)

// box speaks with the box over its HTTP interface, which edge/openapi.yaml describes; a page uses the same. It is asked for nothing
// that it does not itself say.
type box struct {
	base   string // "http://127.0.0.1:8080"
	client *http.Client
}

// Bounds of a reply, and of the wait for one: a model may write for a minute.
const (
	maxReply  = 16 << 20
	replyWait = 3 * time.Minute
)

func newBox(base string) *box {
	return &box{strings.TrimSuffix(base, "/"), &http.Client{Timeout: replyWait}}
}

// language is what the box can do in one.
type language struct {
	Lang    advisory.Lang `json:"lang"`
	Heard   bool          `json:"heard"`
	Spoken  bool          `json:"spoken"`
	Village bool          `json:"village"` // it is one of the village's, which come first
}

// status is what the box can do, and whether it belongs to an office.
type status struct {
	Languages []language `json:"languages"`
	Office    struct {
		Enrolled bool `json:"enrolled"`
	} `json:"office"`
}

// branch is a choice of the guided menu.
type branch struct {
	Key      int      `json:"key"`
	Sound    string   `json:"sound"`
	Number   string   `json:"number"` // of an advice
	Branches []branch `json:"branches"`
}

// answer is what a question gets, as far as it is of use without a screen.
type answer struct {
	ID       string             `json:"id"`
	Outcome  advisory.Outcome   `json:"outcome"`
	Reason   advisory.Reason    `json:"reason"`
	Heard    string             `json:"heard"`
	Choices  []advisory.Choice  `json:"choices"`
	Contacts []advisory.Contact `json:"contacts"`
	Sound    []string           `json:"sound"`
	Simple   struct {
		Sound []string `json:"sound"`
	} `json:"simple"` // in simpler words; none where nobody has written them
}

// note is what is said to one who asked for a person, or took a number for an advice.
type note struct {
	Code  string   `json:"code"` // "": there is none, and nothing to keep from others
	Sound []string `json:"sound"`
}

// reply is what is said to one who came back with a code.
type reply struct {
	State string   `json:"state"` // ready: a person has replied
	Asks  bool     `json:"asks"`  // whether an advice was of use is yet to be said
	Sound []string `json:"sound"`
}

func (b *box) status(ctx context.Context) (out status, err error) {
	err = b.get(ctx, "/v1/status", &out)
	return out, err
}

func (b *box) menu(ctx context.Context, lang advisory.Lang) ([]branch, error) {
	var out struct {
		Branches []branch `json:"branches"`
	}
	err := b.get(ctx, "/v1/menu?lang="+url.QueryEscape(string(lang)), &out)
	return out.Branches, err
}

// choose asks with a choice or the number of an advice.
func (b *box) choose(ctx context.Context, lang advisory.Lang, session, choice string) (out answer, err error) {
	err = b.post(ctx, "/v1/ask", map[string]any{"choice": choice, "lang": lang, "session": session}, &out)
	return out, err
}

// ask asks with a recording, and hands on the sounds of each part that may be heard while the box still writes the rest. Nothing of it
// is kept: a kiosk asks for consent when a person is asked for, and not before.
func (b *box) ask(ctx context.Context, lang advisory.Lang, session string, recording []byte, hear func(sounds []string)) (answer, error) {
	query := url.Values{"lang": {string(lang)}, "session": {session}}
	header := http.Header{"Content-Type": {"audio/wav"}, "Accept": {"application/x-ndjson"}}
	response, err := b.send(ctx, http.MethodPost, "/v1/ask/audio?"+query.Encode(), header, recording)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	for lines := json.NewDecoder(io.LimitReader(response.Body, maxReply)); ; {
		var line struct {
			Part struct {
				Sound []string `json:"sound"`
			} `json:"part"`
			Answer *answer `json:"answer"`
		}
		if err := lines.Decode(&line); err != nil {
			return answer{}, &advisory.Error{Code: advisory.Unreachable, Hint: "see that the box runs: jembe serve", Err: fmt.Errorf("an answer broke off: %w", err)}
		}
		if line.Answer != nil {
			return *line.Answer, nil
		}
		hear(line.Part.Sound)
	}
}

func (b *box) rate(ctx context.Context, id, session string, rating advisory.Rating) error {
	return b.post(ctx, "/v1/answers/"+id+"/rating", map[string]any{"rating": rating, "session": session}, nil)
}

func (b *box) escalate(ctx context.Context, id, session string, consent advisory.Consent) (out note, err error) {
	err = b.post(ctx, "/v1/answers/"+id+"/escalation", map[string]any{"session": session, "consent": consent}, &out)
	return out, err
}

// ticket takes a number for an advice.
func (b *box) ticket(ctx context.Context, id, session string) (out note, err error) {
	err = b.post(ctx, "/v1/answers/"+id+"/ticket", map[string]any{"session": session}, &out)
	return out, err
}

func (b *box) open(ctx context.Context, lang advisory.Lang, session, code string, picture int) (out reply, err error) {
	err = b.post(ctx, "/v1/replies/"+code, map[string]any{"picture": picture, "lang": lang, "session": session}, &out)
	return out, err
}

// useful is what somebody who comes back says of an advice.
type useful struct {
	Code    string        `json:"code"`
	Picture int           `json:"picture"`
	Done    bool          `json:"done"`
	Helped  string        `json:"helped,omitempty"` // yes or no, of what was done
	Why     string        `json:"why,omitempty"`    // of what was not done
	Lang    advisory.Lang `json:"lang"`
	Session string        `json:"session"`
}

func (b *box) followUp(ctx context.Context, u useful) error {
	return b.post(ctx, "/v1/followups", u, nil)
}

func (b *box) end(ctx context.Context, session string) error {
	return b.post(ctx, "/v1/sessions/"+session+"/end", map[string]any{}, nil)
}

// sound fetches a sound and makes it one that any loudspeaker plays: a person's reply comes as it was recorded.
func (b *box) sound(ctx context.Context, address string) ([]byte, error) {
	if !strings.HasPrefix(address, "/") {
		return nil, fmt.Errorf("%q is no address of this box", address)
	}
	var sound []byte
	if err := b.call(ctx, http.MethodGet, address, "", nil, &sound); err != nil || bytes.HasPrefix(sound, []byte("RIFF")) {
		return sound, err
	}
	pcm, err := voice.Decode(sound)
	if err != nil {
		return nil, err
	}
	return voice.EncodeWAV(pcm, voice.SampleRate), nil
}

func (b *box) get(ctx context.Context, path string, into any) error {
	return b.call(ctx, http.MethodGet, path, "", nil, into)
}

func (b *box) post(ctx context.Context, path string, body, into any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return b.call(ctx, http.MethodPost, path, "application/json", raw, into)
}

// call makes one call and reads its reply: JSON, or the bytes where into wants these. Errors are *advisory.Error: the box's own, or
// Unreachable where it does not answer.
func (b *box) call(ctx context.Context, method, path, kind string, body []byte, into any) error {
	header := http.Header{}
	if kind != "" {
		header.Set("Content-Type", kind)
	}
	response, err := b.send(ctx, method, path, header, body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxReply))
	switch {
	case err != nil:
		return &advisory.Error{Code: advisory.Unreachable, Err: err}
	case into == nil:
		return nil
	}
	if all, ok := into.(*[]byte); ok {
		*all = raw
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return &advisory.Error{Code: advisory.Unreachable, Hint: "is it a box that answers there?", Err: fmt.Errorf("%s: %w", path, err)}
	}
	return nil
}

// send makes one call whose reply is the caller's to read and close. Errors are as those of call.
func (b *box) send(ctx context.Context, method, path string, header http.Header, body []byte) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, b.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header = header
	response, err := b.client.Do(request)
	if err != nil {
		return nil, &advisory.Error{Code: advisory.Unreachable, Hint: "see that the box runs: jembe serve", Err: err}
	}
	if response.StatusCode < 400 {
		return response, nil
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxReply))
	if err != nil {
		return nil, &advisory.Error{Code: advisory.Unreachable, Err: err}
	}
	return nil, problemOf(response.StatusCode, raw)
}

// problemOf reads a problem as the box writes it.
func problemOf(status int, raw []byte) error {
	var problem struct {
		Code advisory.Code `json:"code"`
		Hint string        `json:"hint"`
	}
	if json.Unmarshal(raw, &problem) != nil || problem.Code == "" {
		problem.Code = advisory.Internal
	}
	return &advisory.Error{Code: problem.Code, Hint: problem.Hint, Err: fmt.Errorf("status %d", status)}
}

// codeOfError is the code of what the box, or the way to it, said.
func codeOfError(err error) advisory.Code {
	if e := (*advisory.Error)(nil); errors.As(err, &e) {
		return e.Code
	}
	return advisory.Internal
}
