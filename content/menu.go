package content

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"jembe/advisory"
)

const (
	menuName    = "menu.yaml"
	mostKeys    = 9  // of a number pad, without 0
	mostLetters = 40 // of a label: it is heard in a row of nine
)

// ReadMenu reads a menu file strictly: a list of up to nine {number, key, picture, label: {LANG: text}, branches: [...]}, and at
// the third level {number, document, picture, label}; "also" instead of "document" for advice that has its main place elsewhere.
// A branch that only leads to more than another pack's branch of the same key may leave picture and label out. The error is
// Problems with all that is wrong; what could be read is returned even then.
func ReadMenu(name string, raw []byte) (advisory.Menu, error) {
	f := &menuFields{fields: fields{file: name}, main: map[string]int{}}
	text, ok := f.clean(raw, maxLexicon)
	if !ok {
		return nil, f.problems.err()
	}
	root := f.parse(text)
	if root == nil {
		return nil, f.problems.err()
	}
	menu := f.menu(root, 1)
	return menu, f.problems.err()
}

type menuFields struct {
	fields
	main map[string]int // document -> line of its main place
}

// menu reads the branches of one level, counted from 1.
func (f *menuFields) menu(n *yaml.Node, level int) advisory.Menu {
	items := f.list(n, "a menu")
	if len(items) > mostKeys {
		f.fail(n.Line, "a menu has %d branches, but there are only %d keys: part it in two", len(items), mostKeys)
	}
	var out advisory.Menu
	for _, item := range items {
		b := f.branch(item, level)
		for _, o := range out {
			switch {
			case b.Number != 0 && o.Number == b.Number:
				f.fail(item.Line, "the number %d is given twice in this menu", b.Number)
			case b.Key != "" && o.Key == b.Key:
				f.fail(item.Line, "%s is given twice in this menu", b.Key)
			case b.Picture != "" && o.Picture == b.Picture:
				f.fail(item.Line, "the picture %s is given twice in this menu: who does not read could not tell %s from %s", b.Picture, o.Key, b.Key)
			}
		}
		out = append(out, b)
	}
	return out
}

// branch reads one branch.
func (f *menuFields) branch(n *yaml.Node, level int) advisory.Branch {
	var b advisory.Branch
	values, _ := f.mapping(n, "a branch", "number", "key", "document", "also", "picture", "label", "branches")
	if n.Kind != yaml.MappingNode {
		return b
	}
	if level == advisory.MenuLevels {
		f.advice(n, values, &b)
	} else {
		f.need(n, values, " of a branch", "number", "key", "branches")
		if v := values["key"]; v != nil {
			b.Key = f.id(v, "key")
		}
		if v := values["branches"]; v != nil {
			b.Branches = f.menu(v, level+1)
		}
	}
	if v := values["number"]; v != nil {
		b.Number = f.number(v, "number", 1, mostKeys)
	}
	if v := values["picture"]; v != nil {
		b.Picture = f.oneOf(v, "picture", Pictures()...)
	}
	if v := values["label"]; v != nil {
		b.Labels = f.labels(v)
	}
	return b
}

// advice reads what only a branch of the last level has.
func (f *menuFields) advice(n *yaml.Node, values map[string]*yaml.Node, b *advisory.Branch) {
	f.need(n, values, " of an advice", "number", "picture", "label")
	document, also := values["document"], values["also"]
	if (document == nil) == (also == nil) || values["branches"] != nil || values["key"] != nil {
		f.fail(n.Line, "at the third level stands an advice: give one of document and also, and no key or branches")
		return
	}
	if also != nil {
		b.Key, b.Also = f.id(also, "also"), true
		b.Document = b.Key
		return
	}
	b.Key = f.id(document, "document")
	b.Document = b.Key
	if first := f.main[b.Key]; first > 0 {
		f.fail(document.Line, "%s has two main places, the first on line %d: list it as also here", b.Key, first)
	}
	f.main[b.Key] = document.Line
}

// labels reads the short names of a branch by language.
func (f *menuFields) labels(n *yaml.Node) map[advisory.Lang]string {
	out := map[advisory.Lang]string{}
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		f.fail(n.Line, "label must be given by language, such as {en: maize, sw: mahindi}")
		return out
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		lang := advisory.Lang(f.lang(n.Content[i], "a language of label"))
		label := f.text(n.Content[i+1], "label in "+string(lang))
		if len([]rune(label)) > mostLetters {
			f.fail(n.Content[i+1].Line, "the label %q is longer than %d letters: two or three words are heard in time", label, mostLetters)
		}
		if lang != "" {
			out[lang] = label
		}
	}
	return out
}

// writeMenu writes a menu as ReadMenu reads it, with its English labels as those of another language, to be translated.
func writeMenu(w io.Writer, m advisory.Menu, lang advisory.Lang) error {
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	if err := e.Encode(entries(m, lang)); err != nil {
		return fmt.Errorf("write the menu: %w", err)
	}
	return e.Close()
}

// menuEntry is a branch as it stands in a menu file.
type menuEntry struct {
	Number   int                      `yaml:"number"`
	Key      string                   `yaml:"key,omitempty"`
	Document string                   `yaml:"document,omitempty"`
	Also     string                   `yaml:"also,omitempty"`
	Picture  string                   `yaml:"picture"`
	Label    map[advisory.Lang]string `yaml:"label,flow"`
	Branches []menuEntry              `yaml:"branches,omitempty"`
}

func entries(m advisory.Menu, lang advisory.Lang) []menuEntry {
	var out []menuEntry
	for _, b := range m {
		e := menuEntry{Number: b.Number, Picture: b.Picture, Label: map[advisory.Lang]string{lang: b.Label("en")}, Branches: entries(b.Branches, lang)}
		switch {
		case b.Also:
			e.Also = b.Document
		case b.Document != "":
			e.Document = b.Document
		default:
			e.Key = b.Key
		}
		out = append(out, e)
	}
	return out
}

// menu tells of what stands in a pack's menu and cannot be found, and of documents that cannot be found by it. The starter's menu
// is there on every box: a pack adds to it.
func (c *checker) menu(p *Pack, first advisory.Menu) {
	say := func(format string, args ...any) {
		c.problems = append(c.problems, Problem{menuName, 0, fmt.Sprintf(format, args...)})
	}
	joined, clashes := first.Join(p.Menu)
	for _, err := range clashes {
		say("%v", err)
	}
	placed := joined.Numbers()
	joined.Walk(func(path []int, b advisory.Branch) {
		if b.Also && placed[b.Document] == "" {
			say("%s lists %s, which has no main place", advisory.FormatNumber(path), b.Document)
		}
		if b.Picture == "" || b.Labels["en"] == "" {
			say("%s %s has no picture, or no label in English", advisory.FormatNumber(path), b.Key)
		}
	})
	var missing []string
	held := map[advisory.Lang]map[string]bool{}
	for _, d := range p.Documents {
		if held[d.Lang] == nil {
			held[d.Lang] = map[string]bool{}
		}
		held[d.Lang][d.ID] = true
		if placed[d.ID] == "" && !slices.Contains(missing, d.ID) {
			missing = append(missing, d.ID)
			say("%s has no place: who does not read or speak cannot reach it", d.ID)
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(held)) {
		joined.Only(func(id string) bool { return held[lang][id] }).Walk(func(path []int, b advisory.Branch) {
			if b.Labels[lang] == "" {
				say("%s %s has no label in %s: English is heard for it", advisory.FormatNumber(path), b.Key, lang)
			}
		})
	}
}
