package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"

	"jembe/advisory"
	"jembe/edge"
)

type serveCmd struct {
	Listen string `help:"Address to serve on; 0.0.0.0:8080 for phones on the box's Wi-Fi." default:"127.0.0.1:8080" env:"JEMBE_LISTEN" placeholder:"ADDR"`
	PIN    string `name:"operator-pin" help:"Asked for before the pages of setup and of the recorder, instead of the PIN of jembe setup; without either they open on the box alone." env:"JEMBE_OPERATOR_PIN" placeholder:"PIN"`
}

// Run serves until it is told to stop.
func (s *serveCmd) Run(ctx context.Context, p *program, c *cli) error {
	return s.serve(ctx, p, c, func(addr string) {
		if p.listening != nil {
			p.listening(addr)
		}
	})
}

// serve tells where it listens, and serves until the context ends. The address is taken first, so that a taken one is told at once.
func (s *serveCmd) serve(ctx context.Context, p *program, c *cli, ready func(addr string)) error {
	if s.PIN != "" {
		if err := edge.CheckPIN(s.PIN); err != nil {
			return fmt.Errorf("--operator-pin: %w", err)
		}
	}
	listener, err := edge.Listen(ctx, s.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	b, err := openBox(ctx, p, c, boxNeeds{recorder: true})
	if err != nil {
		return err
	}
	defer b.close()
	config := b.config(p.stderr)
	config.PIN, config.Part, config.Studio, config.Glossary = s.PIN, b.voice.Part, b.studio(), b.glossary()
	config.Setup = &edge.Setup{
		Keeps: func() []string { return keeps(b.loaded.Load()) }, Flags: b.own, Saved: func() { b.settle(ctx) },
	}
	server := edge.NewServer(config)
	b.revoked = server.Withdraw
	b.see(ctx)
	ctx, stop := context.WithCancel(ctx)
	var background sync.WaitGroup
	background.Go(func() {
		b.learn(ctx)
		b.watch(ctx)
	})
	background.Go(func() { b.keepMeaning(ctx) })
	background.Go(func() { newSyncer(b.store, c, p.stderr, func() []string { return b.advisor.Library().Packs }).Run(ctx) })
	if b.model != nil {
		b.model.serves()
		background.Go(func() { b.model.watch(ctx, p.stderr) })
	}
	defer background.Wait()
	defer stop()
	fmt.Fprintf(p.stdout, "Jembe is at http://%s\n", listener.Addr())
	ready(listener.Addr().String())
	if err := server.Serve(ctx, listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// config is what the HTTP server is made of; failures on our side are logged to the writer.
func (b *box) config(log io.Writer) edge.Config {
	return edge.Config{
		Advisor: b.advisor, Store: b.store, Languages: b.languages, Version: version, Log: slog.New(slog.NewTextHandler(log, nil)),
		Content: b.loaded.Load,
	}
}

// leastDocuments of a language are there before it is offered: with fewer, most questions in it would end in "I do not know". A
// language that a pack brings is offered with any: whoever made it wants it so.
const leastDocuments = 20

// languages tells what the box can do in each language at this moment.
func (b *box) languages() []edge.Language {
	documents := b.documents()
	var out []edge.Language
	for _, l := range advisory.MessageLangs() {
		if documents[l] == 0 || advisory.BuiltIn(l) && documents[l] < leastDocuments {
			continue
		}
		out = append(out, edge.Language{
			Lang: l, Typed: true, Documents: documents[l],
			Heard: b.can[l].Hears, Spoken: b.voice.Speaks(l),
		})
	}
	return out
}
