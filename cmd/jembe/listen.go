package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"jembe/advisory"
	"jembe/edge"
	"jembe/voice"
	"jembe/voice/kiosk"
)

type listenCmd struct {
	serveCmd   `embed:""`
	Box        string   `help:"Address of the box that answers; default is that of --listen, where one is started unless it runs." env:"JEMBE_BOX" placeholder:"URL"`
	Input      []string `help:"Input devices, or patterns of their paths; a FIFO of events stands in for one." default:"/dev/input/by-id/*-event-kbd" env:"JEMBE_INPUT" placeholder:"DEVICE"`
	Keys       string   `help:"File of lines such as KEY_B=talk, for keys that mean something else than usual." type:"existingfile" env:"JEMBE_KEYS" placeholder:"FILE"`
	Microphone string   `help:"ALSA device that records." default:"default" env:"JEMBE_MICROPHONE" placeholder:"DEVICE"`
	Speaker    string   `help:"ALSA device that plays." default:"default" env:"JEMBE_SPEAKER" placeholder:"DEVICE"`
	Earphone   string   `help:"ALSA device of an earphone, for what is private." env:"JEMBE_EARPHONE" placeholder:"DEVICE"`
	Lang       string   `help:"Language in which people are greeted; default is the first that the box speaks." env:"JEMBE_LANG" placeholder:"CODE"`
}

// Run serves people at the kiosk until it is told to stop, and the page as well where no box does that yet.
func (l *listenCmd) Run(ctx context.Context, p *program, c *cli) error {
	config, inputs, err := l.config(slog.New(slog.NewTextHandler(p.stderr, nil)))
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	if config.Box = cmp.Or(l.Box, "http://"+here(l.Listen)); l.Box == "" && !answers(ctx, config.Box) {
		ready := make(chan string, 1)
		group.Go(func() error { return l.serve(ctx, p, c, func(addr string) { ready <- addr }) })
		select {
		case addr := <-ready:
			config.Box = "http://" + here(addr)
		case <-ctx.Done():
			return group.Wait()
		}
	}
	l.tellLang(ctx, p.stderr, config.Box)
	presses := make(chan kiosk.Press, 64)
	group.Go(func() error {
		inputs.Read(ctx, presses)
		return nil
	})
	group.Go(func() error { return kiosk.New(config, presses).Run(ctx) })
	fmt.Fprintf(p.stdout, "Jembe listens at the keys of %v, for the box at %s\n", l.Input, config.Box)
	if !pluggedIn(l.Input) {
		fmt.Fprintln(p.stderr, "no number pad or keyboard is plugged in there yet: plug one in, it is taken at once, or name another with --input (docs/kiosk.md)")
	}
	if p.listening != nil {
		p.listening(config.Box)
	}
	return group.Wait()
}

// config checks what the kiosk is made of.
func (l *listenCmd) config(log *slog.Logger) (kiosk.Config, kiosk.Inputs, error) {
	bad := func(err error) error {
		return &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: "see docs/kiosk.md"}
	}
	keys := kiosk.UsualKeys()
	if l.Keys != "" {
		f, err := os.Open(l.Keys)
		if err != nil {
			return kiosk.Config{}, kiosk.Inputs{}, bad(err)
		}
		defer f.Close()
		if keys, err = kiosk.ReadKeys(f); err != nil {
			return kiosk.Config{}, kiosk.Inputs{}, bad(fmt.Errorf("%s: %w", l.Keys, err))
		}
	}
	for _, pattern := range l.Input {
		if err := kiosk.CheckPattern(pattern); err != nil {
			return kiosk.Config{}, kiosk.Inputs{}, bad(fmt.Errorf("--input %s: %w", pattern, err))
		}
	}
	if err := voice.CanPlay(); err != nil {
		return kiosk.Config{}, kiosk.Inputs{}, err
	}
	return kiosk.Config{Lang: advisory.Lang(l.Lang), Microphone: l.Microphone, Speaker: l.Speaker, Earphone: l.Earphone, Log: log},
		kiosk.Inputs{Patterns: l.Input, Keys: keys, Log: log}, nil
}

// pluggedIn reports whether one of the input devices is there.
func pluggedIn(patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		found, err := filepath.Glob(pattern)
		return err == nil && len(found) > 0
	})
}

// here gives the address at which this machine reaches what listens on an address.
func here(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return addr
}

// tellLang tells of a language that the box does not have, and which it has. The kiosk goes on without: content that was taken back
// must not leave a village without answers.
func (l *listenCmd) tellLang(ctx context.Context, w io.Writer, base string) {
	var has struct{ Languages []edge.Language }
	lang, _ := advisory.ParseLang(l.Lang)
	if l.Lang == "" || getJSON(ctx, base+"/v1/status", &has) != nil || slices.ContainsFunc(has.Languages, func(has edge.Language) bool { return has.Lang == lang }) {
		return
	}
	var known []string
	for _, has := range has.Languages {
		known = append(known, fmt.Sprintf("%s (%s)", has.Lang, has.Name))
	}
	fmt.Fprintf(w, "jembe: the box does not have the language %q, and greets people in another\n  -> give --lang one of %s\n", l.Lang, strings.Join(known, ", "))
}

// answers reports whether a box answers at an address.
func answers(ctx context.Context, base string) bool {
	var health struct{ Status string }
	return getJSON(ctx, base+"/healthz", &health) == nil && health.Status == "ok"
}

// getJSON reads what an address gives at once.
func getJSON(ctx context.Context, address string, out any) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	return json.NewDecoder(reply.Body).Decode(out)
}
