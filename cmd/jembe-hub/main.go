// Command jembe-hub is the regional office's hub: it serves boxes and the office's pages, invites boxes, and looks after the hub's
// record. It owns flags and wiring; what the hub does is in edge/hub.
package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"github.com/alecthomas/kong"

	"jembe/cmd/terminal"
	"jembe/edge/hub"
)

// version is set by the build.
var version = "dev"

func main() {
	p := &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	terminal.Main(p.run)
}

// program is the whole of jembe-hub but for the process around it, so that tests can run it.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	listening      func(addr string) // told where serve listens; for tests that use port 0
}

// cli is the command line. Every flag of the hub as a whole has a JEMBE_HUB_* variable.
type cli struct {
	Data     string `help:"Directory of the hub: database, keys, files, backups." env:"JEMBE_HUB_DATA" placeholder:"DIR"`
	Database string `help:"PostgreSQL address, such as postgres://user:password@host/jembe; default is a SQLite file in the data directory." env:"JEMBE_HUB_DATABASE" placeholder:"URL"`
	JSON     bool   `name:"json" help:"Print JSON; a failure is an RFC 9457 problem on standard error." env:"JEMBE_HUB_JSON"`

	Serve    serveCmd    `cmd:"" help:"Serve boxes and the office's pages."`
	Enroll   enrollCmd   `cmd:"" help:"Make an invitation for a box, as text and as a QR code."`
	Pack     packCmd     `cmd:"" help:"Packs of content: publish, take back, list, sign."`
	Settings settingsCmd `cmd:"" help:"What boxes are told of where they stand and whom to name."`
	Bulletin bulletinCmd `cmd:"" help:"What boxes say to farmers for a while: the weather, prices, campaigns."`
	Keys     keysCmd     `cmd:"" help:"The keys that sign the content."`
	User     userCmd     `cmd:"" help:"The people who use the office's pages."`
	Events   eventsCmd   `cmd:"" help:"The record of all boxes."`
	Verify   verifyCmd   `cmd:"" help:"Recompute the chains of the whole record, or of a backup."`
	Backup   backupCmd   `cmd:"" help:"Write the whole hub into a file, and read it back: only then may boxes delete what they have sent."`
	Restore  restoreCmd  `cmd:"" help:"Bring a hub back from a backup, on either kind of database."`
	USB      usbCmd      `cmd:"" name:"usb" help:"Take in what boxes have written on a USB stick, and leave the replies and the content on it."`
	Doctor   doctorCmd   `cmd:"" help:"Say what the hub has, what is missing, and what to do about it."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// run carries out one command line and gives the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	var c cli
	const description = "The office's hub: takes in what Jembe boxes send, and hands out content and replies."
	fail := func(err error) int { return p.fail(&c, args, err) }
	return terminal.Run(ctx, "jembe-hub", description, args, p.stdout, p.stderr, &c, fail, kong.Bind(p, &c))
}

// fail tells an error and gives its exit code.
func (p *program) fail(c *cli, args []string, err error) int {
	return terminal.Fail(p.stderr, "jembe-hub", c.JSON || slices.Contains(args, "--json"), err)
}

// print shows a result: as JSON where that was asked for, else the text.
func (p *program) print(c *cli, value any, text string) error {
	return terminal.Print(p.stdout, c.JSON, value, text)
}

// open opens the hub that the command line names.
func (p *program) open(ctx context.Context, c *cli) (*hub.Hub, error) {
	return hub.Open(ctx, p.config(c))
}

func (p *program) config(c *cli) hub.Config {
	return hub.Config{Data: c.dataDir(), Database: c.Database, Version: version, Log: slog.New(slog.NewTextHandler(p.stderr, nil))}
}

// dataDir is where the hub keeps its things: as told, else below the user's own data directory.
func (c *cli) dataDir() string {
	if c.Data != "" {
		return c.Data
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "jembe-hub")
	}
	if home, err := os.UserHomeDir(); err == nil {
		return filepath.Join(home, ".local", "share", "jembe-hub")
	}
	return "/var/lib/jembe-hub"
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(p *program, c *cli) error {
	return p.print(c, map[string]string{"version": version}, "jembe-hub "+version)
}
