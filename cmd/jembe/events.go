package main

import (
	"context"
	"fmt"

	"jembe/edge"
)

type eventsCmd struct {
	Export eventsExportCmd `cmd:"" help:"Print all events, one JSON object a line, oldest first."`
	Erase  eventsEraseCmd  `cmd:"" help:"Erase the words kept with an answer; the event keeps only their salted hash."`
}

type eventsExportCmd struct{}

// Run exports the events.
func (eventsExportCmd) Run(ctx context.Context, p *program, c *cli) error {
	s, err := edge.OpenStore(ctx, c.dataDir())
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Export(ctx, p.stdout)
}

type eventsEraseCmd struct {
	Answer string `arg:"" help:"Id of the answer."`
}

// Run erases words.
func (a *eventsEraseCmd) Run(ctx context.Context, p *program, c *cli) error {
	s, err := edge.OpenStore(ctx, c.dataDir())
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.EraseWords(ctx, a.Answer); err != nil {
		return err
	}
	return p.print(c, map[string]string{"erased": a.Answer}, "erased the words of "+a.Answer)
}

type statsCmd struct{}

// Run prints the box's own figures.
func (statsCmd) Run(ctx context.Context, p *program, c *cli) error {
	s, err := edge.OpenStore(ctx, c.dataDir())
	if err != nil {
		return err
	}
	defer s.Close()
	stats, err := s.Stats(ctx)
	if err != nil {
		return err
	}
	return p.print(c, stats, fmt.Sprint(stats))
}
