package content

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"jembe/advisory"
)

// BuildOptions are what the folder of a pack may leave open.
type BuildOptions struct {
	Name    string // where manifest.json gives none; empty: the folder's name
	Version string // where manifest.json gives none; empty: the time in UTC, or SOURCE_DATE_EPOCH, as 20061102150405
}

// Build makes the pack OUT of a folder. Of a manifest.json in the folder only name and version are read. The archive is byte for
// byte the same for the same files, name and version. An error that is Problems tells all that must be mended first; then, or
// when anything else fails, OUT is left as it was. The warnings are what a reviewer should look at.
func Build(dir, out string, o BuildOptions) (Manifest, Problems, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return Manifest{}, nil, fmt.Errorf("open the folder of the pack: %w", err)
	}
	if !info.IsDir() {
		return Manifest{}, nil, fmt.Errorf("%s is not a folder: a pack is built from a folder with docs, lexicon and manifest.json", dir)
	}
	if o, err = o.complete(dir); err != nil {
		return Manifest{}, nil, err
	}
	fsys := os.DirFS(dir)
	p, warnings, problems, err := open(fsys, o.Name, o.Version)
	if err != nil {
		return Manifest{}, nil, err
	}
	if len(p.Manifest.Files) == 0 && len(problems) == 0 {
		return Manifest{}, warnings, &advisory.Error{
			Code: advisory.BadRequest, Err: fmt.Errorf("%s holds no documents (docs/LANG/ID.md) and no lexicon (lexicon/NAME.yaml)", dir),
			Hint: "name the folder of a pack: docs/content.md",
		}
	}
	problems = append(problems, p.incomplete()...)
	warnings = append(warnings, Check(p)...).sorted()
	if len(problems) > 0 {
		return p.Manifest, warnings, problems.err()
	}
	err = writeDurably(out, func(f *os.File) error {
		if err := writeArchive(f, fsys, p.Manifest); err != nil {
			return err
		}
		if _, err := f.Seek(0, 0); err != nil {
			return err
		}
		if _, err := readArchive(f, discard); err != nil {
			return fmt.Errorf("read back (did a file change meanwhile?): %w", err)
		}
		return nil
	})
	if err != nil {
		return p.Manifest, warnings, fmt.Errorf("write the pack: %w", err)
	}
	return p.Manifest, warnings, nil
}

// incomplete tells what would leave somebody without words or sound: messages that are missing, recordings without their file. What
// is installed is not held to it, because a later program has more messages.
func (p *Pack) incomplete() Problems {
	var out Problems
	for lang, c := range p.Messages {
		name := "messages/" + string(lang) + ".json"
		if advisory.BuiltIn(lang) {
			out = append(out, Problem{name, 0, "is of a language in which the program has its own texts: delete the file"})
			continue
		}
		for _, key := range c.Missing() {
			out = append(out, Problem{name, 0, "has no text for " + key})
		}
	}
	listed := map[string]bool{}
	for _, r := range p.Recordings {
		name := soundPath(r.Lang, r.Key)
		listed[name] = true
		if !slices.ContainsFunc(p.Manifest.Files, func(f File) bool { return f.Path == name }) {
			out = append(out, Problem{listPath(r.Lang), 0, "tells of " + r.Key + ", but " + name + " is not there"})
		}
	}
	for _, f := range p.Manifest.Files {
		if strings.HasSuffix(f.Path, ".opus") && !listed[f.Path] {
			out = append(out, Problem{f.Path, 0, "is in no list of recordings: let jembe record write it, or delete it"})
		}
	}
	return out
}

var unsafe = regexp.MustCompile(`[^a-z0-9]+`)

// complete fills in what was left open.
func (o BuildOptions) complete(dir string) (BuildOptions, error) {
	if o.Name == "" {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return o, fmt.Errorf("find the folder of the pack: %w", err)
		}
		o.Name = strings.Trim(unsafe.ReplaceAllString(strings.ToLower(filepath.Base(abs)), "-"), "-")
		o.Name = strings.TrimRight(o.Name[:min(len(o.Name), 60)], "-")
		if o.Name == "" {
			o.Name = "pack"
		}
	}
	if o.Version == "" {
		now, err := buildTime()
		if err != nil {
			return o, err
		}
		o.Version = now.UTC().Format("20060102150405")
	}
	return o, nil
}

// buildTime is now, or the time that a reproducible build asks for (reproducible-builds.org/specs/source-date-epoch).
func buildTime() (time.Time, error) {
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return time.Now(), nil
	}
	s, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil || s < 0 {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH=%q is not a number of seconds since 1970", epoch)
	}
	return time.Unix(s, 0), nil
}

// Folder reads the folder of a pack that is yet to be built. An error that is Problems tells what cannot be read; the rest is there.
func Folder(dir string) (*Pack, error) {
	o, err := BuildOptions{}.complete(dir)
	if err != nil {
		return nil, err
	}
	p, _, problems, err := open(os.DirFS(dir), o.Name, o.Version)
	if err != nil {
		return nil, err
	}
	return p, problems.err()
}
