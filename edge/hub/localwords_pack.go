package hub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"jembe/advisory"
	"jembe/content"
)

// wordsPack is the pack that holds the local words which the office has approved, and nothing else.
const wordsPack = "local-words"

// publishWords brings the pack of local words to what is approved; nothing happens where it is so. A hub that ended between a ruling and
// this does it when it serves again.
func (h *Hub) publishWords(ctx context.Context, by string) error {
	h.publishingWords.Lock()
	defer h.publishingWords.Unlock()
	all, err := h.ruledWords(ctx)
	if err != nil {
		return err
	}
	lexicon, err := lexiconOf(approved(all))
	if err != nil {
		return err
	}
	last, held, err := h.lastWordsPack(ctx)
	switch {
	case err != nil || bytes.Equal(lexicon, held):
		return err
	case lexicon == nil:
		return h.Withdraw(ctx, wordsPack, by)
	}
	dir, err := os.MkdirTemp(h.Data, ".local-words-")
	if err != nil {
		return folderError(h.Data, err)
	}
	defer os.RemoveAll(dir)
	manifest := fmt.Sprintf(`{"name": %q, "version": %q}`, wordsPack, nextVersion(h.clock().UTC().Format("20060102150405"), last))
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "lexicon"), 0o700),
		os.WriteFile(filepath.Join(dir, "lexicon", wordsPack+".yaml"), lexicon, 0o600),
		os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(manifest), 0o600)); err != nil {
		return folderError(h.Data, err)
	}
	_, _, err = h.Publish(ctx, Publication{Pack: dir, By: by})
	return err
}

// nextVersion is the time, or one more than the last version where the clock is behind, as for content.json.
func nextVersion(now, last string) string {
	if n, err := strconv.ParseInt(last, 10, 64); err == nil && content.CompareVersions(now, last) <= 0 {
		return strconv.FormatInt(n+1, 10)
	}
	return now
}

// lastWordsPack gives the last version of the pack that was published, and the lexicon file of the one that holds; nil where none does.
func (h *Hub) lastWordsPack(ctx context.Context) (last string, held []byte, err error) {
	all, err := h.Packs(ctx)
	if err != nil {
		return "", nil, err
	}
	for _, p := range all {
		if p.Name != wordsPack || last != "" && content.CompareVersions(p.Version, last) <= 0 {
			continue
		}
		last, held = p.Version, nil
		if p.Withdrawn != 0 {
			continue
		}
		pack, err := content.VerifyArchive(filepath.Join(h.contentDir(), p.SHA256))
		if err != nil {
			return "", nil, err
		}
		if held, err = content.WriteLexicon(pack.Concepts); err != nil {
			return "", nil, err
		}
	}
	return last, held, nil
}

// lexiconOf gives the lexicon file of local words; nil when there are none. Words whose concept the library does not have any more are
// left out.
func lexiconOf(words []advisory.LocalWord) ([]byte, error) {
	starter, err := content.Starter()
	if err != nil {
		return nil, err
	}
	var out []advisory.Concept
	for _, c := range starter.Concepts {
		names := map[advisory.Lang][]string{}
		for _, w := range words {
			if w.Concept == c.ID {
				names[w.Lang] = append(names[w.Lang], w.Name)
			}
		}
		if len(names) > 0 {
			out = append(out, advisory.Concept{ID: c.ID, Kind: c.Kind, Is: slices.Clone(c.Is), Names: names})
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return content.WriteLexicon(out)
}
