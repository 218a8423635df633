package content

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"jembe/advisory"
)

// Recording is a person's reading of a text: an Ogg/Opus file at recordings/LANG/KIND/ID.opus, told of in
// recordings/LANG/recordings.yaml.
type Recording struct {
	Lang   advisory.Lang
	Key    string // of the text: KIND/ID
	SHA256 string // of the words that were read, see Text.SHA256
	By     string // the reader, by name
	On     time.Time
	Length time.Duration

	fsys fs.FS // in which its sound is
}

const (
	recordingsName = "recordings.yaml"
	maxRecordings  = 2 << 20 // bytes of the list of one language
	maxSound       = 1 << 20 // bytes of one recording: five minutes
	maxLength      = 60 * time.Second
)

var (
	slots   = regexp.MustCompile(`\{[a-z]+\}`)
	textKey = regexp.MustCompile(`^([a-z]+)/([0-9A-Za-z_-][0-9A-Za-z._-]{0,90})$`)
)

// soundPath is where the sound of a text stands in a pack.
func soundPath(lang advisory.Lang, key string) string {
	return path.Join("recordings", string(lang), key+".opus")
}

// Sound reads the Ogg/Opus file.
func (r Recording) Sound() ([]byte, error) {
	in, err := r.fsys.Open(soundPath(r.Lang, r.Key))
	if err != nil {
		return nil, fmt.Errorf("open the recording: %w", err)
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, maxSound+1))
	if err != nil {
		return nil, fmt.Errorf("read the recording: %w", err)
	}
	if len(raw) > maxSound {
		return nil, fmt.Errorf("the recording of %s has more than %d bytes", r.Key, maxSound)
	}
	return raw, nil
}

// parseRecordings reads a list of recordings strictly. The name is its path, which ends in recordings/LANG/recordings.yaml.
func parseRecordings(name string, raw []byte) ([]Recording, Problems) {
	f := &fields{file: name}
	text, ok := f.clean(raw, maxRecordings)
	if !ok || strings.TrimSpace(text) == "" {
		return nil, f.problems
	}
	root := f.parse(text)
	if root == nil {
		return nil, f.problems
	}
	lang := advisory.Lang(path.Base(path.Dir(name)))
	var out []Recording
	for _, item := range f.list(root, "a list of recordings") {
		r := f.recording(item)
		r.Lang = lang
		if slices.ContainsFunc(out, func(o Recording) bool { return o.Key == r.Key }) {
			f.fail(item.Line, "the recording of %s is given twice", r.Key)
			continue
		}
		out = append(out, r)
	}
	return out, f.problems
}

func (f *fields) recording(n *yaml.Node) Recording {
	var r Recording
	known := []string{"text", "sha256", "by", "date", "seconds"}
	values, _ := f.mapping(n, "a recording", known...)
	if n.Kind != yaml.MappingNode {
		return r
	}
	f.need(n, values, " of a recording", known...)
	if v := values["text"]; v != nil {
		r.Key = f.text(v, "text")
		if m := textKey.FindStringSubmatch(r.Key); m == nil || !slices.Contains(TextKinds(), TextKind(m[1])) {
			f.fail(v.Line, "text %q must be KIND/ID, such as answers/maize-stem-borer", r.Key)
		}
	}
	if v := values["sha256"]; v != nil {
		if r.SHA256 = f.text(v, "sha256"); !sum.MatchString(r.SHA256) {
			f.fail(v.Line, "sha256 must be 64 hexadecimal digits: let jembe record write it")
		}
	}
	if v := values["by"]; v != nil {
		if r.By = f.text(v, "by"); len(r.By) > maxReviewer {
			f.fail(v.Line, "by is longer than %d letters", maxReviewer)
		}
	}
	if v := values["date"]; v != nil {
		r.On = f.date(v, "date")
	}
	if v := values["seconds"]; v != nil {
		s := f.text(v, "seconds")
		seconds, err := strconv.ParseFloat(s, 64)
		if r.Length = time.Duration(seconds * float64(time.Second)); err != nil || r.Length <= 0 || r.Length > maxLength {
			f.fail(v.Line, "seconds %q is not a length of at most %v", s, maxLength)
		}
	}
	return r
}

// Reading is a text with the state of its recording.
type Reading struct {
	Text
	State     ReadingState `json:"state"`
	By        string       `json:"by,omitempty"` // who read it last
	On        string       `json:"on,omitempty"` // 2027-03-31
	Recording *Recording   `json:"-"`            // the fresh one; nil where there is none
}

// ReadingState says whether a text can be heard in a person's voice.
type ReadingState string

// The states.
const (
	Unread ReadingState = "missing" // nobody has read it
	Stale  ReadingState = "stale"   // the text has changed since it was read: not played
	Fresh  ReadingState = "fresh"
)

// Readings holds recordings against the texts as they are now. Of several that fit, the last counts.
func Readings(texts []Text, recordings []Recording) []Reading {
	byKey := map[string][]Recording{}
	for _, r := range recordings {
		key := string(r.Lang) + "/" + r.Key
		byKey[key] = append(byKey[key], r)
	}
	out := make([]Reading, 0, len(texts))
	for _, t := range texts {
		reading := Reading{Text: t, State: Unread}
		for _, r := range byKey[string(t.Lang)+"/"+t.Key()] {
			fits := r.SHA256 == t.SHA256()
			if !fits && reading.State == Fresh {
				continue
			}
			reading.By, reading.On, reading.State = r.By, r.On.Format(time.DateOnly), Stale
			if fits {
				reading.State, reading.Recording = Fresh, &r
			}
		}
		out = append(out, reading)
	}
	return out
}
