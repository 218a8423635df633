package rag

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jembe/advisory"
)

func TestSentences(t *testing.T) {
	for text, want := range map[string]string{
		"Water it. Turn it! Why?":                "Water it.|Turn it!|Why?",
		"Use 2.5 kg. Then wait 10 days.":         "Use 2.5 kg.|Then wait 10 days.",
		"Legumes, e.g. beans, help. Plant them.": "Legumes, e.g. beans, help.|Plant them.",
		"Ask Dr. Otieno. He knows.":              "Ask Dr. Otieno.|He knows.",
		"पानी दें। रुकें॥ देखें":                 "पानी दें।|रुकें॥|देखें",
		"ውሃ ስጥ። ጠብቅ።":                            "ውሃ ስጥ።|ጠብቅ።",
		`He said "stop." Go (now.) Well...`:      `He said "stop."|Go (now.)|Well...`,
		"no end":                                 "no end",
		"":                                       "",
	} {
		if got := strings.Join(advisory.Sentences(text), "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Nothing is lost and nothing is added.
func TestSentencesKeepTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-c .!?।።"')1]{0,60}`).Draw(t, "text")
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got := strings.Join(advisory.Sentences(text), " "); squeeze(got) != squeeze(text) {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

func quote(t *testing.T, question string, lang advisory.Lang, texts ...string) string {
	t.Helper()
	r := advisory.DraftRequest{Question: question, Lang: lang}
	for _, text := range texts {
		r.Passages = append(r.Passages, advisory.Passage{Text: text})
	}
	d, err := Quote{}.Generate(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range d.Sentences {
		if len(s.Passages) != 1 || s.Passages[0] < 0 || s.Passages[0] >= len(texts) {
			t.Errorf("%q cites %v", s.Text, s.Passages)
		}
		out = append(out, s.Text)
	}
	if len(out) > 0 && d.Tier != advisory.Quoted {
		t.Errorf("tier %q", d.Tier)
	}
	return strings.Join(out, " | ")
}

func TestQuote(t *testing.T) {
	for _, c := range []struct{ why, question, text, want string }{
		{"the sentence with the question's words", "when do I turn the heap", "Lay dry stalks. Turn the heap every two weeks. Keep goats away.", "Turn the heap every two weeks."},
		{"a list item keeps its condition", "sand in the funnel", "Look at ten plants.\n\nIf two in ten are attacked:\n\nPut sand into the funnels\nAsk the officer", "If two in ten are attacked: Put sand into the funnels."},
		{"the condition is said once", "sand and ash in funnels", "If two in ten are attacked:\n\nPut sand into the funnels\nPut ash into the funnels", "If two in ten are attacked: Put sand into the funnels. | Put ash into the funnels."},
		{"a list item is whole", "brew", "Store it dry. Do this:\n\nBrew leaves. Never drink the brew.\nWait.", "Do this: Brew leaves. Never drink the brew."},
		{"a sentence that leans on the one before", "dries in the sun", "Spread the grain. It dries in the sun. Move goats.", "Spread the grain. It dries in the sun."},
		{"a line that leads in is no statement", "what to do with attacked plants", "What to do with attacked plants:", ""},
		{"nothing in common", "price of diesel", "Turn the heap.", ""},
		{"no passages", "anything", "", ""},
	} {
		if got := quote(t, c.question, "en", c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
	if got := quote(t, "kuku wanakufa", "sw", "Chanja kuku. Zika kuku wanaokufa."); got == "" {
		t.Error("nothing in Swahili")
	}
	if got := quote(t, "पानी कब दें", "hi", "खाद डालें। पानी शाम को दें। बीज बोएं।"); got != "पानी शाम को दें।" {
		t.Errorf("got %q", got)
	}
}

// What one should not do is no advice, though it has the question's words: the next passage is quoted.
func TestQuotePassesOverMistakes(t *testing.T) {
	r := advisory.DraftRequest{Question: "how deep do I plant", Lang: "en", Passages: []advisory.Passage{
		{Section: "Common mistakes", Text: "Planting too deep."}, {Section: "What to do", Text: "Plant 5 cm deep."}, {Section: "Later", Text: "Plant again, less deep."},
	}}
	d, err := Quote{Passages: 1}.Generate(context.Background(), r)
	if err != nil || len(d.Sentences) != 1 || d.Sentences[0].Text != "Plant 5 cm deep." || d.Sentences[0].Passages[0] != 1 {
		t.Errorf("%v: %+v", err, d.Sentences)
	}
}

// Each quoted sentence stands in the passage it cites, at most three, in order.
func TestQuoteIsVerbatim(t *testing.T) {
	words := []string{"turn", "the", "heap", "water.", "If dry:\n\n", "\n", "\n\n", "2.5", "kg", "it", "never", "soil!"}
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 30).Draw(t, "words"), " ")
		}), 0, 4).Draw(t, "passages")
		r := advisory.DraftRequest{Question: "turn the heap, never soil", Lang: "en"}
		for _, text := range texts {
			r.Passages = append(r.Passages, advisory.Passage{Text: text})
		}
		d, err := Quote{}.Generate(context.Background(), r)
		if err != nil || len(d.Sentences) > quoteMost {
			t.Fatalf("%d sentences, %v", len(d.Sentences), err)
		}
		for _, s := range d.Sentences {
			in := strings.Join(strings.Fields(texts[s.Passages[0]]), " ")
			for _, w := range strings.Fields(s.Text) {
				if !strings.Contains(in, strings.TrimSuffix(w, ".")) {
					t.Fatalf("%q stands not in %q", w, in)
				}
			}
		}
	})
}

func TestChunksKeepListsWithTheirLead(t *testing.T) {
	long := strings.Repeat("word ", chunkWords)
	got := chunks(long + "\n\nDo this:\n\nFirst.\nSecond.\n\n" + long + "\n\nLast.")
	if len(got) != 3 || !strings.Contains(got[1], "Do this:\n\nFirst.\nSecond.") {
		t.Errorf("got %d: %q", len(got), got)
	}
	got = chunks(long + "\n\n" + long + "do this:\n\nFirst.\nSecond.\n\nAfter.")
	if len(got) != 3 || !strings.HasSuffix(got[1], "First.\nSecond.") {
		t.Errorf("got %d: %q", len(got), got)
	}
}
