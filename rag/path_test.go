package rag_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
	"jembe/rag"
	"jembe/rag/ragtest"
)

// The tests of this file take a question through the whole Advisor, with a scripted model that is as bad as models get.

const (
	doseText   = "Give 50 kg of urea per hectare when the maize is knee high."
	handText   = "Wash your hands after you touch urea."
	weedText   = "Pull out the weeds before you give urea."
	shortText  = "Give maize urea once, when it is knee high, and weed first."
	topdressed = "how much urea for my maize"
	quotedText = doseText + " " + handText // the dose, and the caution that it owes
)

func topdressing() *advisory.Document {
	return &advisory.Document{
		ID: "maize-topdressing", Lang: "en", Title: "Top dressing of maize", Kind: "practice", Crops: []string{"maize"}, Topics: []string{"top-dressing"},
		Sources: []advisory.Source{{Name: "KALRO", Year: 2020}}, Status: advisory.Reviewed, Answer: shortText,
		Sections: []advisory.Section{{Heading: "How much", Text: doseText + " " + handText}, {Heading: "Before", Text: weedText + " Knee high maize gets urea once, and the weeds go first."}},
	}
}

// newPath gives an Advisor that quotes when the model has nothing to say, and its record.
func newPath(t *testing.T, c rag.WriterConfig) (*advisory.Advisor, *at.Notebook) {
	t.Helper()
	writer, err := rag.NewWriter(c)
	if err != nil {
		t.Fatal(err)
	}
	d := topdressing()
	match := advisory.Match{Document: d, Score: 1, Words: .9, Coverage: 1, Question: .1, Vector: .9, Concepts: 1, About: []string{"maize", "top-dressing", "urea"}}
	for i, s := range d.Sections {
		match.Passages = append(match.Passages, advisory.Passage{Document: d, Section: s.Heading, Text: s.Text, Score: 1 / float64(1+i)})
	}
	lex := advisory.NewLexicon([]advisory.Concept{
		{ID: "maize", Kind: advisory.Crop, Names: map[advisory.Lang][]string{"en": {"maize"}}},
		{ID: "bean", Kind: advisory.Crop, Names: map[advisory.Lang][]string{"en": {"beans", "bean"}}},
		{ID: "urea", Kind: advisory.Input, Names: map[advisory.Lang][]string{"en": {"urea"}}},
		{ID: "top-dressing", Kind: advisory.Practice, Names: map[advisory.Lang][]string{"en": {"top dressing"}}},
	})
	notes := &at.Notebook{}
	return &advisory.Advisor{
		Library: func() advisory.Library {
			return advisory.Library{Lexicon: lex, Retriever: at.Finder{topdressed: {match}}}
		},
		Generators: []advisory.Generator{writer, rag.Quote{Passages: 1}},
		Speaker:    at.Mouth{"en"}, Recorder: notes,
	}, notes
}

// heard asks as one who listens, and gives the parts with the answer.
func heard(t *testing.T, a *advisory.Advisor) ([]string, advisory.Answer) {
	t.Helper()
	var parts []string
	got, err := a.Ask(context.Background(), advisory.Question{Text: topdressed, Speak: true, Hear: func(s advisory.Speech, sounds []advisory.Sound) {
		if len(sounds) != 1 || string(sounds[0].WAV) != s.Text {
			t.Errorf("%q came with the sound %v", s.Text, sounds)
		}
		parts = append(parts, s.Text)
	}})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(parts, " ") != got.Spoken {
		t.Errorf("heard %q, but the answer is %q", parts, got.Spoken)
	}
	return parts, got
}

func TestGoodDraftReachesTheFarmer(t *testing.T) {
	server := ragtest.NewServer(ragtest.Script{Text: ragtest.Draft(doseText, 1, handText, 1), Counted: 321})
	defer server.Close()
	a, notes := newPath(t, rag.WriterConfig{URL: server.URL, Model: "m"})
	got, err := a.Ask(context.Background(), advisory.Question{Text: topdressed})
	if err != nil || got.Tier != advisory.Generated || got.Text != doseText+" "+handText || len(notes.Events()[0].Fell) != 0 {
		t.Errorf("%v: %+v; %+v", err, got, notes.Events())
	}
	_, listened := heard(t, a)
	if listened.Text != got.Text || listened.Spoken != got.Spoken || listened.Tier != got.Tier || !slices.Equal(listened.Citations, got.Citations) {
		t.Errorf("who listens gets %+v, who waits %+v", listened, got)
	}
	chat := server.Chats()[0]
	if chat.Options["temperature"] != 0.0 || chat.Options["num_predict"] == nil || len(chat.Format) == 0 || chat.Messages[0].Role != "system" {
		t.Errorf("asked with %+v", chat)
	}
	estimated, counted := a.Generators[0].(*rag.Writer).PromptTokens()
	if counted != 321 || estimated < 150 || estimated > 400 {
		t.Errorf("the prompt was estimated at %d, counted as %d", estimated, counted)
	}
}

