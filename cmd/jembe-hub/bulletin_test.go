package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"jembe/cmd/terminal"
	"jembe/edge/hub"
)

func TestBulletinsOnTheCommandLine(t *testing.T) {
	data := t.TempDir()
	last := time.Now().AddDate(0, 0, 3).Format(time.DateOnly)
	r := jembeHub(t, data, "--json", "bulletin", "add", "--kind", "weather", "--until", last, "--where", "KE,semi-arid",
		"--text", "en=Heavy rain is coming, on Friday.", "--text", "sw=Mvua kubwa inakuja; Ijumaa.")
	var made hub.Bulletin
	if err := json.Unmarshal([]byte(r.stdout), &made); err != nil || r.code != terminal.OK {
		t.Fatalf("%d %s %s: %v", r.code, r.stdout, r.stderr, err)
	}
	if len(made.Where) != 2 || made.Texts["en"] != "Heavy rain is coming, on Friday." || made.Texts["sw"] != "Mvua kubwa inakuja; Ijumaa." {
		t.Errorf("made %+v", made)
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"add", "--kind", "weather", "--until", last, "--text", "en=Spray mancozeb."}, terminal.Usage, "publish a document"},
		{[]string{"add", "--kind", "weather", "--until", "Friday", "--text", "en=Rain."}, terminal.Usage, "year-month-day"},
		{[]string{"add", "--kind", "weather", "--until", "2020-01-01", "--from", "2019-12-30", "--text", "en=Rain."}, terminal.Usage, "its last day is over"},
		{[]string{"add", "--kind", "weather", "--until", last, "--text", "en=Rain.", "--box", "nobox"}, terminal.Failure, "no box nobox is enrolled"},
		{[]string{"list"}, terminal.OK, made.ID + "  now       weather"},
		{[]string{"withdraw", made.ID}, terminal.OK, "taken back"},
		{[]string{"withdraw", made.ID}, terminal.Failure, "no bulletin"},
		{[]string{"list"}, terminal.OK, "no bulletin holds"},
		{[]string{"list", "--all"}, terminal.OK, "withdrawn"},
	} {
		if r := jembeHub(t, data, append([]string{"bulletin"}, c.args...)...); r.code != c.code || !strings.Contains(r.stdout+r.stderr, c.want) {
			t.Errorf("%v: %d %s %s, want %d %q", c.args, r.code, r.stdout, r.stderr, c.code, c.want)
		}
	}
}
