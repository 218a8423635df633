package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"jembe/advisory"
	"jembe/rag"
)

// modelFlags are the settings of the model. Without an address nothing is ever dialled.
type modelFlags struct {
	URL       string        `name:"model-url" help:"Address of an Ollama server, such as http://127.0.0.1:11434; empty: no model is used and nothing is dialled." env:"JEMBE_MODEL_URL" placeholder:"URL"`
	Name      string        `name:"model" help:"The model that writes, as the server names it, such as gemma3:1b." env:"JEMBE_MODEL" placeholder:"NAME"`
	Langs     []string      `name:"model-langs" help:"Languages in which it may write, such as en,sw; it does so where it has passed jembe eval generated." env:"JEMBE_MODEL_LANGS" placeholder:"CODES"`
	Prompt    int           `name:"model-prompt" help:"Most tokens of a prompt, about." default:"400" env:"JEMBE_MODEL_PROMPT"`
	Tokens    int           `name:"model-tokens" help:"Most tokens of an answer." default:"320" env:"JEMBE_MODEL_TOKENS"`
	First     time.Duration `name:"model-first" help:"How long a farmer waits for the model's first word." default:"20s" env:"JEMBE_MODEL_FIRST"`
	Whole     time.Duration `name:"model-whole" help:"How long for its last." default:"60s" env:"JEMBE_MODEL_WHOLE"`
	Waiting   int           `name:"model-waiting" help:"How many may wait while it writes for another." default:"2" env:"JEMBE_MODEL_WAITING"`
	Faithful  float64       `name:"model-faithful" help:"Share of its drafts that must pass the guard." default:"0.95" env:"JEMBE_MODEL_FAITHFUL"`
	Questions int           `name:"model-questions" help:"Drafts of which that must be known, in each language." default:"30" env:"JEMBE_MODEL_QUESTIONS"`
	Embed     string        `name:"embed-model" help:"The model that finds by meaning, on the same server; its vectors of the documents come in packs, see jembe pack embed. Empty: found by spelling." env:"JEMBE_EMBED_MODEL" placeholder:"NAME"`
}

// writer makes the Writer of the settings.
func (f modelFlags) writer() (*rag.Writer, error) {
	if f.URL == "" || f.Name == "" {
		return nil, &advisory.Error{Code: advisory.BadRequest, Hint: "set JEMBE_MODEL_URL and JEMBE_MODEL; see jembe models list"}
	}
	waiting := f.Waiting
	if waiting == 0 {
		waiting = -1 // none, and not the default
	}
	return rag.NewWriter(rag.WriterConfig{
		URL: f.URL, Model: f.Name, Prompt: f.Prompt, Tokens: f.Tokens, First: f.First, Whole: f.Whole, Waiting: waiting,
	})
}

// langs gives the languages in which the model is to write.
func (f modelFlags) langs() ([]advisory.Lang, error) {
	var out []advisory.Lang
	for _, code := range f.Langs {
		l, ok := advisory.ParseLang(strings.TrimSpace(code))
		if !ok || l == "" {
			return nil, fmt.Errorf("JEMBE_MODEL_LANGS: %w", noLang(code))
		}
		out = append(out, l)
	}
	return out, nil
}

// askTime is how long the server may take to say what is installed.
const askTime = 2 * time.Second

// installed asks the server for the model that writes. A model that only passes questions on to a server far away is none of ours.
func (f modelFlags) installed(ctx context.Context) (rag.Model, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	models, err := rag.Models(ctx, f.URL)
	if err != nil {
		return rag.Model{}, err
	}
	m, ok := rag.FindModel(models, f.Name)
	switch {
	case !ok:
		return m, &advisory.Error{Code: advisory.NotFound, Hint: f.Name + " is not installed there; see jembe models list"}
	case m.Remote:
		return m, &advisory.Error{Code: advisory.BadRequest, Hint: f.Name + " would send what farmers ask to a server far away; choose another"}
	}
	return m, nil
}

// model is the Writer of a box, held to the languages in which the installed model has passed its evaluation: none until that is
// known. It implements advisory.Generator.
type model struct {
	*rag.Writer
	modelFlags
	data   string
	digest string // of the model when it was last looked at
	told   string // the last trouble that was told
	may    atomic.Pointer[[]advisory.Lang]
	wanted chan struct{} // nil: whoever asks waits until the model is loaded; else it is told here that somebody has need of it
}

// errLoading says that the model is not in memory.
var errLoading = errors.New("the model is being loaded")

// openModel makes the model of the settings, or nil where there is none; the error is that of settings that cannot be.
func openModel(f modelFlags, data string) (*model, error) {
	if f.URL == "" || f.Name == "" {
		return nil, nil
	}
	if _, err := f.langs(); err != nil {
		return nil, err
	}
	w, err := f.writer()
	if err != nil {
		return nil, err
	}
	m := &model{Writer: w, modelFlags: f, data: data}
	m.may.Store(&[]advisory.Lang{})
	return m, nil
}

// Generate implements advisory.Generator.
func (m *model) Generate(ctx context.Context, r advisory.DraftRequest) (advisory.Draft, error) {
	if !slices.Contains(*m.may.Load(), r.Lang) {
		return advisory.Draft{}, nil
	}
	if m.wanted != nil {
		if loaded, err := m.Loaded(ctx); err == nil && !loaded { // what else is wrong the Writer finds out
			select {
			case m.wanted <- struct{}{}:
			default: // it is told already
			}
			return advisory.Draft{}, &advisory.DraftError{Tier: advisory.Generated, Setback: advisory.Slow, Err: errLoading}
		}
	}
	return m.Writer.Generate(ctx, r)
}

// serves makes the model one for a box that serves: nobody waits while it is loaded, see watch.
func (m *model) serves() { m.wanted = make(chan struct{}, 1) }

// look finds out which model is installed and in which languages that one may write. It is not for concurrent use.
func (m *model) look(ctx context.Context) error {
	found, err := m.installed(ctx)
	var may []advisory.Lang
	if err == nil {
		var results modelResults
		if results, err = readResults(m.data); err == nil {
			may = results.passed(m.modelFlags, found.Digest)
		}
	}
	m.may.Store(&may)
	m.digest = found.Digest
	return err
}

// lookAgain is how often a change of the model is looked for.
const lookAgain = 30 * time.Second

// lookAndTell looks, and tells trouble once.
func (m *model) lookAndTell(ctx context.Context, log io.Writer) {
	err := m.look(ctx)
	switch {
	case err == nil:
		m.told = ""
	case err.Error() != m.told && ctx.Err() == nil:
		m.told = err.Error()
		fmt.Fprintln(log, "jembe: no model writes:", err)
	}
}

// watch takes up another model or another evaluation, until the context ends. A model that may write is loaded before the first
// question, and kept loaded.
func (m *model) watch(ctx context.Context, log io.Writer) {
	for {
		m.lookAndTell(ctx, log)
		if len(*m.may.Load()) > 0 {
			_ = m.Warm(ctx) // tried again; meanwhile the box quotes, and records why
		}
		select {
		case <-ctx.Done():
			return
		case <-m.wanted:
		case <-time.After(lookAgain):
		}
	}
}
