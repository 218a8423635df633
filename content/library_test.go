package content

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jembe/advisory"
)

// starterPack gives the embedded pack, all of which must be readable.
func starterPack(t *testing.T) *Pack {
	t.Helper()
	p, err := Starter()
	if err != nil {
		t.Fatalf("the starter library cannot be read:\n%v", err)
	}
	return p
}

func TestTheStarterPackHasNoFindings(t *testing.T) {
	for _, finding := range Check(starterPack(t)) {
		t.Error(finding)
	}
}

func TestTranslationsAreOfEnglishDocuments(t *testing.T) {
	p := starterPack(t)
	english := map[string]bool{}
	for _, d := range p.Documents {
		if d.Lang == "en" {
			english[d.ID] = true
		}
	}
	if len(english) == 0 {
		t.Fatal("no English documents")
	}
	for _, d := range p.Documents {
		if !english[d.ID] {
			t.Errorf("%s: there is no English document of this id", d.path)
		}
	}
}

func TestTheStarterPackTravels(t *testing.T) {
	out := filepath.Join(t.TempDir(), "starter.tar.zst")
	m, _, err := Build("library", out, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	embedded := starterPack(t)
	if m.fingerprint() != embedded.Manifest.fingerprint() {
		t.Error("the folder library and the embedded pack differ: something in the folder is not embedded")
	}
	s := NewShelf(t.TempDir())
	install(t, s, out)
	if lib := s.Load(); len(lib.Documents) != len(embedded.Documents) || len(lib.Broken) > 0 {
		t.Errorf("installed, it holds %d documents, the embedded one %d; told: %v", len(lib.Documents), len(embedded.Documents), lib.Broken)
	}
	info, err := os.Stat(out)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 5<<20 {
		t.Errorf("the pack has %d bytes, at most 5 MiB travel well over a thin line", info.Size())
	}
	t.Logf("%d documents, %d files, %d bytes packed", len(embedded.Documents), len(m.Files), info.Size())
}

var update = flag.Bool("update", false, "write the list of topics into library/README.md")

// The list of topics in the library's README must be the library's; go test ./content -run Topics -update writes it.
func TestReadmeListsTheTopics(t *testing.T) {
	const file, head, end = "library/README.md", "| topic | title | hi | sw | fr |\n|---|---|---|---|---|\n", "\n\n"
	readme, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(readme), head)
	_, after, _ := strings.Cut(rest, end)
	if !ok {
		t.Fatalf("%s has no table that begins %q", file, head)
	}
	counts, rows := topicTable(starterPack(t))
	want := before + head + rows
	if after != "" {
		want += end + after
	}
	want = regexp.MustCompile(`\d+ topics in English, \d+ in Hindi, \d+ in Swahili, \d+ in French`).ReplaceAllString(want, counts)
	if want == string(readme) {
		return
	}
	if !*update {
		t.Fatal("the list of topics is not the library's: go test ./content -run TestReadmeListsTheTopics -update")
	}
	if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// topicTable gives the numbers of documents by language in words, and a row for each topic.
func topicTable(p *Pack) (counts, rows string) {
	titles, langs, n := map[string]string{}, map[string]map[advisory.Lang]bool{}, map[advisory.Lang]int{}
	for _, d := range p.Documents {
		n[d.Lang]++
		if langs[d.ID] == nil {
			langs[d.ID] = map[advisory.Lang]bool{}
		}
		langs[d.ID][d.Lang] = true
		if d.Lang == "en" {
			titles[d.ID] = d.Title
		}
	}
	var b strings.Builder
	for _, id := range slices.Sorted(maps.Keys(titles)) {
		fmt.Fprintf(&b, "| %s | %s |", id, titles[id])
		for _, lang := range []advisory.Lang{"hi", "sw", "fr"} {
			mark := ""
			if langs[id][lang] {
				mark = "x"
			}
			fmt.Fprintf(&b, " %s |", mark)
		}
		b.WriteByte('\n')
	}
	counts = fmt.Sprintf("%d topics in English, %d in Hindi, %d in Swahili, %d in French", n["en"], n["hi"], n["sw"], n["fr"])
	return counts, strings.TrimSuffix(b.String(), "\n") + "\n"
}
