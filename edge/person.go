package edge

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
	"jembe/edge/wire"
)

// noted is what a farmer gets who asks for a person.
type noted struct {
	Message     string   `json:"message"`      // what happens next
	Code        string   `json:"code"`         // three digits, by which the reply is heard; "": none can come
	Picture     int      `json:"picture"`      // beside the code, from 1; 0: there is no code
	PictureName string   `json:"picture_name"` // as it is said
	Sound       []string `json:"sound"`        // addresses of the pieces of the message
}

// escalate is POST /v1/answers/{id}/escalation: the farmer asks for a person, and says what may go to them. Nothing is the default.
func (s *Server) escalate(c echo.Context) error {
	var body struct {
		Session string            `json:"session"`
		Consent *advisory.Consent `json:"consent"`
	}
	if err := readJSON(c, &body); err != nil {
		return err
	}
	e := advisory.Event{Kind: advisory.KindEscalation, Consent: body.Consent}
	var g given
	var ticket *Ticket
	var err error
	if e.Consent == nil || *e.Consent == (advisory.Consent{}) || s.Store == nil {
		g, err = s.record(c, body.Session, e)
	} else {
		g, ticket, err = s.sealFor(c, body.Session, e)
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, s.notedOf(g, ticket))
}

// sealFor keeps what the farmer lets go to a person, sealed.
func (s *Server) sealFor(c echo.Context, session string, e advisory.Event) (given, *Ticket, error) {
	g, err := s.answered(c, session)
	if err != nil {
		return g, nil, err
	}
	e.Answer, e.Session = g.id, g.session
	asked := g.asked
	if !e.Consent.Words {
		asked.Words = ""
	}
	if !e.Consent.Voice {
		asked.Voice = nil
	}
	ticket, err := s.Store.Escalate(c.Request().Context(), e, g.lang, asked)
	if err == nil && ticket != nil {
		s.answers.keep(g.id, wire.Asked{Words: g.asked.Words}) // what is sealed need not stay in memory
	}
	return g, ticket, err
}

// notedOf says what comes of it. Nobody in despair is told to wait for a connection, and nobody is promised what cannot come.
func (s *Server) notedOf(g given, ticket *Ticket) noted {
	enrolled := false
	if s.Store != nil {
		m, err := ReadMembership(s.Store.dir)
		enrolled = err == nil && m != nil
	}
	text := "page_escalated"
	switch {
	case g.reason == advisory.Despair && enrolled:
		text = "escalated_despair"
	case g.reason == advisory.Despair:
		text = "escalated_despair_nobody"
	case !enrolled:
		text = "escalated_nobody"
	case ticket != nil:
		text = "escalated_sealed"
	}
	n := noted{Message: advisory.Say(g.lang, text)}
	if ticket != nil {
		n.Code, n.Picture, n.PictureName = ticket.Code, ticket.Picture, pictureName(g.lang, ticket.Picture)
		n.Message += " " + advisory.Say(g.lang, "escalated_code", "code", strings.Join(strings.Split(ticket.Code, ""), " "), "picture", n.PictureName) +
			" " + advisory.Say(g.lang, "escalated_key", "key", fmt.Sprint(n.Picture))
	}
	n.Sound = s.sayOnce(g.session, g.lang, n.Message)
	return n
}

// pictureName says a picture; there are wire.PictureCount.
func pictureName(lang advisory.Lang, picture int) string {
	return advisory.Say(lang, fmt.Sprintf("page_picture_%d", picture))
}

// sayOnce gives the addresses of a message's sound, which is remembered as that of an answer is.
func (s *Server) sayOnce(session string, lang advisory.Lang, text string) []string {
	id := s.answers.addMessage(lang, session)
	return s.sounds(id, []advisory.Speech{{Text: text, Lang: lang}})
}

// replied is what a farmer gets who comes back with a code.
type replied struct {
	State    replyState `json:"state"`
	Message  string     `json:"message"`            // said before the rest
	Replies  []string   `json:"replies"`            // what people wrote, in order; "" for one that is only spoken
	Advice   *advice    `json:"advice,omitempty"`   // of a code that was taken for an advice
	Reminder string     `json:"reminder,omitempty"` // what to do next
	Asks     bool       `json:"asks"`               // whether the advice was of use is yet to be said
	Sound    []string   `json:"sound"`              // addresses of the pieces of all of these, in order
}

// replyState is how far a reply has come.
type replyState string

// The states of a reply.
const (
	replyReady   replyState = "ready"
	replyWaiting replyState = "waiting" // nobody has replied yet
	replyLost    replyState = "lost"    // the box has gone to another office since: ask again
	replyClosed  replyState = "closed"  // the office has closed it without a reply: nobody will reply here

	replyAdvice    replyState = "advice"    // the advice for which the code was taken
	replyWithdrawn replyState = "withdrawn" // it is no longer given
)

// ticketBody is the body of what is called with a code.
type ticketBody struct {
	Picture int    `json:"picture"`
	Lang    string `json:"lang"`
	Session string `json:"session"`
}

// opened is what a code stands for: a question for a person, or an advice.
type opened struct {
	escalation wire.Escalation
	sealedFor  string
	replies    []heardReply
	taken      *Taken // nil: it is of a question
}

// answer is the id of the answer after which the code was given.
func (o opened) answer() string {
	if o.taken != nil {
		return o.taken.Answer
	}
	return o.escalation.Answer
}

