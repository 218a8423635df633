package advisory

import "testing"

// match makes a match of the document with signals as strong as s, 0 to 1.
func match(id, kind string, crops []string, s float64, about ...string) Match {
	d := &Document{ID: id, Kind: kind, Crops: crops, Title: id}
	return Match{Document: d, Score: 3 * s, Words: s, Coverage: s, Question: s, Vector: s, Concepts: s, About: append(about, crops...)}
}

func TestWeigh(t *testing.T) {
	lex := testLexicon()
	maize, tomato := []string{"maize"}, []string{"tomato"}
	for _, c := range []struct {
		name    string
		text    string
		matches []Match
		want    Outcome
		reason  Reason
	}{
		{"sure", "armyworm in maize", []Match{match("a", "pest", maize, .9, "fall-armyworm")}, Answered, NoReason},
		{"nothing found", "armyworm in maize", nil, Unsure, NoEvidence},
		{"too weak", "armyworm in maize", []Match{match("a", "pest", maize, .05)}, Unsure, NoEvidence},
		{"another crop", "blight in maize", []Match{match("a", "disease", tomato, 1, "late-blight")}, Unsure, NoEvidence},
		{"a wider crop is the same", "blight in vegetables", []Match{match("a", "disease", tomato, .9, "late-blight")}, Answered, NoReason},
		{"no crop named, crops differ", "leaves die", []Match{match("a", "pest", maize, .9), match("b", "disease", tomato, .88)}, Clarify, WhichCrop},
		{"crop named, look-alikes", "maize leaves die", []Match{match("a", "pest", maize, .9), match("b", "pest", maize, .89)}, Clarify, WhichProblem},
		{"problem named decides", "armyworm, leaves die in maize", []Match{match("a", "pest", maize, .9, "fall-armyworm"), match("b", "pest", maize, .6)}, Answered, NoReason},
		{"practices are no look-alikes", "maize store", []Match{match("a", "storage", maize, .9), match("b", "practice", maize, .89)}, Answered, NoReason},
	} {
		filler := match("z", "practice", nil, .3) // a search always finds something more
		v := Weigh(Understand(c.text, "en", lex), append(c.matches, filler), Place{}, lex)
		if v.Outcome != c.want || v.Reason != c.reason {
			t.Errorf("%s: %s %q, best %.2f %v", c.name, v.Outcome, v.Reason, v.Best.Confidence, v.Choices)
		}
	}
}

func TestEmergencyIsNotAskedBack(t *testing.T) {
	lex := testLexicon()
	u := Understand("child swallowed poison", "en", lex)
	v := Weigh(u, []Match{match("a", "disease", []string{"maize"}, .9), match("b", "disease", []string{"tomato"}, .9)}, Place{}, lex)
	if v.Outcome == Clarify {
		t.Error("someone in danger was asked a question")
	}
}

func TestHoldsIn(t *testing.T) {
	for _, c := range []struct {
		zones []string
		place Place
		want  bool
	}{
		{nil, Place{"KE", "arid"}, true},
		{[]string{"KE", "TZ"}, Place{}, true},
		{[]string{"KE", "TZ"}, Place{Country: "TZ"}, true},
		{[]string{"KE", "TZ"}, Place{Country: "IN"}, false},
		{[]string{"arid"}, Place{Country: "IN"}, true},
		{[]string{"arid"}, Place{Zone: "humid"}, false},
		{[]string{"KE", "arid"}, Place{"KE", "humid"}, false}, // both must hold
		{[]string{"KE", "arid"}, Place{"KE", "arid"}, true},
	} {
		d := &Document{Zones: c.zones}
		if got := d.HoldsIn(c.place); got != c.want {
			t.Errorf("%v in %v: %v", c.zones, c.place, got)
		}
	}
}
