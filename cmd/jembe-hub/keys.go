package main

import (
	"context"
	"errors"
	"fmt"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/hub"
)

// keysCmd looks after the keys of the content channel. The root key says who publishes, and can be kept apart from the hub.
type keysCmd struct {
	Init       keysInitCmd   `cmd:"" help:"Show the keys of the content channel; they are made at first use."`
	Rotate     keysRotateCmd `cmd:"" help:"Make a new publisher's key, or a new root key, in the place of the one before."`
	ExportRoot keysExportCmd `cmd:"" name:"export-root" help:"Move the root key's secret half out of the hub, into a file to be kept under lock."`
}

type keysInitCmd struct{}

// Run shows the keys.
func (keysInitCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	return p.showKeys(ctx, c, h)
}

func (p *program) showKeys(ctx context.Context, c *cli, h *hub.Hub) error {
	keys, err := h.ChannelKeys(ctx)
	if err != nil {
		return err
	}
	where := "kept apart"
	if keys.RootFile != "" {
		where = "still in " + keys.RootFile + ": move it away with jembe-hub keys export-root FILE"
	}
	return p.print(c, keys, fmt.Sprintf("root key       %s\n               %s\npublisher key  %s", keys.Root, where, keys.Publisher))
}

type keysRotateCmd struct {
	Root    string `help:"File of the root key, where it was moved away." type:"existingfile" placeholder:"FILE"`
	NewRoot bool   `help:"Make a new root key, to which the one in force hands over."`
}

// Run makes a new key.
func (a *keysRotateCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.RotateKeys(ctx, a.Root, a.NewRoot); err != nil {
		return err
	}
	return p.showKeys(ctx, c, h)
}

type keysExportCmd struct {
	File string `arg:"" type:"path" help:"New file, such as one on a stick."`
}

// Run moves the root key.
func (a *keysExportCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.ExportRoot(ctx, a.File); err != nil {
		return err
	}
	return p.showKeys(ctx, c, h)
}

// stopped gives problems of a pack the code that says so.
func stopped(err error) error {
	if problems := (content.Problems)(nil); errors.As(err, &problems) {
		return &advisory.Error{Code: advisory.CorruptPack, Err: err, Hint: "mend the documents; nothing was published"}
	}
	return err
}
