package advisory

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// doubled is a double of a translation: every English text with a word before it.
func doubled() map[string]string {
	out := map[string]string{}
	for key, text := range catalogs["en"] {
		out[key] = "Ha " + text
	}
	out["lang_name"] = "Hausa"
	return out
}

func TestALanguageOfAPack(t *testing.T) {
	t.Cleanup(func() { UseCatalogs(nil) })
	raw, err := json.Marshal(doubled())
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseCatalog(raw)
	if err != nil || len(c.Missing()) > 0 {
		t.Fatalf("%v, missing %v", err, c.Missing())
	}
	UseCatalogs(map[Lang]Catalog{"ha": c, "sw": c})
	if !slices.Equal(MessageLangs(), []Lang{"en", "fr", "ha", "hi", "sw"}) {
		t.Errorf("languages %v", MessageLangs())
	}
	if l, ok := ParseLang("ha-NG"); !ok || l != "ha" {
		t.Errorf("%q %v", l, ok)
	}
	if got := Say("ha", "foreign", "language", LangName("ha", "sw")); got != "Ha I have this only in Ha Swahili." {
		t.Error(got)
	}
	if got := Say("sw", "lang_name"); got != "Kiswahili" {
		t.Errorf("a pack speaks for the program's own language: %s", got)
	}
	for in, want := range map[Lang]string{"en": "Hausa", "ha": "Hausa", "fr": "Hausa"} {
		if got := LangName(in, "ha"); got != want {
			t.Errorf("Hausa in %s is %q", in, got)
		}
	}
	if got := DetectLang("kuduji ya kama gona ya shamba", "ha", NewLexicon(nil)); got != "ha" {
		t.Errorf("what is asked in a pack's language is taken for %s", got)
	}
	if !(Standard{Lang: "ha", Lexicon: NewLexicon(nil)}).inLanguage("Cire kuduji kafin ya yi fure na ya kona shi", Words("Cire kuduji kafin ya yi fure na ya kona shi")) {
		t.Error("an answer in a pack's language falls at the guard")
	}
	UseCatalogs(nil)
	if _, ok := ParseLang("ha"); ok {
		t.Error("the language stays when its pack is gone")
	}
}

func TestWhatIsNoCatalog(t *testing.T) {
	with := func(key, text string) []byte {
		m := doubled()
		m[key] = text
		raw, _ := json.Marshal(m)
		return raw
	}
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"no JSON":      {[]byte("{"), "JSON"},
		"a list":       {[]byte(`["a"]`), "JSON"},
		"a number":     {[]byte(`{"reviewed": 3}`), "JSON"},
		"lost slot":    {with("source", "Ha source."), "source: has the slots []"},
		"other slot":   {with("source", "Ha {name}."), "slots [{name}]"},
		"slot twice":   {with("source", "{source} {source}"), "slots"},
		"empty":        {with("reviewed", "  "), "reviewed: is empty"},
		"two lines":    {with("reviewed", "a\nb"), "control character"},
		"too long":     {with("reviewed", strings.Repeat("a", maxMessage+1)), "characters"},
		"a large file": {[]byte(strings.Repeat(" ", maxCatalog+1)), "bytes"},
		"a false name": {with("lang_sw", "{x}"), "slots"},
	} {
		if _, err := ParseCatalog(c.raw); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	c, err := ParseCatalog(with("of_a_later_program", "new"))
	if err != nil || c["of_a_later_program"] != "" {
		t.Errorf("a key of a later program: %v", err)
	}
	short := doubled()
	maps.DeleteFunc(short, func(key, _ string) bool { return key == "reviewed" })
	raw, _ := json.Marshal(short)
	if c, err := ParseCatalog(raw); err != nil || !slices.Equal(c.Missing(), []string{"reviewed"}) {
		t.Errorf("missing %v, %v", c.Missing(), err)
	}
}

func FuzzParseCatalog(f *testing.F) {
	f.Add([]byte(`{"reviewed": "Ofis dinka ya duba.", "source": "{source}"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := ParseCatalog(raw)
		if err != nil {
			return
		}
		for key, text := range c {
			if checkMessage(text, catalogs["en"][key]) != nil {
				t.Errorf("%s: %q was let in", key, text)
			}
		}
	})
}
