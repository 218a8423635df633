package main

import (
	"context"
	"slices"

	"jembe/advisory"
	"jembe/edge"
	"jembe/rag"
	"jembe/voice"
)

// glossary is what the page of local words works with.
func (b *box) glossary() *edge.Glossary {
	return &edge.Glossary{
		Documents: func() []*advisory.Document { return b.loaded.Load().Documents },
		Use: func(ctx context.Context) error {
			b.loading.Lock()
			defer b.loading.Unlock()
			return b.useWords(ctx)
		},
	}
}

// localWords gives the words of this box that it adds to those of the lexicon.
func (b *box) localWords(ctx context.Context, lexicon *advisory.Lexicon) ([]advisory.LocalWord, error) {
	if b.store == nil {
		return nil, nil
	}
	kept, err := b.store.LocalWords(ctx, lexicon)
	return edge.InUse(kept), err
}

// use swaps in a library with local words. b.loading is held.
func (b *box) use(library advisory.Library, words []advisory.LocalWord) {
	before := b.wordsIn(voice.English)
	library.Lexicon = library.Lexicon.With(words)
	library.Retriever = library.Retriever.(*rag.Index).With(library.Lexicon)
	b.words = words
	b.library.Store(&library)
	b.unheard = b.unheard || !slices.Equal(before, b.wordsIn(voice.English))
}

// useWords takes the local words of this moment into use, if they are others than before. b.loading is held.
func (b *box) useWords(ctx context.Context) error {
	library := *b.library.Load()
	words, err := b.localWords(ctx, library.Lexicon)
	if err != nil || slices.Equal(words, b.words) {
		return err
	}
	b.use(library, words)
	return nil
}

// takeWords takes up words that another process added, and reports whether the recogniser has some to learn. While the record cannot be
// read, the words before stay in use.
func (b *box) takeWords(ctx context.Context) (learn bool) {
	b.loading.Lock()
	defer b.loading.Unlock()
	return b.useWords(ctx) == nil && b.unheard
}

// wordsToLearn gives the local words for the recogniser, which hears English.
func (b *box) wordsToLearn() []string {
	b.loading.Lock()
	defer b.loading.Unlock()
	b.unheard = false
	return b.wordsIn(voice.English)
}

// wordsIn gives the local words of a language. b.loading is held.
func (b *box) wordsIn(lang advisory.Lang) []string {
	var out []string
	for _, w := range b.words {
		if w.Lang == lang {
			out = append(out, w.Name)
		}
	}
	return out
}
