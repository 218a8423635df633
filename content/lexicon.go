package content

import (
	"go.yaml.in/yaml/v3"

	"jembe/advisory"
)

// maxLexicon is the most bytes of one lexicon file.
const maxLexicon = 2 << 20

// conceptKinds are the kinds a lexicon file may use.
var conceptKinds = []string{
	string(advisory.Crop), string(advisory.Animal), string(advisory.Pest), string(advisory.Disease),
	string(advisory.Symptom), string(advisory.Input), string(advisory.Practice), string(advisory.Topic),
}

// concept is a concept with the place where it is defined.
type concept struct {
	advisory.Concept
	growth []Growth
	file   string
	line   int
}

// ReadLexicon reads a lexicon file strictly: a list of {id, kind, is, names: {LANG: [name, ...]}, growth}. The error is Problems with
// all that is wrong; what could be read is returned even then.
func ReadLexicon(name string, raw []byte) ([]advisory.Concept, error) {
	found, problems := readConcepts(name, raw)
	return bare(found), problems.err()
}

// bare takes the places off.
func bare(found []concept) []advisory.Concept {
	out := make([]advisory.Concept, len(found))
	for i, c := range found {
		out[i] = c.Concept
	}
	return out
}

func readConcepts(name string, raw []byte) ([]concept, Problems) {
	f := &fields{file: name}
	text, ok := f.clean(raw, maxLexicon)
	if !ok {
		return nil, f.problems
	}
	root := f.parse(text)
	if root == nil {
		return nil, f.problems
	}
	var out []concept
	seen := map[string]int{}
	for _, item := range f.list(root, "a lexicon file") {
		c := f.concept(item)
		c.file, c.line = name, item.Line
		if first := seen[c.ID]; c.ID != "" && first > 0 {
			f.fail(item.Line, "the concept %s is given twice, first on line %d: join them", c.ID, first)
			continue
		}
		seen[c.ID] = item.Line
		out = append(out, c)
	}
	return out, f.problems
}

func (f *fields) concept(n *yaml.Node) concept {
	var c concept
	values, _ := f.mapping(n, "a concept", "id", "kind", "is", "names", "growth")
	if n.Kind != yaml.MappingNode {
		return c
	}
	f.need(n, values, " of a concept", "id", "kind", "names")
	if v := values["id"]; v != nil {
		c.ID = f.id(v, "id")
	}
	if v := values["kind"]; v != nil {
		c.Kind = advisory.ConceptKind(f.oneOf(v, "kind", conceptKinds...))
	}
	if v := values["is"]; v != nil {
		c.Is = f.ids(v, "is")
	}
	if v := values["names"]; v != nil {
		c.Names = f.names(v)
	}
	if v := values["growth"]; v != nil {
		c.growth = f.growth(v)
		if c.Kind != advisory.Crop {
			f.fail(v.Line, "only a crop has a growth")
		}
	}
	return c
}

// names reads the names of a concept by language. A name without a letter or digit could never be found in a text.
func (f *fields) names(n *yaml.Node) map[advisory.Lang][]string {
	out := map[advisory.Lang][]string{}
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		f.fail(n.Line, "names must be given by language, such as en: [maize, corn]")
		return out
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		lang := advisory.Lang(f.lang(key, "a language of names"))
		if lang == "" {
			continue
		}
		if out[lang] != nil {
			f.fail(key.Line, "the language %s is given twice in names", lang)
			continue
		}
		names := f.texts(value, "names in "+string(lang))
		for _, name := range names {
			if len(advisory.Words(name)) == 0 {
				f.fail(value.Line, "the name %q has no letters", name)
			}
		}
		out[lang] = names
	}
	return out
}
