package advisory

import (
	"errors"
	"slices"
	"strings"
	"unicode"
)

// LocalWord is a name that people of a place have for a concept, and that the content lacks. It is found in what they ask, and in
// nothing that the content or a draft says: the guard never reads one.
type LocalWord struct {
	Name    string `json:"name"`    // at most MaxLocalWord letters
	Concept string `json:"concept"` // id
	Lang    Lang   `json:"lang"`
}

// WordChange is that a local word was tied to its concept, or is no longer.
type WordChange struct {
	LocalWord
	Removed bool `json:"removed,omitempty"`
}

// MaxLocalWord is the most characters of a local word.
const MaxLocalWord = 40

// Key tells the local words of a language apart: it is the same for singular and plural.
func (w LocalWord) Key() string { return strings.Join(nameKeys(w.Name), " ") }

// WordFault is why a name cannot be a local word; the text for people is the message "word_" + fault.
type WordFault string

// The faults.
const (
	WordEmpty    WordFault = "empty"
	WordLong     WordFault = "long"
	WordShort    WordFault = "short"
	WordLetters  WordFault = "letters"  // digits, signs, or letters in which the language is not written
	WordPersonal WordFault = "personal" // what Redact would take out
	WordLang     WordFault = "language" // one that the box has no texts in
	WordConcept  WordFault = "concept"  // there is none of that id
	WordInput    WordFault = "input"    // the concept is an input: nobody may hide a chemical behind a name
	WordChemical WordFault = "chemical" // the name is a chemical's
	WordDanger   WordFault = "danger"   // the name speaks of people or danger
	WordCommon   WordFault = "common"   // the name is an everyday word
	WordKnown    WordFault = "known"    // the concept has that name already
	WordTaken    WordFault = "taken"    // the name means another concept, or hides one in it
)

// WordError says why a local word was refused; it comes as the cause of an *Error of BadWord.
type WordError struct {
	Fault WordFault
	Means string // of WordTaken and WordKnown: id of the concept that the name means already
}

func (e *WordError) Error() string { return "local word refused: " + string(e.Fault) }

// RefuseWord gives the error of a fault; means is the id of the concept that the name means already, or "".
func RefuseWord(fault WordFault, means string) error {
	return &Error{Code: BadWord, Err: &WordError{fault, means}}
}

// Tell says the error to a person who reads lang.
func (e *WordError) Tell(lang Lang, lex *Lexicon) string {
	return Say(lang, "word_"+string(e.Fault), "name", lex.Name(e.Means, lang))
}

// Shape gives the word with the spaces of its name set right, or the error of a fault for a name that is none, whatever it is to mean.
func (w LocalWord) Shape() (LocalWord, error) {
	w.Name = strings.Join(strings.Fields(w.Name), " ")
	letters := 0
	for _, r := range w.Name {
		if unicode.IsLetter(r) || unicode.Is(unicode.M, r) {
			letters++
		}
	}
	least := 3
	if !isASCII(Fold(w.Name)) { // a sign of other scripts is often a syllable
		least = 2
	}
	switch {
	case len(Words(w.Name)) == 0:
		return w, RefuseWord(WordEmpty, "")
	case len([]rune(w.Name)) > MaxLocalWord:
		return w, RefuseWord(WordLong, "")
	case !w.written():
		return w, RefuseWord(WordLetters, "")
	case letters < least:
		return w, RefuseWord(WordShort, "")
	}
	return w, nil
}

// written reports whether the name is in letters of one script, in Latin ones or those of its language.
func (w LocalWord) written() bool {
	var script *unicode.RangeTable
	for i, r := range w.Name {
		switch {
		case r == ' ' || (r == '-' || r == '\'' || r == '’') && i > 0:
			continue
		case unicode.Is(unicode.Inherited, r) && script != nil: // joiners and accents go with the letter before
			continue
		case !unicode.IsLetter(r) && !unicode.Is(unicode.M, r):
			return false
		}
		is := scriptOf(r)
		if is == nil || script != nil && script != is || is != unicode.Latin && !strings.ContainsFunc(Say(w.Lang, "lang_name"), func(r rune) bool { return unicode.Is(is, r) }) {
			return false
		}
		script = is
	}
	return true
}

func scriptOf(r rune) *unicode.RangeTable {
	for _, table := range unicode.Scripts {
		if table != unicode.Common && table != unicode.Inherited && unicode.Is(table, r) {
			return table
		}
	}
	return nil
}

