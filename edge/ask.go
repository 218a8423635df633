package edge

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
	"jembe/edge/wire"
)

const (
	maxJSON  = 1 << 20  // far more than the longest question, so that one that is too long is told so
	maxAudio = 20 << 20 // two minutes of the largest usual recording
)

// asked is the body of POST /v1/ask.
type asked struct {
	Text    string          `json:"text"`
	Choice  string          `json:"choice"`
	Lang    string          `json:"lang"`
	Session string          `json:"session"`
	Consent consent         `json:"consent"`
	Gender  advisory.Gender `json:"gender"`
}

// consent is {words, voice}, or true for words alone.
type consent struct{ advisory.Consent }

// UnmarshalJSON reads both forms.
func (c *consent) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &c.Words); err == nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(&c.Consent)
}

// reply is what a question gets.
type reply struct {
	advisory.Answer
	Sound  []string `json:"sound"`            // addresses of its pieces in order; none where the language has no voice
	Simple *advice  `json:"simple,omitempty"` // the same in fewer and easier words, where somebody has written them
	Saved  bool     `json:"saved"`            // the event is on the disk
	Notice string   `json:"notice"`           // for people: why it is not saved; else ""
}

// ask is POST /v1/ask.
func (s *Server) ask(c echo.Context) error {
	var body asked
	if err := readJSON(c, &body); err != nil {
		return err
	}
	lang, err := setLang(c, body.Lang)
	if err != nil {
		return err
	}
	q := advisory.Question{Text: body.Text, Choice: body.Choice, Lang: lang, Session: body.Session, Consent: body.Consent.Consent, Gender: body.Gender}
	switch {
	case q.Text != "" && q.Choice != "":
		return badRequest("give text or choice, not both")
	case q.Text == "" && q.Choice == "":
		return &advisory.Error{Code: advisory.EmptyQuestion, Hint: "give text or choice"}
	}
	return s.answer(c, q)
}

// askAudio is POST /v1/ask/audio; the body is the recording.
func (s *Server) askAudio(c echo.Context) error {
	lang, err := setLang(c, c.QueryParam("lang"))
	if err != nil {
		return err
	}
	q := advisory.Question{Lang: lang, Session: c.QueryParam("session"), Gender: advisory.Gender(c.QueryParam("gender"))}
	for part := range strings.SplitSeq(c.QueryParam("consent"), ",") {
		switch part {
		case "words", "true":
			q.Consent.Words = true
		case "voice":
			q.Consent.Voice = true
		case "", "false":
		default:
			return badRequest("consent is words, voice, or words,voice")
		}
	}
	if c.Request().ContentLength > maxAudio {
		return &http.MaxBytesError{Limit: maxAudio} // before a byte of it is read
	}
	leave, err := take(c.Request().Context(), s.hearing, 15*time.Second)
	if err != nil {
		return err
	}
	defer leave()
	if q.Audio, err = readBody(c, maxAudio); err != nil {
		return err
	}
	if len(q.Audio) == 0 {
		return &advisory.Error{Code: advisory.BadAudio, Hint: "send the recording as the body"}
	}
	return s.answer(c, q)
}

var sessionPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)

func badSession() error {
	return badRequest("session is at most 64 letters, digits, - and _, made by the caller at random")
}

// answer asks the Advisor and replies: with the whole answer, or with its parts as they come to callers who want that.
func (s *Server) answer(c echo.Context, q advisory.Question) error {
	if !sessionPattern.MatchString(q.Session) {
		return badSession()
	}
	if !slices.Contains([]advisory.Gender{"", advisory.Woman, advisory.Man}, q.Gender) {
		return badRequest("gender is woman or man, or left out")
	}
	q.Before = s.answers.before(q.Session)
	if wantsLines(c.Request()) {
		return s.tell(c, q)
	}
	answer, err := s.Advisor.Ask(c.Request().Context(), q)
	if err != nil && answer.ID == "" {
		return err
	}
	s.answers.add(answer.ID, q.Lang, q.Session)
	return c.JSON(http.StatusOK, s.replyOf(q, answer, err, s.sounds(answer.ID, answer.Speech)))
}