// openTicket reads code and picture, and gives what they stand for; WrongCode, and TooManyTries for whoever guesses.
func (s *Server) openTicket(c echo.Context, body *ticketBody) (o opened, err error) {
	if err := readJSON(c, body); err != nil {
		return o, err
	}
	if err := s.checkAsker(c, body.Lang, body.Session); err != nil {
		return o, err
	}
	return s.open(c.Request().Context(), Ticket{c.Param("code"), body.Picture})
}

// checkAsker checks language and session of a call.
func (s *Server) checkAsker(c echo.Context, lang, session string) error {
	if _, err := setLang(c, lang); err != nil {
		return err
	}
	if !sessionPattern.MatchString(session) {
		return badRequest("session is at most 64 letters, digits, - and _, made by the caller at random")
	}
	return nil
}

// open gives what a ticket stands for.
func (s *Server) open(ctx context.Context, t Ticket) (o opened, err error) {
	if s.Store == nil {
		return o, &advisory.Error{Code: advisory.WrongCode}
	}
	err = s.tries.try(func() error {
		o.escalation, o.sealedFor, o.replies, err = s.Store.openReplies(ctx, t)
		if known := (*advisory.Error)(nil); errors.As(err, &known) && known.Code == advisory.WrongCode {
			var taken Taken
			if taken, err = s.Store.taken(ctx, t); err == nil {
				o.taken = &taken
			}
		}
		return err
	})
	return o, err
}

// openReply is POST /v1/replies/{code}: the farmer is back, and hears what people replied, or the advice that they took home.
func (s *Server) openReply(c echo.Context) error {
	var body ticketBody
	o, err := s.openTicket(c, &body)
	if err != nil {
		return err
	}
	lang, _ := c.Get(langKey).(advisory.Lang)
	if o.taken != nil {
		return s.recall(c, *o.taken, cmp.Or(lang, o.taken.Lang), body.Session)
	}
	e := o.escalation
	lang = cmp.Or(lang, e.Lang)
	r := replied{State: replyReady, Replies: []string{}}
	if len(o.replies) == 0 {
		if r.State, err = s.silent(c.Request().Context(), e.ID, o.sealedFor); err != nil {
			return err
		}
	}
	r.Message = advisory.Say(lang, "reply_"+string(r.State))
	if r.State == replyClosed && s.Advisor.Setting != nil {
		r.Message = strings.TrimSpace(r.Message + " " + s.Advisor.Setting().Contacts.AskPerson(lang))
	}
	id := s.answers.addMessage(lang, body.Session)
	r.Sound = s.sounds(id, []advisory.Speech{{Text: r.Message, Lang: lang}})
	for _, one := range o.replies {
		r.Replies = append(r.Replies, one.text)
		r.Sound = append(r.Sound, s.replySound(id, e.Lang, one)...)
	}
	if len(o.replies) > 0 {
		if err := s.Store.replyHeard(c.Request().Context(), e, body.Session); err != nil {
			s.Log.Error("record that a reply was heard", "error", err) // it is heard all the same
		}
	}
	return c.JSON(http.StatusOK, r)
}

// silent tells why there is no reply to an escalation that was sealed for a hub.
func (s *Server) silent(ctx context.Context, id, sealedFor string) (replyState, error) {
	closed, err := s.Store.closed(ctx, id)
	if err != nil {
		return "", err
	}
	m, err := ReadMembership(s.Store.dir)
	switch {
	case closed:
		return replyClosed, nil
	case err == nil && (m == nil || sealedFor != "" && m.Recipient != sealedFor):
		return replyLost, nil
	}
	return replyWaiting, nil
}

// replySound adds a reply to what is said: the person's own voice, or where there is none their words read out.
func (s *Server) replySound(id string, lang advisory.Lang, r heardReply) []string {
	if !r.voiced {
		return s.sounds(id, []advisory.Speech{{Text: r.text, Lang: lang}})
	}
	before := s.answers.play(id, func(ctx context.Context) ([]byte, error) { return s.Store.replyVoice(ctx, r.id) })
	return []string{fmt.Sprintf("/v1/answers/%s/sound/%d", id, before+1)}
}

// replyHeard records, once for each reply, that those to an escalation were heard.
func (s *Store) replyHeard(ctx context.Context, e wire.Escalation, session string) error {
	return s.commit(ctx, func(tx *sql.Tx) (mark, error) {
		result, err := tx.ExecContext(ctx, `UPDATE replies SET heard = 1 WHERE escalation = ? AND heard = 0`, e.ID)
		if err != nil {
			return mark{}, err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return mark{}, err
		}
		return s.add(ctx, tx, advisory.Event{Kind: advisory.KindReplyHeard, Answer: e.Answer, Session: session})
	})
}

// withdrawAsked is POST /v1/replies/{code}/withdrawal: the farmer takes back what they said, here and at the office; the code of an advice is
// free again.
func (s *Server) withdrawAsked(c echo.Context) error {
	var body ticketBody
	o, err := s.openTicket(c, &body)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if o.taken != nil {
		if err := s.Store.ReturnTicket(ctx, o.taken.Answer); err != nil {
			return err
		}
	}
	none := (*advisory.Error)(nil)
	if err := s.Store.EraseWords(ctx, o.answer()); err != nil && !(errors.As(err, &none) && none.Code == advisory.NotFound) {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
