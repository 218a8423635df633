package content

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"jembe/advisory"
)

// BeginLanguage writes what a language needs beside its documents into the folder of a pack, which is made where it is missing:
// messages/LANG.json, the box's own texts, and once the folder has documents of the language menu.yaml, with the labels on the way
// to them. Both are in English, to be translated line by line. A file that is there already is left as it is; the error tells when
// nothing is left to write.
func BeginLanguage(dir string, lang advisory.Lang) (files []string, err error) {
	switch {
	case !langCode.MatchString(string(lang)):
		return nil, &advisory.Error{Code: advisory.BadRequest, Hint: "name the language by its code of two or three small letters, such as ha (iso639-3.sil.org)"}
	case advisory.BuiltIn(lang):
		return nil, &advisory.Error{Code: advisory.BadRequest, Hint: fmt.Sprintf("the box has its texts in %s already", advisory.LangName("en", lang))}
	}
	for _, folder := range []string{"messages", "lexicon", filepath.Join("docs", string(lang))} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			return nil, diskError(err)
		}
	}
	begin := func(file string, write func(*os.File) error) error {
		file = filepath.Join(dir, file)
		if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		files = append(files, file)
		return writeDurably(file, write)
	}
	if err := begin(filepath.Join("messages", string(lang)+".json"), writeMessages); err != nil {
		return nil, err
	}
	if menu, err := menuOf(dir, lang); err != nil {
		return nil, err
	} else if len(menu) > 0 {
		if err := begin(menuName, func(f *os.File) error { return writeMenu(f, menu, lang) }); err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		hint := "messages and menu are there already: go on with them"
		return nil, &advisory.Error{Code: advisory.BadRequest, Hint: hint, Err: fs.ErrExist}
	}
	return files, nil
}

func writeMessages(f *os.File) error {
	e := json.NewEncoder(f)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(advisory.Texts("en"))
}

// menuOf gives the starter's menu as far as it leads to documents of a language in a folder.
func menuOf(dir string, lang advisory.Lang) (advisory.Menu, error) {
	found, err := filepath.Glob(filepath.Join(dir, "docs", string(lang), "*.md"))
	if err != nil {
		return nil, err
	}
	held := map[string]bool{}
	for _, file := range found {
		held[strings.TrimSuffix(filepath.Base(file), ".md")] = true
	}
	first, _ := Starter() // what is wrong in it is told by Load
	return first.Menu.Only(func(id string) bool { return held[id] }), nil
}
