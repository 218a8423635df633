package main

import (
	"strings"
	"testing"
)

func TestUSBWithNothingOnIt(t *testing.T) {
	data := t.TempDir()
	if r := jembeHub(t, data, "usb", t.TempDir()); r.code != exitOK || !strings.Contains(r.stdout, "0 requests") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := jembeHub(t, data, "usb", data+"/none"); r.code != exitUsage {
		t.Errorf("no stick: exit %d: %s", r.code, r.stderr)
	}
}