func TestBadModel(t *testing.T) {
	quick := ragtest.Draft(doseText, 1, handText, 1)
	for name, c := range map[string]struct {
		script ragtest.Script
		fell   string
	}{
		"invented dose":      {ragtest.Script{Text: ragtest.Draft("Give 500 kg of urea per hectare when the maize is knee high.", 1)}, "generated:number"},
		"swapped crop":       {ragtest.Script{Text: ragtest.Draft("Give 50 kg of urea per hectare when the beans are knee high.", 1)}, "generated:crop"},
		"no passage":         {ragtest.Script{Text: ragtest.Draft(doseText, 0)}, "generated:citation"},
		"passage not given":  {ragtest.Script{Text: ragtest.Draft(doseText, 7)}, "generated:citation"},
		"other language":     {ragtest.Script{Text: ragtest.Draft("Mpe mahindi mbolea ya urea wakati yamefika magotini, kisha palilia shamba lako.", 1)}, "generated:language"},
		"markup":             {ragtest.Script{Text: ragtest.Draft("**Give** 50 kg of urea per hectare when the maize is knee high.", 1)}, "generated:markup"},
		"link":               {ragtest.Script{Text: ragtest.Draft("Wash your hands, see http://urea.example.", 1)}, "generated:markup"},
		"turned round":       {ragtest.Script{Text: ragtest.Draft("Do not pull out the weeds before you give urea.", 2)}, "generated:negation"},
		"small talk":         {ragtest.Script{Text: ragtest.Draft("Farming is a noble journey with many fine rewards.", 1)}, "generated:unsupported"},
		"endless text":       {ragtest.Script{Text: `{"sentences":[{"text":"` + strings.Repeat("urea ", 10000), Again: true}, "generated:endless"},
		"refuses to stop":    {ragtest.Script{Text: strings.Repeat(" ", 1000), Again: true}, "generated:endless"},
		"stopped at limit":   {ragtest.Script{Text: quick[:40], Limit: true}, "generated:endless"},
		"broken JSON":        {ragtest.Script{Text: `{"sentences":[{"text":"Give` + "\x01"}, "generated:broken"},
		"no JSON":            {ragtest.Script{Text: "Give 500 kg."}, "generated:broken"},
		"other JSON":         {ragtest.Script{Text: `{"answer":"Give 500 kg."}`}, "generated:broken"},
		"half JSON":          {ragtest.Script{Text: quick[:40]}, "generated:broken"},
		"dies in a sentence": {ragtest.Script{Text: quick[:40], Cut: true}, "generated:away"},
		"slow to load":       {ragtest.Script{Text: quick, Load: time.Minute}, "generated:slow"},
		"too slow":           {ragtest.Script{Text: quick, Every: 300 * time.Millisecond}, "generated:slow"},
		"not installed":      {ragtest.Script{Status: 404}, "generated:missing"},
		"server busy":        {ragtest.Script{Status: 503}, "generated:busy"},
		"out of memory":      {ragtest.Script{Status: 500}, "generated:failed"},
		"fault on the way":   {ragtest.Script{Text: quick[:40], Fault: "the runner has ended"}, "generated:failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := ragtest.NewServer(c.script)
			defer server.Close()
			limits := rag.WriterConfig{URL: server.URL, Model: "m"}
			if c.fell == "generated:slow" {
				limits.First, limits.Whole = 500*time.Millisecond, time.Second
			}
			a, notes := newPath(t, limits)
			waited, err := a.Ask(context.Background(), advisory.Question{Text: topdressed})
			if err != nil {
				t.Fatal(err)
			}
			_, listened := heard(t, a)
			for i, got := range []advisory.Answer{waited, listened} {
				if got.Tier != advisory.Quoted || got.Text != quotedText {
					t.Errorf("%s: %q", got.Tier, got.Text)
				}
				if fell := notes.Events()[i].Fell; !slices.Contains(fell, c.fell) {
					t.Errorf("the record says %q, want %q", fell, c.fell)
				}
			}
		})
	}
}

