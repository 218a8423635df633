package main

import (
	"context"
	"fmt"

	"jembe/edge/hub"
)

type eventsCmd struct {
	Export exportCmd `cmd:"" help:"Print all events of all boxes, by box and in order."`
}

type exportCmd struct {
	Format string `help:"jsonl: one JSON object a line, as the box made it." enum:"jsonl" default:"jsonl"`
}

// Run exports the events.
func (*exportCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	return h.Export(ctx, p.stdout)
}

type verifyCmd struct{}

// Run verifies the record, and the log of what people of the office did.
func (verifyCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	v, err := h.Verify(ctx)
	if err != nil {
		return err
	}
	lines, _, err := h.Staff().VerifyAudit(ctx)
	if err != nil {
		return err
	}
	return p.print(c, struct {
		hub.Verified
		AuditLines int64 `json:"audit_lines"`
	}{v, lines}, fmt.Sprintf("whole: %d events of %d boxes in %d epochs; %d lines could never be read; %d lines of the audit log", v.Events, v.Devices, v.Epochs, v.Rejected, lines))
}
