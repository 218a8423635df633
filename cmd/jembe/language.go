package main

import (
	"fmt"
	"strings"

	"jembe/advisory"
	"jembe/content"
)

type packLanguageCmd struct {
	Lang string `arg:"" help:"Code of the language, such as ha."`
	Dir  string `arg:"" type:"path" help:"Folder of the pack; made where it is missing."`
}

// Run writes what is to be translated.
func (a *packLanguageCmd) Run(p *program, c *cli) error {
	files, err := content.BeginLanguage(a.Dir, advisory.Lang(a.Lang))
	if err != nil {
		return err
	}
	return p.print(c, map[string][]string{"written": files},
		fmt.Sprintf("translate the texts of %s; what stands in {curly brackets} stays as it is", strings.Join(files, " and ")))
}
