package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
	"jembe/edge"
	"jembe/edge/wire"
	"jembe/rag"
	"jembe/voice"
)

// cacheBytes bounds the rendered sound on disk: about 40 minutes of speech.
const cacheBytes = 100 << 20

// box is the wired whole: shelf, index, ears, voice and record behind one Advisor.
type box struct {
	program *program
	cacheAt string
	shelf   *content.Shelf
	library atomic.Pointer[advisory.Library]
	loaded  atomic.Pointer[content.Library]
	revoked func()        // told when the office has taken something back; nil: nobody is
	own     wire.Settings // as flags and configuration say
	setting atomic.Pointer[advisory.Setting]
	ears    *ears           // nil where it is not installed
	voice   *voice.Recorded // people's voices, and the synthetic one where it is installed
	can     map[advisory.Lang]voice.Ability
	store   *edge.Store // nil where nothing is recorded
	model   *model      // nil where none is configured
	flags   modelFlags
	meaning atomic.Pointer[rag.ModelEmbedder] // nil: questions are found by spelling alone
	loading sync.Mutex                        // held while packs are taken up
	advisor *advisory.Advisor

	voicesAt string // revision of the box's own recordings in use

	words   []advisory.LocalWord // of this box, in use
	unheard bool                 // one in the recogniser's language came or went since it learnt
}

// boxNeeds says which parts a command wants.
type boxNeeds struct {
	recorder bool
	ears     bool // ready to hear before openBox returns
}

// openBox wires a box. A record that cannot be opened is told on standard error and does not stop answering.
func openBox(ctx context.Context, p *program, c *cli, needs boxNeeds) (*box, error) {
	data := c.dataDir()
	own, err := c.ownSettings()
	if err != nil {
		return nil, err
	}
	b := &box{own: own, can: voice.Abilities(), program: p, flags: c.modelFlags, cacheAt: filepath.Join(data, "cache"), shelf: content.NewShelf(data)}
	b.voice = voice.NewRecorded(nil, nil)
	if speaker, err := voice.NewEspeak(filepath.Join(b.cacheAt, "sound"), cacheBytes); err == nil {
		b.voice = voice.NewRecorded(speaker, func(l advisory.Lang) bool { return b.can[l].Speaks })
	}
	b.advisor = &advisory.Advisor{
		Library:    func() advisory.Library { return *b.library.Load() },
		Generators: []advisory.Generator{rag.Quote{Passages: 1}},
		Setting:    b.settingNow,
		Field:      c.Field,
		Speaker:    b.voice,
	}
	if err := b.connect(ctx, c); err != nil {
		return nil, err
	}
	if needs.recorder {
		var err error
		if b.store, err = edge.OpenStore(ctx, data); err != nil { // it opens by itself once the cause is mended
			fmt.Fprintln(p.stderr, "jembe: nothing can be recorded:", terminal.NewFault(err))
		}
		b.advisor.Recorder = b.store
	}
	if err := b.load(ctx); err != nil {
		b.close()
		return nil, err
	}
	if sphinx, err := voice.NewPocketSphinx(filepath.Join(b.cacheAt, "ears")); err == nil {
		b.ears = &ears{PocketSphinx: sphinx, learnt: make(chan struct{})}
		b.advisor.Transcriber = b.ears
		if needs.ears {
			b.learn(ctx)
		}
	}
	b.settle(ctx)
	return b, nil
}

// connect takes the models into use that are configured. A server that is away costs their help, and no answer.
func (b *box) connect(ctx context.Context, c *cli) error {
	m, err := openModel(c.modelFlags, c.dataDir())
	if err != nil {
		return err
	}
	if b.model = m; m != nil {
		b.advisor.Generators = append([]advisory.Generator{m}, b.advisor.Generators...)
		m.lookAndTell(ctx, b.program.stderr)
	}
	if _, err := b.findMeaning(ctx); err != nil {
		fmt.Fprintln(b.program.stderr, "jembe: found by spelling alone:", terminal.NewFault(err))
	}
	return nil
}

// load reads the packs in use and swaps them in with their index; questions under way keep the library they began with.
func (b *box) load(ctx context.Context) error {
	b.loading.Lock()
	defer b.loading.Unlock()
	packs := b.shelf.Load()
	for _, err := range packs.Broken {
		fmt.Fprintln(b.program.stderr, "jembe: left out:", terminal.NewFault(err))
	}
	lexicon := advisory.NewLexicon(packs.Concepts, allText(packs.Documents)...)
	index, err := rag.Open(ctx, packs.Documents, lexicon, rag.Options{
		Cache: filepath.Join(b.cacheAt, "index"), Fingerprint: packs.Fingerprint, Meaning: b.meaning.Load(), Vectors: b.vectors(packs),
	})
	if err != nil {
		return fmt.Errorf("open index: %w", err)
	}
	words, err := b.localWords(ctx, lexicon)
	if err != nil {
		fmt.Fprintln(b.program.stderr, "jembe: no local words:", terminal.NewFault(err))
	}
	b.use(advisory.Library{Lexicon: lexicon, Retriever: index, Menu: packs.Menu, Packs: packs.Packs}, words)
	before := b.loaded.Swap(packs)
	b.placeMenu()
	if before != nil && before.Revoked != packs.Revoked && b.revoked != nil {
		b.revoked()
	}
	advisory.UseCatalogs(packs.Messages)
	b.knowVoices()
	return nil
}

