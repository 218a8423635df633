package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"jembe/cmd/terminal"
)

// Whoever types commands is told what is wrong and what to do, in a line each.
func TestFaultsAreTold(t *testing.T) {
	data := t.TempDir()
	junk := filepath.Join(t.TempDir(), "junk.txt")
	if err := os.WriteFile(junk, []byte("no pack"), 0o600); err != nil {
		t.Fatal(err)
	}
	none, tomorrow := filepath.Join(data, "none"), time.Now().AddDate(0, 0, 1).Format(time.DateOnly)
	for _, c := range []struct {
		args []string
		says string // the whole of it
	}{
		{[]string{"enrol"}, "unexpected argument enrol, did you mean \"enroll\"?\n  -> see jembe-hub --help"},
		{[]string{"user", "add", "amina"}, "missing flags: --role=ROLE,...\n  -> see jembe-hub user add --help"},
		{[]string{"user", "add", "amina", "--role", "king"}, "there is no role \"king\"\n  -> the roles are administrator, curator, expert, analyst, auditor"},
		{[]string{"user", "reset", "nobody"}, "There is no user of this name.\n  -> see jembe-hub user list"},
		{[]string{"enroll", "--village", "0722 000 111"}, "A village's name has 1 to 60 characters, and holds no telephone number."},
		{[]string{"enroll"}, "the hub has not served from this data folder yet\n  -> start jembe-hub serve on this data folder, or give --address https://HOST:PORT"},
		{[]string{"pack", "publish", none}, "there is no " + none + "\n  -> name an archive such as office.tar.zst, or the folder of a pack"},
		{[]string{"pack", "publish", junk}, "this is no pack, or a damaged one: invalid input: magic number mismatch\n  -> get the pack again and install it"},
		{[]string{"pack", "publish", filepath.Dir(junk)}, filepath.Dir(junk) + " holds no documents (docs/LANG/ID.md) and no lexicon (lexicon/NAME.yaml)\n  -> name the folder of a pack: docs/content.md"},
		{[]string{"usb", none}, "<dir>: there is no " + none + "\n  -> see jembe-hub usb --help"},
		{[]string{"restore", junk}, "junk.txt is no backup of a hub, or ends early: invalid input: magic number mismatch\n  -> restore the latest backup into a new data folder; the boxes send again what it lacks"},
		{[]string{"bulletin", "add", "--kind", "weather", "--text", "xx=Rain comes.", "--until", tomorrow},
			`the bulletin cannot be sent: no box has the language "xx"; there are ["en" "fr" "hi" "sw"]. A new one comes with a pack: docs/new-language.md`},
		{[]string{"--data", junk, "user", "list"}, "the folder " + junk + " cannot be made\n  -> make " + junk + " writable for this user, or choose another folder with --data"},
		{[]string{"--database", "postgres://jembe@127.0.0.1:1/jembe", "user", "list"},
			"PostgreSQL cannot be used: 127.0.0.1:1 (127.0.0.1): dial error: dial tcp 127.0.0.1:1: connect: connection refused\n  -> see that PostgreSQL runs, that the database exists, and that this user may create tables in it"},
	} {
		if r := jembeHub(t, data, c.args...); r.code == terminal.OK || r.stderr != "jembe-hub: "+c.says+"\n" || r.stdout != "" {
			t.Errorf("%q: exit %d, %s%s\nwant %s", c.args, r.code, r.stdout, r.stderr, c.says)
		}
	}
}
