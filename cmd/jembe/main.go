// Command jembe is the box: it serves the farmer's page, answers questions on the command line, and looks after its content and
// records. It owns the wiring of the rooms, flags and configuration; it decides nothing about an answer.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime/debug"
	"slices"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
	"jembe/edge/wire"
)

// version is set by the build.
var version = "dev"

// memoryLimit of the heap, in bytes: past it the garbage collector works harder, so that with code, stacks and SQLite the whole
// process stays below the 150 MB that a small board can spare.
const memoryLimit = 90 << 20

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	p := &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, atTerminal: term.IsTerminal(int(os.Stdin.Fd()))}
	terminal.Main(p.run)
}

// program is the whole of jembe but for the process around it, so that tests can run it.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	atTerminal     bool              // a person types what stdin gives
	listening      func(addr string) // told where serve listens; for tests that use port 0
}

// cli is the command line. Every flag has the same name as a JEMBE_* variable and as a line of the configuration file.
type cli struct {
	Data    string `help:"Directory of the box: packs, events, cache." env:"JEMBE_DATA" placeholder:"DIR"`
	Config  string `help:"File of KEY=value lines, with the names of the JEMBE_* variables; default is jembe.conf in the data directory." env:"JEMBE_CONFIG" placeholder:"FILE"`
	JSON    bool   `name:"json" help:"Print JSON; a failure is an RFC 9457 problem on standard error." env:"JEMBE_JSON"`
	Country string `help:"Country of the box as ISO 3166 code, such as KE; empty: advice for every country holds." env:"JEMBE_COUNTRY"`
	Zone    string `help:"Agro-ecological zone: humid, subhumid, semi-arid, arid or highland; empty: advice for every zone holds." env:"JEMBE_ZONE"`

	Field bool `help:"The box is in use by farmers, and no demonstration: advice on pesticides and animal medicines waits for the office's approval." env:"JEMBE_FIELD"`

	Budget int64 `name:"sync-budget" help:"KiB a day that may pass between box and hub in the background, both ways; 0: as many as it takes." env:"JEMBE_SYNC_BUDGET" placeholder:"KIB"`

	contactFlags `embed:"" prefix:"contact-" envprefix:"JEMBE_CONTACT_"`
	modelFlags   `embed:""`

	Setup   setupCmd   `cmd:"" help:"Tell the box of its village: where it stands, what is grown, whom to call, the operator's PIN. Can be run again."`
	Serve   serveCmd   `cmd:"" help:"Serve the farmer's page and the HTTP interface."`
	Listen  listenCmd  `cmd:"" help:"Be a kiosk: keys, microphone and loudspeaker in place of a screen."`
	Ask     askCmd     `cmd:"" help:"Ask one question, in text or from a recording."`
	Doctor  doctorCmd  `cmd:"" help:"Say what the box has, what is missing, and what to do about it."`
	Pack    packCmd    `cmd:"" help:"Build, check, install and roll back packs of content."`
	Eval    evalCmd    `cmd:"" help:"Measure retrieval and answers on questions with known answers; records nothing."`
	Week    weekCmd    `cmd:"" help:"Say what matters this week for the crops and animals of the village."`
	Print   printCmd   `cmd:"" help:"Sheets and leaflets for a village to keep on paper."`
	Record  recordCmd  `cmd:"" help:"Read what the box says into it, in a voice that people know."`
	Word    wordCmd    `cmd:"" help:"Names that people here have for what the library knows by another."`
	Models  modelsCmd  `cmd:"" help:"The language models that may write answers."`
	Events  eventsCmd  `cmd:"" help:"The box's own record."`
	Enroll  enrollCmd  `cmd:"" help:"Join the hub of the office that gave an invitation."`
	Sync    syncCmd    `cmd:"" help:"Send to the office's hub what waits, and take what it has."`
	Village villageCmd `cmd:"" help:"Tell what was asked at this box and what came of it, in words for a village meeting."`
	Stats   statsCmd   `cmd:"" help:"The box's own figures."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// run carries out one command line and gives the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	var c cli
	const description = "Jembe answers a farmer's spoken question, in the farmer's language, with no network."
	fail := func(err error) int { return p.fail(&c, args, err) }
	return terminal.Run(ctx, "jembe", description, args, p.stdout, p.stderr, &c, fail, kong.Resolvers(configResolver(&c)), kong.Bind(p, &c))
}

// fail tells an error and gives its exit code.
func (p *program) fail(c *cli, args []string, err error) int {
	return terminal.Fail(p.stderr, "jembe", c.JSON || slices.Contains(args, "--json"), badContent(err))
}

// badContent is the error of documents that have faults.
func badContent(err error) error {
	if problems := (content.Problems)(nil); errors.As(err, &problems) && wire.AsError(err).Code == advisory.Internal {
		return &advisory.Error{Code: advisory.CorruptPack, Err: err, Hint: "mend these, and try again: docs/content.md"}
	}
	return err
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(p *program, c *cli) error {
	return p.print(c, map[string]string{"version": version}, "jembe "+version)
}
