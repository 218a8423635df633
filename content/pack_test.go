package content

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"jembe/advisory"
)

// files are the files of a folder by path.
type files map[string]string

// folder writes the files into a new folder of that name.
func folder(t testing.TB, name string, fs files) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for path, text := range fs {
		to := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// plain is a small document that says the given words.
func plain(id, lang, words string) string {
	return fmt.Sprintf("---\nid: %s\nlang: %s\ntitle: %s\nsources: [{name: Us, url: https://example.org/, year: 2026}]\n"+
		"status: unreviewed\nquestions:\n  - %s in %s?\nanswer: %s\n---\n\n## What to do\n\n%s\n", id, lang, words, id, lang, words, words)
}

// office is the pack of an office.
func office() files {
	return files{
		"manifest.json":             `{"name": "office", "version": 1}`,
		"LICENSE":                   "CC BY 4.0",
		"docs/en/goat-pen.md":       plain("goat-pen", "en", "A dry pen"),
		"docs/sw/goat-pen.md":       plain("goat-pen", "sw", "Zizi kavu"),
		"docs/en/compost-making.md": plain("compost-making", "en", "Our own way"),
		"lexicon/more.yaml":         "- {id: goat-pen, kind: practice, names: {en: [goat pen]}}\n",
		"vectors/hash-64.bin":       "\x00\x01\x02",
	}
}

// with gives the files with some changed; "" takes one away.
func (fs files) with(changed files) files {
	out := maps.Clone(fs)
	maps.Copy(out, changed)
	maps.DeleteFunc(out, func(_, text string) bool { return text == "" })
	return out
}

// built builds a pack and gives the path of its archive.
func built(t testing.TB, fs files) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "pack.tar.zst")
	if _, _, err := Build(folder(t, "built", fs), out, BuildOptions{}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestBuildAndVerify(t *testing.T) {
	archive := filepath.Join(t.TempDir(), "office.tar.zst")
	m, _, err := Build(folder(t, "x", office()), archive, BuildOptions{Name: "not-used", Version: "not.used"})
	if err != nil {
		t.Fatal(err)
	}
	if m.ID() != "office@1" {
		t.Errorf("the pack is %s, but its manifest.json says office, 1", m.ID())
	}
	p, err := Verify(archive)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(p.Manifest, m) {
		t.Errorf("verified %+v\nbuilt %+v", p.Manifest, m)
	}
	var paths []string
	for _, f := range m.Files {
		paths = append(paths, f.Path)
	}
	want := slices.Sorted(maps.Keys(office().with(files{"manifest.json": ""})))
	if !slices.Equal(paths, want) {
		t.Errorf("files %v, want %v", paths, want)
	}
	if got, want := m.Documents(), (map[advisory.Lang]int{"en": 2, "sw": 1}); !maps.Equal(got, want) {
		t.Errorf("documents %v, want %v", got, want)
	}
	if len(p.Documents) != 3 || p.Documents[0].Pack != "office@1" || len(p.Concepts) != 1 {
		t.Errorf("read %d documents and %d concepts", len(p.Documents), len(p.Concepts))
	}
}

func TestBuildIsReproducible(t *testing.T) {
	first, err := os.ReadFile(built(t, office()))
	if err != nil {
		t.Fatal(err)
	}
	dir := folder(t, "other-place", office())
	if err := os.Chmod(filepath.Join(dir, "docs/en/goat-pen.md"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out.tar.zst") // a pack built into its own folder does not become part of it
	for range 2 {
		if _, _, err := Build(dir, out, BuildOptions{}); err != nil {
			t.Fatal(err)
		}
		second, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(first, second) {
			t.Error("the same files made another archive")
		}
	}
}

func TestNameAndVersionOfABuild(t *testing.T) {
	bare := office().with(files{"manifest.json": ""})
	tests := []struct {
		name, folder, epoch string
		files               files
		options             BuildOptions
		want                string
	}{
		{"of the manifest", "x", "", office(), BuildOptions{}, "office@1"},
		{"built before", "x", "", office().with(files{"manifest.json": `{"name": "office", "version": "1.2", "files": [{"path": "gone"}]}`}), BuildOptions{}, "office@1.2"},
		{"of the options", "x", "", bare, BuildOptions{Name: "mine", Version: "7"}, "mine@7"},
		{"of folder and time", "Büro Nakuru 2!", "1700000000", bare, BuildOptions{}, "b-ro-nakuru-2@20231114221320"},
		{"half of each", "x", "0", office().with(files{"manifest.json": `{"name": "half"}`}), BuildOptions{}, "half@19700101000000"},
		{"folder without letters", "कृषि", "0", bare, BuildOptions{}, "pack@19700101000000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("SOURCE_DATE_EPOCH", tt.epoch)
			m, _, err := Build(folder(t, tt.folder, tt.files), filepath.Join(t.TempDir(), "out"), tt.options)
			if err != nil {
				t.Fatal(err)
			}
			if m.ID() != tt.want {
				t.Errorf("got %s, want %s", m.ID(), tt.want)
			}
		})
	}
}

func TestBuildRefuses(t *testing.T) {
	tests := []struct {
		name    string
		changed files
		file    string
		line    int
		says    string
	}{
		{"document with a mistake", files{"docs/en/goat-pen.md": strings.Replace(plain("goat-pen", "en", "Dry"), "status", "state", 1)}, "docs/en/goat-pen.md", 2, "the field status is missing"},
		{"document given twice", files{"docs/en/goat.md": plain("goat-pen", "en", "Dry again")}, "docs/en/goat.md", 2, "given twice, first in docs/en/goat-pen.md"},
		{"concept given twice", files{"lexicon/x.yaml": "- {id: goat-pen, kind: topic, names: {en: [pen]}}\n"}, "lexicon/x.yaml", 1, "given twice, first in lexicon/more.yaml"},
		{"document without a language", files{"docs/goat-pen.md": plain("goat-pen", "en", "Dry")}, "docs/goat-pen.md", 0, "not at docs/LANG/ID.md"},
		{"document too deep", files{"docs/en/goats/goat-pen.md": plain("goat-pen", "en", "Dry")}, "docs/en/goats/goat-pen.md", 0, "not at docs/LANG/ID.md"},
		{"lexicon file too deep", files{"lexicon/en/x.yaml": "- x"}, "lexicon/en/x.yaml", 0, "not at lexicon/NAME.yaml"},
		{"name for no file system", files{"vectors/a b.bin": "x"}, "vectors/a b.bin", 0, "not every computer"},
		{"manifest that is no JSON", files{"manifest.json": "{\n \"name\": office\n}"}, "manifest.json", 2, "not the JSON of a manifest"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out.tar.zst")
			if err := os.WriteFile(out, []byte("the old pack"), 0o644); err != nil {
				t.Fatal(err)
			}
			_, _, err := Build(folder(t, "x", office().with(tt.changed)), out, BuildOptions{})
			var ps Problems
			if !errors.As(err, &ps) {
				t.Fatalf("got %v, want problems", err)
			}
			if !slices.ContainsFunc(ps, func(p Problem) bool {
				return p.File == tt.file && p.Line == tt.line && strings.Contains(p.Text, tt.says)
			}) {
				t.Errorf("got %v, want %s:%d: %s", ps, tt.file, tt.line, tt.says)
			}
			if kept, err := os.ReadFile(out); err != nil || string(kept) != "the old pack" {
				t.Errorf("the old pack is not as it was: %q, %v", kept, err)
			}
		})
	}
}

func TestBuildOfNoPack(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.tar.zst")
	for name, dir := range map[string]string{
		"nothing":             filepath.Join(t.TempDir(), "nothing"),
		"a file":              built(t, office()),
		"an empty folder":     t.TempDir(),
		"a folder of no pack": folder(t, "x", files{"notes.txt": "x", "photos/a.jpg": "x"}),
		"a bad name":          folder(t, "x", office().with(files{"manifest.json": `{"name": "../up", "version": "1"}`})),
		"a bad version":       folder(t, "x", office().with(files{"manifest.json": `{"name": "up", "version": "1-2"}`})),
	} {
		if _, _, err := Build(dir, out, BuildOptions{}); err == nil {
			t.Errorf("%s was built", name)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s left an archive", name)
		}
	}
	t.Setenv("SOURCE_DATE_EPOCH", "yesterday")
	if _, _, err := Build(folder(t, "x", office().with(files{"manifest.json": ""})), out, BuildOptions{}); err == nil {
		t.Error("SOURCE_DATE_EPOCH=yesterday was taken")
	}
}

func TestBuildLeavesOutWhatDoesNotBelong(t *testing.T) {
	dir := folder(t, "x", office().with(files{
		"notes.txt": "x", "photos/goat.jpg": "x", ".DS_Store": "x", "docs/en/.goat-pen.md.swp": "x", ".git/config": "x",
	}))
	m, warnings, err := Build(dir, filepath.Join(t.TempDir(), "out"), BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != len(office())-1 {
		t.Errorf("the pack holds %v", m.Files)
	}
	for _, want := range []string{"notes.txt", "photos"} {
		if !slices.ContainsFunc(warnings, func(p Problem) bool { return p.File == want }) {
			t.Errorf("no warning that %s is left out: %v", want, warnings)
		}
	}
}

func TestBuildRefusesLinks(t *testing.T) {
	dir := folder(t, "x", office())
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "vectors", "passwd")); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	_, _, err := Build(dir, filepath.Join(t.TempDir(), "out"), BuildOptions{})
	wantProblem(t, err, "vectors/passwd", 0, "cannot hold links")
}

