package advisory

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

//go:embed messages/*.json
var messageFiles embed.FS

// catalogs holds the texts to people of the program's own languages. It is filled once, from files that are part of the program.
var catalogs = loadMessages()

func loadMessages() map[Lang]Catalog {
	files, err := messageFiles.ReadDir("messages")
	if err != nil {
		panic(err)
	}
	out := map[Lang]Catalog{}
	for _, f := range files {
		data, err := messageFiles.ReadFile("messages/" + f.Name())
		if err != nil {
			panic(err)
		}
		texts := Catalog{}
		if err := json.Unmarshal(data, &texts); err != nil {
			panic(fmt.Errorf("messages/%s: %w", f.Name(), err))
		}
		out[Lang(strings.TrimSuffix(f.Name(), ".json"))] = texts
	}
	return out
}

// MessageLangs lists the languages in which the box has its texts, those of the packs in use among them: English first, then by code.
func MessageLangs() []Lang {
	out := []Lang{"en"}
	for l := range catalogs {
		if l != "en" {
			out = append(out, l)
		}
	}
	if more := added.Load(); more != nil {
		for l := range *more {
			out = append(out, l)
		}
	}
	slices.Sort(out[1:])
	return out
}

// Say gives the text of a key in a language, or in English where the language has none. Each {name} in the text is
// replaced by the value that follows that name in pairs. An unknown key gives the key itself.
func Say(lang Lang, key string, pairs ...string) string {
	text, ok := catalog(lang)[key]
	if !ok {
		if text, ok = catalogs["en"][key]; !ok {
			return key
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return text
}

// Texts gives all texts of a language's catalog as they stand, with their {slots}, by key; none for a language without one.
func Texts(lang Lang) map[string]string { return maps.Clone(catalog(lang)) }

// Messages gives all texts of a language whose key starts with the prefix, without the prefix; English where the language has none.
func Messages(lang Lang, prefix string) map[string]string {
	out := map[string]string{}
	for key := range catalogs["en"] {
		if name, ok := strings.CutPrefix(key, prefix); ok {
			out[name] = Say(lang, key)
		}
	}
	return out
}
