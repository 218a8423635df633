// Package edge is the box: its HTTP server, the farmer's page, the Store that keeps the record of what was asked, and the Syncer
// that carries it to the office.
//
// It owns these files in the data folder: jembe.db (events, detached words, local words, sealed escalations and the replies to them), key (the box's Ed25519 key), identity (its age
// identity), hub.json (the office at which it is enrolled), epoch (how far the database had come, to tell a copy of it) and
// ballast (room held back for a full card). It runs on Linux. It dials the hub at which it is enrolled and nobody else, keeps no
// recording but a sealed one, and never searches, hears or speaks itself: that is behind the advisory.Advisor it is given.
package edge

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"
	"golang.org/x/sys/unix"

	"jembe/advisory"
	"jembe/content"
)

// Config is what a Server is made of.
type Config struct {
	Advisor   *advisory.Advisor // its Speaker and Recorder serve here too
	Store     *Store            // for the status, and to erase words that have expired; nil: nothing is recorded
	Languages func() []Language // what the box can do in each language at this moment
	Version   string
	Log       *slog.Logger // for failures on our side

	// Part cuts a speech where the voice changes and leaves out what no voice can say; nil: the Speaker says all in the languages
	// that Languages gives as spoken.
	Part   func(advisory.Speech) []advisory.Speech
	Studio *Studio // nil: nothing can be recorded here
	Setup  *Setup  // nil: nothing can be set up here

	Content func() *content.Library // the packs of this moment, for their calendars; nil: nothing is told of this week

	Glossary *Glossary // nil: no local words here

	PIN string // of the operator; empty: that of setup, and where there is none only those on the box itself are one
}

// Language is what the box can do in a language.
type Language struct {
	Lang      advisory.Lang `json:"lang"`
	Name      string        `json:"name"`  // its own; filled in by the Server
	Typed     bool          `json:"typed"` // questions can be typed
	Heard     bool          `json:"heard"` // questions can be spoken
	Spoken    bool          `json:"spoken"`
	Documents int           `json:"documents"`
	Village   bool          `json:"village"` // the village's own: those are offered first; filled in by the Server
}

// Server answers on HTTP.
type Server struct {
	Config
	answers *answers
	tries   *tries
	hearing chan struct{} // a place for each recording that is taken in and heard at once
	voicing chan struct{} // a place for each piece that is rendered at once
	routes  *echo.Echo
	handler http.Handler // routes, compressed
	pending pending      // takes of the recorder
	guesses guesses      // at the operator's PIN
	files   map[string]asset

	background sync.WaitGroup
	life       context.Context // of what goes on after a reply
	end        context.CancelFunc
}

//go:embed openapi.yaml page
var embedded embed.FS

// NewServer makes the Server; nothing listens yet.
func NewServer(c Config) *Server {
	s := &Server{Config: c, answers: newAnswers(), tries: newTries(), hearing: make(chan struct{}, 2), voicing: make(chan struct{}, 2), files: loadAssets()}
	s.life, s.end = context.WithCancel(context.Background())
	e := echo.New()
	e.HTTPErrorHandler = s.fail
	e.Use(s.guard)

	e.GET("/", s.page)
	e.GET("/page/:file", s.page)
	e.POST("/v1/ask", s.ask)
	e.POST("/v1/ask/audio", s.askAudio)
	e.GET("/v1/answers/:id/sound", s.sound)
	e.GET("/v1/answers/:id/sound/:piece", s.sound)
	e.POST("/v1/answers/:id/rating", s.rate)
	e.POST("/v1/answers/:id/escalation", s.escalate)
	e.POST("/v1/answers/:id/ticket", s.takeTicket)
	e.POST("/v1/followups", s.followUp)
	e.POST("/v1/replies/:code", s.openReply)
	e.POST("/v1/replies/:code/withdrawal", s.withdrawAsked)
	e.POST("/v1/sessions/:id/end", s.endSession)
	e.GET("/v1/menu", s.menu)
	e.GET("/v1/menu/sound/:path", s.menuSound)
	e.GET("/v1/week", s.week)
	e.GET("/v1/village", s.village)
	e.GET("/v1/village/sound/:part", s.villageSound)
	s.studioRoutes(e)
	s.setupRoutes(e)
	s.glossaryRoutes(e)
	e.GET("/v1/bulletins", s.listBulletins)
	e.GET("/v1/bulletins/:id/sound/:piece", s.bulletinSound)
	e.GET("/v1/messages", s.messages)
	e.GET("/v1/messages/:key/sound", s.messageSound)
	e.GET("/v1/status", s.status)
	e.GET("/healthz", s.health)
	e.GET("/openapi.yaml", s.openAPI)

	s.routes, s.handler = e, compressed(e)
	return s
}

