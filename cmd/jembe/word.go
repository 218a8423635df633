package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
	"jembe/edge"
)

type wordCmd struct {
	Add    wordAddCmd    `cmd:"" help:"Tie a name that people here use to what it means; a box that serves understands it within seconds, and the office hears of it."`
	List   wordListCmd   `cmd:"" help:"The local words of this box, and how far each has come."`
	Remove wordRemoveCmd `cmd:"" help:"Untie a name."`
	Find   wordFindCmd   `cmd:"" help:"What a name can mean: the ids of what the library knows, by a name in any language."`
}

type wordAddCmd struct {
	Name    string `arg:"" help:"What people say, such as 'kiwavi jeshi'."`
	Concept string `help:"Id of what it means: see jembe word find." required:"" placeholder:"ID"`
	Lang    string `help:"Language in which they say it." required:"" placeholder:"CODE"`
}

// glossary is the store with the words that its names are held against.
type glossary struct {
	*edge.Store
	lexicon   *advisory.Lexicon // local words among it
	documents []*advisory.Document
}

// openGlossary opens the record, and the lexicon of the packs in use.
func openGlossary(ctx context.Context, c *cli) (*glossary, error) {
	store, err := edge.OpenStore(ctx, c.dataDir())
	if err != nil {
		return nil, err
	}
	lib := content.NewShelf(c.dataDir()).Load()
	advisory.UseCatalogs(lib.Messages)
	g := &glossary{store, advisory.NewLexicon(lib.Concepts, allText(lib.Documents)...), lib.Documents}
	words, err := store.LocalWords(ctx, g.lexicon)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	g.lexicon = g.lexicon.With(edge.InUse(words))
	return g, nil
}

// Run adds a word.
func (a *wordAddCmd) Run(ctx context.Context, p *program, c *cli) error {
	g, err := openGlossary(ctx, c)
	if err != nil {
		return err
	}
	defer g.Close()
	word := advisory.LocalWord{Name: a.Name, Concept: a.Concept, Lang: advisory.Lang(a.Lang)}
	word, err = g.AddLocalWord(ctx, word, g.lexicon, g.documents)
	if why := (*advisory.WordError)(nil); errors.As(err, &why) {
		return a.refused(why, g.lexicon)
	}
	if err != nil {
		return err
	}
	return p.print(c, word, fmt.Sprintf("%s (%s) means %s from now on", word.Name, word.Lang, g.lexicon.Name(word.Concept, "en")))
}

// refused tells why a word cannot be used, and what to type instead.
func (a *wordAddCmd) refused(why *advisory.WordError, lexicon *advisory.Lexicon) error {
	switch why.Fault {
	case advisory.WordConcept:
		return &advisory.Error{Code: advisory.BadWord, Err: fmt.Errorf("no concept has the id %q", a.Concept),
			Hint: "find the id by a name that the library knows: jembe word find NAME"}
	case advisory.WordLang:
		return noLang(a.Lang)
	}
	return &advisory.Error{Code: advisory.BadWord, Hint: why.Tell("en", lexicon)}
}

type wordListCmd struct{}

// Run lists the words.
func (wordListCmd) Run(ctx context.Context, p *program, c *cli) error {
	g, err := openGlossary(ctx, c)
	if err != nil {
		return err
	}
	defer g.Close()
	words, err := g.LocalWords(ctx, g.lexicon)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, w := range words {
		fmt.Fprintf(&b, "%-3s %-24s %-24s %s\n", w.Lang, w.Name, w.Concept, advisory.Say("en", "word_state_"+string(w.State)))
	}
	b.WriteString(terminal.Count(len(words), "local word", "local words"))
	return p.print(c, words, b.String())
}

type wordRemoveCmd struct {
	Name string `arg:"" help:"The name."`
	Lang string `help:"Its language." required:"" placeholder:"CODE"`
}

// Run removes a word.
func (r *wordRemoveCmd) Run(ctx context.Context, p *program, c *cli) error {
	store, err := edge.OpenStore(ctx, c.dataDir())
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.RemoveLocalWord(ctx, r.Name, advisory.Lang(r.Lang)); err != nil {
		return err
	}
	return p.print(c, map[string]string{"removed": r.Name}, r.Name+" is no local word any more")
}

type wordFindCmd struct {
	Text string `arg:"" help:"A name, or the beginning of one, in any language."`
	Lang string `help:"Language in which to tell what is found." default:"en" placeholder:"CODE"`
}

// mostFound is how many concepts are listed.
const mostFound = 20

// Run looks a name up.
func (f *wordFindCmd) Run(ctx context.Context, p *program, c *cli) error {
	g, err := openGlossary(ctx, c)
	if err != nil {
		return err
	}
	defer g.Close()
	found := g.lexicon.LookUp(f.Text, advisory.Lang(f.Lang), mostFound)
	if len(found) == 0 {
		return &advisory.Error{Code: advisory.NotFound, Err: fmt.Errorf("the library knows nothing by the name %q", f.Text), Hint: "try another name, or its first letters"}
	}
	var b strings.Builder
	for _, n := range found {
		fmt.Fprintf(&b, "%-24s %-8s %s\n", n.ID, n.Kind, strings.Join(n.Names[:min(4, len(n.Names))], ", "))
	}
	return p.print(c, found, strings.TrimSuffix(b.String(), "\n"))
}
