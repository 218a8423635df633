package voice

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// carriers are everyday ways of asking, without a crop or a problem in them: a farmer's question is half farm words, which
// the content has, and half these.
//
//go:embed carriers.txt
var carriers string

const (
	farmLM         = "farm.lm"
	farmDictionary = "farm.dict"
	modelFormat    = "1" // goes into the fingerprint: counts up when the same texts give other files
	modelsKept     = 2   // the one in use and the one before, which a question may still be reading
)

// farmModel is a language model and a dictionary of the installed content, as files, and the words that tell what it is about.
type farmModel struct {
	lm, dictionary string
	topics         map[string]bool
}

// onTopic reports whether a transcript has a word of the content's own.
func (m *farmModel) onTopic(text string) bool {
	return slices.ContainsFunc(strings.Fields(text), func(w string) bool { return m.topics[w] })
}

// topicWords are the words of the texts but for everyday ones: carriers, numbers, and words of three letters or less.
func topicWords(texts []string) map[string]bool {
	topics := map[string]bool{}
	for _, text := range texts {
		for _, w := range spokenWords(text) {
			topics[w] = len(w) > 3
		}
	}
	for _, everyday := range [][]string{spokenWords(carriers), smallNumbers, tens} {
		for _, w := range everyday {
			delete(topics, w)
		}
	}
	return topics
}

// buildFarmModel makes the model of the texts in a folder of cache named by their fingerprint, or takes the one that is
// there. Words that no dictionary has and no espeak pronounces are not in it.
func buildFarmModel(ctx context.Context, cache, general, espeak string, texts []string) (*farmModel, error) {
	dir := filepath.Join(cache, fingerprint(general, espeak, texts))
	model := &farmModel{lm: filepath.Join(dir, farmLM), dictionary: filepath.Join(dir, farmDictionary), topics: topicWords(texts)}
	if _, err := os.Stat(dir); err == nil {
		return model, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return nil, fmt.Errorf("make model cache: %w", err)
	}
	temp, err := os.MkdirTemp(cache, ".building-")
	if err != nil {
		return nil, fmt.Errorf("make model cache: %w", err)
	}
	defer os.RemoveAll(temp)
	if err := writeFarmModel(ctx, temp, general, espeak, texts); err != nil {
		return nil, err
	}
	if err := os.Rename(temp, dir); err != nil && !os.IsExist(err) {
		return nil, fmt.Errorf("put model in place: %w", err)
	}
	return model, dropOldModels(cache)
}

func fingerprint(general, espeak string, texts []string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%t\n%q", modelFormat, general, espeak != "", carriers)
	for _, t := range texts {
		fmt.Fprintf(h, "%q\n", t)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func writeFarmModel(ctx context.Context, dir, general, espeak string, texts []string) error {
	var sentences [][]string
	vocabulary := map[string]bool{}
	for _, text := range append([]string{carriers}, texts...) {
		for _, s := range splitSentences(text) {
			if words := spokenWords(s); len(words) > 0 {
				sentences = append(sentences, words)
				for _, w := range words {
					vocabulary[w] = true
				}
			}
		}
	}
	lines, known, err := readDictionary(general, vocabulary)
	if err != nil {
		return err
	}
	model := countNgrams(sentences)
	if espeak != "" {
		unknown := slices.DeleteFunc(model.words(), func(w string) bool { return known[w] })
		added, err := pronounce(ctx, espeak, unknown)
		if err != nil {
			return err
		}
		lines = append(lines, added...)
	}
	var lm bytes.Buffer
	if err := model.writeARPA(&lm); err != nil {
		return fmt.Errorf("write language model: %w", err)
	}
	if err := writeSynced(filepath.Join(dir, farmLM), &lm); err != nil {
		return err
	}
	return writeSynced(filepath.Join(dir, farmDictionary), strings.NewReader(strings.Join(lines, "\n")+"\n"))
}

// writeSynced writes a file that is on stable storage when it returns.
func writeSynced(path string, from io.Reader) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	_, err = io.Copy(f, from)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return nil
}

// dropOldModels keeps the newest folders of the cache, and removes what a power cut left half built.
func dropOldModels(cache string) error {
	entries, err := os.ReadDir(cache)
	if err != nil {
		return fmt.Errorf("read model cache: %w", err)
	}
	var dirs []os.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && e.IsDir() {
			dirs = append(dirs, info)
		}
	}
	slices.SortFunc(dirs, func(a, b os.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for i, d := range dirs {
		if i >= modelsKept {
			if err := os.RemoveAll(filepath.Join(cache, d.Name())); err != nil {
				return fmt.Errorf("drop old model: %w", err)
			}
		}
	}
	return nil
}
