package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"jembe/advisory"
)

// modelTally counts what became of a model's drafts in one language.
type modelTally struct {
	Asked  int                      `json:"asked"`
	Passed int                      `json:"passed"` // drafts that passed the guard
	Fallen int                      `json:"fallen"` // drafts that did not
	Silent int                      `json:"silent"` // questions to which it had nothing to say
	Failed int                      `json:"failed"` // questions on which it failed
	Prompt int                      `json:"prompt"` // tokens of the longest prompt, as the model counted them
	Fell   map[advisory.Rule]int    `json:"fell"`
	Why    map[advisory.Setback]int `json:"why"`
}

func newModelTally() *modelTally {
	return &modelTally{Fell: map[advisory.Rule]int{}, Why: map[advisory.Setback]int{}}
}

// drafted is the number of drafts that could pass.
func (t *modelTally) drafted() int { return t.Passed + t.Fallen }

// faithful is the share of the drafts that passed.
func (t *modelTally) faithful() float64 { return float64(t.Passed) / float64(max(1, t.drafted())) }

// enough reports whether the model may write in the language.
func (t *modelTally) enough(f modelFlags) bool {
	return t.drafted() >= f.Questions && t.faithful() >= f.Faithful
}

// modelResults are the evaluations of models, by digest: another version of a model is another model.
type modelResults map[string]map[advisory.Lang]*modelTally

// resultsFile is where they are kept.
func resultsFile(data string) string { return filepath.Join(data, "model-eval.json") }

// readResults reads the evaluations; there may be none yet.
func readResults(data string) (modelResults, error) {
	out := modelResults{}
	raw, err := os.ReadFile(resultsFile(data))
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		return nil, fmt.Errorf("read evaluations of models: %w", err)
	}
	return out, nil
}

// passed gives those of the languages that are wanted in which the model of a digest may write.
func (r modelResults) passed(f modelFlags, digest string) []advisory.Lang {
	wanted, _ := f.langs() // refused when the box was opened
	var out []advisory.Lang
	for _, l := range wanted {
		if t := r[digest][l]; t != nil && t.enough(f) {
			out = append(out, l)
		}
	}
	return out
}

// store puts the languages of one evaluation beside what is known of the others. The file is whole at any moment.
func (r modelResults) store(data, digest string, langs map[advisory.Lang]*modelTally) error {
	if r[digest] == nil {
		r[digest] = map[advisory.Lang]*modelTally{}
	}
	for l, t := range langs {
		r[digest][l] = t
	}
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(data, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(data, "model-eval-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone where it was renamed
	_, err = f.Write(append(raw, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), resultsFile(data))
}
