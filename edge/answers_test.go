package edge

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jembe/advisory"
)

func TestAnswersAreBounded(t *testing.T) {
	a := newAnswers()
	start := time.Now()
	at := start
	a.clock = func() time.Time { return at }
	speech := []advisory.Speech{{Text: "hello", Lang: "en"}}
	add := func(id string) *piece {
		a.add(id, "en", "s")
		pieces, _ := a.say(id, speech)
		return pieces[0]
	}
	if _, err := add("first").render(t.Context(), singer{}); err != nil {
		t.Fatal(err)
	}
	for i := range maxSounded {
		add(fmt.Sprint(i))
	}
	if g, err := a.get("first", "s"); err != nil || g.sound[0][0].wav != nil || g.sound[1][0].speech != (advisory.Speech{Text: "hello", Lang: "en", Slow: true}) {
		t.Errorf("sound of the oldest answer: %+v, %v; want it given up, and able to be rendered again", g, err)
	}
	for i := range maxAnswers {
		add(fmt.Sprint("more", i))
	}
	if _, err := a.get("first", ""); err == nil || len(a.byID) != maxAnswers || len(a.ids) != maxAnswers {
		t.Errorf("%d answers are remembered, want %d", len(a.byID), maxAnswers)
	}
	at = start.Add(maxAge + time.Second)
	if _, err := a.get("more1", ""); err == nil {
		t.Error("an answer is remembered for too long")
	}
	if add("late"); len(a.byID) != 1 {
		t.Errorf("%d answers after half an hour, want 1", len(a.byID))
	}
}

// What is said later is counted on from what was said before; of an answer that was forgotten nothing is said.
func TestAnswersGrow(t *testing.T) {
	a := newAnswers()
	a.add("a", "", "s")
	speech := []advisory.Speech{{Text: "one", Lang: "en"}, {Text: "two", Lang: "en"}}
	for _, want := range []int{0, 2} {
		if pieces, before := a.say("a", speech); len(pieces) != 2 || before != want {
			t.Errorf("%d pieces after %d, want 2 after %d", len(pieces), before, want)
		}
	}
	a.settle("a", "sw", advisory.Answer{Reason: advisory.Despair})
	if g, err := a.get("a", "s"); err != nil || len(g.sound[0]) != 4 || len(g.sound[1]) != 4 || g.lang != "sw" || g.reason != advisory.Despair {
		t.Errorf("%v: %+v", err, g)
	}
	a.forget("s")
	if pieces, _ := a.say("a", speech); pieces != nil {
		t.Error("a forgotten answer goes on")
	}
	a.settle("a", "sw", advisory.Answer{})
}

func TestWithdrawnAnswersAreNotHeardAgain(t *testing.T) {
	s := newTestServer(t)
	r := askFor(t, s, `{"text":"there are worms in my maize"}`)
	if w := get(t, s, r.Sound[0]); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	s.Withdraw()
	wantProblem(t, get(t, s, r.Sound[0]), http.StatusNotFound, advisory.NotFound)
	if w := post(t, s, "/v1/answers/"+r.ID+"/rating", `{"rating":"down"}`); w.Code != http.StatusNoContent {
		t.Errorf("it can no longer be rated: %d %s", w.Code, w.Body)
	}
	again := askFor(t, s, `{"text":"there are worms in my maize"}`)
	if w := get(t, s, again.Sound[0]); w.Code != http.StatusOK {
		t.Errorf("asked again: %d %s", w.Code, w.Body)
	}
}

func TestCutSpeech(t *testing.T) {
	all := func(advisory.Lang) bool { return true }
	long := strings.Repeat("Look into the whorl of ten plants. ", 20)
	for _, c := range []struct {
		name, text string
		pieces     int
	}{
		{"short", "Crush the eggs.", 1},
		{"nothing", " ", 0},
		{"sentences", long, 4},
		{"one long sentence", strings.Repeat("word ", 100), 3},
		{"one long word", strings.Repeat("a", 500), 3},
		{"danda", strings.Repeat("पत्ते देखिए। ", 40), 3},
	} {
		got := cutSpeech([]advisory.Speech{{Text: c.text, Lang: "hi"}}, all)
		var joined strings.Builder
		for _, p := range got {
			if n := utf8.RuneCountInString(p.Text); n == 0 || n > pieceRunes || p.Lang != "hi" {
				t.Errorf("%s: piece of %d characters, %s", c.name, n, p.Lang)
			}
			if c.name == "sentences" && !strings.HasSuffix(p.Text, ".") {
				t.Errorf("cut within a sentence: %q", p.Text)
			}
			joined.WriteString(p.Text)
		}
		spaceless := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if len(got) != c.pieces || spaceless(joined.String()) != spaceless(c.text) {
			t.Errorf("%s: %d pieces, want %d, of the whole text", c.name, len(got), c.pieces)
		}
	}
	mixed := []advisory.Speech{{Text: "Sina.", Lang: "sw"}, {Text: "Only English.", Lang: "en"}}
	if got := cutSpeech(mixed, func(l advisory.Lang) bool { return l == "en" }); len(got) != 1 || got[0].Lang != "en" {
		t.Errorf("a language without a voice: %+v", got)
	}
}

func FuzzCutSpeech(f *testing.F) {
	f.Add("One. Two? तीन। " + strings.Repeat("x", 300))
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range cutSpeech([]advisory.Speech{{Text: text}}, func(advisory.Lang) bool { return true }) {
			if n := utf8.RuneCountInString(p.Text); n == 0 || n > pieceRunes {
				t.Fatalf("piece of %d characters", n)
			}
		}
	})
}

func FuzzWaveData(f *testing.F) {
	f.Add(tone(time.Millisecond))
	f.Fuzz(func(t *testing.T, wav []byte) {
		if from, to, err := waveData(wav); err == nil && (from < 20 || to < from || to > len(wav)) {
			t.Fatalf("samples from %d to %d of %d bytes", from, to, len(wav))
		}
	})
}
