package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/cmd/terminal"
)

// result is what a command line gave.
type result struct {
	code           int
	stdout, stderr string
}

// jembe runs a command line on the data directory.
func jembe(t *testing.T, data string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
	code := p.run(context.Background(), append([]string{"--data", data}, args...))
	return result{code, out.String(), errs.String()}
}

// answer runs ask with --json and reads the answer.
func answer(t *testing.T, data string, args ...string) advisory.Answer {
	t.Helper()
	r := jembe(t, data, append([]string{"ask", "--json"}, args...)...)
	if r.code != terminal.OK {
		t.Fatalf("ask %v: exit %d: %s", args, r.code, r.stderr)
	}
	var a advisory.Answer
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
		t.Fatalf("%v: %s", err, r.stdout)
	}
	return a
}

// need skips a test without a tool, and says how to get it; where everything must be there, it fails.
func need(t *testing.T, tool, install string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err == nil {
		return path
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing: %s", tool, install)
	}
	t.Skipf("%s is missing: %s", tool, install)
	return ""
}

func TestAskInEachLanguage(t *testing.T) {
	data := t.TempDir()
	for _, c := range []struct{ lang, question, document string }{
		{"en", "worms are eating the heart of my young maize and leave sawdust", "maize-fall-armyworm"},
		{"hi", "मक्का की पोंगली में इल्ली है और बुरादा दिख रहा है", "maize-fall-armyworm"},
		{"sw", "viwavi wanakula moyo wa mahindi na kuacha unga", "maize-fall-armyworm"},
		{"fr", "des chenilles mangent le cornet de mon maïs et laissent de la sciure", "maize-fall-armyworm"},
		{"en", "how do I make compost", "compost-making"},
	} {
		a := answer(t, data, "--lang", c.lang, c.question)
		if a.Outcome != advisory.Answered || len(a.Citations) == 0 || a.Citations[0].Document != c.document || string(a.Lang) != c.lang {
			t.Errorf("%s: %+v", c.question, a)
		}
		if a.Reviewed || !strings.Contains(a.Spoken, advisory.Say(a.Lang, "unreviewed")) {
			t.Errorf("%s does not say that nobody has reviewed it: %s", c.question, a.Spoken)
		}
	}
}

func TestQuestionInALanguageWithoutItsDocument(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	doc := "---\nid: quail-keeping\nlang: en\ntitle: Keeping quails\nkind: practice\nanimals: [quail]\ntopics: [egg-laying]\n" +
		"sources: [{name: Us, url: https://example.org/, year: 2026}]\nstatus: unreviewed\nquestions:\n  - how do I keep quails for eggs\n" +
		"answer: Keep quails dry and warm, in a cage with a mesh floor.\n---\n\n## What to do\n\nKeep quails dry and warm, in a cage with a mesh floor.\n"
	if err := os.MkdirAll(filepath.Join(dir, "docs", "en"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "docs", "en", "quail-keeping.md"), []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"pack", "build", dir, filepath.Join(data, "q.tar.zst")}, {"pack", "install", filepath.Join(data, "q.tar.zst")}} {
		if r := jembe(t, data, args...); r.code != terminal.OK {
			t.Fatal(r.stderr)
		}
	}
	a := answer(t, data, "--lang", "sw", "--choice", "quail-keeping")
	if a.Outcome != advisory.Answered || a.Lang != "en" || a.Citations[0].Document != "quail-keeping" {
		t.Fatalf("%+v", a)
	}
	if !strings.HasPrefix(a.Spoken, "Habari hii ninayo kwa Kiingereza tu.") {
		t.Errorf("does not say that it is in English only: %s", a.Spoken)
	}
}

