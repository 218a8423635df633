package content

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jembe/advisory"
)

func TestReadMenu(t *testing.T) {
	leaf := func(more string) string {
		return "- {number: 1, key: a, picture: cow, label: {en: a}, branches: [{number: 2, key: b, picture: hen, label: {en: b}, branches: [" + more + "]}]}\n"
	}
	const good = "{number: 3, document: goat-pen, picture: goat, label: {en: pen, sw: zizi}}"
	tests := []struct{ name, text, says string }{
		{"good", leaf(good), ""},
		{"also", leaf(good + ", {number: 4, also: rabies, picture: dog, label: {en: dog}}"), ""},
		{"not a list", "a: b\n", "must be a list"},
		{"number 0", leaf(strings.Replace(good, "3", "0", 1)), "not a number from 1 to 9"},
		{"one number twice", leaf(good + ", {number: 3, document: x, picture: dog, label: {en: x}}"), "the number 3 is given twice"},
		{"one key twice", leaf(good + ", {number: 4, document: goat-pen, picture: dog, label: {en: x}}"), "two main places"},
		{"one picture twice", leaf(good + ", {number: 4, document: x, picture: goat, label: {en: x}}"), "the picture goat is given twice"},
		{"no such picture", leaf(strings.Replace(good, "goat,", "unicorn,", 1)), "is not one of"},
		{"label without end", leaf(strings.Replace(good, "en: pen,", "en: "+strings.Repeat("pen ", 12)+",", 1)), "longer than 40 letters"},
		{"no label", leaf("{number: 3, document: goat-pen, picture: goat}"), "the field label of an advice is missing"},
		{"both", leaf("{number: 3, document: a, also: b, picture: goat, label: {en: x}}"), "give one of document and also"},
		{"a fourth level", leaf("{number: 3, key: c, picture: goat, label: {en: x}, branches: [" + good + "]}"), "third level stands an advice"},
		{"advice too early", "- {number: 1, document: goat-pen, picture: goat, label: {en: x}}\n", "the field key of a branch is missing"},
		{"ten branches", leaf(strings.Repeat("{number: 1, also: x, picture: goat, label: {en: x}}, ", 9) + good), "only 9 keys"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			menu, err := ReadMenu("menu.yaml", []byte(tt.text))
			if tt.says == "" {
				if b, ok := menu.At(1, 2, 3); err != nil || !ok || b.Document != "goat-pen" || b.Label("sw") != "zizi" {
					t.Errorf("%v, %+v", err, menu)
				}
				return
			}
			var ps Problems
			if !errors.As(err, &ps) || !strings.Contains(ps.Error(), tt.says) {
				t.Errorf("got %v, want %q", err, tt.says)
			}
		})
	}
}