// Withdraw keeps all answers given so far from being heard again: the office has taken back what they may stand on.
func (s *Server) Withdraw() { s.answers.withdraw() }

// compressed sends text in gzip to those who take it: the menu and its pictures are a tenth of their size over a thin Wi-Fi. Sound is
// sent as it is.
func compressed(h http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.ContentTypes([]string{
		"text/html", "text/css", "text/javascript", "image/svg+xml", "application/json", "application/yaml",
	}))
	if err != nil {
		panic(err) // the options are part of the program
	}
	return wrap(h)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Listen takes the address ("127.0.0.1:8080"), before anything is served; PortTaken when another program has it.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, unix.EADDRINUSE):
		return nil, &advisory.Error{Code: advisory.PortTaken, Hint: "stop the program that uses " + addr + ", or choose another address with --listen", Err: err}
	case err != nil:
		return nil, &advisory.Error{Code: advisory.Internal, Hint: "choose another address with --listen, such as 127.0.0.1:8080", Err: err}
	}
	return l, nil
}

// Serve answers on the listener until the context ends, then lets what is under way end within 10 seconds.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: s, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 90 * time.Second, WriteTimeout: 3 * time.Minute, IdleTimeout: 2 * time.Minute,
	}
	s.background.Go(s.eraseExpired)
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		s.end()
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err := server.Shutdown(grace)
	s.end()
	s.background.Wait()
	return errors.Join(err, server.Close())
}

// eraseExpired erases words past their time, now and once a day.
func (s *Server) eraseExpired() {
	for s.Store != nil {
		if _, err := s.Store.EraseExpired(s.life); err != nil && s.life.Err() == nil {
			s.Log.Error("erase expired words", "error", err)
		}
		select {
		case <-s.life.Done():
			return
		case <-time.After(24 * time.Hour):
		}
	}
}

// languages gives what the box can do in each language, with their own names; those of the village first, in its order.
func (s *Server) languages(ctx context.Context) []Language {
	var first []advisory.Lang
	if s.Store != nil {
		if v, err := s.Store.Village(ctx); err == nil { // a record in trouble hides no language
			first = v.Languages
		}
	}
	all := s.Languages()
	for i := range all {
		all[i].Name = advisory.Say(all[i].Lang, "lang_name")
		all[i].Village = slices.Contains(first, all[i].Lang)
	}
	slices.SortStableFunc(all, func(a, b Language) int { return placeOf(first, a.Lang) - placeOf(first, b.Lang) })
	return all
}

// placeOf is where a language stands among others; behind all where it is none of them.
func placeOf(langs []advisory.Lang, l advisory.Lang) int {
	if i := slices.Index(langs, l); i >= 0 {
		return i
	}
	return len(langs)
}

// asset is an embedded file of the page.
type asset struct {
	data []byte
	etag string
}

func loadAssets() map[string]asset {
	pictures := content.PictureSheet()
	out := map[string]asset{"pictures.svg": {pictures, etag(pictures)}}
	err := fs.WalkDir(embedded, "page", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := embedded.ReadFile(path)
		out[d.Name()] = asset{data, etag(data)}
		return err
	})
	if err != nil {
		panic(err) // the files are part of the program
	}
	return out
}
