package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/cmd/terminal"
)

// said is a line of a talk, and what its answer must come from.
type said struct {
	line      string
	documents string // parted by a space, in their order; "" for none
	section   string // of the first citation: its beginning; "short" for the short answer
}

// talks are each one person's, on the starter library; an empty line begins the next person.
var talks = [][]said{
	{
		{"there is armyworm in my maize", "maize-fall-armyworm", "short"},
		{"how do I prevent it?", "maize-fall-armyworm", "How to prevent it"},
		{"and how much?", "maize-fall-armyworm", "What to do now"},
		{"how do I make compost", "compost-making", "short"}, // stands alone
	},
	{{"and how much?", "", ""}}, // the person before has gone
	{
		{"when do I plant beans", "bean-planting", "short"},
		{"how much seed?", "bean-planting", "What you need"},
	},
	{
		{"mes tomates ont le mildiou", "tomato-late-blight", "short"},
		{"comment l'éviter ?", "tomato-late-blight", "Comment l'éviter"},
		{"et pour la pomme de terre ?", "potato-late-blight", "short"},
	},
	{
		{"mahindi yangu yana viwavi jeshi", "maize-fall-armyworm", "short"},
		{"na nizuie vipi?", "maize-fall-armyworm", "Jinsi ya kuzuia"},
		{"na kiasi gani?", "maize-fall-armyworm", "Fanya nini sasa"},
	},
	{
		{"मेरी मक्का में फॉल आर्मीवर्म लगा है", "maize-fall-armyworm", "short"},
		{"इसे कैसे रोकें?", "maize-fall-armyworm", "कैसे बचाव करें"},
		{"और कितना?", "maize-fall-armyworm", "अभी क्या करें"},
	},
	{
		{"makka me fall armyworm lag gaya", "maize-fall-armyworm", "short"},
		{"ise kaise roke?", "maize-fall-armyworm", "कैसे बचाव करें"},
		{"aur kitna?", "maize-fall-armyworm", "अभी क्या करें"},
		{"a child drank the pesticide", "pesticide-poisoning-first-aid", "short"},
	},
	{
		{"my maize has armyworm and my goat coughs", "goat-pleuropneumonia maize-fall-armyworm", "short"},
		{"mahindi yangu yana viwavi jeshi na mbuzi wangu anakohoa", "goat-pleuropneumonia maize-fall-armyworm", "short"},
		{"मेरी मक्का में फॉल आर्मीवर्म लगा है और मेरी गाय को थनैला है", "dairy-mastitis maize-fall-armyworm", "short"},
		{"mes tomates ont le mildiou et ma chèvre a la gale", "goat-mange tomato-late-blight", "short"},
		{"how do I store onions and how do I make compost", "onion-curing-storage compost-making", "short"},
		{"my child drank pesticide and my goat coughs", "pesticide-poisoning-first-aid", "short"},
	},
}

func TestTalk(t *testing.T) {
	var in strings.Builder
	var want []said
	for _, talk := range talks {
		for _, s := range talk {
			in.WriteString(s.line + "\n")
		}
		in.WriteString("\n")
		want = append(want, talk...)
	}
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(in.String()), stdout: &out, stderr: &errs}
	if code := p.run(context.Background(), []string{"--data", t.TempDir(), "--json", "ask", "--talk"}); code != terminal.OK {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	answers := json.NewDecoder(&out)
	for _, s := range want {
		var a advisory.Answer
		if err := answers.Decode(&a); err != nil {
			t.Fatalf("%s: %v; %s", s.line, err, errs.String())
		}
		var ids []string
		section := ""
		for i, c := range a.Citations {
			ids = append(ids, c.Document)
			if i == 0 && c.Section == "" {
				section = "short"
			} else if i == 0 {
				section = c.Section
			}
		}
		if got := strings.Join(ids, " "); got != s.documents || section != s.section {
			t.Errorf("%s: %s %s from %q (%s), want %q (%s)", s.line, a.Outcome, a.Reason, got, section, s.documents, s.section)
		}
	}
}

func TestLinesThatChoose(t *testing.T) {
	confirm := []advisory.Choice{{Value: "maize-fall-armyworm", Label: "Yes"}, {Value: advisory.No, Label: "No"}}
	other := []advisory.Choice{{Value: "a"}, {Value: "b"}, {Value: "c"}}
	for _, c := range []struct {
		line    string
		choices []advisory.Choice
		want    string
	}{
		{"y", confirm, "maize-fall-armyworm"}, {"N", confirm, advisory.No}, {"2", confirm, advisory.No}, {"y", other, ""}, {"3", other, "c"}, {"4", other, ""}, {"0", other, ""},
		{"1", nil, ""}, {"no", nil, ""},
	} {
		if got := chosen(c.line, c.choices); got != c.want {
			t.Errorf("%q: %q, want %q", c.line, got, c.want)
		}
	}
}
