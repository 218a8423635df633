package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
	"jembe/rag"
)

type packEmbedCmd struct {
	Pack    string `arg:"" help:"Archive or folder of a pack, or starter for the program's own."`
	Out     string `arg:"" type:"path" help:"Archive to write, such as office-vectors.tar.zst."`
	Model   string `name:"with" help:"The model, as the server at --model-url names it; default is --embed-model." placeholder:"NAME"`
	Release string `help:"Version of the new pack; default is the pack's with .1 after it." placeholder:"VERSION"`
}

// Run makes the vectors, on a machine that has the time for it: a big one needs minutes, a small board hours.
func (a *packEmbedCmd) Run(ctx context.Context, p *program, c *cli) error {
	model := cmp.Or(a.Model, c.Embed)
	if c.URL == "" || model == "" {
		return &advisory.Error{Code: advisory.BadRequest, Hint: "set JEMBE_MODEL_URL, and JEMBE_EMBED_MODEL or --with; see jembe models list"}
	}
	lookup, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	e, err := rag.NewModelEmbedder(lookup, c.URL, model)
	if err != nil {
		return err
	}
	var made rag.EmbeddedDocuments
	m, err := content.AddVectors(a.Pack, a.Out, a.Release, func(docs []*advisory.Document) (string, []byte, error) {
		made, err = rag.EmbedDocuments(ctx, e, docs, tellProgress(p.stderr))
		return made.Name, made.File, err
	})
	if err != nil {
		return err
	}
	report := struct {
		packReport
		Model   string `json:"model"`
		Digest  string `json:"digest"`
		Texts   int    `json:"texts"`
		LeftOut int    `json:"left_out"`
		Size    int    `json:"size"`
	}{reportPack(m, nil), e.Model().Name, e.Model().Digest, made.Texts, made.LeftOut, made.Size}
	text := fmt.Sprintf("%s\n  vectors of %s by %s, %d dimensions, %d bytes", report.packReport, terminal.Count(made.Texts, "text", "texts"), e.Model().Name, made.Size, len(made.File))
	if made.LeftOut > 0 {
		text += fmt.Sprintf("\n  %s too long for the model, and found by words alone", terminal.Count(made.LeftOut, "text is", "texts are"))
	}
	return p.print(c, report, text)
}

// tellEvery is how often the progress of a long job is told.
const tellEvery = 5 * time.Second

// tellProgress tells it in a line now and then.
func tellProgress(w io.Writer) rag.Progress {
	told := time.Now()
	return func(done, total int) {
		if done == total || time.Since(told) >= tellEvery {
			told = time.Now()
			fmt.Fprintf(w, "jembe: %d of %d texts embedded\n", done, total)
		}
	}
}

// findMeaning takes the model of meaning into use, where one is configured and its server answers. It reports whether it is another
// one, or another version, than before.
func (b *box) findMeaning(ctx context.Context) (changed bool, err error) {
	if b.flags.URL == "" || b.flags.Embed == "" {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	e, err := rag.NewModelEmbedder(ctx, b.flags.URL, b.flags.Embed)
	if err != nil {
		return false, err
	}
	if before := b.meaning.Load(); before != nil && before.Model() == e.Model() {
		return false, nil
	}
	b.meaning.Store(e)
	return true, nil
}

// vectors gives the vectors that the packs carry of the model in use. A file that is damaged costs the finding by meaning, and is told.
func (b *box) vectors(packs *content.Library) []*rag.Vectors {
	meaning := b.meaning.Load()
	if meaning == nil {
		return nil
	}
	var out []*rag.Vectors
	for _, carried := range packs.Vectors {
		if carried.Name != rag.VectorFile(meaning.Model()) {
			continue
		}
		v, err := readVectors(carried)
		if err != nil {
			fmt.Fprintln(b.program.stderr, "jembe: found by spelling alone:", terminal.NewFault(err))
			continue
		}
		out = append(out, v)
	}
	return out
}

func readVectors(carried content.Vectors) (*rag.Vectors, error) {
	raw, err := carried.Read()
	if err != nil {
		return nil, err
	}
	v, err := rag.ParseVectors(raw)
	if err != nil {
		return nil, fmt.Errorf("pack %s: %s: %w", carried.Pack, carried.Name, err)
	}
	return v, nil
}

// keepMeaning takes up the model of meaning when its server comes up after the box or has another version, has it back after a failure,
// and keeps it loaded, until the context ends.
func (b *box) keepMeaning(ctx context.Context) {
	if b.flags.URL == "" || b.flags.Embed == "" {
		return
	}
	for {
		if changed, _ := b.findMeaning(ctx); changed { // what fails was told at the start, and is tried again
			if err := b.load(ctx); err != nil && ctx.Err() == nil {
				fmt.Fprintln(b.program.stderr, "jembe: found by spelling alone:", terminal.NewFault(err))
			}
		}
		if e := b.meaning.Load(); e != nil {
			_ = e.Warm(ctx) // meanwhile questions are found by spelling
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookAgain):
		}
	}
}

// meaningFindings tell the doctor's reader by what questions are found, where a model of meaning is configured or a pack carries vectors.
func meaningFindings(ctx context.Context, f modelFlags, packs *content.Library) []finding {
	var out []finding
	for _, carried := range packs.Vectors {
		if v, err := readVectors(carried); err != nil {
			out = append(out, finding{"vectors", stateTrouble, err.Error(), "install the pack again"})
		} else if f.URL == "" || f.Embed == "" {
			out = append(out, finding{"vectors", stateMissing, fmt.Sprintf("pack %s carries vectors of %s, which are not used", carried.Pack, v.Model().Name),
				"set JEMBE_MODEL_URL and JEMBE_EMBED_MODEL=" + v.Model().Name + ", or leave it: questions are found by spelling"})
		}
	}
	if f.URL == "" || f.Embed == "" {
		return out
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	e, err := rag.NewModelEmbedder(ctx, f.URL, f.Embed)
	if err != nil {
		fault := terminal.NewFault(err)
		return append(out, finding{"meaning", stateTrouble, "questions are found by spelling alone: " + fault.Wrong, fault.Do})
	}
	return append(out, meaningFinding(e.Model(), packs))
}

// meaningFinding tells whether the packs carry vectors of the very version that is installed.
func meaningFinding(model rag.Model, packs *content.Library) finding {
	const again = "jembe pack embed PACK OUT on a machine that has this model, then jembe pack install OUT"
	var from, others []string
	for _, carried := range packs.Vectors {
		v, err := readVectors(carried)
		switch {
		case err != nil: // told already
		case v.Model().Digest == model.Digest:
			from = append(from, fmt.Sprintf("%s (%s)", carried.Pack, terminal.Count(v.Len(), "text", "texts")))
		default:
			others = append(others, fmt.Sprintf("those in %s are of %s %.12s and are not used", carried.Pack, v.Model().Name, v.Model().Digest))
		}
	}
	says := fmt.Sprintf("%s %.12s", model.Name, model.Digest)
	switch {
	case len(from) == 0:
		return finding{"meaning", stateMissing, says + ": no pack carries its vectors; questions are found by spelling alone" + strings.Join(append([]string{""}, others...), "; "), again}
	case len(others) > 0:
		return finding{"meaning", stateMissing, says + " with vectors in " + strings.Join(from, ", ") + "; " + strings.Join(others, "; "), again}
	}
	return finding{"meaning", stateOK, says + " with vectors in " + strings.Join(from, ", "), ""}
}
