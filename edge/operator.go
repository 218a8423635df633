package edge

import (
	"context"
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
	known knownPIN
}

// operator stands before what only those who look after the box may do. Where a PIN is set, by a flag or at setup, it is asked for, as
// the password of HTTP Basic authentication; without one only a program or browser on the box itself gets in, by a name of the box
// itself, so that no other site's name can lead a browser there.
func (s *Server) operator(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		right, err := s.rightPIN(c.Request().Context())
		if err != nil {
			return err
		}
		if right == nil {
			if !local(c.Request()) {
				return &advisory.Error{Code: advisory.NotFound, Hint: "open this on the box itself, or set a PIN there with jembe setup"}
			}
			return next(c)
		}
		knows, err := s.guesses.check(c.Request(), right)
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

// rightPIN gives what tells the right PIN from others: that of the flag, else that of setup; nil where none is set. A record that
// cannot be read lets nobody in.
func (s *Server) rightPIN(ctx context.Context) (func(pin string) bool, error) {
	if s.PIN != "" {
		return func(pin string) bool { return subtle.ConstantTimeCompare([]byte(pin), []byte(s.PIN)) == 1 }, nil
	}
	if s.Store == nil {
		return nil, nil
	}
	hash, err := s.Store.pinHash(ctx)
	if err != nil || hash == "" {
		return nil, err
	}
	return func(pin string) bool { return s.guesses.known.matches(hash, pin) }, nil
}

// check reports whether the caller knows the right PIN. It counts wrong ones, and refuses all for a while after too many.
func (g *guesses) check(r *http.Request, right func(pin string) bool) (knows bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Now().Before(g.until) {
		return false, &advisory.Error{Code: advisory.Busy, Hint: "too many wrong PINs: wait a minute"}
	}
	_, pin, ok := r.BasicAuth()
	if !ok { // the browser asks its user next
		return false, nil
	}
	if right(pin) {
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
