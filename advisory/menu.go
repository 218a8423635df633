package advisory

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// MenuLevels is how many choices lead to an advice.
const MenuLevels = 3

// Menu is the guided way to an advice, for those who do not read and for languages that cannot be heard: up to nine branches at
// each level, each with a picture, a key and a label. It is read-only once made.
type Menu []Branch

// Branch is one choice of a menu: what leads further, or at the last level an advice.
type Branch struct {
	Number   int             // the key to press, 1 to 9
	Key      string          // kebab-case, once in its menu; of an advice the id of its document
	Picture  string          // name of a picture
	Labels   map[Lang]string // two or three words
	Document string          // id; "" of a branch that leads further
	Also     bool            // the advice has its main place, and so its number, elsewhere
	Branches Menu            // of an advice none
}

// Label gives what the branch is called in a language, else in English, else its key.
func (b Branch) Label(lang Lang) string {
	for _, l := range []Lang{lang, "en"} {
		if label := b.Labels[l]; label != "" {
			return label
		}
	}
	return strings.ReplaceAll(b.Key, "-", " ")
}

// Speech is what is said of the branch in a menu: its label, and the key to press.
func (b Branch) Speech(lang Lang) []Speech {
	in := lang
	if b.Labels[lang] == "" {
		in = "en"
	}
	return []Speech{{Text: b.Label(lang), Lang: in, Label: true}, {Text: fmt.Sprint(b.Number), Lang: lang, Label: true}}
}

// Walk calls f for each branch from the top down, in order, with the keys that lead to it.
func (m Menu) Walk(f func(path []int, b Branch)) { m.walk(nil, f) }

func (m Menu) walk(path []int, f func([]int, Branch)) {
	for _, b := range m {
		at := append(slices.Clone(path), b.Number)
		f(at, b)
		b.Branches.walk(at, f)
	}
}

// At gives the branch to which keys lead, one for each level; false when there is none.
func (m Menu) At(path ...int) (Branch, bool) {
	for level, key := range path {
		i := slices.IndexFunc(m, func(b Branch) bool { return b.Number == key })
		switch {
		case i < 0:
			return Branch{}, false
		case level == len(path)-1:
			return m[i], true
		}
		m = m[i].Branches
	}
	return Branch{}, false
}

// Advice gives the id of the document whose number a text says ("214", "2-1-4", "two one four"); false when it says anything
// else, or a number that the menu does not have.
func (m Menu) Advice(text string) (document string, ok bool) {
	b, ok := m.At(parseNumber(text)...)
	return b.Document, ok && b.Document != ""
}

// Numbers gives the number of each advice by the id of its document: the keys of its main place, "2-1-4".
func (m Menu) Numbers() map[string]string {
	out := map[string]string{}
	m.Walk(func(path []int, b Branch) {
		if b.Document != "" && !b.Also {
			out[b.Document] = FormatNumber(path)
		}
	})
	return out
}

// FormatNumber writes keys as the number that is painted on a wall: "2-1-4".
func FormatNumber(path []int) string {
	digits := make([]string, len(path))
	for i, key := range path {
		digits[i] = fmt.Sprint(key)
	}
	return strings.Join(digits, "-")
}

// Only gives the menu without the advice that is not held, and without branches that then lead nowhere.
func (m Menu) Only(held func(document string) bool) Menu {
	var out Menu
	for _, b := range m {
		b.Branches = b.Branches.Only(held)
		if b.Document != "" && held(b.Document) || len(b.Branches) > 0 {
			out = append(out, b)
		}
	}
	return out
}

// Join adds the branches of another menu. A branch of the same key and number is the same: its labels are added, and take the
// place of those of the same language. The errors tell what was left out, because its number or its key is another's.
func (m Menu) Join(other Menu) (Menu, []error) { return m.join(nil, other) }

func (m Menu) join(path []int, other Menu) (Menu, []error) {
	out, errs := slices.Clone(m), []error(nil)
	for _, b := range other {
		at := append(slices.Clone(path), b.Number)
		i := slices.IndexFunc(out, func(o Branch) bool { return o.Number == b.Number || o.Key == b.Key })
		switch {
		case i < 0:
			out = append(out, b)
		case out[i].Number != b.Number || out[i].Key != b.Key || out[i].Document != b.Document:
			errs = append(errs, fmt.Errorf("%s %s: the number %s is %s's for good: take one that is free, and a key of its own", FormatNumber(at), b.Key,
				FormatNumber(append(slices.Clone(path), out[i].Number)), out[i].Key))
		default:
			labels, more := maps.Clone(out[i].Labels), []error(nil)
			maps.Copy(labels, b.Labels)
			out[i].Labels = labels
			out[i].Branches, more = out[i].Branches.join(at, b.Branches)
			errs = append(errs, more...)
		}
	}
	slices.SortFunc(out, func(a, b Branch) int { return a.Number - b.Number })
	return out, errs
}

// digitWords are the words for 1 to 9 that mean something else beside a unit, and so are no number words of a dose.
var digitWords = map[string]int{
	"un": 1, "une": 1, "ek": 1, "do": 2, "tin": 3, "chaar": 4, "panch": 5, "chhah": 6, "chhe": 6, "chah": 6, "saat": 7, "sat": 7, "aath": 8, "ath": 8, "nau": 9,
}

// parseNumber reads the keys of a number of three digits from 1 to 9, in figures of any script or in words; nil for any other
// text.
func parseNumber(text string) []int {
	var path []int
	for _, word := range Words(text) {
		switch value := units.numbers[word]; {
		case strings.IndexFunc(word, func(r rune) bool { return !unicode.Is(unicode.Nd, r) }) < 0:
			for _, r := range word {
				path = append(path, int(Digit(r)))
			}
		case digitWords[word] > 0:
			path = append(path, digitWords[word])
		case value >= 1 && value <= 9 && value == float64(int(value)):
			path = append(path, int(value))
		default:
			return nil
		}
	}
	if len(path) != MenuLevels || slices.Contains(path, 0) {
		return nil
	}
	return path
}
