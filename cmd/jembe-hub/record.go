package main

import (
	"context"
	"fmt"

	"jembe/cmd/terminal"
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

type verifyCmd struct {
	Backup string `arg:"" optional:"" type:"existingfile" help:"Backup to verify instead."`
}

// Run verifies the record and the log of what people of the office did, or a backup.
func (a *verifyCmd) Run(ctx context.Context, p *program, c *cli) error {
	if a.Backup != "" {
		v, err := hub.VerifyBackup(a.Backup)
		if err != nil {
			return err
		}
		return p.print(c, v, verifiedText(v))
	}
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
	}{v, lines}, verifiedText(v)+"; "+terminal.Count(lines, "line", "lines")+" of the audit log")
}

func verifiedText(v hub.Verified) string {
	return fmt.Sprintf("whole: %s of %s in %s; lines that could never be read: %d, that came again: %d", terminal.Count(v.Events, "event", "events"),
		terminal.Count(v.Devices, "box", "boxes"), terminal.Count(v.Epochs, "epoch", "epochs"), v.Rejected, v.Repeated)
}

type backupCmd struct {
	Dir string `arg:"" optional:"" type:"path" help:"Folder for the backup, on another disk where there is one; default is backups in the data directory."`
}

// Run makes a backup, and verifies it.
func (b *backupCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	path, v, err := h.Backup(ctx, b.Dir)
	if err != nil {
		return err
	}
	return p.print(c, map[string]any{"backup": path, "verified": v}, path+" holds the keys too: keep it from others\n"+verifiedText(v))
}

type restoreCmd struct {
	Backup string `arg:"" type:"existingfile" help:"Backup to restore."`
	Force  bool   `help:"Restore into a hub that is in use; what it has is put into a backup first."`
}

// Run restores a backup.
func (r *restoreCmd) Run(ctx context.Context, p *program, c *cli) error {
	v, err := hub.Restore(ctx, p.config(c), r.Backup, r.Force)
	if err != nil {
		return err
	}
	return p.print(c, v, "restored, "+verifiedText(v)+"\nWhat the boxes have sent since, they send again.")
}

type usbCmd struct {
	Dir string `arg:"" type:"existingdir" help:"Where the stick is mounted."`
}

// Run takes in what boxes have written on a stick, and leaves the replies on it.
func (u *usbCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	done, err := h.Stick(ctx, u.Dir)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s taken in, %s; the replies are on the stick", terminal.Count(done.Requests, "request", "requests"), terminal.Count(done.Events, "new event", "new events"))
	for _, left := range done.Left {
		text += "\nleft: " + left
	}
	return p.print(c, done, text)
}
