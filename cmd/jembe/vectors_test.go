package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/rag/ragtest"
)

// embeddedOffice makes and installs the pack of an office with vectors of the server's small model.
func embeddedOffice(t *testing.T, data string) {
	t.Helper()
	dir := t.TempDir()
	plain, embedded := filepath.Join(dir, "office.tar.zst"), filepath.Join(dir, "vectors.tar.zst")
	for _, args := range [][]string{
		{"pack", "build", office(t, "Make the heap as our office shows."), plain, "--release", "1"},
		{"pack", "embed", plain, embedded, "--with", "small:1b"},
		{"pack", "verify", embedded},
		{"pack", "install", embedded},
	} {
		if r := jembe(t, data, args...); r.code != terminal.OK {
			t.Fatalf("%v: %s", args, r.stderr)
		} else if args[1] == "embed" && (!strings.Contains(r.stdout, "office 1.1") || !strings.Contains(r.stdout, "vectors of 4 texts by small:1b, 8 dimensions") || !strings.Contains(r.stderr, "4 of 4 texts")) {
			t.Errorf("embed says %s%s", r.stdout, r.stderr)
		}
	}
}

// says gives what the doctor says of a part.
func says(t *testing.T, data, part string) finding {
	t.Helper()
	var found []finding
	if err := json.Unmarshal([]byte(jembe(t, data, "doctor", "--json").stdout), &found); err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Part == part {
			return f
		}
	}
	return finding{}
}

func TestVectorsOfAPackAreUsedByTheirModelOnly(t *testing.T) {
	data, server := modelBox(t)
	embeddedOffice(t, data)
	calls := server.Embeds()
	if answer(t, data, "how do I make compost"); server.Embeds() != calls {
		t.Error("the model was asked though none is configured")
	}
	if f := says(t, data, "vectors"); f.State != stateMissing || !strings.Contains(f.Says, "office@1.1 carries vectors of small:1b, which are not used") {
		t.Errorf("with none configured the doctor says %+v", f)
	}
	t.Setenv("JEMBE_EMBED_MODEL", "small:1b")
	if a := answer(t, data, "how do I make compost"); a.Citations[0].Source != "Our office, 2026" || server.Embeds() != calls+1 {
		t.Errorf("%d calls, want one for the question; %+v", server.Embeds()-calls, a.Citations)
	}
	if f := says(t, data, "meaning"); f.State != stateOK || !strings.Contains(f.Says, "office@1.1 (4 texts)") {
		t.Errorf("the doctor says %+v", f)
	}
	server.Install(ragtest.Model{Name: "small:1b", Digest: "second"})
	calls = server.Embeds()
	if answer(t, data, "how do I make compost"); server.Embeds() != calls {
		t.Error("vectors of another version were used")
	}
	if f := says(t, data, "meaning"); f.State != stateMissing || !strings.Contains(f.Says, "first and are not used") || f.Do == "" {
		t.Errorf("of another version the doctor says %+v", f)
	}
	t.Setenv("JEMBE_EMBED_MODEL", "none")
	if f := says(t, data, "meaning"); f.State != stateTrouble || !strings.Contains(f.Do, "models list") {
		t.Errorf("of a model that is not there the doctor says %+v", f)
	}
}

// A box that serves takes up the model when its server comes up later, and answers while it is away or slow.
func TestMeaningComesAndGoes(t *testing.T) {
	data, server := modelBox(t)
	embeddedOffice(t, data)
	t.Setenv("JEMBE_EMBED_MODEL", "small:1b")
	b, err := openBox(t.Context(), &program{stderr: t.Output()}, &cli{Data: data, modelFlags: modelFlags{URL: "http://127.0.0.1:1", Embed: "small:1b"}}, boxNeeds{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	ask := func() {
		t.Helper()
		began := time.Now()
		a, err := b.advisor.Ask(t.Context(), advisory.Question{Text: "how do I make compost", Lang: "en"})
		if err != nil || a.Outcome != advisory.Answered || time.Since(began) > 5*time.Second {
			t.Errorf("%v: %s after %v", err, a.Outcome, time.Since(began))
		}
	}
	ask()
	if changed, err := b.findMeaning(t.Context()); changed || err == nil {
		t.Errorf("found at an address where nothing is: %v", err)
	}
	b.flags.URL = server.URL
	if changed, err := b.findMeaning(t.Context()); !changed || err != nil {
		t.Fatalf("not found: %v", err)
	}
	if err := b.load(t.Context()); err != nil {
		t.Fatal(err)
	}
	calls := server.Embeds()
	if ask(); server.Embeds() != calls+1 {
		t.Errorf("%d calls for the question", server.Embeds()-calls)
	}
	if changed, err := b.findMeaning(t.Context()); changed || err != nil {
		t.Errorf("the same again: %v, %v", changed, err)
	}
	server.Slow(time.Minute)
	ask()
	server.Close()
	ask()
}

func TestPackEmbedTellsWhatItNeeds(t *testing.T) {
	data, server := modelBox(t)
	out := filepath.Join(t.TempDir(), "out.tar.zst")
	plain := filepath.Join(t.TempDir(), "office.tar.zst")
	if r := jembe(t, data, "pack", "build", office(t, "Make the heap."), plain); r.code != terminal.OK {
		t.Fatal(r.stderr)
	}
	for _, c := range []struct {
		args []string
		hint string
	}{
		{[]string{plain, out}, "JEMBE_EMBED_MODEL"},
		{[]string{plain, out, "--with", "none"}, "not installed"},
		{[]string{plain, out, "--with", "far:cloud"}, "not installed"},
		{[]string{filepath.Join(data, "none"), out, "--with", "small:1b"}, "none"},
	} {
		if r := jembe(t, data, append([]string{"pack", "embed"}, c.args...)...); r.code == terminal.OK || !strings.Contains(r.stderr, c.hint) {
			t.Errorf("%v: exit %d: %s", c.args, r.code, r.stderr)
		}
	}
	server.Close()
	if r := jembe(t, data, "pack", "embed", plain, out, "--with", "small:1b"); r.code == terminal.OK {
		t.Error("vectors of a model that is away")
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a pack was left behind")
	}
}
