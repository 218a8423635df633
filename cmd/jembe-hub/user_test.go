package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/edge/wire"
)

// typing runs a command line with something on standard input.
func typing(t *testing.T, data, stdin string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs}
	code := p.run(context.Background(), append([]string{"--data", data}, args...))
	return result{code, out.String(), errs.String()}
}

func TestUsersOnTheCommandLine(t *testing.T) {
	data := t.TempDir()
	const password = "correct zebra staple hoe"
	var made struct {
		Name    string   `json:"name"`
		Roles   []string `json:"roles"`
		OneTime string   `json:"one_time_password"`
	}
	r := jembeHub(t, data, "--json", "user", "add", "grace", "--role", "administrator", "--role", "expert")
	if err := json.Unmarshal([]byte(r.stdout), &made); err != nil || r.code != exitOK || len(made.OneTime) != 19 || len(made.Roles) != 2 {
		t.Fatalf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := typing(t, data, password+"\n", "user", "add", "amos", "--role", "auditor"); r.code != exitOK || strings.Contains(r.stdout, password) || strings.Contains(r.stdout, "One-time") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := typing(t, data, password+"\n", "user", "add", "rehema", "--role", "analyst", "--one-time"); r.code != exitOK || !strings.Contains(r.stdout, "One-time password: ") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	for name, c := range map[string]struct {
		stdin string
		args  []string
		says  string
	}{
		"wrong role":    {"", []string{"add", "juma", "--role", "farmer"}, "administrator, curator, expert, analyst, auditor"},
		"no role":       {"", []string{"add", "juma"}, "--role"},
		"weak":          {"password1234\n", []string{"add", "juma", "--role", "expert"}, "easy to guess"},
		"twice":         {"", []string{"add", "grace", "--role", "expert"}, "already"},
		"name":          {"", []string{"add", "Juma Ali", "--role", "expert"}, "small letters"},
		"nobody":        {"", []string{"remove", "juma"}, "no user"},
		"the last one":  {"", []string{"remove", "grace"}, "last administrator"},
		"markup":        {"", []string{"add", "<b>", "--role", "expert"}, "small letters"},
		"not the hub's": {"", []string{"add", "hub", "--role", "expert"}, "taken"},
	} {
		r := typing(t, data, c.stdin, append([]string{"user", "--json"}, c.args...)...)
		var p wire.Problem
		if err := json.Unmarshal([]byte(r.stderr), &p); err != nil || r.code != exitUsage || p.Code != advisory.BadRequest || !strings.Contains(p.Hint, c.says) {
			t.Errorf("%s: exit %d, %s", name, r.code, r.stderr)
		}
	}
	if r := jembeHub(t, data, "user", "remove", "rehema"); r.code != exitOK {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	list := jembeHub(t, data, "user", "list").stdout
	if !strings.Contains(list, "grace") || !strings.Contains(list, "amos") || strings.Contains(list, "rehema") {
		t.Errorf("the list: %s", list)
	}
	if r := jembeHub(t, data, "--json", "verify"); r.code != exitOK || !strings.Contains(r.stdout, `"audit_lines": 4`) {
		t.Errorf("verify: %d %s%s", r.code, r.stdout, r.stderr)
	}
}
