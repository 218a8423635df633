package content

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
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

// The list of topics in the library's README must be the library's.
func TestReadmeListsTheTopics(t *testing.T) {
	readme, err := os.ReadFile("library/README.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("library/docs/en/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	for _, f := range files {
		id := strings.TrimSuffix(filepath.Base(f), ".md")
		var marks string
		for _, lang := range []string{"hi", "sw", "fr"} {
			mark := ""
			if _, err := os.Stat("library/docs/" + lang + "/" + id + ".md"); err == nil {
				mark = "x"
			}
			marks += " " + mark + " |"
		}
		row := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(id) + ` \| [^|]+ \|` + regexp.QuoteMeta(marks) + `$`)
		if !row.Match(readme) {
			t.Errorf("library/README.md has no right row for %s: want | %s | title |%s", id, id, marks)
		}
	}
}
