package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/cmd/terminal"
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
	if err := json.Unmarshal([]byte(r.stdout), &made); err != nil || r.code != terminal.OK || len(made.OneTime) != 19 || len(made.Roles) != 2 {
		t.Fatalf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := typing(t, data, password+"\n", "user", "add", "amos", "--role", "auditor"); r.code != terminal.OK || strings.Contains(r.stdout, password) || strings.Contains(r.stdout, "One-time") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := typing(t, data, password+"\n", "user", "add", "rehema", "--role", "analyst", "--one-time"); r.code != terminal.OK || !strings.Contains(r.stdout, "One-time password: ") {
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
		if err := json.Unmarshal([]byte(r.stderr), &p); err != nil || r.code != terminal.Usage || p.Code != advisory.BadRequest || !strings.Contains(p.Detail+p.Hint, c.says) {
			t.Errorf("%s: exit %d, %s", name, r.code, r.stderr)
		}
	}
	if r := jembeHub(t, data, "user", "remove", "rehema"); r.code != terminal.OK {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	list := jembeHub(t, data, "user", "list").stdout
	if !strings.Contains(list, "grace") || !strings.Contains(list, "amos") || strings.Contains(list, "rehema") {
		t.Errorf("the list: %s", list)
	}
	if r := jembeHub(t, data, "--json", "verify"); r.code != terminal.OK || !strings.Contains(r.stdout, `"audit_lines": 4`) {
		t.Errorf("verify: %d %s%s", r.code, r.stdout, r.stderr)
	}
}

// Over TLS the cookie is one that nothing but this host can set, and the browser is told to come by TLS only.
func TestSignInOverTLS(t *testing.T) {
	data := t.TempDir()
	const password = "correct zebra staple hoe"
	if r := typing(t, data, password+"\n", "user", "add", "grace", "--role", "administrator"); r.code != terminal.OK {
		t.Fatal(r.stderr)
	}
	address := "https://" + startServe(t, data)
	client := &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}, // the hub's own authority
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	form := url.Values{"name": {"grace"}, "password": {password}}
	r, err := client.PostForm(address+"/sign-in", form)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	cookie := r.Header.Get("Set-Cookie")
	if r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(cookie, "__Host-jembe=") || !strings.Contains(cookie, "; Secure") || r.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%d %q", r.StatusCode, cookie)
	}
	// Someone signed in invites a box at the address that serve keeps.
	request, err := http.NewRequest(http.MethodPost, address+"/boxes/invite", strings.NewReader("village=Kibaoni"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Cookie", strings.SplitN(cookie, ";", 2)[0])
	waitFor(t, func() bool {
		request.Body, _ = request.GetBody()
		got, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer got.Body.Close()
		page, err := io.ReadAll(got.Body)
		return err == nil && strings.Contains(string(page), "jembe1-")
	})
}
