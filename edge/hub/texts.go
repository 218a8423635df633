package hub

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strings"

	"golang.org/x/text/language"
)

//go:embed office
var officeFiles embed.FS

// catalogue holds the texts of the office's pages in one language: office/texts/LANG.json. Another language is another file.
type catalogue struct {
	lang  string
	texts map[string]string
}

// catalogues are the languages there are, English first; filled once, from files that are part of the program.
var catalogues = loadCatalogues()

func loadCatalogues() []catalogue {
	files, err := officeFiles.ReadDir("office/texts")
	if err != nil {
		panic(err)
	}
	out := make([]catalogue, 1)
	for _, f := range files {
		data, err := officeFiles.ReadFile("office/texts/" + f.Name())
		if err != nil {
			panic(err)
		}
		c := catalogue{lang: strings.TrimSuffix(f.Name(), path.Ext(f.Name()))}
		if err := json.Unmarshal(data, &c.texts); err != nil {
			panic(fmt.Errorf("office/texts/%s: %w", f.Name(), err))
		}
		if c.lang == "en" {
			out[0] = c
		} else {
			out = append(out, c)
		}
	}
	return out
}

// texts gives the catalogue of a language, or the English one.
func texts(lang string) catalogue {
	for _, c := range catalogues {
		if c.lang == lang {
			return c
		}
	}
	return catalogues[0]
}

// preferredTexts gives the catalogue that the browser asks for, as far as there is one.
func preferredTexts(r *http.Request) catalogue {
	var tags []language.Tag
	for _, c := range catalogues {
		tags = append(tags, language.Make(c.lang))
	}
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return catalogues[0]
	}
	_, i, _ := language.NewMatcher(tags).Match(wanted...)
	return catalogues[i]
}

// one ends the key of the text that stands for another where what it counts, the first of its pairs, is one.
const one = "_one"

// say gives the text of a key; each {name} in it is replaced by the value that follows that name in pairs. A key that the
// language lacks is said in English, an unknown one is the key itself.
func (c catalogue) say(key string, pairs ...any) string {
	if len(pairs) > 1 && fmt.Sprint(pairs[1]) == "1" && c.texts[key+one] != "" {
		key += one
	}
	text, ok := c.texts[key]
	if !ok {
		if text, ok = catalogues[0].texts[key]; !ok {
			return key
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+fmt.Sprint(pairs[i])+"}", fmt.Sprint(pairs[i+1]))
	}
	return text
}

// has reports whether there is a text.
func (c catalogue) has(key string) bool { return catalogues[0].texts[key] != "" }
