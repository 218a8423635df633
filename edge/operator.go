package edge

import (
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"jembe/advisory"
)

// A PIN is short, so few guesses are let through: after maxGuesses wrong ones nobody gets in for guessPause.
const (
	maxGuesses = 5
	guessPause = time.Minute
)

// guesses counts wrong PINs of all callers together: on an open Wi-Fi anybody can have any address.
type guesses struct {
	mu    sync.Mutex
	wrong int
	until time.Time
}

// operator stands before what only those who look after the box may do. Where a PIN is set it is asked for, as the password of HTTP
// Basic authentication; without one only a program or browser on the box itself gets in, by a name of the box itself, so that
// no other site's name can lead a browser there.
func (s *Server) operator(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.PIN == "" {
			if !local(c.Request()) {
				return &advisory.Error{Code: advisory.NotFound, Hint: "open this on the box itself, or set JEMBE_OPERATOR_PIN there"}
			}
			return next(c)
		}
		knows, err := s.guesses.check(c.Request(), s.PIN)
		if err != nil {
			return err
		}
		if !knows {
			c.Response().Header().Set("WWW-Authenticate", `Basic realm="Jembe", charset="UTF-8"`)
			return echo.ErrUnauthorized
		}
		return next(c)
	}
}

// check reports whether the caller knows the PIN. It counts wrong ones, and refuses all for a while after too many.
func (g *guesses) check(r *http.Request, want string) (knows bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Now().Before(g.until) {
		return false, &advisory.Error{Code: advisory.Busy, Hint: "too many wrong PINs: wait a minute"}
	}
	_, pin, ok := r.BasicAuth()
	if !ok { // the browser asks its user next
		return false, nil
	}
	if subtle.ConstantTimeCompare([]byte(pin), []byte(want)) == 1 {
		g.wrong = 0
		return true, nil
	}
	if g.wrong++; g.wrong >= maxGuesses {
		g.wrong, g.until = 0, time.Now().Add(guessPause)
	}
	return false, nil
}

// local reports whether the caller is on the box itself, and calls it by such a name.
func local(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !from.Addr().Unmap().IsLoopback() {
		return false
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// newTakeID is random, so that no page can guess another's take.
func newTakeID() string { return rand.Text() }
