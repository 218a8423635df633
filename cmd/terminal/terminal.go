// Package terminal is what jembe and jembe-hub do alike at a terminal: they end on a signal, carry out one command line of kong's,
// and show a result as text or as JSON.
//
// It owns the exit codes, and how an error is told to whoever types commands. It knows no command and decides nothing about one, and
// opens no file.
package terminal

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// The exit codes.
const (
	OK      = 0
	Failure = 1
	Usage   = 2
)

// Main runs a program with the arguments of its process, until it ends or is told to stop, and ends the process with its exit code.
func Main(run func(ctx context.Context, args []string) int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// Run carries out one command line: c is the program's struct of commands for kong, to which the options bind what the commands need.
// fail tells an error and gives the exit code; see Fail.
func Run(ctx context.Context, name, description string, args []string, stdout, stderr io.Writer, c any, fail func(error) int, options ...kong.Option) int {
	exit := -1 // what kong wants to exit with, after --help
	parser, err := kong.New(c, append(options, kong.Name(name), kong.UsageOnError(), kong.Description(description),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { exit = code }), kong.BindTo(ctx, (*context.Context)(nil)))...)
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", name, err)
		return Failure
	}
	k, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		return fail(usage(name, err))
	}
	if err := k.Run(); err != nil {
		return fail(err)
	}
	return OK
}

// Count says how many there are of something: 1 event, 2 events.
func Count[N int | int64](n N, one, more string) string {
	if n == 1 {
		more = one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// Print shows a result: indented JSON where that was asked for, else the text.
func Print(w io.Writer, asJSON bool, value any, text string) error {
	if !asJSON {
		_, err := fmt.Fprintln(w, text)
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}