func TestBadUse(t *testing.T) {
	data := t.TempDir()
	broken := filepath.Join(data, "broken.wav")
	if err := os.WriteFile(broken, []byte("RIFF\x10\x00\x00\x00WAVEjunk"), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(data, "empty.wav")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		want advisory.Code
	}{
		{[]string{"ask", ""}, terminal.Usage, advisory.EmptyQuestion},
		{[]string{"ask"}, terminal.Usage, advisory.EmptyQuestion},
		{[]string{"ask", "\x01\x02"}, terminal.Usage, advisory.EmptyQuestion},
		{[]string{"ask", strings.Repeat("maize ", 20000)}, terminal.Usage, advisory.TextTooLong},
		{[]string{"ask", "--lang", "xx", "maize"}, terminal.Usage, advisory.UnknownLang},
		{[]string{"ask", "--audio", broken, "maize"}, terminal.Usage, advisory.BadRequest},
		{[]string{"ask", "--audio", filepath.Join(data, "none.wav")}, terminal.Usage, advisory.BadRequest},
		{[]string{"ask", "--nonsense"}, terminal.Usage, advisory.BadRequest},
		{[]string{"nonsense"}, terminal.Usage, advisory.BadRequest},
		{[]string{"ask", "--choice", "no-such"}, terminal.Failure, advisory.NotFound},
		{[]string{"pack", "install", broken}, terminal.Failure, advisory.CorruptPack},
		{[]string{"eval", "answers", broken}, terminal.Usage, advisory.BadRequest},
	} {
		r := jembe(t, data, append(c.args, "--json")...)
		var problem struct {
			Code   advisory.Code `json:"code"`
			Status int           `json:"status"`
			Detail string        `json:"detail"`
		}
		if err := json.Unmarshal([]byte(r.stderr), &problem); err != nil {
			t.Errorf("%.40q: standard error is no problem object: %s", c.args, r.stderr)
			continue
		}
		if r.code != c.code || problem.Code != c.want || problem.Detail == "" || problem.Status < 400 || r.stdout != "" {
			t.Errorf("%.40q: exit %d, %+v, output %q", c.args, r.code, problem, r.stdout)
		}
	}
}

func TestConfigurationFile(t *testing.T) {
	data := t.TempDir()
	conf := filepath.Join(data, "jembe.conf")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# the box of a village\nJEMBE_JSON=true\nJEMBE_COUNTRY=\"ke\"\n")
	if r := jembe(t, data, "version"); !strings.Contains(r.stdout, `"version"`) {
		t.Errorf("the file's JEMBE_JSON is not heeded: %s%s", r.stdout, r.stderr)
	}
	t.Setenv("JEMBE_JSON", "false")
	if r := jembe(t, data, "version"); strings.Contains(r.stdout, `"version"`) {
		t.Error("the environment must outweigh the file")
	}
	for text, want := range map[string]string{"JEMBE_COUNTY=KE\n": "JEMBE_COUNTY is not a setting", "country KE\n": "jembe.conf:1"} {
		write(text)
		if r := jembe(t, data, "version"); r.code != terminal.Usage || !strings.Contains(r.stderr, want) {
			t.Errorf("%q: exit %d, %s", text, r.code, r.stderr)
		}
	}
}

func TestDoctorSaysWhereAndWhat(t *testing.T) {
	data := t.TempDir()
	r := jembe(t, data, "doctor", "--json")
	var found []finding
	if err := json.Unmarshal([]byte(r.stdout), &found); err != nil {
		t.Fatalf("%v: %s%s", err, r.stdout, r.stderr)
	}
	parts := map[string]finding{}
	for _, f := range found {
		parts[f.Part] = f
		if f.State != stateOK && f.Do == "" {
			t.Errorf("%s is %s, and the doctor does not say what to do", f.Part, f.State)
		}
	}
	if parts["data"].Says != data {
		t.Errorf("data: %+v", parts["data"])
	}
	for _, part := range []string{"disk", "clock", "microphone", "record", "place", "pack starter", "language en", "language sw"} {
		if parts[part].State == "" {
			t.Errorf("nothing is said of %s", part)
		}
	}
}
