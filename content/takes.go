package content

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"jembe/advisory"
)

// Takes keeps recordings in the folder of a pack that is yet to be built, or in the box's own, from which they are played at once.
// It is safe for concurrent use within one process; two officers who record at once work in two languages.
type Takes struct {
	dir string
	mu  sync.Mutex
}

// NewTakes gives the takes of a folder, which is made when the first is kept.
func NewTakes(dir string) *Takes { return &Takes{dir: dir} }

// Takes are the box's own recordings: the folder recorded beside its packs, of which jembe pack build makes a pack for others.
func (s *Shelf) Takes() *Takes { return NewTakes(filepath.Join(filepath.Dir(s.dir), "recorded")) }

// listed is a recording as recordings.yaml has it.
type listed struct {
	Text    string  `yaml:"text"`
	SHA256  string  `yaml:"sha256"`
	By      string  `yaml:"by"`
	Date    string  `yaml:"date"`
	Seconds float64 `yaml:"seconds"`
}

// Keep puts a recording of a text, an Ogg/Opus file, in place of the one before. The sound comes before the list, so that a power
// cut between them leaves a recording that counts as stale, and never one of other words.
func (k *Takes) Keep(t Text, sound []byte, length time.Duration, by string, on time.Time) error {
	by = strings.Join(strings.Fields(by), " ")
	if by == "" || len(by) > maxReviewer {
		return &advisory.Error{Code: advisory.BadRequest, Hint: fmt.Sprintf("give the reader's own name, at most %d letters", maxReviewer)}
	}
	if len(sound) > maxSound {
		return &advisory.Error{Code: advisory.TooLarge, Hint: fmt.Sprintf("a recording has at most %d bytes", maxSound)}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	kept, err := k.of(t.Lang)
	if err != nil {
		return err
	}
	if err := k.write(soundPath(t.Lang, t.Key()), sound); err != nil {
		return fmt.Errorf("keep the recording: %w", err)
	}
	kept = slices.DeleteFunc(kept, func(r Recording) bool { return r.Key == t.Key() })
	kept = append(kept, Recording{Key: t.Key(), SHA256: t.SHA256(), By: by, On: on, Length: length})
	slices.SortFunc(kept, func(a, b Recording) int { return strings.Compare(a.Key, b.Key) })
	var list []listed
	for _, r := range kept {
		list = append(list, listed{r.Key, r.SHA256, r.By, r.On.Format(time.DateOnly), max(0.01, float64(r.Length.Milliseconds())/1000)})
	}
	raw, err := yaml.Marshal(list)
	if err != nil {
		return fmt.Errorf("write the list of recordings: %w", err)
	}
	return k.write(listPath(t.Lang), raw)
}

func listPath(lang advisory.Lang) string {
	return path.Join("recordings", string(lang), recordingsName)
}

// write makes or replaces a file of the folder, and the folders above it.
func (k *Takes) write(name string, raw []byte) error {
	name = filepath.Join(k.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return diskError(err)
	}
	return writeDurably(name, func(f *os.File) error {
		_, err := f.Write(raw)
		return err
	})
}

// of reads the list of a language; one that is not there holds none.
func (k *Takes) of(lang advisory.Lang) ([]Recording, error) {
	raw, err := os.ReadFile(filepath.Join(k.dir, filepath.FromSlash(listPath(lang))))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the list of recordings: %w", err)
	}
	out, problems := parseRecordings(listPath(lang), raw)
	for i := range out {
		out[i].fsys = os.DirFS(k.dir)
	}
	return out, problems.err()
}

// All gives the recordings of every language. A list that cannot be read is told in the error; the others are there even then.
func (k *Takes) All() ([]Recording, error) {
	var out []Recording
	var wrong []error
	for _, lang := range k.langs() {
		found, err := k.of(lang)
		out, wrong = append(out, found...), append(wrong, err)
	}
	return out, errors.Join(wrong...)
}

func (k *Takes) langs() []advisory.Lang {
	entries, err := os.ReadDir(filepath.Join(k.dir, "recordings"))
	if err != nil {
		return nil // nothing was ever kept
	}
	var out []advisory.Lang
	for _, e := range entries {
		if e.IsDir() && langCode.MatchString(e.Name()) {
			out = append(out, advisory.Lang(e.Name()))
		}
	}
	return out
}

// Revision changes whenever a recording is kept, by whatever process. It costs a look at a file for each language.
func (k *Takes) Revision() string {
	var b strings.Builder
	for _, lang := range k.langs() {
		if info, err := os.Stat(filepath.Join(k.dir, filepath.FromSlash(listPath(lang)))); err == nil {
			fmt.Fprintf(&b, "%s %d %d\n", lang, info.ModTime().UnixNano(), info.Size())
		}
	}
	return b.String()
}
