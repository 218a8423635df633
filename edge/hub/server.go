package hub

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/sys/unix"

	"jembe/advisory"
	"jembe/edge/durable"
	"jembe/edge/wire"
)

// route makes the table of what the hub answers.
func (h *Hub) route() {
	e := echo.New()
	e.HTTPErrorHandler = h.fail
	e.GET("/healthz", h.health)
	e.POST(wire.PathPush, h.signed(h.push))
	e.POST(wire.PathEnroll, h.signed(h.enroll))
	h.routeContent(e)
	h.routeEscalations(e)
	h.officeRoutes(e)
	h.routes = e
}

// health is GET /healthz: the hub answers, and so does its database.
func (h *Hub) health(c echo.Context) error {
	if err := h.db.Read.PingContext(c.Request().Context()); err != nil {
		return &advisory.Error{Code: advisory.Busy, Err: err}
	}
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

// fail renders an error as an RFC 9457 problem. Our own failures are logged, and their hints stay here: they may name folders.
func (h *Hub) fail(err error, c echo.Context) {
	if c.Response().Committed || c.Request().Context().Err() != nil {
		return // nobody is waiting any more
	}
	c.Response().Header().Set(echo.HeaderContentType, "application/problem+json")
	p := h.problem(err, c.Path())
	if err := c.JSON(p.Status, p); err != nil {
		h.Log.Debug("write problem", "error", err)
	}
}

// problem gives the problem of an error met on a path.
func (h *Hub) problem(err error, path string) wire.Problem {
	he, tooLarge := (*echo.HTTPError)(nil), (*http.MaxBytesError)(nil)
	switch {
	case errors.As(err, &tooLarge):
		err = &advisory.Error{Code: advisory.TooLarge, Hint: fmt.Sprintf("send at most %d bytes", tooLarge.Limit)}
	case errors.As(err, &he) && he.Code == http.StatusNotFound:
		err = &advisory.Error{Code: advisory.NotFound}
	case errors.As(err, &he) && he.Code < 500:
		err = &advisory.Error{Code: advisory.BadRequest}
	}
	p := wire.NewProblem(wire.AsError(err), "en")
	if he != nil && he.Code < 500 {
		p.Status = he.Code // 405 and the like
	}
	if p.Status >= 500 {
		h.Log.Error("request failed", "path", path, "error", err)
		p.Hint = ""
	}
	return p
}

// serving is what serve leaves in the data folder for enroll: <data>/serving.json.
type serving struct {
	Address     string `json:"address"`     // at which boxes reach the hub
	Fingerprint string `json:"fingerprint"` // of the signing key
}

// Serve answers on the listener until the context ends, then lets what is under way end within 10 seconds. Boxes reach the hub at
// the address: it is kept for enroll. With certificates a connection is TLS.
func (h *Hub) Serve(ctx context.Context, l net.Listener, address string, certificates *tls.Config) error {
	if err := h.checkBackupDir(); err != nil {
		return err
	}
	use, err := durable.Lock(filepath.Join(h.Data, "key"), unix.LOCK_SH) // restore keeps away
	if err != nil {
		return folderError(h.Data, err)
	}
	defer use.Close()
	kept, err := json.Marshal(serving{address, h.Fingerprint()})
	if err != nil {
		return err
	}
	if err := durable.WriteFile(h.servingFile(), append(kept, '\n')); err != nil {
		return folderError(h.Data, err)
	}
	server := &http.Server{
		Handler: h, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(h.Log.Handler(), slog.LevelDebug), TLSConfig: certificates,
		ReadHeaderTimeout: 30 * time.Second, ReadTimeout: 3 * time.Minute, WriteTimeout: 10 * time.Minute, IdleTimeout: 2 * time.Minute,
	}
	ctx, stop := context.WithCancel(ctx)
	if err := h.publishWords(ctx, ""); err != nil {
		h.Log.Error("publish the local words", "error", err)
	}
	var beside sync.WaitGroup
	beside.Go(func() { h.keepCounting(ctx) })
	beside.Go(func() { h.keepHouse(ctx) })
	defer beside.Wait()
	defer stop()
	done := make(chan error, 1)
	go func() {
		if certificates != nil {
			done <- server.ServeTLS(l, "", "")
		} else {
			done <- server.Serve(l)
		}
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(server.Shutdown(grace), server.Close())
}

func (h *Hub) servingFile() string { return filepath.Join(h.Data, "serving.json") }

// servedAddress is the address at which serve was last reached; it may be serving now, or not.
func (h *Hub) servedAddress() (string, error) {
	data, err := os.ReadFile(h.servingFile())
	var s serving
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil || s.Fingerprint != h.Fingerprint() {
		return "", &advisory.Error{Code: advisory.BadRequest, Err: errors.New("the hub has not served from this data folder yet"), Hint: "start jembe-hub serve on this data folder, or give --address https://HOST:PORT"}
	}
	return s.Address, nil
}

// Listen takes the address (":8443"), before anything is served; PortTaken when another program has it.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, unix.EADDRINUSE):
		return nil, &advisory.Error{Code: advisory.PortTaken, Hint: "stop the program that uses " + addr + ", or choose another address with --listen", Err: err}
	case err != nil:
		return nil, &advisory.Error{Code: advisory.BadRequest, Hint: "choose another address with --listen, such as 0.0.0.0:8443", Err: err}
	}
	return l, nil
}
