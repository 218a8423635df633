package content

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"jembe/advisory"
)

// BeginLanguage writes the texts that a language must have into the folder of a pack, which is made where it is missing: the English
// ones, to be translated line by line. A file that is already there is left as it is, and told as an error.
func BeginLanguage(dir string, lang advisory.Lang) (file string, err error) {
	switch {
	case !langCode.MatchString(string(lang)):
		return "", &advisory.Error{Code: advisory.BadRequest, Hint: "name the language by its code of two or three small letters, such as ha (iso639-3.sil.org)"}
	case advisory.BuiltIn(lang):
		return "", &advisory.Error{Code: advisory.BadRequest, Hint: fmt.Sprintf("the box has its texts in %s already", advisory.LangName("en", lang))}
	}
	file = filepath.Join(dir, "messages", string(lang)+".json")
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		return "", &advisory.Error{Code: advisory.BadRequest, Hint: file + " is there already: go on with it", Err: err}
	}
	for _, folder := range []string{"messages", "lexicon", filepath.Join("docs", string(lang))} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			return "", diskError(err)
		}
	}
	return file, writeDurably(file, func(f *os.File) error {
		e := json.NewEncoder(f)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(advisory.Texts("en"))
	})
}