func TestVerifyFolder(t *testing.T) {
	good := fstest.MapFS{}
	m := manifestOf(office())
	for name, text := range office().with(files{"manifest.json": string(m.encode())}) {
		good[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if _, err := VerifyFolder(good); err != nil {
		t.Fatal(err)
	}
	for name := range good {
		for what, change := range map[string]func(fstest.MapFS){
			"without": func(fs fstest.MapFS) { delete(fs, name) },
			"longer":  func(fs fstest.MapFS) { fs[name] = &fstest.MapFile{Data: append(slices.Clone(fs[name].Data), '"')} },
			"one bit": func(fs fstest.MapFS) {
				fs[name] = &fstest.MapFile{Data: append([]byte{fs[name].Data[0] ^ 1}, fs[name].Data[1:]...)}
			},
			"and more": func(fs fstest.MapFS) { fs[name+"x"] = &fstest.MapFile{} },
		} {
			bad := maps.Clone(good)
			change(bad)
			_, err := VerifyFolder(bad)
			wantCode(t, err, advisory.CorruptPack)
			if err == nil {
				t.Errorf("%s %s: accepted", what, name)
			}
		}
	}
}

// wantCode expects an error of a code.
func wantCode(t testing.TB, err error, code advisory.Code) {
	t.Helper()
	var e *advisory.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("got %v, want an error of code %s", err, code)
	}
}
