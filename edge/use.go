package edge

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
)

// advice is an advice, or another form of one, as the page gets it.
type advice struct {
	ID     string        `json:"id,omitempty"`     // of the answer that gives it again
	Title  string        `json:"title,omitempty"`  // where it was not told before
	Number string        `json:"number,omitempty"` // in the menu, "2-1-4"
	Lang   advisory.Lang `json:"lang,omitempty"`
	Text   string        `json:"text"`
	Sound  []string      `json:"sound"` // addresses of its pieces in order
}

// takeTicket is POST /v1/answers/{id}/ticket: the farmer takes a code home, by which the advice is heard again.
func (s *Server) takeTicket(c echo.Context) error {
	var body struct {
		Session string `json:"session"`
	}
	if err := readJSON(c, &body); err != nil {
		return err
	}
	g, err := s.answered(c, body.Session)
	if err != nil {
		return err
	}
	switch {
	case g.document == "":
		return badRequest("only an answer that gives an advice has a ticket")
	case s.Store == nil:
		return &advisory.Error{Code: advisory.Internal, Hint: "nothing is recorded on this box; see jembe doctor"}
	}
	t, err := s.Store.TakeTicket(c.Request().Context(), Taken{Answer: g.id, Document: g.document, Lang: g.lang})
	if err != nil {
		return err
	}
	n := noted{Code: t.Code, Picture: t.Picture, PictureName: pictureName(g.lang, t.Picture)}
	n.Message = advisory.Say(g.lang, "ticket_given", "code", strings.Join(strings.Split(t.Code, ""), " "), "picture", n.PictureName)
	n.Sound = s.sayOnce(g.session, g.lang, n.Message)
	return c.JSON(http.StatusOK, n)
}

// recall gives the advice of a ticket as it stands now, what comes next, and asks whether it was of use. One that is no longer given is
// told to be so, and not repeated.
func (s *Server) recall(c echo.Context, t Taken, lang advisory.Lang, session string) error {
	r := replied{State: replyAdvice, Replies: []string{}, Asks: !t.Settled}
	a, next, err := s.Advisor.Recall(c.Request().Context(), t.Document, lang)
	if err != nil {
		if asError(err).Code != advisory.NotFound {
			return err
		}
		r.State, r.Asks = replyWithdrawn, false
	}
	r.Message = advisory.Say(lang, "reply_"+string(r.State))
	id := s.answers.addMessage(lang, session)
	s.answers.recalls(id, t)
	r.Sound = s.sounds(id, []advisory.Speech{{Text: r.Message, Lang: lang}})
	if r.State == replyAdvice {
		numbers := s.Advisor.Library().Menu.Numbers()
		r.Advice = &advice{ID: id, Title: a.Citations[0].Title, Number: numbers[t.Document], Lang: a.Lang, Text: a.Text, Sound: s.sounds(id, a.Speech)}
		r.Reminder = textOf(next)
		r.Sound = slices.Concat(r.Sound, r.Advice.Sound, s.sounds(id, next))
	}
	return c.JSON(http.StatusOK, r)
}

// followUpBody says of which advice, and what. One of code with its picture, number and answer is given.
type followUpBody struct {
	Code    string          `json:"code"`
	Picture int             `json:"picture"`
	Number  string          `json:"number"` // of the menu, "2-1-4"
	Answer  string          `json:"answer"`
	Done    *bool           `json:"done"` // null: passed over
	Helped  advisory.Helped `json:"helped"`
	Why     advisory.WhyNot `json:"why"`
	Lang    string          `json:"lang"`
	Session string          `json:"session"`
}

// said gives what the body says of the advice.
func (b followUpBody) said() (advisory.Followup, error) {
	f := advisory.Followup{Helped: b.Helped, Why: b.Why}
	switch {
	case b.Done == nil:
	case *b.Done:
		f.Done = advisory.DoneYes
	default:
		f.Done = advisory.DoneNo
	}
	if !f.Valid() {
		return f, badRequest("helped is yes, no or too_soon, of what was done; why is no_money, not_to_be_had, not_understood or not_believed, of what was not")
	}
	return f, nil
}

// followUp is POST /v1/followups: a farmer who came back says whether an advice was done, and of use.
func (s *Server) followUp(c echo.Context) error {
	var body followUpBody
	if err := readJSON(c, &body); err != nil {
		return err
	}
	if err := s.checkAsker(c, body.Lang, body.Session); err != nil {
		return err
	}
	said, err := body.said()
	if err != nil {
		return err
	}
	t, err := s.ofWhich(c, body)
	if err != nil {
		return err
	}
	if s.Store == nil {
		return &advisory.Error{Code: advisory.Internal, Hint: "nothing is recorded on this box; see jembe doctor"}
	}
	e := advisory.Event{Kind: advisory.KindFollowup, Answer: t.Answer, Session: body.Session, Lang: t.Lang, Followup: &said}
	if t.Document != "" {
		e.Documents = []string{t.Document}
		e.Concepts = s.topicsOf(c, t)
	}
	if err := s.Store.FollowUp(c.Request().Context(), e); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// ofWhich finds the advice that a follow-up is of, and the language in which it was given.
func (s *Server) ofWhich(c echo.Context, body followUpBody) (Taken, error) {
	given := 0
	for _, one := range []string{body.Code, body.Number, body.Answer} {
		if one != "" {
			given++
		}
	}
	lang, _ := c.Get(langKey).(advisory.Lang)
	switch {
	case given != 1:
		return Taken{}, badRequest("give one of code with its picture, number and answer")
	case body.Code != "":
		o, err := s.open(c.Request().Context(), Ticket{body.Code, body.Picture})
		if err != nil || o.taken == nil {
			return Taken{Answer: o.answer(), Lang: o.escalation.Lang}, err
		}
		return *o.taken, nil
	case body.Number != "":
		document, ok := s.Advisor.Library().Menu.Advice(body.Number)
		if !ok {
			return Taken{}, &advisory.Error{Code: advisory.NotFound, Hint: "give the number of an advice in the menu, such as 2-1-4"}
		}
		return Taken{Document: document, Lang: lang}, nil
	}
	g, err := s.answers.answered(body.Answer, body.Session)
	if err == nil && g.document == "" {
		err = badRequest("only an answer that gives an advice can be followed up")
	}
	return Taken{Answer: g.id, Document: g.document, Lang: g.lang}, err
}

// topicsOf is what an advice is about, so that its use can be counted by topic; nothing where it is no longer here.
func (s *Server) topicsOf(c echo.Context, t Taken) []string {
	found, err := s.Advisor.Library().Retriever.Retrieve(c.Request().Context(), advisory.Query{Document: t.Document, Lang: t.Lang, Limit: 1})
	if err != nil || len(found) == 0 {
		return nil // it is counted all the same
	}
	d := found[0].Document
	return slices.Concat(d.Crops, d.Animals, d.Topics)
}
