package terminal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"jembe/advisory"
	"jembe/edge/wire"
)

func TestFaults(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "none.txt")
	_, none := os.ReadFile(missing)
	_, folder := os.ReadFile(dir)
	for _, c := range []struct {
		err  error
		says string
		code int
	}{
		{&advisory.Error{Code: advisory.BadRequest, Err: errors.New("the key is bad"), Hint: "make another"}, "jembe: the key is bad\n  -> make another\n", Usage},
		{&advisory.Error{Code: advisory.BadRequest, Hint: "give one of --a and --b"}, "jembe: give one of --a and --b\n", Usage},
		{&advisory.Error{Code: advisory.EmptyQuestion, Hint: "type one"}, "jembe: there is no question\n  -> type one\n", Usage},
		{&advisory.Error{Code: advisory.NotFound}, "jembe: it is not there\n", Failure},
		{fmt.Errorf("JEMBE_X: %w", &advisory.Error{Code: advisory.UnknownLang, Hint: "use one of en"}), "jembe: JEMBE_X: this language is not on this box\n  -> use one of en\n", Usage},
		{fmt.Errorf("read: %w", none), "jembe: read: there is no " + missing + "\n  -> name one that is there\n", Usage},
		{&advisory.Error{Code: advisory.CorruptPack, Err: folder, Hint: "get it again"}, "jembe: " + dir + " is a folder\n  -> get it again\n", Failure},
		{errors.New("plainly broken"), "jembe: plainly broken\n", Failure},
		{fmt.Errorf("stopped: %w", context.Canceled), "", OK},
	} {
		var stderr bytes.Buffer
		if code := Fail(&stderr, "jembe", false, c.err); code != c.code || stderr.String() != c.says {
			t.Errorf("%v: exit %d, %q; want %d, %q", c.err, code, stderr.String(), c.code, c.says)
		}
	}
}

func TestFaultsAsJSON(t *testing.T) {
	var stderr bytes.Buffer
	code := Fail(&stderr, "jembe", true, &advisory.Error{Code: advisory.DiskFull, Err: errors.New("5 MB are free"), Hint: "make room"})
	var p wire.Problem
	if err := json.Unmarshal(stderr.Bytes(), &p); err != nil || code != Failure || p.Code != advisory.DiskFull || p.Detail != "5 MB are free" || p.Hint != "make room" {
		t.Errorf("exit %d, %v: %s", code, err, stderr.String())
	}
}