// replyOf makes the reply of an answer that is remembered. The error is that of the record: answering goes on.
func (s *Server) replyOf(q advisory.Question, a advisory.Answer, err error, sound []string) reply {
	lang := q.Lang
	if lang == "" {
		lang = a.Lang
	}
	s.answers.settle(a.ID, lang, a)
	s.answers.follow(a.ID, a.Turn)
	s.answers.keep(a.ID, wire.Asked{Words: cmp.Or(q.Text, a.Heard, q.Choice), Voice: q.Audio})
	r := reply{Answer: a, Sound: sound, Saved: err == nil && s.Advisor.Recorder != nil}
	if len(a.Simple) > 0 {
		r.Simple = &advice{Text: textOf(a.Simple), Sound: s.soundsLater(a.ID, a.Simple)}
	}
	if err != nil {
		s.Log.Error("record question", "error", err)
		r.Notice = wire.Message(wire.AsError(err), lang)
	}
	return r
}

// sounds adds speech to a remembered answer, and gives the addresses of its pieces; they are rendered while the reply is under way.
func (s *Server) sounds(id string, speech []advisory.Speech) []string {
	pieces, addresses := s.say(id, speech)
	s.background.Go(func() {
		for _, p := range pieces {
			if _, err := s.voice(s.life, p); err != nil {
				return // the call that fetches it meets the error too, and tells it
			}
		}
	})
	return addresses
}

// soundsLater is sounds for what is perhaps never asked for: it is rendered when it is fetched.
func (s *Server) soundsLater(id string, speech []advisory.Speech) []string {
	_, addresses := s.say(id, speech)
	return addresses
}

func (s *Server) say(id string, speech []advisory.Speech) (pieces []*piece, addresses []string) {
	pieces, before := s.answers.say(id, s.cut(speech))
	addresses = make([]string, len(pieces))
	for i := range pieces {
		addresses[i] = fmt.Sprintf("/v1/answers/%s/sound/%d", id, before+i+1)
	}
	return pieces, addresses
}

// textOf is speech as it is read.
func textOf(speech []advisory.Speech) string {
	var texts []string
	for _, s := range speech {
		texts = append(texts, s.Text)
	}
	return strings.Join(texts, " ")
}

// cut parts speech into pieces, leaving out what no voice can say.
func (s *Server) cut(speech []advisory.Speech) []advisory.Speech {
	if s.Advisor.Speaker == nil {
		return nil
	}
	if s.Part != nil {
		var parts []advisory.Speech
		for _, one := range speech {
			parts = append(parts, s.Part(one)...)
		}
		return cutSpeech(parts, func(advisory.Lang) bool { return true })
	}
	can := s.spoken()
	return cutSpeech(speech, func(l advisory.Lang) bool { return can[l] })
}

// voice renders a piece, at most two of them at once.
func (s *Server) voice(ctx context.Context, p *piece) ([]byte, error) {
	leave, err := take(ctx, s.voicing, 20*time.Second)
	if err != nil {
		return nil, err
	}
	defer leave()
	return p.render(ctx, s.Advisor.Speaker)
}

// take waits for a place and gives what leaves it; Busy when none becomes free in time.
func take(ctx context.Context, places chan struct{}, wait time.Duration) (leave func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-ctx.Done():
		return nil, &advisory.Error{Code: advisory.Busy, Err: ctx.Err()}
	}
}

// readJSON reads the body strictly: one JSON object, no field that is not known.
func readJSON(c echo.Context, into any) error {
	if kind, _, _ := strings.Cut(c.Request().Header.Get(echo.HeaderContentType), ";"); !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
		return badRequest("send the header Content-Type: application/json")
	}
	data, err := readBody(c, maxJSON)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return &advisory.Error{Code: advisory.TextTooLong, Err: err}
	}
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return badRequest("the body must be a JSON object as in /openapi.yaml: " + err.Error())
	}
	if _, err := d.Token(); err != io.EOF {
		return badRequest("the body must be one JSON object")
	}
	return nil
}

// readBody reads at most limit bytes; one more is an *http.MaxBytesError, and the connection is closed.
func readBody(c echo.Context, limit int64) ([]byte, error) {
	data, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, limit))
	if tooLarge := (*http.MaxBytesError)(nil); err != nil && !errors.As(err, &tooLarge) {
		return nil, &advisory.Error{Code: advisory.BadRequest, Hint: "the body broke off", Err: err}
	}
	return data, err
}
