package main

import (
	"context"
	"fmt"
	"slices"

	"jembe/advisory"
	"jembe/edge"
	"jembe/rag"
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

// useWords takes the local words of this moment into use, if they are others than before. b.loading is held.
func (b *box) useWords(ctx context.Context) error {
	if b.store == nil {
		return nil
	}
	library := *b.library.Load()
	kept, err := b.store.LocalWords(ctx, library.Lexicon)
	if err != nil {
		return fmt.Errorf("read the local words: %w", err)
	}
	words := edge.InUse(kept)
	if slices.Equal(words, b.words) {
		return nil
	}
	library.Lexicon = library.Lexicon.With(words)
	library.Retriever = library.Retriever.(*rag.Index).With(library.Lexicon)
	b.library.Store(&library)
	b.words = words
	return nil
}
