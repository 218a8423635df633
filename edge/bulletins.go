package edge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

// vouch keeps the hub's time in a reply to a request that went out at a time of the box's steady clock, both in ms.
func (s *Store) vouch(ctx context.Context, hub, mono int64) error {
	return s.explain(s.with(ctx, func(db *sqlite.DB) error {
		_, err := db.Write.ExecContext(ctx, `UPDATE line SET vouched_ms = ?, vouched_mono = ?, vouched_boot = ?`, hub, mono, bootID())
		return err
	}))
}

// trustedTime gives the time, Unix ms, where something vouches for it; false where nothing does. That is network time; else the hub's
// time of a contact since the machine was started, and what has passed by the steady clock; else a clock that runs without power, put
// forward by what it was behind the hub at the last contact, unless it is behind what the box has known; as it may have been set right
// since, the time is then no earlier than it says. A clock that merely goes on from where it stood when the power went is not enough.
func (s *Store) trustedTime(ctx context.Context) (ms, earliest int64, ok bool, err error) {
	at := s.clock()
	var known, behind, hub, mono int64
	var boot string
	var office officeSaid
	err = s.explain(s.with(ctx, func(db *sqlite.DB) error {
		return db.Read.QueryRowContext(ctx, `SELECT vouched_ms, vouched_mono, vouched_boot, max(hub_ms - wall_ms, 0),
			max(hub_ms, coalesce((SELECT known_ms FROM events ORDER BY n DESC LIMIT 1), 0)) FROM line`).Scan(&hub, &mono, &boot, &behind, &known)
	}))
	if err = errors.Join(err, s.setting(ctx, settingOffice, &office)); err != nil {
		return 0, 0, false, err
	}
	switch {
	case at.synced:
		return at.wall, at.wall, true, nil
	case hub > 0 && boot == bootID() && boot != "" && at.mono >= mono:
		return hub + at.mono - mono, hub + at.mono - mono, true, nil
	}
	return at.wall + behind, at.wall, at.kept && at.wall+behind >= max(known, office.Time, built), nil
}

// Bulletins gives what the office says at this moment at a place, in its order; none while no trusted time tells what is in force:
// better nothing than what is out of date. What a box of ours would not say is passed over.
func (s *Store) Bulletins(ctx context.Context, place advisory.Place) ([]wire.Bulletin, error) {
	office, err := s.Office(ctx)
	if err != nil || len(office.Bulletins) == 0 {
		return nil, err
	}
	now, earliest, ok, err := s.trustedTime(ctx)
	if err != nil || !ok {
		return nil, err
	}
	var out []wire.Bulletin
	for _, b := range office.Bulletins {
		if b.InForce(now) && b.InForce(earliest) && b.HoldsIn(place) && b.Validate() == nil {
			out = append(out, b)
		}
	}
	return out, nil
}

// heardBulletin is a bulletin as the page gets it.
type heardBulletin struct {
	ID    string            `json:"id"`
	Kind  wire.BulletinKind `json:"kind"`
	Title string            `json:"title"` // of the kind
	Text  string            `json:"text"`
	Sound []string          `json:"sound"` // addresses in order; none where the language has no voice
}

// bulletins gives what the office says at this moment in a language; none in languages in which it says nothing.
func (s *Server) bulletins(ctx context.Context, lang advisory.Lang) ([]heardBulletin, error) {
	out := []heardBulletin{}
	if s.Store == nil {
		return out, nil
	}
	var place advisory.Place // none set: what is for any place is for this one
	if s.Advisor.Setting != nil {
		place = s.Advisor.Setting().Place
	}
	all, err := s.Store.Bulletins(ctx, place)
	if err != nil {
		return nil, err
	}
	for _, b := range all {
		if b.Texts[lang] == "" {
			continue
		}
		h := heardBulletin{ID: b.ID, Kind: b.Kind, Title: advisory.Say(lang, "page_bulletin_"+string(b.Kind)), Text: b.Texts[lang], Sound: []string{}}
		for i := range s.cut(h.speech(lang)) {
			h.Sound = append(h.Sound, fmt.Sprintf("/v1/bulletins/%s/sound/%d?lang=%s", b.ID, i+1, lang))
		}
		out = append(out, h)
	}
	return out, nil
}

// speech is what is said of a bulletin: who speaks, then what.
func (h heardBulletin) speech(lang advisory.Lang) []advisory.Speech {
	return []advisory.Speech{{Text: h.Title, Lang: lang}, {Text: h.Text, Lang: lang}}
}

// listBulletins is GET /v1/bulletins.
func (s *Server) listBulletins(c echo.Context) error {
	lang, err := langOf(c)
	if err != nil {
		return err
	}
	all, err := s.bulletins(c.Request().Context(), lang)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"lang": lang, "bulletins": all})
}

// bulletinSound is GET /v1/bulletins/{id}/sound/{piece}; NotFound once its time is over.
func (s *Server) bulletinSound(c echo.Context) error {
	lang, err := langOf(c)
	if err != nil {
		return err
	}
	all, err := s.bulletins(c.Request().Context(), lang)
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(c.Param("piece"))
	for _, h := range all {
		if h.ID != c.Param("id") || n < 1 || n > len(h.Sound) {
			continue
		}
		sound, err := s.voice(c.Request().Context(), &piece{speech: s.cut(h.speech(lang))[n-1]})
		if err != nil {
			return err
		}
		return c.Blob(http.StatusOK, mediaType(sound), sound)
	}
	return &advisory.Error{Code: advisory.NotFound, Hint: "the office no longer says this: see /v1/bulletins"}
}
