package edge

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
)

// lines is the media type of an answer that is told while it is written: a JSON object on each line.
const lines = "application/x-ndjson"

// line is one line of such a reply, of which one field is set: parts as each may be said, then the answer. What fails before the
// first part is a problem as with any call; a reply without the last line broke off.
type line struct {
	Part   *part  `json:"part,omitempty"`
	Answer *reply `json:"answer,omitempty"`
}

// part is a piece of an answer that stands, whatever becomes of the rest.
type part struct {
	Text  string        `json:"text"`
	Lang  advisory.Lang `json:"lang"`
	Sound []string      `json:"sound"` // addresses of its pieces in order, counted on from the parts before
}

// wantsLines reports whether the caller can take an answer part by part.
func wantsLines(r *http.Request) bool {
	for kind := range strings.SplitSeq(r.Header.Get(echo.HeaderAccept), ",") {
		if kind, _, _ = strings.Cut(kind, ";"); strings.EqualFold(strings.TrimSpace(kind), lines) {
			return true
		}
	}
	return false
}

// telling is a reply that has more lines to come.
type telling struct {
	*Server
	c     echo.Context
	q     advisory.Question
	begun bool
	sound []string // of the parts so far
}

// tell asks the Advisor and replies with each part as soon as it may be said. When the caller goes away the question's context
// ends, and with it a model's writing.
func (s *Server) tell(c echo.Context, q advisory.Question) error {
	q.ID = advisory.NewID()
	t := &telling{Server: s, c: c, q: q, sound: []string{}}
	q.Hear = func(speech advisory.Speech, _ []advisory.Sound) { t.hear(speech) }
	answer, err := s.Advisor.Ask(c.Request().Context(), q)
	if err != nil && answer.ID == "" {
		return err
	}
	t.begin()
	r := s.replyOf(q, answer, err, t.sound)
	return t.send(line{Answer: &r})
}

// begin commits to a reply of lines: from here on there is something to be heard.
func (t *telling) begin() {
	if t.begun {
		return
	}
	t.begun = true
	t.answers.add(t.q.ID, t.q.Lang, t.q.Session)
	t.c.Response().Header().Set(echo.HeaderContentType, lines)
	t.c.Response().WriteHeader(http.StatusOK)
}

// hear sends a part. A caller who has gone away misses it; the context tells the Advisor.
func (t *telling) hear(speech advisory.Speech) {
	t.begin()
	p := part{Text: speech.Text, Lang: speech.Lang, Sound: t.sounds(t.q.ID, []advisory.Speech{speech})}
	t.sound = append(t.sound, p.Sound...)
	_ = t.send(line{Part: &p})
}

// send writes a line and brings it on its way.
func (t *telling) send(l line) error {
	if err := json.NewEncoder(t.c.Response()).Encode(l); err != nil {
		return err
	}
	return http.NewResponseController(t.c.Response()).Flush()
}
