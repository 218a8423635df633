package advisory

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"
)

// Catalog is the box's texts to people in one language, by key.
type Catalog map[string]string

// The bounds of a catalog from a pack: a few times what the longest of ours has.
const (
	maxCatalog = 256 << 10 // bytes
	maxMessage = 1000      // characters of one text
	maxKey     = 60        // bytes
)

// added holds the catalogs of languages that the program does not know, as the packs in use have them.
var added atomic.Pointer[map[Lang]Catalog]

// UseCatalogs puts the catalogs of the packs in use in place of those before. The program's own languages stay as they are.
func UseCatalogs(packs map[Lang]Catalog) {
	own := maps.Clone(packs)
	maps.DeleteFunc(own, func(l Lang, _ Catalog) bool { return catalogs[l] != nil })
	added.Store(&own)
}

// BuiltIn reports whether the program itself has its texts in the language.
func BuiltIn(lang Lang) bool { return catalogs[lang] != nil }

// catalog gives the texts of a language, nil when there are none.
func catalog(lang Lang) Catalog {
	if own, ok := catalogs[lang]; ok {
		return own
	}
	if more := added.Load(); more != nil {
		return (*more)[lang]
	}
	return nil
}

var slot = regexp.MustCompile(`\{[a-z]+\}`)

// ParseCatalog reads the texts of a language, a JSON object of texts by key, from bytes that nobody vouches for. Keys that English
// does not have are left out: they may be those of a later program. A text must keep the {slots} of the English one, as often.
// The error tells all that is wrong. What is missing is told by Missing.
func ParseCatalog(raw []byte) (Catalog, error) {
	if len(raw) > maxCatalog {
		return nil, fmt.Errorf("has %d bytes, at most %d are allowed", len(raw), maxCatalog)
	}
	var given map[string]string
	if err := json.Unmarshal(raw, &given); err != nil {
		return nil, fmt.Errorf("is no JSON object of texts: %w", err)
	}
	out := Catalog{}
	var wrong []error
	for _, key := range slices.Sorted(maps.Keys(given)) {
		english, known := catalogs["en"][key]
		if _, isName := strings.CutPrefix(key, "lang_"); !known && !isName || len(key) > maxKey {
			continue
		}
		if err := checkMessage(given[key], english); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", key, err))
			continue
		}
		out[key] = given[key]
	}
	return out, errors.Join(wrong...)
}

func checkMessage(text, english string) error {
	want, got := slot.FindAllString(english, -1), slot.FindAllString(text, -1)
	slices.Sort(want)
	slices.Sort(got)
	switch {
	case strings.TrimSpace(text) == "":
		return errors.New("is empty")
	case len([]rune(text)) > maxMessage:
		return fmt.Errorf("has more than %d characters", maxMessage)
	case strings.ContainsFunc(text, unicode.IsControl):
		return errors.New("holds a line end or another control character")
	case !slices.Equal(want, got):
		return fmt.Errorf("has the slots %v, the English text %v", got, want)
	}
	return nil
}

// Missing lists the keys for which a catalog has no text, in order; these are said in English.
func (c Catalog) Missing() []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(catalogs["en"])) {
		if c[key] == "" {
			out = append(out, key)
		}
	}
	return out
}

// LangName is what a language is called in another: where that has no name for it, its own name for itself.
func LangName(in, lang Lang) string {
	key := "lang_" + string(lang)
	if name := Say(in, key); name != key {
		return name
	}
	if own := catalog(lang)["lang_name"]; own != "" {
		return own
	}
	return string(lang)
}
