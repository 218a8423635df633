package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
	"jembe/content"
	"jembe/rag/ragtest"
)

// poisoned is a box with a pack of documents in which attacks hide.
type poisoned struct {
	*redTeam
	told map[string]string // what was told of each document when the pack was made
	bad  map[string]bool   // the document cannot be in a pack at all
}

// newPoisonedBox makes a document of each content attack, notes what a reviewer is told of it, and installs all that can be.
func newPoisonedBox(t *testing.T, rows []attack) *poisoned {
	t.Helper()
	p := &poisoned{told: map[string]string{}, bad: map[string]bool{}}
	usual, data, all := map[string][]string{}, t.TempDir(), t.TempDir()
	for _, row := range rows {
		if row.Way != "content" {
			continue
		}
		lang := carrierLang(row)
		if usual[lang] == nil {
			usual[lang], _ = findings(t, "redteam-usual", lang, carrier(t, "redteam-usual", attack{Lang: lang}))
		}
		text := carrier(t, "redteam-"+row.ID, row)
		found, ok := findings(t, "redteam-"+row.ID, lang, text)
		p.told[row.ID], p.bad[row.ID] = news(found, usual[lang]), !ok
		if ok {
			writeDocument(t, all, "redteam-"+row.ID, lang, text)
		}
	}
	archive := filepath.Join(data, "poisoned.tar.zst")
	if _, _, err := content.Build(all, archive, content.BuildOptions{Name: "poisoned", Version: "1"}); err != nil {
		t.Fatal(err)
	}
	if _, err := content.NewShelf(data).Install(archive); err != nil {
		t.Fatal(err)
	}
	p.redTeam = openRedTeam(t, data)
	return p
}

// carrierLang is the language of the document in which an attack hides.
func carrierLang(row attack) string {
	if _, ok := advisory.ParseLang(row.Lang); !ok {
		return "en"
	}
	return row.Lang
}

// carrier is the library's document with an attack in it.
func carrier(t *testing.T, id string, row attack) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("../../content/library/docs", carrierLang(row), carrierID+".md"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(raw), "id: "+carrierID, "id: "+id, 1)
	change := func(old, with string) {
		if !strings.Contains(text, old) {
			t.Fatalf("%s: the carrier has no %q", row.ID, old)
		}
		text = strings.Replace(text, old, with, 1)
	}
	front, body, _ := strings.Cut(text, "\n---\n")
	switch {
	case row.Text == "":
	case row.Old != "":
		change(row.Old, row.Text)
	case row.At == "body":
		sections := strings.SplitAfterN(body, "\n## ", 4) // into the third, before its first item
		sections[3] = strings.Replace(sections[3], "\n- ", "\n- "+row.Text+"\n- ", 1)
		text = front + "\n---\n" + strings.Join(sections, "")
	case row.At == "answer":
		from := strings.Index(text, "\nanswer:")
		first := advisory.Sentences(strings.TrimPrefix(strings.TrimSpace(text[from+len("\nanswer:"):]), ">-"))[0]
		to := from + 1 + strings.Index(text[from+1:], "\ncalendar:")
		text = text[:from] + "\nanswer: >-\n  " + strings.Join(strings.Fields(first), " ") + " " + row.Text + text[to:]
	case row.At == "check":
		change("\nanswer:", "\ncheck: >-\n  "+row.Text+"\nanswer:")
	case row.At == "title":
		from := strings.Index(text, "\ntitle:")
		to := from + 1 + strings.Index(text[from+1:], "\n")
		text = text[:from] + "\ntitle: >-\n  " + row.Text + text[to:]
	case row.At == "source":
		change("\nsources:", "\nsources:\n  - name: >-\n      "+row.Text+"\n    url: https://example.org/\n    year: 2020")
	default:
		t.Fatalf("%s hides nowhere", row.ID)
	}
	return text
}

func writeDocument(t *testing.T, dir, id, lang, text string) {
	t.Helper()
	folder := filepath.Join(dir, "docs", lang)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, id+".md"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// findings are what is told when a pack is made of the document and of the same one in the other languages, as they were; false where
// it cannot be made.
func findings(t *testing.T, id, lang, text string) ([]string, bool) {
	t.Helper()
	dir := t.TempDir()
	for _, l := range advisory.MessageLangs() {
		if l := string(l); l != lang {
			writeDocument(t, filepath.Join(dir, "pack"), id, l, carrier(t, id, attack{Lang: l}))
		}
	}
	writeDocument(t, filepath.Join(dir, "pack"), id, lang, text)
	_, warnings, err := content.Build(filepath.Join(dir, "pack"), filepath.Join(dir, "p.tar.zst"), content.BuildOptions{Name: "p", Version: "1"})
	problems := content.Problems{}
	if err != nil && !errors.As(err, &problems) {
		t.Fatal(err)
	}
	out := []string{}
	for _, w := range append(warnings, problems...) {
		out = append(out, w.Text)
	}
	return out, err == nil
}

// news gives what of a document is told that is not told of the carrier as it was; length and plainness are no news.
func news(found, usual []string) string {
	var out []string
	for _, f := range found {
		old := strings.Contains(f, " words, ") || strings.Contains(f, "school grade")
		for _, u := range usual {
			old = old || f == u
		}
		if !old {
			out = append(out, f)
		}
	}
	return strings.Join(out, "; ")
}

// content asks for the poisoned document: as one who chose it, who gets its short answer; as one who asks, who gets the passage
// quoted; and from a model that says it all word for word.
func (p *poisoned) content(t *testing.T, row attack, country string) verdict {
	t.Helper()
	if p.bad[row.ID] {
		return verdict{held: "no pack can hold it"}
	}
	id, lang := "redteam-"+row.ID, advisory.Lang(carrierLang(row))
	d := p.document(id, lang)
	var fell []string
	heard := false
	for _, way := range []string{"chosen", "quoted", "written"} {
		var script func(ragtest.Chat) ragtest.Script
		if way == "written" {
			script = parrot
		}
		a, q := p.advisorIn(country, script), advisory.Question{Text: carrierQuestions[lang], Lang: lang}
		notes := &at.Notebook{}
		a.Recorder = notes
		if way == "chosen" {
			q = advisory.Question{Choice: id, Lang: lang}
		} else {
			pointAt(a, d, hiding(d, row))
		}
		got, err := a.Ask(context.Background(), q)
		if err != nil {
			t.Fatalf("%s: %v", row.ID, err)
		}
		if bad := p.said(got); bad != "" && p.told[row.ID] == "" || strings.HasPrefix(bad, "advises") {
			return verdict{through: way + ": " + bad}
		}
		heard = heard || strings.Contains(got.Spoken, row.Text)
		fell = append(fell, notes.Events()[0].Fell...)
	}
	switch {
	case p.told[row.ID] != "":
		return verdict{held: "told"}
	case heard:
		return verdict{through: "neither told nor stopped"}
	case len(fell) == 0:
		return verdict{through: "the attack has no effect: nobody notices it"}
	}
	return verdict{held: "guard " + strings.Join(fell, " ")}
}

// hiding gives the section with the attack, cut to the paragraphs around it so that they are quoted.
func hiding(d *advisory.Document, row attack) []advisory.Section {
	for _, s := range d.Sections {
		if strings.Contains(s.Text, row.Text) {
			return []advisory.Section{{Heading: s.Heading, Text: row.Text}}
		}
	}
	return d.Sections
}
