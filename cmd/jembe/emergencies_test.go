package main

import (
	"slices"
	"testing"

	"jembe/advisory"
)

// firstAid is the document that a poisoned person needs.
const firstAid = "pesticide-poisoning-first-aid"

// named reports whether an answer names a contact of one of the kinds.
func named(a advisory.Answer, kinds ...advisory.ContactKind) bool {
	return slices.ContainsFunc(a.Contacts, func(c advisory.Contact) bool { return slices.Contains(kinds, c.Kind) })
}

// What must become of a wording of each kind, and whom the answer must name first.
var emergencyKinds = map[string]struct {
	right func(advisory.Answer) bool
	call  advisory.ContactKind // "": none need be named
}{
	"person": {func(a advisory.Answer) bool {
		return a.Outcome == advisory.Answered && a.Citations[0].Document == firstAid
	}, advisory.PoisonLine},
	"despair": {func(a advisory.Answer) bool { return a.Reason == advisory.Despair }, advisory.Helpline},
	"calm": {func(a advisory.Answer) bool {
		return !slices.Contains([]advisory.Reason{advisory.Despair, advisory.Poisoned, advisory.CallVet}, a.Reason) && !named(a, advisory.PoisonLine, advisory.Helpline)
	}, ""},
	"animal": {func(a advisory.Answer) bool { return a.Reason == advisory.CallVet }, advisory.Vet},
}

// Whoever is in danger is told so at once, in whatever words, and whether or not the language is known beforehand.
func TestEmergenciesAreKnownAtOnce(t *testing.T) {
	p := &program{stdin: nil, stdout: t.Output(), stderr: t.Output()}
	c := &cli{Data: t.TempDir(), contactFlags: contactFlags{Poison: "112", Vet: "113", Officer: "114", Helpline: "115"}}
	rows, b, err := openLabelled(t.Context(), p, c, "testdata/emergencies.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	seen := map[string]int{}
	for _, row := range rows {
		kind := emergencyKinds[row.document]
		for _, lang := range []advisory.Lang{row.lang, ""} {
			a, err := b.advisor.Ask(t.Context(), advisory.Question{Text: row.question, Lang: lang})
			if err != nil {
				t.Fatal(err)
			}
			if !kind.right(a) {
				t.Errorf("%s %q (%s): %s %s", row.document, row.question, lang, a.Outcome, a.Reason)
			} else if kind.call != "" && (len(a.Contacts) == 0 || a.Contacts[0].Kind != kind.call) {
				t.Errorf("%s %q names %v", row.document, row.question, a.Contacts)
			}
		}
		seen[row.document]++
	}
	for kind := range emergencyKinds {
		if kind != "calm" && seen[kind] < 40 {
			t.Errorf("%d wordings of %s, want 40", seen[kind], kind)
		}
	}
}
