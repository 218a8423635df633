package content

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"jembe/advisory"
)

// TextKind is what a text that can be recorded is for; a folder of recordings has its name.
type TextKind string

// The kinds, in the order in which an officer had best read them: with the first six a box can be used by choosing.
const (
	PromptText TextKind = "prompts" // what the box says of itself, and the parts around what it puts into a sentence
	NumberText TextKind = "numbers" // digits: choices, and whom to call
	LabelText  TextKind = "labels"  // of the guided menu, by number
	NameText   TextKind = "names"   // crops, animals and contacts
	TitleText  TextKind = "titles"  // of documents: choices, and what an answer is about
	AnswerText TextKind = "answers" // short answers
	SimpleText TextKind = "simple"  // short answers in easier words
	CheckText  TextKind = "checks"  // before money is spent
	SourceText TextKind = "sources" // who says so
)

// TextKinds lists the kinds in that order.
func TextKinds() []TextKind {
	return []TextKind{PromptText, NumberText, LabelText, NameText, TitleText, AnswerText, SimpleText, CheckText, SourceText}
}

// Text is one text that a person can read into the box.
type Text struct {
	Lang  advisory.Lang `json:"lang"`
	Kind  TextKind      `json:"kind"`
	ID    string        `json:"id"` // within the kind
	Words string        `json:"text"`
}

// Key names the text within its language: KIND/ID.
func (t Text) Key() string { return string(t.Kind) + "/" + t.ID }

// SHA256 stands for the words of the text, in hexadecimal: a recording belongs to it as long as these do not change.
func (t Text) SHA256() string {
	h := sha256.Sum256([]byte(strings.Join(SpokenWords(t.Words), " ")))
	return hex.EncodeToString(h[:])
}

// SpokenWords cuts a text into the words that a reader says: in small letters, without the marks around them. Two texts with the
// same words sound the same.
func SpokenWords(text string) []string {
	var out []string
	for _, field := range strings.Fields(norm.NFC.String(strings.ToLower(text))) {
		word := strings.TrimFunc(field, func(r rune) bool { return unicode.IsPunct(r) && r != '%' && r != '-' })
		if word != "" {
			out = append(out, word)
		}
	}
	return out
}

// Texts lists what can be recorded in a language, in the order of the kinds: what the box says of itself, and what the documents of
// the library say. The contacts are those of the box.
func Texts(lib *Library, contacts advisory.Contacts, lang advisory.Lang) []Text {
	l := &listing{lang: lang, seen: map[string]bool{}}
	l.prompts()
	for n := range 10 {
		l.add(NumberText, fmt.Sprint(n), fmt.Sprint(n))
	}
	for _, c := range contacts {
		l.add(NameText, "contact-"+string(c.Kind), c.Name)
	}
	l.labels(lib)
	lexicon := advisory.NewLexicon(lib.Concepts)
	docs := slices.DeleteFunc(slices.Clone(lib.Documents), func(d *advisory.Document) bool { return d.Lang != lang })
	slices.SortFunc(docs, func(a, b *advisory.Document) int { return strings.Compare(a.ID, b.ID) })
	for _, d := range docs {
		for _, id := range slices.Concat(d.Crops, d.Animals) {
			l.add(NameText, id, lexicon.Name(id, lang))
		}
	}
	for _, d := range docs {
		l.add(TitleText, d.ID, d.Title)
		l.add(AnswerText, d.ID, d.Answer)
		l.add(SimpleText, d.ID, d.Simple)
		l.add(CheckText, d.ID, d.Check)
		source := sourceOf(d)
		l.add(SourceText, hashOf([]byte(source))[:12], source)
	}
	order := TextKinds()
	slices.SortStableFunc(l.texts, func(a, b Text) int { return slices.Index(order, a.Kind) - slices.Index(order, b.Kind) })
	return l.texts
}

// sourceOf is who says so, as an answer names them.
func sourceOf(d *advisory.Document) string {
	if len(d.Sources) == 0 {
		return ""
	}
	return d.Sources[0].Cited()
}

// listing gathers texts, each once.
type listing struct {
	lang  advisory.Lang
	texts []Text
	seen  map[string]bool
}

func (l *listing) add(kind TextKind, id, words string) {
	t := Text{l.lang, kind, id, strings.TrimSpace(words)}
	if len(SpokenWords(t.Words)) == 0 || l.seen[t.Key()] {
		return
	}
	l.seen[t.Key()] = true
	l.texts = append(l.texts, t)
}

// labels adds those of the guided menu that lead to a document of the language; one that stands at several places is read once.
func (l *listing) labels(lib *Library) {
	held, said := map[string]bool{}, map[string]bool{}
	for _, d := range lib.Documents {
		held[d.ID] = held[d.ID] || d.Lang == l.lang
	}
	lib.Menu.Only(func(id string) bool { return held[id] }).Walk(func(path []int, b advisory.Branch) {
		words := b.Labels[l.lang]
		if !said[words] {
			said[words] = true
			l.add(LabelText, advisory.FormatNumber(path), words)
		}
	})
}

// prompts adds what is spoken of the language's messages. One with {slots} gives the parts between them, which are played around
// what fills the slots.
func (l *listing) prompts() {
	messages := advisory.Texts(l.lang)
	for _, key := range slices.Sorted(maps.Keys(messages)) {
		if !advisory.Said(key) {
			continue
		}
		parts := slots.Split(messages[key], -1)
		if len(parts) == 1 {
			l.add(PromptText, key, messages[key])
			continue
		}
		for i, part := range parts {
			l.add(PromptText, fmt.Sprintf("%s-%d", key, i+1), part)
		}
	}
}