// What was said stands; what follows and falls is dropped, and the caution that is due is said in the passage's own words.
func TestLaterSentenceFalls(t *testing.T) {
	wrong := "Give 500 kg of urea per hectare when the maize is knee high."
	for name, c := range map[string]struct {
		script ragtest.Script
		fell   []string
	}{
		"invented dose":  {ragtest.Script{Text: ragtest.Draft(doseText, 1, wrong, 1, handText, 1)}, []string{"generated:number"}},
		"dies":           {ragtest.Script{Text: strings.TrimSuffix(ragtest.Draft(doseText, 1, wrong, 1), `,"passages":[1]}]}`), Cut: true}, []string{"generated:away"}},
		"breaks":         {ragtest.Script{Text: strings.TrimSuffix(ragtest.Draft(doseText, 1), "]}") + ",?"}, []string{"generated:broken"}},
		"no caution":     {ragtest.Script{Text: ragtest.Draft(doseText, 1)}, nil},
		"caution itself": {ragtest.Script{Text: ragtest.Draft(doseText, 1, handText, 1)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := ragtest.NewServer(c.script)
			defer server.Close()
			a, notes := newPath(t, rag.WriterConfig{URL: server.URL, Model: "m"})
			parts, got := heard(t, a)
			if got.Tier != advisory.Generated || got.Text != doseText+" "+handText {
				t.Errorf("%s: %q", got.Tier, got.Text)
			}
			if len(parts) != 4 || !slices.Equal(notes.Events()[0].Fell, c.fell) { // opening, two sentences, source
				t.Errorf("heard %q; the record says %q", parts, notes.Events()[0].Fell)
			}
		})
	}
}

func TestFirstSoundFromASlowModel(t *testing.T) {
	const every = 100 * time.Millisecond // 10 tokens/s
	draft := ragtest.Draft(handText, 1, doseText, 1)
	server := ragtest.NewServer(ragtest.Script{Text: draft, Every: every})
	defer server.Close()
	a, _ := newPath(t, rag.WriterConfig{URL: server.URL, Model: "m"})
	written := time.Duration(len(ragtest.Tokens(draft[:strings.Index(draft, "},")+1]))) * every
	start, opening, first := time.Now(), time.Duration(0), time.Duration(0)
	_, err := a.Ask(context.Background(), advisory.Question{Text: topdressed, Speak: true, Hear: func(s advisory.Speech, _ []advisory.Sound) {
		switch {
		case opening == 0:
			opening = time.Since(start)
		case first == 0:
			first = time.Since(start)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	whole := time.Since(start)
	t.Logf("opening after %v; the first sentence is written after %v and heard after %v (%.2f times); the whole takes %v",
		opening.Round(time.Millisecond), written, first.Round(time.Millisecond), float64(first)/float64(written), whole.Round(time.Millisecond))
	if float64(first) > 1.2*float64(written) || opening > first/2 {
		t.Errorf("the farmer waits too long")
	}
}

func TestAnswerWhenTheModelIsKilled(t *testing.T) {
	server := ragtest.NewServer(ragtest.Script{Text: ragtest.Draft(doseText, 1), Every: 20 * time.Millisecond})
	a, notes := newPath(t, rag.WriterConfig{URL: server.URL, Model: "m"})
	killed := make(chan time.Time, 1)
	time.AfterFunc(200*time.Millisecond, func() {
		killed <- time.Now()
		server.CloseClientConnections()
		server.Listener.Close()
	})
	for i, wanted := range []string{"in mid-sentence", "before the question"} {
		start := time.Now()
		got, err := a.Ask(context.Background(), advisory.Question{Text: topdressed})
		if err != nil || got.Text != quotedText || notes.Events()[i].Fell[0] != "generated:away" {
			t.Fatalf("%v: %q %+v", err, got.Text, notes.Events())
		}
		if i == 0 {
			start = <-killed
		}
		t.Logf("model killed %s: an answer after %v", wanted, time.Since(start).Round(10*time.Microsecond))
		if time.Since(start) > 500*time.Millisecond {
			t.Error("the farmer waits too long")
		}
	}
}

func TestAskerGoesAway(t *testing.T) {
	server := ragtest.NewServer(ragtest.Script{Text: ragtest.Draft(doseText, 1), Every: 50 * time.Millisecond})
	defer server.Close()
	a, notes := newPath(t, rag.WriterConfig{URL: server.URL, Model: "m"})
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if _, err := a.Ask(ctx, advisory.Question{Text: topdressed}); err == nil || len(notes.Events()) != 0 {
		t.Errorf("%v; %+v", err, notes.Events())
	}
	for range 100 { // the model stops writing for nobody
		if server.Writing() == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the model still writes")
}
