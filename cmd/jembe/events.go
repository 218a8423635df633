package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"jembe/cmd/terminal"
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
	return p.print(c, stats, statsText(stats))
}

// statsText shows a box's own figures to people.
func statsText(s edge.Stats) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s in %s, %d asked for a person; median %.0f ms, 95%% within %.0f ms\n", terminal.Count(s.Questions, "question", "questions"),
		terminal.Count(s.Sessions, "session", "sessions"), s.Escalated, s.MedianMS, s.P95MS)
	for _, part := range []struct {
		name  string
		count map[string]int
	}{{"language", s.Lang}, {"outcome", s.Outcome}, {"tier", s.Tier}, {"channel", s.Channel}, {"rating", s.Ratings}, {"day", s.Day}} {
		fmt.Fprintf(&b, "%-10s", part.name)
		for _, name := range slices.Sorted(maps.Keys(part.count)) {
			fmt.Fprintf(&b, " %s %d", cmp.Or(name, "none"), part.count[name])
		}
		b.WriteByte('\n')
	}
	for _, part := range []struct {
		name  string
		count []edge.Count
	}{{"asked about", s.Concepts}, {"answered from", s.Documents}, {"no answer on", s.Gaps}} {
		fmt.Fprintf(&b, "%s:", part.name)
		for _, n := range part.count {
			fmt.Fprintf(&b, " %s %d", n.Name, n.Count)
		}
		b.WriteByte('\n')
	}
	return strings.TrimSuffix(b.String(), "\n")
}
