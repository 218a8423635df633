package content

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"jembe/advisory"
)

const crops = `# what grows
- id: maize
  kind: crop
  is: [cereal]
  names:
    en: [maize, corn, mealies]
    hi: [मक्का, makka]
    no: [mais]
- id: cereal
  kind: crop
  names:
    en: [cereal]
`

func TestReadLexicon(t *testing.T) {
	got, err := ReadLexicon("lexicon/crops.yaml", []byte(crops))
	if err != nil {
		t.Fatal(err)
	}
	want := []advisory.Concept{
		{ID: "maize", Kind: advisory.Crop, Is: []string{"cereal"}, Names: map[advisory.Lang][]string{
			"en": {"maize", "corn", "mealies"}, "hi": {"मक्का", "makka"}, "no": {"mais"}}},
		{ID: "cereal", Kind: advisory.Crop, Names: map[advisory.Lang][]string{"en": {"cereal"}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestStrictLexicon(t *testing.T) {
	tests := []struct {
		name, old, new string
		line           int
		says           string
	}{
		{"unknown field", "is: [cereal]", "sort: cereal", 4, `unknown field "sort" in a concept`},
		{"no id", "id: maize\n  kind: crop", "kind: crop", 2, "the field id of a concept is missing"},
		{"no kind", "  kind: crop\n  is", "  is", 2, "the field kind of a concept is missing"},
		{"no names", "  names:\n    en: [cereal]\n", "", 9, "the field names of a concept is missing"},
		{"names of nothing", "  names:\n    en: [cereal]\n", "  names: {}\n", 11, "names must be given by language"},
		{"names without language", "  names:\n    en: [cereal]\n", "  names: [cereal]\n", 11, "names must be given by language"},
		{"language in words", "    hi: ", "    Hindi: ", 7, "not a language code"},
		{"language twice", "    hi: ", "    en: ", 7, "en is given twice"},
		{"name twice", "maize, corn, mealies", "maize, maize", 6, "given twice in names in en"},
		{"name without letters", "mealies", "'?'", 6, "has no letters"},
		{"kind", "kind: crop\n  is", "kind: cereal\n  is", 3, "is not one of crop"},
		{"id in capitals", "id: maize", "id: Maize", 2, "small letters"},
		{"concept twice", "id: cereal", "id: maize", 9, "given twice, first on line 2"},
		{"concept as text", "- id: maize\n  kind: crop\n  is: [cereal]\n  names:\n    en: [maize, corn, mealies]\n    hi: [मक्का, makka]\n    no: [mais]\n", "- maize\n", 2, "a concept must be given as fields"},
		{"two YAML documents", "- id: cereal", "---\n- id: cereal", 9, "a second YAML document"},
		{"tab", "  kind: crop\n  is", "\tkind: crop\n  is", 2, "cannot be read as YAML"},
		{"growth of no crop", "kind: crop\n  is: [cereal]", "kind: pest\n  growth: [{days: [1, 2, 3, 4]}]", 4, "only a crop has a growth"},
		{"growth of three stages", "is: [cereal]", "growth: [{days: [1, 2, 3]}]", 4, "days must be those of the initial"},
		{"growth of no days", "is: [cereal]", "growth: [{zone: KE}]", 4, "the field days of a growth is missing"},
		{"growth in words", "is: [cereal]", "growth: [{days: [1, 2, 3, many]}]", 4, "not a number from 1 to 400"},
		{"NUL", "mealies", "mea\x00lies", 6, "control character"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(crops, tt.old) {
				t.Fatalf("the test changes %q, which is not there", tt.old)
			}
			_, err := ReadLexicon("lexicon/crops.yaml", []byte(strings.Replace(crops, tt.old, tt.new, 1)))
			wantProblem(t, err, "lexicon/crops.yaml", tt.line, tt.says)
		})
	}
	for _, empty := range []string{"", "# nothing yet\n"} {
		_, err := ReadLexicon("lexicon/crops.yaml", []byte(empty))
		wantProblem(t, err, "lexicon/crops.yaml", 1, "is empty")
	}
	_, err := ReadLexicon("lexicon/crops.yaml", []byte("maize: crop\n"))
	wantProblem(t, err, "lexicon/crops.yaml", 1, "must be a list")
}

func FuzzReadLexicon(f *testing.F) {
	f.Add([]byte(crops))
	f.Add([]byte("- {id: a, kind: crop, names: {en: [a]}}\n- &x [*x]"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		concepts, err := ReadLexicon("lexicon/x.yaml", raw)
		if err != nil {
			var ps Problems
			if !errors.As(err, &ps) || len(ps) == 0 {
				t.Fatalf("an error without problems: %v", err)
			}
			return
		}
		for _, c := range concepts {
			if c.ID == "" || c.Kind == "" || len(c.Names) == 0 {
				t.Fatalf("accepted without what is needed: %+v", c)
			}
		}
		advisory.NewLexicon(concepts) // any concepts accepted make a lexicon
	})
}
