package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/rag"
	"jembe/rag/ragtest"
)

// parrot is a model that says its first passage word for word.
func parrot(c ragtest.Chat) ragtest.Script {
	user := c.Messages[len(c.Messages)-1].Content
	_, rest, _ := strings.Cut(user, "<<<\n")
	passage, _, _ := strings.Cut(rest, "\n>>>")
	var sentences []any
	for line := range strings.SplitSeq(passage, "\n") {
		for _, s := range advisory.Sentences(line) {
			sentences = append(sentences, s, 1)
		}
	}
	return ragtest.Script{Text: ragtest.Draft(sentences...)}
}

// liar is a model that makes up a dose.
func liar(ragtest.Chat) ragtest.Script {
	return ragtest.Script{Text: ragtest.Draft("Give 777 kg of urea per hectare.", 1)}
}

// modelBox configures a box for a scripted model server, with bars that a short test can reach.
func modelBox(t *testing.T) (data string, server *ragtest.Server) {
	t.Helper()
	server = ragtest.NewServer(ragtest.Script{})
	t.Cleanup(server.Close)
	server.Install(ragtest.Model{Name: "small:1b", Digest: "first", Size: 1 << 30}, ragtest.Model{Name: "far:cloud", Digest: "x", Remote: "https://far.example"})
	data = t.TempDir()
	conf := fmt.Sprintf("JEMBE_MODEL_URL=%s\nJEMBE_MODEL=small:1b\nJEMBE_MODEL_LANGS=en,sw\nJEMBE_MODEL_QUESTIONS=3\nJEMBE_MODEL_FAITHFUL=0.5\n", server.URL)
	if err := os.WriteFile(filepath.Join(data, "jembe.conf"), []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
	return data, server
}

// evaluate runs eval generated on a few questions and gives its report.
func evaluate(t *testing.T, data string) map[advisory.Lang]modelTally {
	t.Helper()
	r := jembe(t, data, "--json", "eval", "generated", "--most", "12", "testdata/questions.tsv")
	var report struct{ Langs map[advisory.Lang]modelTally }
	if err := json.Unmarshal([]byte(r.stdout), &report); r.code != terminal.OK || err != nil {
		t.Fatalf("exit %d, %v: %s", r.code, err, r.stderr)
	}
	return report.Langs
}

// quotedQuestion is one that the starter content answers with a passage rather than with a short answer.
const quotedQuestion = "CBSD how do I know it when the leaves look almost healthy"

func TestModelWritesWhereItHasPassed(t *testing.T) {
	data, server := modelBox(t)
	tier := func() advisory.Tier {
		t.Helper()
		return answer(t, data, "--lang", "en", quotedQuestion).Tier
	}
	server.Play(parrot)
	if got := tier(); got != advisory.Quoted || len(server.Chats()) != 0 {
		t.Errorf("before any evaluation: %s, %d calls", got, len(server.Chats()))
	}
	langs := evaluate(t, data)
	if en := langs["en"]; en.Asked != 12 || en.Passed < 6 || en.Failed != 0 {
		t.Errorf("a parrot passes %+v", en)
	}
	if got := tier(); got != advisory.Generated {
		t.Errorf("after it has passed: %s", got)
	}
	if r := jembe(t, data, "doctor"); !strings.Contains(r.stdout, "small:1b writes in: en") {
		t.Errorf("the doctor says %s", r.stdout)
	}
	server.Install(ragtest.Model{Name: "small:1b", Digest: "second"})
	if got := tier(); got != advisory.Quoted {
		t.Errorf("another version, not evaluated: %s", got)
	}
	server.Play(liar)
	langs = evaluate(t, data)
	if en := langs["en"]; en.Passed != 0 || en.Fallen != 12 || en.Fell[advisory.RuleNumber] != 12 {
		t.Errorf("a liar passes %+v", en)
	}
	if got := tier(); got != advisory.Quoted {
		t.Errorf("after it has failed: %s", got)
	}
	server.Install(ragtest.Model{Name: "small:1b", Digest: "first"})
	server.Play(parrot)
	if got := tier(); got != advisory.Generated {
		t.Errorf("the first version is back, and is still known: %s", got)
	}
}

func TestModelThatIsAway(t *testing.T) {
	data, server := modelBox(t)
	server.Close()
	r := jembe(t, data, "ask", "--json", "--lang", "en", quotedQuestion)
	if r.code != terminal.OK || !strings.Contains(r.stdout, `"quoted"`) || strings.Count(r.stderr, "no model writes") != 1 {
		t.Errorf("exit %d: %s %s", r.code, r.stdout, r.stderr)
	}
	if r := jembe(t, data, "doctor"); !strings.Contains(r.stdout, "trouble  model") {
		t.Errorf("the doctor says %s", r.stdout)
	}
	if r := jembe(t, data, "models", "list"); r.code != terminal.OK || !strings.Contains(r.stdout, "USB stick") {
		t.Errorf("exit %d: %s", r.code, r.stdout)
	}
}

func TestModelsList(t *testing.T) {
	data, server := modelBox(t)
	server.Install(ragtest.Model{Name: "small:1b"}, ragtest.Model{Name: "meaning:latest"}, ragtest.Model{Name: "far:cloud", Remote: "https://far.example"})
	t.Setenv("JEMBE_EMBED_MODEL", "meaning")
	r := jembe(t, data, "models", "list")
	for _, part := range []string{"<- JEMBE_MODEL", "<- JEMBE_EMBED_MODEL", "far:cloud", "is far away", "not measured here"} {
		if !strings.Contains(r.stdout, part) {
			t.Errorf("%q is missing in %s", part, r.stdout)
		}
	}
	for _, c := range []struct {
		memory, size int64
		fits         bool
	}{{8 << 30, 2500e6, true}, {3 << 30, 2500e6, false}, {2 << 30, 815e6, true}, {1 << 30, 815e6, false}, {0, 1, false}} {
		if got := listed(rag.Model{Size: c.size}, c.memory).Fits; got != c.fits {
			t.Errorf("%d bytes in %d of memory: %v", c.size, c.memory, got)
		}
	}
	if n := totalMemory(strings.NewReader("MemFree: 1 kB\nMemTotal:  8000 kB\n")); n != 8000<<10 {
		t.Errorf("memory %d", n)
	}
}

// A model that is not in memory keeps nobody waiting: the box quotes at once, records why, and has it loaded.
func TestModelThatIsBeingLoaded(t *testing.T) {
	data, server := writingBox(t)
	server.Play(parrot)
	s := startServe(t, data)
	tier := func() advisory.Tier {
		t.Helper()
		var a httpAnswer
		if status := s.post(t, "/v1/ask", map[string]any{"text": quotedQuestion, "lang": "en"}, &a); status != 200 {
			t.Fatalf("status %d", status)
		}
		return a.Tier
	}
	writes := func() {
		t.Helper()
		for range 400 { // where the server was too busy to answer, the box looks again after a while
			if tier() == advisory.Generated {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatalf("the model never writes: %s", s.errs)
	}
	writes()
	calls := len(server.Chats())
	server.Unload()
	if got := tier(); got != advisory.Quoted || len(server.Chats()) != calls {
		t.Errorf("while it is loaded: %s", got)
	}
	if r := jembe(t, data, "events", "export"); !strings.Contains(r.stdout, `"generated:slow"`) {
		t.Errorf("the record says %s", r.stdout)
	}
	writes()
}

// The budget of a prompt is checked against what the model counts.
func TestEvaluationTellsOfLongPrompts(t *testing.T) {
	data, server := modelBox(t)
	for counted, want := range map[int]bool{400: false, 700: true} {
		server.Play(func(c ragtest.Chat) ragtest.Script {
			script := parrot(c)
			script.Counted = counted
			return script
		})
		r := jembe(t, data, "eval", "generated", "--most", "2", "testdata/questions.tsv")
		if got := strings.Contains(r.stdout, "JEMBE_MODEL_PROMPT"); r.code != terminal.OK || got != want {
			t.Errorf("of %d tokens: %s%s", counted, r.stdout, r.stderr)
		}
	}
}

func TestModelSettings(t *testing.T) {
	for _, c := range []struct {
		conf, hint string
		code       int
	}{
		{"JEMBE_MODEL_URL=localhost:1\nJEMBE_MODEL=m", "no address of a model server", terminal.Usage},
		{"JEMBE_MODEL_URL=http://127.0.0.1:1\nJEMBE_MODEL=m\nJEMBE_MODEL_LANGS=en,xx", "xx", terminal.Usage},
		{"JEMBE_MODEL=m\nJEMBE_EMBED_MODEL=e", "", terminal.OK}, // no address: nothing is dialled
	} {
		data := t.TempDir()
		if err := os.WriteFile(filepath.Join(data, "jembe.conf"), []byte(c.conf), 0o644); err != nil {
			t.Fatal(err)
		}
		if r := jembe(t, data, "ask", "how do I make compost"); r.code != c.code || !strings.Contains(r.stderr, c.hint) {
			t.Errorf("%s: exit %d: %s", c.conf, r.code, r.stderr)
		}
	}
	data, _ := modelBox(t)
	t.Setenv("JEMBE_MODEL", "far:cloud")
	if r := jembe(t, data, "eval", "generated", "testdata/questions.tsv"); r.code != terminal.Usage || !strings.Contains(r.stderr, "far away") {
		t.Errorf("a model far away: exit %d: %s", r.code, r.stderr)
	}
}

func TestDamagedEvaluation(t *testing.T) {
	data, server := modelBox(t)
	server.Play(parrot)
	if err := os.WriteFile(resultsFile(data), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := answer(t, data, "--lang", "en", quotedQuestion).Tier; got != advisory.Quoted || len(server.Chats()) != 0 {
		t.Errorf("with a damaged evaluation: %s", got)
	}
}
