package terminal

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"jembe/advisory"
	"jembe/edge/wire"
)

// Fault is an error as whoever types commands is told it, in English: what farmers are told in their language is no help here.
type Fault struct {
	Code  advisory.Code
	Wrong string // what is wrong
	Do    string // what to do about it; may be empty
}

// kinds say what is wrong where an error has no cause but its code.
var kinds = map[advisory.Code]string{
	advisory.EmptyQuestion: "there is no question",
	advisory.TextTooLong:   "the question is too long",
	advisory.BadAudio:      "this is no recording that can be read",
	advisory.TooLarge:      "the recording is too large",
	advisory.UnknownLang:   "this language is not on this box",
	advisory.NoRecogniser:  "this language cannot be heard on this box",
	advisory.NoVoice:       "this language cannot be spoken on this box",
	advisory.BadWord:       "this name cannot be used",
	advisory.NotFound:      "it is not there",
	advisory.CorruptPack:   "the content cannot be used",
	advisory.DiskFull:      "the disk is full",
	advisory.PortTaken:     "another program uses this address",
	advisory.Busy:          "it is busy with something else",
	advisory.Forbidden:     "this is not allowed",
	advisory.Unreachable:   "the office's hub does not answer",
}

// NewFault tells an error. A file that is not there is a command line that names it wrongly.
func NewFault(err error) Fault {
	e := wire.AsError(err)
	f := Fault{Code: e.Code, Wrong: plain(err), Do: e.Hint}
	if strings.HasSuffix(f.Wrong, f.Do) {
		f.Do = ""
	}
	if e.Code == advisory.Internal && errors.Is(err, fs.ErrNotExist) {
		f.Code, f.Do = advisory.BadRequest, cmp.Or(f.Do, "name one that is there")
	}
	return f
}

// String is the Fault in one line, or two with what to do.
func (f Fault) String() string {
	if f.Do == "" {
		return f.Wrong
	}
	return f.Wrong + "\n  -> " + f.Do
}

// plain says what is wrong without codes and hints, and of a file in a sentence.
func plain(err error) string {
	says := err.Error()
	if e := (*advisory.Error)(nil); errors.As(err, &e) {
		cause := cmp.Or(kinds[e.Code], e.Hint, string(e.Code))
		if e.Err != nil {
			cause = plain(e.Err)
		}
		return strings.Replace(says, e.Error(), cause, 1)
	}
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return strings.Replace(says, e.Error(), ofFile(e), 1)
	}
	return says
}

// ofFile says what is wrong with a file.
func ofFile(e *fs.PathError) string {
	switch {
	case e.Op == "mkdir":
		return "the folder " + e.Path + " cannot be made"
	case errors.Is(e, fs.ErrNotExist):
		return "there is no " + e.Path
	case errors.Is(e, fs.ErrPermission):
		return "this user may not use " + e.Path
	case errors.Is(e, syscall.EISDIR):
		return e.Path + " is a folder"
	case errors.Is(e, syscall.ENOTDIR):
		return e.Path + " is not in a folder"
	case errors.Is(e, syscall.EROFS):
		return e.Path + " is on a disk that cannot be written"
	case errors.Is(e, syscall.ENOSPC):
		return "the disk is full at " + e.Path
	}
	return e.Error()
}

// usage is the error for a command line that cannot be read: it names the help of the command as far as that was understood.
func usage(name string, err error) error {
	if told := (*advisory.Error)(nil); errors.As(err, &told) {
		return told
	}
	see := name
	if wrong := (*kong.ParseError)(nil); errors.As(err, &wrong) && wrong.Context.Selected() != nil {
		see = wrong.Context.Selected().FullPath()
	}
	return &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: "see " + see + " --help"}
}

// Fail tells an error on stderr, as an RFC 9457 problem where JSON was asked for, and gives the exit code. Whoever stopped the program
// is told nothing.
func Fail(stderr io.Writer, name string, asJSON bool, err error) int {
	if errors.Is(err, context.Canceled) {
		return OK
	}
	f := NewFault(err)
	if asJSON {
		p := wire.NewProblem(&advisory.Error{Code: f.Code, Hint: cmp.Or(f.Do, f.Wrong)}, "en")
		p.Detail = f.Wrong
		json.NewEncoder(stderr).Encode(p)
	} else {
		fmt.Fprintf(stderr, "%s: %s\n", name, f)
	}
	switch f.Code {
	case advisory.BadRequest, advisory.EmptyQuestion, advisory.TextTooLong, advisory.UnknownLang, advisory.BadWord:
		return Usage
	}
	return Failure
}
