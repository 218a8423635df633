package advisory_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
)

// office is what an office sets up, one number a kind so that each is known in speech.
var office = advisory.Contacts{
	{Kind: advisory.PoisonLine, Number: "+254 711"},
	{Kind: advisory.Vet, Name: "Dr Atieno", Number: "0722"},
	{Kind: advisory.Officer, Name: "Ms Wanjiru", Number: "0733"},
	{Kind: advisory.Helpline, Number: "1199"},
}

// The numbers of the office as they are spoken.
const (
	poisonSaid   = "2 5 4, 7 1 1"
	vetSaid      = "0 7 2 2"
	officerSaid  = "0 7 3 3"
	helplineSaid = "1 1 9 9"
)

func TestParseContact(t *testing.T) {
	for text, want := range map[string]advisory.Contact{
		"Dr  Atieno, +254 700 000000": {Name: "Dr Atieno", Number: "+254 700 000000"},
		"  1199 ":                     {Number: "1199"},
		"Otieno, Busia, 0700 123":     {Name: "Otieno, Busia", Number: "0700 123"},
		"विष केंद्र, 112":             {Name: "विष केंद्र", Number: "112"},
	} {
		want.Kind = advisory.Vet
		if got, err := advisory.ParseContact(advisory.Vet, text); err != nil || got != want {
			t.Errorf("%q: %+v %v", text, got, err)
		}
	}
	for text, says := range map[string]string{
		"":                               "0 digits",
		"Dr Atieno":                      "no phone number",
		"Dr Atieno 0700 000000":          "no phone number", // the comma is missing
		"Dr Atieno, 0700-000000":         "no phone number",
		"Dr Atieno, 12":                  "2 digits",
		"Dr Atieno, 0700 + 1":            "no phone number",
		"1234567890123456":               "16 digits",
		strings.Repeat("a", 61) + ",112": "too long",
	} {
		if _, err := advisory.ParseContact(advisory.Vet, text); err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "vet") {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
	if err := (advisory.Contact{Kind: "priest", Number: "112"}).Validate(); err == nil {
		t.Error("a kind that there is not")
	}
}

// aid is first aid for a poisoned person.
var aid = &advisory.Document{
	ID: "poisoning-aid", Lang: "en", Title: "First aid for poisoning", Kind: "safety", Topics: []string{"pesticide-poisoning"},
	Sources: []advisory.Source{{Name: "Clinic"}}, Status: advisory.Reviewed, Answer: "Never make them vomit. Take the label.",
	Sections: []advisory.Section{{Heading: "Now", Text: "Never make them vomit. Take the label."}},
}

var bloat = &advisory.Document{
	ID: "bloat", Lang: "en", Title: "Bloat in cattle", Kind: "animal-health", Animals: []string{"cattle"},
	Sources: []advisory.Source{{Name: "KALRO"}}, Status: advisory.Reviewed, Answer: "Walk it uphill.",
	Sections: []advisory.Section{{Heading: "Now", Text: "Walk it uphill."}},
}

// found gives an Advisor with the double of a library on emergencies and the contacts.
func found(contacts advisory.Contacts) (*advisory.Advisor, *at.Notebook) {
	a, notes := newAdvisor(at.Finder{
		"my child swallowed pesticide": {sure(aid)}, "I drank poison, I want to die": {sure(aid)}, "my cow is dying": {sure(armyworm)}, "my cow is dying of bloat": {sure(bloat)},
		"armyworm in my maize": {sure(armyworm)}, "first aid for poisoning": {sure(aid)},
	})
	lib := a.Library()
	lib.Lexicon = advisory.NewLexicon(append([]advisory.Concept{
		{ID: "cattle", Kind: advisory.Animal, Names: map[advisory.Lang][]string{"en": {"cow"}}},
	}, *lib.Lexicon.Concept("maize")))
	a.Library = func() advisory.Library { return lib }
	a.Setting = func() advisory.Setting { return advisory.Setting{Contacts: contacts} }
	return a, notes
}

func TestAnswersNameWhomToCall(t *testing.T) {
	for _, c := range []struct {
		text string
		want []advisory.ContactKind
		said []string // in this order
		lack string   // what is said instead where no contact is set
	}{
		{"my child swallowed pesticide", []advisory.ContactKind{advisory.PoisonLine}, []string{poisonSaid, aid.Answer, poisonSaid}, "nearest clinic"},
		{"first aid for poisoning", []advisory.ContactKind{advisory.PoisonLine}, []string{poisonSaid, aid.Answer, poisonSaid}, "nearest clinic"},
		{"my uncle drank weedkiller", []advisory.ContactKind{advisory.PoisonLine}, []string{poisonSaid, "take the label", poisonSaid}, "nearest clinic"}, // nothing is found
		{"I drank poison, I want to die", []advisory.ContactKind{advisory.PoisonLine, advisory.Helpline}, []string{poisonSaid, aid.Answer, helplineSaid, poisonSaid}, "someone you trust"},
		{"I want to die", []advisory.ContactKind{advisory.Helpline}, []string{"press the button with the person", helplineSaid}, "nearest clinic"},
		{"my cow ate rat poison", []advisory.ContactKind{advisory.Vet}, []string{"Dr Atieno", vetSaid}, "vet or an animal health worker"},
		{"my cow is dying", []advisory.ContactKind{advisory.Vet, advisory.Officer}, []string{vetSaid, officerSaid}, "I do not know"}, // nothing is found for a cow
		{"my cow is dying of bloat", []advisory.ContactKind{advisory.Vet}, []string{bloat.Answer, "needs a vet", vetSaid}, bloat.Answer},
		{"late blight in coffee", []advisory.ContactKind{advisory.Officer}, []string{"You can ask Ms Wanjiru: " + officerSaid}, "extension worker"},
		{"what tablet for my headache", []advisory.ContactKind{advisory.Officer}, []string{officerSaid}, "clinic"},
		{"hello", []advisory.ContactKind{advisory.Officer}, nil, "Say which one"},
		{"who won the football match", nil, nil, "only help with farming"},
		{"armyworm in my maize", nil, nil, "Crush the eggs"},
	} {
		a, _ := found(office)
		got := ask(t, a, advisory.Question{Text: c.text})
		var kinds []advisory.ContactKind
		for _, k := range got.Contacts {
			kinds = append(kinds, k.Kind)
		}
		if !slices.Equal(kinds, c.want) {
			t.Errorf("%q (%s %s): contacts %v, want %v", c.text, got.Outcome, got.Reason, kinds, c.want)
		}
		if !inOrder(got.Spoken, c.said) {
			t.Errorf("%q: %q does not say %q in this order", c.text, got.Spoken, c.said)
		}
		a, _ = found(nil)
		got = ask(t, a, advisory.Question{Text: c.text})
		if len(got.Contacts) > 0 || !strings.Contains(got.Spoken, c.lack) || strings.ContainsAny(got.Spoken, "{}") || strings.Contains(got.Spoken, ": .") {
			t.Errorf("%q without contacts: %q", c.text, got.Spoken)
		}
	}
}

func inOrder(text string, parts []string) bool {
	for _, p := range parts {
		i := strings.Index(text, p)
		if i < 0 {
			return false
		}
		text = text[i+len(p):]
	}
	return true
}

// Without a helpline the officer listens; without a vet the officer knows one.
func TestOfficerStandsIn(t *testing.T) {
	a, _ := found(office[2:3])
	for _, text := range []string{"I want to die", "my cow ate rat poison"} {
		if got := ask(t, a, advisory.Question{Text: text}); len(got.Contacts) != 1 || got.Contacts[0].Name != "Ms Wanjiru" || !strings.Contains(got.Spoken, officerSaid) {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// Whoever hears the answer while it is made hears the number first, whatever the generators do.
func TestNumberIsHeardBeforeTheAid(t *testing.T) {
	a, _ := found(office)
	a.Generators = []advisory.Generator{at.Writer{Err: errors.New("asked in an emergency")}}
	var heard []string
	got := ask(t, a, advisory.Question{Text: "my child swallowed pesticide", Hear: func(s advisory.Speech, _ []advisory.Sound) { heard = append(heard, s.Text) }})
	if len(heard) < 3 || !strings.Contains(heard[0], poisonSaid) || strings.Join(heard, " ") != got.Spoken {
		t.Errorf("heard %q, spoken %q", heard, got.Spoken)
	}
}

func TestEventsCarryNoContact(t *testing.T) {
	a, notes := found(office)
	ask(t, a, advisory.Question{Text: "my child swallowed pesticide"})
	if said := fmt.Sprintf("%+v", notes.Events()); strings.Contains(said, "711") || strings.Contains(said, "poison line") {
		t.Error(said)
	}
}

// The words for despair are checked in every language: a person, someone near, and never a means.
func TestDespairIsAnsweredWithCare(t *testing.T) {
	for lang, w := range map[advisory.Lang]struct{ trust, button, means string }{
		"en": {"someone you trust", "button with the person", "pesticide poison rope hang drink pill"},
		"hi": {"भरोसे वाले के साथ रहिए", "व्यक्ति वाला बटन", "कीटनाशक ज़हर फाँसी रस्सी"},
		"sw": {"mtu unayemwamini", "picha ya mtu", "kiuatilifu viuatilifu sumu kamba dawa"},
		"fr": {"quelqu'un de confiance", "bouton avec la personne", "pesticide poison corde pendre"},
	} {
		text := advisory.Say(lang, "refused_despair")
		if !strings.Contains(text, w.trust) || !strings.Contains(text, w.button) {
			t.Errorf("%s offers no person: %q", lang, text)
		}
		for _, means := range strings.Fields(w.means) {
			if strings.Contains(strings.ToLower(text), means) {
				t.Errorf("%s names a means: %q", lang, means)
			}
		}
	}
}

// espeak-ng reads each digit by its name.
func TestVoiceReadsDigitByDigit(t *testing.T) {
	espeak, err := exec.LookPath("espeak-ng")
	if err != nil {
		t.Skip("espeak-ng is missing: apt install espeak-ng")
	}
	phonemes := func(lang advisory.Lang, text string) []string {
		out, err := exec.CommandContext(context.Background(), espeak, "-q", "-x", "-v", string(lang), text).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.Fields(strings.NewReplacer("_|", "", "_", "").Replace(string(out)))
	}
	for _, lang := range advisory.MessageLangs() {
		var want []string
		for _, digit := range []string{"2", "5", "4", "7", "1", "1"} {
			want = append(want, phonemes(lang, digit)...)
		}
		a, _ := found(office)
		got := ask(t, a, advisory.Question{Text: "my child swallowed pesticide", Lang: lang})
		if !strings.Contains(got.Spoken, advisory.Say(lang, "plus")+" "+poisonSaid) {
			t.Fatalf("%s: %q", lang, got.Spoken)
		}
		if said := phonemes(lang, poisonSaid+"."); len(said) != len(want) {
			t.Errorf("%s: %q, want %q", lang, said, want)
		}
	}
}
