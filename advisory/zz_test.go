package advisory

import (
	"testing"
)

func TestZZ(t *testing.T) {
	lex := NewLexicon([]Concept{{ID: "maize", Kind: Crop, Names: map[Lang][]string{"fr": {"maïs"}}}})
	st := readStatement("Maïs précoce : lignes à 30 centimètres, une graine tous les 5 à 10 centimètres.", "fr", lex)
	t.Log(st.crops, st.keys)
}
