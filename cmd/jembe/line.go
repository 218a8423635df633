package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/edge"
	"jembe/edge/wire"
)

type enrollCmd struct {
	Invitation []string `arg:"" optional:"" help:"What the office gave: jembe1-... ; left out, it is read from standard input."`
	Photo      string   `help:"A photo of the invitation's QR code, PNG or JPEG." type:"existingfile" placeholder:"FILE"`
}

// maxInvitation is more than any invitation has, in bytes.
const maxInvitation = 4096

// Run joins the hub of an invitation.
func (e *enrollCmd) Run(ctx context.Context, p *program, c *cli) error {
	text, err := e.text(p.stdin)
	if err != nil {
		return err
	}
	i, err := wire.ParseInvitation(text)
	if err != nil {
		return err
	}
	s, err := edge.OpenStore(ctx, c.dataDir())
	if err != nil {
		return err
	}
	defer s.Close()
	m, err := edge.Enrol(ctx, s, i, version)
	if err != nil {
		return err
	}
	village := ""
	if m.Village != "" {
		village = " in " + m.Village
	}
	return p.print(c, m, fmt.Sprintf("this box is %s%s, and its office is at %s; it sends by itself while it serves, or with jembe sync --once", m.Device, village, m.Address))
}

// text gives the invitation as it was typed, photographed or pasted.
func (e *enrollCmd) text(stdin io.Reader) (string, error) {
	switch typed := strings.Join(e.Invitation, ""); {
	case typed != "" && e.Photo != "":
		return "", &advisory.Error{Code: advisory.BadRequest, Hint: "give the invitation or a photo of it, not both"}
	case e.Photo != "":
		return readQR(e.Photo)
	case typed != "":
		return typed, nil
	}
	pasted, err := io.ReadAll(io.LimitReader(stdin, maxInvitation))
	return string(pasted), err
}

type syncCmd struct {
	Once bool   `help:"One contact, at once; the exit code tells whether it succeeded." xor:"way"`
	USB  string `name:"usb" help:"Carry it on the USB stick mounted here: take in what the office has put there, and write what waits. At the office: jembe-hub usb DIR." type:"existingdir" placeholder:"DIR" xor:"way"`
}

// Run speaks with the hub: once, or until it is told to stop.
func (s *syncCmd) Run(ctx context.Context, p *program, c *cli) error {
	store, err := edge.OpenStore(ctx, c.dataDir())
	if err != nil {
		return err
	}
	defer store.Close()
	syncer := newSyncer(store, c, p.stderr, nil)
	if s.USB != "" {
		done, err := syncer.Stick(ctx, s.USB)
		if err != nil {
			return err
		}
		return p.print(c, done, fmt.Sprintf("%s written in %s; waiting until the stick has been at the office and back: %d", terminal.Count(done.Sent, "event", "events"),
			terminal.Count(done.Requests, "file", "files"), done.Waiting)+contentText(done))
	}
	if !s.Once {
		if m, err := edge.ReadMembership(c.dataDir()); err != nil || m == nil {
			_, err := syncer.Once(ctx) // which says so
			return err
		}
		fmt.Fprintln(p.stderr, "in contact with the office again and again until it is stopped; for one contact: jembe sync --once")
		syncer.Run(ctx)
		return nil
	}
	done, err := syncer.Once(ctx)
	if err != nil {
		return err
	}
	return p.print(c, done, fmt.Sprintf("%s sent in %s, %d bytes both ways; waiting: %d", terminal.Count(done.Sent, "event", "events"),
		terminal.Count(done.Requests, "request", "requests"), done.Bytes, done.Waiting)+contentText(done))
}

// contentText tells what a contact brought of the office's content.
func contentText(done edge.Contact) string {
	switch {
	case done.Refused != "":
		return "\nthe office's content was not taken: " + done.Refused
	case done.Behind:
		return fmt.Sprintf("\nversion %d of the office's content is still to be fetched", done.Content)
	case done.Content > 0:
		return fmt.Sprintf("\nversion %d of the office's content is in use", done.Content)
	}
	return ""
}

// newSyncer makes the box's Syncer, which logs to the writer.
func newSyncer(store *edge.Store, c *cli, log io.Writer, packs func() []string) *edge.Syncer {
	return edge.NewSyncer(edge.SyncConfig{Store: store, Version: version, Packs: packs, Budget: c.Budget << 10, Log: slog.New(slog.NewTextHandler(log, nil))})
}

// lineFinding tells the doctor's reader how the line to the office stands.
func lineFinding(ctx context.Context, data string) finding {
	m, err := edge.ReadMembership(data)
	if err != nil {
		return troubled("office", err)
	}
	if m == nil {
		return finding{"office", stateMissing, "enrolled at no hub: nothing is sent, nothing is dialled", "with an invitation from the office: jembe enroll INVITATION"}
	}
	s, err := edge.OpenStore(ctx, data)
	if err != nil {
		return finding{"office", stateTrouble, "enrolled at " + m.Address + ", but the record cannot be opened", wire.AsError(err).Hint}
	}
	defer s.Close()
	spoken, err := s.Spoken(ctx)
	if err != nil {
		return troubled("office", err)
	}
	says := fmt.Sprintf("%s at %s; events that wait: %d", m.Village, m.Address, spoken.Waiting)
	switch spoken.Trouble {
	case "":
		return finding{"office", stateOK, says, ""}
	case advisory.Forbidden:
		return finding{"office", stateTrouble, says + "; the hub refuses this box", "ask the office; a new invitation may help"}
	}
	return finding{"office", stateTrouble, says + "; the last try failed: " + string(spoken.Trouble), "see that the box has a network and the hub runs, then: jembe sync --once"}
}