// placeMenu leaves out of the menu what does not hold where the box stands, and in each language what nobody has written in it.
func (b *box) placeMenu() {
	packs, place := b.loaded.Load(), b.advisor.Setting().Place
	holds, in := map[string]bool{}, map[advisory.Lang]map[string]bool{}
	for _, d := range packs.Documents {
		if in[d.Lang] == nil {
			in[d.Lang] = map[string]bool{}
		}
		in[d.Lang][d.ID] = d.HoldsIn(place)
		holds[d.ID] = holds[d.ID] || d.HoldsIn(place)
	}
	library := *b.library.Load()
	library.Menu = packs.Menu.Only(func(id string) bool { return holds[id] })
	library.Menus = map[advisory.Lang]advisory.Menu{}
	for lang, held := range in {
		library.Menus[lang] = packs.Menu.Only(func(id string) bool { return held[id] })
	}
	b.library.Store(&library)
}

// settingNow is what holds at this moment; before the office's setting is read, that of flags and configuration.
func (b *box) settingNow() advisory.Setting {
	if now := b.setting.Load(); now != nil {
		return *now
	}
	return b.own.Setting()
}

// settle takes up what was set up on the box, and what the office has set. What flags or configuration say stands before both, and
// the box's own before the office's.
func (b *box) settle(ctx context.Context) {
	all := b.own
	if b.store != nil {
		village, err1 := b.store.Village(ctx)
		office, err2 := b.store.Office(ctx)
		if errors.Join(err1, err2) != nil && b.setting.Load() != nil {
			return // what was set before holds until it can be read again
		}
		all = b.own.Or(village.Settings()).Or(office)
	}
	now := all.Setting()
	if before := b.setting.Swap(&now); before == nil || before.Place != now.Place {
		b.loading.Lock()
		defer b.loading.Unlock()
		b.placeMenu()
	}
}

// ears are the recogniser once it has learnt the words of the content: before that it would take any talk for a question.
type ears struct {
	*voice.PocketSphinx
	learnt chan struct{} // closed when it has
	once   sync.Once
}

// Transcribe waits for the recogniser to have learnt, which takes a few seconds at the first start.
func (e *ears) Transcribe(ctx context.Context, audio []byte, lang advisory.Lang) (advisory.Transcript, error) {
	select {
	case <-e.learnt:
		return e.PocketSphinx.Transcribe(ctx, audio, lang)
	case <-ctx.Done():
		return advisory.Transcript{}, &advisory.Error{Code: advisory.Busy, Err: ctx.Err()}
	}
}

// learn builds the recogniser's language model from the packs in use. If that fails the model before stays, or the general
// one hears alone.
func (b *box) learn(ctx context.Context) {
	if b.ears == nil {
		return
	}
	defer b.ears.once.Do(func() { close(b.ears.learnt) })
	if err := b.ears.Learn(ctx, append(farmText(b.loaded.Load()), b.wordsToLearn()...)); err != nil {
		fmt.Fprintln(b.program.stderr, "jembe: the recogniser could not learn the content's words:", terminal.NewFault(err))
	}
}

// watch takes up packs that another process installs, recordings that are kept, and what the office sets, until the context ends.
func (b *box) watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(2 * time.Second):
		}
		b.settle(ctx)
		if b.takeWords(ctx) {
			b.learn(ctx)
		}
		if b.shelf.Takes().Revision() != b.voicesAt {
			b.knowVoices()
		}
		revision, err := b.shelf.Revision()
		if err != nil || revision == b.loaded.Load().Revision {
			continue
		}
		if err := b.load(ctx); err != nil && !errors.Is(err, context.Canceled) {
			fmt.Fprintln(b.program.stderr, "jembe: the packs before stay in use:", terminal.NewFault(err))
			continue
		}
		b.see(ctx)
		b.learn(ctx)
	}
}

// allText gives all that the documents say.
func allText(docs []*advisory.Document) []string {
	var out []string
	for _, d := range docs {
		out = append(out, d.Title, d.Answer)
		out = append(out, d.Questions...)
		for _, s := range d.Sections {
			out = append(out, s.Text)
		}
	}
	return out
}

// farmText gives what a farmer may say in English, for the recogniser's language model: the content's own words.
func farmText(lib *content.Library) []string {
	english := slices.DeleteFunc(slices.Clone(lib.Documents), func(d *advisory.Document) bool { return d.Lang != "en" })
	out := allText(english)
	for _, c := range lib.Concepts {
		out = append(out, c.Names["en"]...)
	}
	return out
}

// documents counts the documents of each language.
func (b *box) documents() map[advisory.Lang]int {
	n := map[advisory.Lang]int{}
	for _, d := range b.loaded.Load().Documents {
		n[d.Lang]++
	}
	return n
}

func (b *box) close() {
	if b.store != nil {
		b.store.Close()
	}
}
