package main

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/edge/hub"
)

type packCmd struct {
	Publish  packPublishCmd  `cmd:"" help:"Check a pack and publish it to all boxes."`
	Withdraw packWithdrawCmd `cmd:"" help:"Take back a pack, a version of one, or a document."`
	List     packListCmd     `cmd:"" help:"List what was published, and what was taken back."`
	Sign     packSignCmd     `cmd:"" help:"Sign a file of a pack for those who carry it by hand; writes FILE.minisig."`
}

type packPublishCmd struct {
	Pack     string   `arg:"" help:"Archive of a pack, or the folder from which one is made."`
	Corrects []string `help:"Document (LANG/ID or ID) that was taken back, and that this pack holds corrected; may be given again." placeholder:"DOCUMENT"`
	As       string   `help:"Name of the person who publishes; default is the user." placeholder:"NAME"`
}

// Run publishes a pack.
func (a *packPublishCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	done, warnings, err := h.Publish(ctx, hub.Publication{Pack: a.Pack, By: person(a.As), Corrects: a.Corrects})
	if err != nil {
		return stopped(err)
	}
	report := struct {
		hub.Published
		Warnings []string `json:"warnings"`
	}{done, []string{}}
	text := fmt.Sprintf("published %s, %d bytes, SHA-256 %s: boxes fetch it at their next contact", done.ID(), done.Size, done.SHA256)
	for _, w := range warnings {
		report.Warnings = append(report.Warnings, w.String())
		text += "\n  " + w.String()
	}
	return p.print(c, report, text)
}

// person is who does something: as told, else the user of the computer.
func person(as string) string {
	if as = strings.Join(strings.Fields(as), " "); as != "" {
		return as
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

type packWithdrawCmd struct {
	Pack     string `arg:"" optional:"" help:"NAME@VERSION, or NAME for all versions; boxes return to the version before, if one holds."`
	Document string `help:"Document to take back in whatever pack it stands, the starter too: LANG/ID, or ID for every language." placeholder:"DOCUMENT"`
	As       string `help:"Name of the person who takes it back; default is the user." placeholder:"NAME"`
}

// Run takes back a pack or a document.
func (a *packWithdrawCmd) Run(ctx context.Context, p *program, c *cli) error {
	if (a.Pack == "") == (a.Document == "") {
		return &advisory.Error{Code: advisory.BadRequest, Hint: "name a pack, NAME@VERSION or NAME, or a document with --document LANG/ID"}
	}
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	if a.Document != "" {
		err = h.WithdrawDocument(ctx, a.Document, person(a.As))
	} else {
		err = h.Withdraw(ctx, a.Pack, person(a.As))
	}
	if err != nil {
		return err
	}
	what := a.Pack + a.Document
	return p.print(c, map[string]string{"withdrawn": what}, what+" is taken back: no box uses it any more from its next contact on")
}

type packListCmd struct{}

// Run lists packs and documents.
func (packListCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	packs, err := h.Packs(ctx)
	if err != nil {
		return err
	}
	documents, err := h.WithdrawnDocuments(ctx)
	if err != nil {
		return err
	}
	version, _, err := h.Announced(ctx)
	if err != nil {
		return err
	}
	lines := []string{fmt.Sprintf("content version %d", version)}
	if version == 0 {
		lines[0] = "nothing was published yet"
	}
	names := []string{}
	for _, k := range packs {
		state := "published " + time.UnixMilli(k.At).Format(time.DateOnly) + " by " + k.By
		if k.Withdrawn != 0 {
			state = "taken back " + time.UnixMilli(k.Withdrawn).Format(time.DateOnly)
		}
		lines = append(lines, fmt.Sprintf("%-20s %-16s %10d bytes  %s", k.Name, k.Version, k.Size, state))
	}
	for _, d := range documents {
		lines = append(lines, "document taken back: "+d.String())
		names = append(names, d.String())
	}
	return p.print(c, map[string]any{"version": version, "packs": packs, "withdrawn_documents": names}, strings.Join(lines, "\n"))
}

type packSignCmd struct {
	File string `arg:"" type:"existingfile" help:"Archive of a pack."`
}

// Run signs an archive.
func (a *packSignCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	signature, key, err := h.SignArchive(ctx, a.File)
	if err != nil {
		return stopped(err)
	}
	to := a.File + ".minisig"
	if err := os.WriteFile(to, signature, 0o644); err != nil {
		return err
	}
	return p.print(c, map[string]string{"signature": to, "key": key}, fmt.Sprintf("%s\ncheck it with: minisign -Vm %s -P %s", to, a.File, key))
}
