package edge

import (
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/wire"
)

// Setup is what the page of the first run works with.
type Setup struct {
	Keeps func() []string // ids of the crops and animals that the box has advice on, in the order in which they are offered
	Flags wire.Settings   // what flags, environment or configuration say: it stands before what is set up here
	Saved func()          // told when something was saved
}

// setupRoutes are those of the first run, all behind the operator.
func (s *Server) setupRoutes(e *echo.Echo) {
	if s.Setup == nil || s.Store == nil {
		return
	}
	e.GET("/setup", s.setupPage, s.operator)
	e.GET("/v1/setup", s.setupNow, s.operator)
	e.POST("/v1/setup", s.saveSetup, s.operator)
}

// setupPage is GET /setup.
func (s *Server) setupPage(c echo.Context) error {
	return s.pageOf(c, "setup.html")
}

// choice is something that can be ticked.
type choice struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Picture string `json:"picture,omitempty"` // /page/pictures.svg#picture; none where it has no picture of its own
}

// setupReply is what GET /v1/setup tells.
type setupReply struct {
	Lang      advisory.Lang     `json:"lang"`
	Texts     map[string]string `json:"texts"`
	Village   Village           `json:"village"`
	Office    wire.Settings     `json:"office"` // holds where the village says nothing
	Flags     wire.Settings     `json:"flags"`  // stands before both
	Languages []choice          `json:"languages"`
	Countries []string          `json:"countries"` // codes; the browser has their names in the language
	Zones     []choice          `json:"zones"`
	Crops     []choice          `json:"crops"`
	Animals   []choice          `json:"animals"`
	PIN       bool              `json:"pin"`   // one is kept
	Today     string            `json:"today"` // as YYYY-MM-DD; "" while the clock is known to be wrong
}

// setupNow is GET /v1/setup: what is set, by whom, and what there is to choose from.
func (s *Server) setupNow(c echo.Context) error {
	lang, err := langOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	r := setupReply{Lang: lang, Texts: advisory.Messages(lang, "setup_"), Flags: s.Setup.Flags}
	for _, kind := range advisory.ContactKinds() {
		r.Texts["contact_"+string(kind)] = advisory.Say(lang, "page_contact_"+string(kind))
	}
	village, err1 := s.Store.Village(ctx)
	office, err2 := s.Store.Office(ctx)
	pin, err3 := s.Store.HasPIN(ctx)
	today, err4 := s.Store.Today(ctx)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	r.Village, r.Office, r.PIN, r.Today = village, wire.Settings{Country: office.Country, Zone: office.Zone, Contacts: office.Contacts}, pin, today
	for _, l := range s.languages(ctx) {
		r.Languages = append(r.Languages, choice{ID: string(l.Lang), Name: l.Name})
	}
	r.Countries = advisory.Countries()
	for _, zone := range advisory.Zones() {
		r.Zones = append(r.Zones, choice{ID: zone, Name: advisory.Say(lang, "setup_zone_"+zone)})
	}
	r.Crops, r.Animals = s.keeps(lang, village)
	return c.JSON(http.StatusOK, r)
}

// keeps gives the crops and animals to choose from: those that the village has chosen, and those that the box has advice on.
func (s *Server) keeps(lang advisory.Lang, v Village) (crops, animals []choice) {
	crops, animals = []choice{}, []choice{}
	lexicon := s.Advisor.Library().Lexicon
	ids := slices.Concat(s.Setup.Keeps(), v.Crops, v.Animals)
	for i, id := range ids {
		concept := lexicon.Concept(id)
		if concept == nil || slices.Contains(ids[:i], id) {
			continue
		}
		one := choice{ID: id, Name: lexicon.Name(id, lang), Picture: content.PictureOf(id)}
		if concept.Kind == advisory.Animal {
			animals = append(animals, one)
		} else {
			crops = append(crops, one)
		}
	}
	return crops, animals
}

// saveSetup is POST /v1/setup: the whole of what is set. A PIN is set where one is given, and stays where none is.
func (s *Server) saveSetup(c echo.Context) error {
	var body struct {
		Lang    string  `json:"lang"`
		Village Village `json:"village"`
		PIN     string  `json:"pin"`
	}
	if err := readJSON(c, &body); err != nil {
		return err
	}
	lang, err := setLang(c, body.Lang)
	if err != nil {
		return err
	}
	err = s.keepSetup(c, body.Village, body.PIN)
	if field := Wrong(""); errors.As(err, &field) {
		return &advisory.Error{Code: advisory.BadRequest, Hint: field.In(lang), Err: err}
	}
	if err != nil {
		return err
	}
	s.Setup.Saved()
	return c.NoContent(http.StatusNoContent)
}

// keepSetup saves both or, where one is Wrong, neither.
func (s *Server) keepSetup(c echo.Context, v Village, pin string) error {
	if pin != "" {
		if err := CheckPIN(pin); err != nil {
			return err
		}
	}
	ctx := c.Request().Context()
	if err := s.Store.SaveVillage(ctx, v, s.Advisor.Library().Lexicon); err != nil || pin == "" {
		return err
	}
	return s.Store.SetPIN(ctx, pin)
}

// wantsSetup reports whether nobody has set the box up yet, and the caller may do so without a PIN.
func (s *Server) wantsSetup(r *http.Request) bool {
	if s.Setup == nil || s.Store == nil || !local(r) {
		return false
	}
	ctx := r.Context()
	right, err := s.rightPIN(ctx)
	if err != nil || right != nil {
		return false
	}
	set, err := s.Store.isSetUp(ctx)
	return err == nil && !set
}
