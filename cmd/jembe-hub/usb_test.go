package main

import (
	"strings"
	"testing"

	"jembe/cmd/terminal"
)

func TestUSBWithNothingOnIt(t *testing.T) {
	data := t.TempDir()
	if r := jembeHub(t, data, "usb", t.TempDir()); r.code != terminal.OK || !strings.Contains(r.stdout, "0 requests") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := jembeHub(t, data, "usb", data+"/none"); r.code != terminal.Usage {
		t.Errorf("no stick: exit %d: %s", r.code, r.stderr)
	}
}