// Numbers are painted on walls and known by heart: the kept list is only ever added to. go test ./content -run Numbers -update
// adds those that are new.
func TestMenuNumbersAreForGood(t *testing.T) {
	const file = "testdata/numbers.tsv"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	now := starterPack(t).Menu.Numbers()
	kept := map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		number, document, _ := strings.Cut(strings.TrimSpace(line), "\t")
		kept[document] = true
		if now[document] != number {
			t.Errorf("%s was %s, and is now %q: a number once given stays", document, number, now[document])
		}
	}
	for _, document := range sortedByNumber(now) {
		if !kept[document] && *update {
			raw = fmt.Appendf(raw, "%s\t%s\n", now[document], document)
		} else if !kept[document] {
			t.Errorf("%s of %s is not in %s: go test ./content -run TestMenuNumbers -update", now[document], document, file)
		}
	}
	if *update {
		if err := os.WriteFile(file, raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// sortedByNumber gives the documents in the order of their numbers.
func sortedByNumber(numbers map[string]string) []string {
	var out []string
	for document := range numbers {
		out = append(out, document)
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(numbers[a], numbers[b]) })
	return out
}

func TestEveryBranchHasALabelInEveryLanguage(t *testing.T) {
	starterPack(t).Menu.Walk(func(path []int, b advisory.Branch) {
		for _, lang := range advisory.MessageLangs() {
			if b.Labels[lang] == "" {
				t.Errorf("%s %s has no label in %s", advisory.FormatNumber(path), b.Key, lang)
			}
		}
		if b.Document == "" && len(b.Branches) == 0 {
			t.Errorf("%s %s leads nowhere", advisory.FormatNumber(path), b.Key)
		}
	})
}

func TestAnOfficeAddsToTheMenu(t *testing.T) {
	menu := "- number: 6\n  key: small-animals\n  label: {ha: dabbobi}\n  branches:\n    - number: 3\n      key: goat\n      branches:\n" +
		"        - {number: 9, document: goat-pen, picture: grass, label: {en: goat pen, sw: zizi}}\n" +
		"        - {number: 8, document: not-held, picture: rain, label: {en: nothing}}\n"
	s := NewShelf(t.TempDir())
	install(t, s, built(t, office().with(files{"menu.yaml": menu})))
	lib := s.Load()
	if len(lib.Broken) > 0 {
		t.Fatal(lib.Broken)
	}
	if id, ok := lib.Menu.Advice("6-3-9"); !ok || id != "goat-pen" {
		t.Errorf("6-3-9 is %q", id)
	}
	if id, ok := lib.Menu.Advice("6-3-8"); ok {
		t.Errorf("6-3-8 leads to %s, which no pack holds", id)
	}
	if b, _ := lib.Menu.At(6); b.Label("ha") != "dabbobi" || b.Label("sw") == "dabbobi" {
		t.Errorf("labels of 6: %v", b.Labels)
	}
	if first, _ := starterPack(t).Menu.At(6); first.Labels["ha"] != "" {
		t.Error("the starter's own menu was changed")
	}
}

func TestAnOfficeCannotTakeANumber(t *testing.T) {
	menu := "- {number: 6, key: small-animals, branches: [{number: 3, key: goat, branches: [{number: 1, document: goat-pen, picture: grass, label: {en: goat pen}}]}]}\n"
	fs := office().with(files{"menu.yaml": menu})
	_, warnings, err := Build(folder(t, "x", fs), filepath.Join(t.TempDir(), "out"), BuildOptions{})
	if err != nil || !slices.ContainsFunc(warnings, func(p Problem) bool {
		return p.File == "menu.yaml" && strings.Contains(p.Text, "is goat-ppr's for good")
	}) {
		t.Errorf("%v, %v", err, warnings)
	}
	s := NewShelf(t.TempDir())
	install(t, s, built(t, fs))
	lib := s.Load()
	if id, _ := lib.Menu.Advice("631"); id != "goat-ppr" || len(lib.Broken) != 1 {
		t.Errorf("6-3-1 is %s; told: %v", id, lib.Broken)
	}
}

// The pictures are one well-formed file of plain shapes, small enough for a slow Wi-Fi, and none is drawn for nothing.
func TestPictures(t *testing.T) {
	var served bytes.Buffer
	z := gzip.NewWriter(&served)
	if _, err := z.Write(PictureSheet()); err != nil || z.Close() != nil || served.Len() > 20<<10 {
		t.Errorf("%d bytes of pictures as they are served, at most 20 KiB load quickly; %v", served.Len(), err)
	}
	used := map[string]bool{MonthPicture: true}
	for _, s := range Stages() {
		used[s.Picture()] = true
	}
	starterPack(t).Menu.Walk(func(_ []int, b advisory.Branch) { used[b.Picture] = true })
	d := xml.NewDecoder(bytes.NewReader(PictureSheet()))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !slices.Contains([]string{"svg", "symbol", "g", "path", "circle", "ellipse", "use"}, start.Name.Local) {
			t.Errorf("the pictures hold %s", start.Name.Local)
		}
		for _, a := range start.Attr {
			if a.Name.Local == "href" {
				used[strings.TrimPrefix(a.Value, "#")] = true
			}
		}
	}
	names := Pictures()
	lib, _ := starterLibrary(t)
	for _, c := range lib.Concepts {
		used[PictureOf(c.ID)] = true
	}
	delete(used, "")
	for _, name := range names {
		if !used[name] {
			t.Errorf("the picture %s is used nowhere", name)
		}
	}
	for name := range used {
		if !slices.Contains(names, name) {
			t.Errorf("there is no picture %s", name)
		}
	}
}
