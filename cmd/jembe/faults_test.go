package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/edge/wire"
)

// Whoever types commands is told in English what is wrong and what to do, and nothing that is meant for a farmer.
func TestFaultsAreToldToTheOperator(t *testing.T) {
	data := t.TempDir()
	junk := filepath.Join(data, "junk.txt")
	if err := os.WriteFile(junk, []byte("no sound and no pack"), 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	none := filepath.Join(data, "none")
	for _, c := range []struct {
		args []string
		says string // the whole of it
	}{
		{[]string{"askk"}, "unexpected argument askk, did you mean \"ask\"?\n  -> see jembe --help"},
		{[]string{"ask", "--loud"}, "unknown flag --loud\n  -> see jembe ask --help"},
		{[]string{"word", "add", "mchokoo"}, "missing flags: --concept=ID, --lang=CODE\n  -> see jembe word add --help"},
		{[]string{"word", "add", "mchokoo", "--concept", "nope", "--lang", "sw"}, "no concept has the id \"nope\"\n  -> find the id by a name that the library knows: jembe word find NAME"},
		{[]string{"word", "add", "mchokoo", "--concept", "maize", "--lang", "xx"}, "this box does not have the language \"xx\"\n  -> use one of en fr hi sw"},
		{[]string{"word", "find", "zzzzz"}, "the library knows nothing by the name \"zzzzz\"\n  -> try another name, or its first letters"},
		{[]string{"word", "remove", "zzz", "--lang", "sw"}, "\"zzz\" is no local word in sw\n  -> see the list of local words: jembe word list"},
		{[]string{"week", "--lang", "xx"}, "this box does not have the language \"xx\"\n  -> use one of en fr hi sw"},
		{[]string{"ask", "--audio", none}, "--audio: there is no " + none + "\n  -> see jembe ask --help"},
		{[]string{"ask", "--audio", data}, "--audio: \"" + data + "\" exists but is a directory\n  -> see jembe ask --help"},
		{[]string{"enroll", "bogus"}, "an invitation begins with jembe1-; have the office make one with jembe-hub enroll, and copy the whole of it"},
		{[]string{"pack", "install", none}, "open the pack: there is no " + none + "\n  -> name one that is there"},
		{[]string{"pack", "install", junk}, "this is no pack, or a damaged one: invalid input: magic number mismatch\n  -> get the pack again and install it"},
		{[]string{"--config", none, "doctor"}, "configuration: there is no " + none + "\n  -> name a file that can be read with --config or JEMBE_CONFIG"},
		{[]string{"--data", junk, "stats"}, "the folder " + junk + " cannot be made\n  -> make " + junk + " writable for this user, or choose another folder with --data"},
		{[]string{"serve", "--listen", taken.Addr().String()}, "listen tcp " + taken.Addr().String() + ": bind: address already in use\n  -> stop the program that uses " +
			taken.Addr().String() + ", or choose another address with --listen"},
		{[]string{"serve", "--listen", "nonsense"}, "listen tcp: address nonsense: missing port in address\n  -> choose another address with --listen, such as 127.0.0.1:8080"},
	} {
		if r := jembe(t, data, c.args...); r.code == terminal.OK || r.stderr != "jembe: "+c.says+"\n" || r.stdout != "" {
			t.Errorf("%q: exit %d, %s%s\nwant %s", c.args, r.code, r.stdout, r.stderr, c.says)
		}
	}
	r := jembe(t, data, "--json", "ask", "--lang", "sw", "")
	if farmers := wire.Message(&advisory.Error{Code: advisory.EmptyQuestion}, "sw"); r.code != terminal.Usage || strings.Contains(r.stderr, farmers) {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
}

// Where there is nothing to tell, that is told.
func TestNothingIsTold(t *testing.T) {
	data, empty := t.TempDir(), t.TempDir()
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"pack", "waiting", empty}, "no document waits for a review\n"},
		{[]string{"pack", "plain", empty}, "no answer is hard to take in by ear\n"},
	} {
		if r := jembe(t, data, c.args...); r.code != terminal.OK || r.stdout != c.says {
			t.Errorf("%q: exit %d, %s%s", c.args, r.code, r.stdout, r.stderr)
		}
	}
	if r := jembe(t, data, "week", "--crop", "maize"); r.code != terminal.Usage || !strings.Contains(r.stderr, "jembe setup") {
		t.Errorf("the week of a crop where none is set up: exit %d, %s", r.code, r.stderr)
	}
}
