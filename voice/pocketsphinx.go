package voice

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"jembe/advisory"
)

// English is the language that PocketSphinx hears.
const English = advisory.Lang("en")

// sphinxModels is where Debian's pocketsphinx-en-us puts its models.
const sphinxModels = "/usr/share/pocketsphinx/model/en-us"

// hearTimeout bounds one recognition, whatever the caller allows: 60 s of speech at three times their length.
const hearTimeout = 3 * time.Minute

// generalStates is the most states of the general model that are followed at once: a tenth of the default, which halves its
// time and leaves its score and its words as they are.
const generalStates = "3000"

const sphinxHint = "install the recogniser: apt install pocketsphinx pocketsphinx-en-us"

// What counts as farm talk, calibrated by TestHearing, which shows what other values would do.
const (
	farmMargin = 1.0 // by which the farm model must be better; see hearing.margin
	farmDoubt  = 100 // frames added to a recording: one second in which no model is better, so that short sounds prove little
)

// PocketSphinx is the advisory.Transcriber for English, with Debian's pocketsphinx in processes of its own.
//
// Two language models hear each question: the general one, and once Learn has run one of the installed content. The
// better score wins, so that what sounds like no farm question is not forced into one. It is safe for concurrent use.
type PocketSphinx struct {
	program string // pocketsphinx_batch: unlike pocketsphinx_continuous it levels the channel over the whole recording
	models  string
	espeak  string // pronounces new words; empty when missing
	cache   string // directory of the farm models
	slots   chan struct{}
	farm    atomic.Pointer[farmModel]
}

// NewPocketSphinx finds the recogniser; the cache directory is for what Learn makes. Without a recogniser the error is
// *advisory.Error NoRecogniser with what to install.
func NewPocketSphinx(cache string) (*PocketSphinx, error) {
	program, err := exec.LookPath("pocketsphinx_batch")
	if err == nil {
		err = findModels(sphinxModels)
	}
	if err != nil {
		return nil, &advisory.Error{Code: advisory.NoRecogniser, Hint: sphinxHint, Err: err}
	}
	espeak, err := exec.LookPath("espeak-ng")
	if err != nil {
		espeak = ""
	}
	return &PocketSphinx{program: program, models: sphinxModels, espeak: espeak, cache: cache, slots: make(chan struct{}, 2)}, nil
}

// Learn builds the farm model of the texts (questions, titles, answers, passages, names: all that is in English), or
// takes the one of the same texts that is in the cache directory, and from then on hears with it. Questions that are being
// heard meanwhile are not disturbed. After an error the model before stays.
func (p *PocketSphinx) Learn(ctx context.Context, texts []string) error {
	model, err := buildFarmModel(ctx, p.cache, filepath.Join(p.models, "cmudict-en-us.dict"), p.espeak, texts)
	if err != nil {
		return fmt.Errorf("build the model of farm speech: %w", err)
	}
	p.farm.Store(model)
	return nil
}

// Transcribe implements advisory.Transcriber. Before Learn nothing tells farm talk from other talk, and Farm is true.
func (p *PocketSphinx) Transcribe(ctx context.Context, audio []byte, lang advisory.Lang) (advisory.Transcript, error) {
	t := advisory.Transcript{Lang: English}
	if lang != "" && lang != English {
		return t, &advisory.Error{Code: advisory.NoRecogniser, Hint: "PocketSphinx hears English only", Err: fmt.Errorf("language %q", lang)}
	}
	start := time.Now()
	pcm, err := Decode(audio)
	if err != nil {
		return t, err
	}
	speech := Speech(pcm)
	t.Decode = time.Since(start)
	if len(speech) == 0 {
		t.Silent = true
		return t, nil
	}
	start = time.Now()
	h, err := p.hear(ctx, speech)
	if err != nil {
		return t, err
	}
	t.Hear = time.Since(start)
	heard := h.general
	t.Farm = h.isFarm(farmMargin)
	if h.model != nil {
		t.Confidence = h.confidence()
		if t.Farm {
			heard = h.farm
		}
	}
	t.Text, t.Doubtful = heard.text, heard.doubtful()
	return t, nil
}

// doubt is the posterior below which a word may well have been another. Of 61 crops, pests and inputs that were heard right in synthetic
// voices 1 lies below it; at 0.5 it would be 6, each of them asked back for nothing. TestHearing shows what other values would do.
const doubt = 0.3

// doubtful gives the words below the doubt, each once.
func (h *hypothesis) doubtful() []string {
	var out []string
	for i, w := range strings.Fields(h.text) {
		if i < len(h.sure) && h.sure[i] < doubt && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// hearing is what the models made of a recording.
type hearing struct {
	general *hypothesis
	model   *farmModel  // nil when nothing was learnt yet; then nothing tells farm talk from other talk
	farm    *hypothesis // of the model
	frames  int         // of 10 ms
}

// margin is by how much the farm model is better, in PocketSphinx's logarithms per frame.
func (h hearing) margin() float64 {
	return float64(h.farm.score-h.general.score) / float64(h.frames+farmDoubt)
}

// isFarm reports whether the farm model is better by a margin and heard a word that the content is about.
func (h hearing) isFarm(margin float64) bool {
	return h.model == nil || h.margin() > margin && h.model.onTopic(h.farm.text)
}

// confidence is the margin brought to 0..1 by a logistic curve, 0.5 at farmMargin.
func (h hearing) confidence() float64 {
	return 1 / (1 + math.Exp(farmMargin-h.margin()))
}

// hear runs the models side by side; each is a process, and a second core hears the second.
func (p *PocketSphinx) hear(ctx context.Context, pcm []float32) (hearing, error) {
	h := hearing{model: p.farm.Load(), frames: len(pcm) / hop}
	ctx, cancel := context.WithTimeout(ctx, hearTimeout)
	defer cancel()
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return h, fmt.Errorf("wait for the recogniser: %w", ctx.Err())
	}
	sound, err := memoryFile(pcm16(levelled(pcm)))
	if err != nil {
		return h, err
	}
	defer sound.Close()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		h.general, err = p.run(ctx, sound, filepath.Join(p.models, "en-us.lm.bin"), filepath.Join(p.models, "cmudict-en-us.dict"), "-maxhmmpf", generalStates)
		return err
	})
	if h.model != nil {
		group.Go(func() (err error) {
			h.farm, err = p.run(ctx, sound, h.model.lm, h.model.dictionary)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return h, err
	}
	return h, nil
}

// findModels says why the models in a directory can't be used, or nil.
func findModels(dir string) error {
	for _, name := range []string{"en-us.lm.bin", "cmudict-en-us.dict", filepath.Join("en-us", "mdef")} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}
