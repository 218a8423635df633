package content

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"jembe/advisory"
)

// writtenConcept is a concept as a lexicon file has it.
type writtenConcept struct {
	ID    string                     `yaml:"id"`
	Kind  advisory.ConceptKind       `yaml:"kind"`
	Is    []string                   `yaml:"is,omitempty,flow"`
	Names map[advisory.Lang][]string `yaml:"names"`
}

// WriteLexicon writes a lexicon file that ReadLexicon reads; the same concepts give the same bytes. What stands beside the names is not
// checked.
func WriteLexicon(concepts []advisory.Concept) ([]byte, error) {
	out := make([]writtenConcept, len(concepts))
	for i, c := range concepts {
		out[i] = writtenConcept{c.ID, c.Kind, slices.Clone(c.Is), c.Names}
	}
	return yaml.Marshal(out)
}