// CheckWord gives a local word with its name set right, or the error of the fault for which it must not be tied to its concept. The
// documents are those in use: what they say of other things is no name of this one.
func (l *Lexicon) CheckWord(w LocalWord, docs []*Document) (LocalWord, error) {
	w, err := w.Shape()
	if err != nil {
		return w, err
	}
	concept := l.Concept(w.Concept)
	words, keys := Words(w.Name), nameKeys(w.Name)
	switch {
	case catalog(w.Lang) == nil:
		return w, RefuseWord(WordLang, "")
	case concept == nil:
		return w, RefuseWord(WordConcept, "")
	case concept.Kind == Input:
		return w, RefuseWord(WordInput, "")
	case len(Chemicals(w.Name)) > 0 || chemicals.nearListed(words):
		return w, RefuseWord(WordChemical, "")
	case dangerous(w.Name, words, keys):
		return w, RefuseWord(WordDanger, "")
	}
	if err := l.clash(w, concept); err != nil {
		return w, err
	}
	if common(words, w.Lang) || unswapped(w.Name, w.Lang) != w.Name || l.strange(w, keys, docs) >= mostStrange {
		return w, RefuseWord(WordCommon, "")
	}
	return w, nil
}

// dangerous reports whether a name says what tells the box of people, of danger or of what is not for it to answer.
func dangerous(name string, words, keys []string) bool {
	for _, list := range []string{"people", "takes", "eats", "dying"} {
		if len(places(danger[list], words, keys)) > 0 {
			return true
		}
	}
	whole := func(p phrase) bool { return len(p) == len(keys) && p.at(words, keys) }
	return scope(name) != NoReason || slices.ContainsFunc(scopeRules, func(r compiledRule) bool {
		return slices.ContainsFunc(r.all, func(group []phrase) bool { return slices.ContainsFunc(group, whole) })
	})
}

// common reports whether words are such as only join others, or greet.
func common(words []string, lang Lang) bool {
	return !slices.ContainsFunc(words, func(w string) bool {
		return !functionSets[lang][w] && !functionSets["en"][w] && !slices.Contains(greetings, w)
	})
}

// clash tells what the name means already. Within the name of a pest of maize may stand maize, and "insect", which is many pests; one
// thing of the concept's own kind, or an input, would be hidden in it.
func (l *Lexicon) clash(w LocalWord, concept *Concept) error {
	end := len(nameKeys(w.Name))
	for _, m := range l.Find(w.Name, w.Lang) {
		switch whole := m.At == 0 && m.End == end; {
		case m.Concept == concept:
			if whole {
				return RefuseWord(WordKnown, concept.ID)
			}
		case whole, m.Concept.Kind == concept.Kind && !m.Concept.group, m.Concept.Kind == Input, m.Concept.living() && concept.living():
			return RefuseWord(WordTaken, m.Concept.ID)
		}
	}
	return nil
}

// mostStrange is in how many documents that say nothing of its concept a word may stand, plus one.
const mostStrange = 3

// strange counts the documents of the language in which the name stands and that do not name its concept.
func (l *Lexicon) strange(w LocalWord, keys []string, docs []*Document) (n int) {
	for _, d := range docs {
		if d.Lang != w.Lang || slices.Contains(slices.Concat(d.Crops, d.Animals, d.Topics), w.Concept) {
			continue
		}
		for _, text := range d.texts() {
			if words := Words(text); len(places([]phrase{keys}, words, keysOf(words))) == 0 {
				continue
			}
			if !slices.ContainsFunc(l.FindNative(text, w.Lang), func(m Mention) bool { return m.Concept.ID == w.Concept }) {
				n++
				break
			}
		}
	}
	return n
}

// texts gives all that a document says.
func (d *Document) texts() []string {
	out := append([]string{d.Title, d.Answer}, d.Questions...)
	for _, s := range d.Sections {
		out = append(out, s.Text)
	}
	return out
}

// With gives a lexicon that finds local words in what people ask as well, and mends and reads them as it does the names of the
// content. One whose concept is not there, or whose name means something by now, is left out.
func (l *Lexicon) With(words []LocalWord) *Lexicon {
	if l.plain != nil {
		l = l.plain
	}
	var names, hindi []string
	asked := make(nameIndex, len(l.index)+len(words))
	for key, list := range l.index {
		asked[key] = slices.Clip(list)
	}
	for _, w := range words {
		concept := l.Concept(w.Concept)
		if concept == nil || l.clash(w, concept) != nil {
			continue
		}
		asked.add(w.Name, concept, w.Lang)
		if names = append(names, w.Name); w.Lang == "hi" {
			hindi = append(hindi, w.Name)
		}
	}
	if len(names) == 0 {
		return l
	}
	for _, name := range names {
		longestFirst(asked[nameKeys(name)[0]])
	}
	out := *l
	out.plain, out.asked, out.spelling, out.hindi = l, asked, l.spelling.with(names), l.hindi.with(hindi)
	return &out
}

// Standing tells whether the content has by now the name of a local word: WordKnown for its concept, WordTaken for another, else "".
func (l *Lexicon) Standing(w LocalWord) WordFault {
	if l.plain != nil {
		l = l.plain
	}
	concept := l.Concept(w.Concept)
	if concept == nil {
		return ""
	}
	var clash *WordError
	if errors.As(l.clash(w, concept), &clash) {
		return clash.Fault
	}
	return ""
}
