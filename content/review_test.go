package content

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
)

var reviewDay = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

// reviewer gives who approved a document of a library, "" when nobody did.
func reviewer(lib *Library, id, lang string) string {
	i := slices.IndexFunc(lib.Documents, func(d *advisory.Document) bool { return d.ID == id && string(d.Lang) == lang })
	d := lib.Documents[i]
	if (d.Status == advisory.Reviewed) != (d.Reviewer != "") {
		return "status and reviewer differ"
	}
	return d.Reviewer
}

func TestAnApprovalTravelsWithThePackAndFallsWithAnEdit(t *testing.T) {
	dir := folder(t, "office", office())
	doc := filepath.Join(dir, "docs", "en", "goat-pen.md")
	if _, err := Review(doc, " Amina  Njeri ", reviewDay); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "office.tar.zst")
	if _, _, err := Build(dir, out, BuildOptions{}); err != nil {
		t.Fatal(err)
	}
	s := NewShelf(t.TempDir())
	install(t, s, out)
	lib := s.Load()
	if got := reviewer(lib, "goat-pen", "en"); got != "Amina Njeri" {
		t.Errorf("approved by %q", got)
	}
	if got := reviewer(lib, "goat-pen", "sw"); got != "" {
		t.Errorf("the Swahili document, which nobody looked at, is approved by %q", got)
	}

	raw, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(raw), "status: unreviewed", "status: reviewed", 1) // its own word counts for nothing
	if err := os.WriteFile(doc, []byte(edited), 0o644); err != nil {
		t.Fatal(err)
	}
	_, warnings, err := Build(dir, out, BuildOptions{Version: "2"})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(warnings, func(p Problem) bool { return strings.Contains(p.Text, "nobody's approval") }) {
		t.Errorf("no warning of a status without an approval: %v", warnings)
	}
	p, err := VerifyArchive(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range p.Documents {
		if d.Status == advisory.Reviewed {
			t.Errorf("%s is reviewed after an edit", d.path)
		}
	}
}

func TestAnApprovalOfADocumentInUse(t *testing.T) {
	data := t.TempDir()
	s := NewShelf(data)
	before, err := s.Revision()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Review("en/rice-blast", "Amina Njeri", reviewDay); err != nil {
		t.Fatal(err)
	}
	if got := reviewer(s.Load(), "rice-blast", "en"); got != "Amina Njeri" {
		t.Errorf("approved by %q", got)
	}
	if after, _ := s.Revision(); after == before {
		t.Error("a running box would not see the approval")
	}
	if got := reviewer(NewShelf(t.TempDir()).Load(), "rice-blast", "en"); got != "" {
		t.Errorf("on another box it is approved by %q: the embedded library was changed", got)
	}

	for document, code := range map[string]advisory.Code{"en/no-such": advisory.NotFound, "../../key": advisory.BadRequest} {
		_, err := s.Review(document, "Amina Njeri", reviewDay)
		if e := (*advisory.Error)(nil); !errors.As(err, &e) || e.Code != code {
			t.Errorf("%s: %v, want %s", document, err, code)
		}
	}
	if _, err := s.Review("en/rice-blast", "  ", reviewDay); err == nil {
		t.Error("nobody's approval was recorded")
	}
	if err := os.WriteFile(s.approvalsFile(), []byte("[{}]"), 0o644); err != nil {
		t.Fatal(err)
	}
	lib := s.Load()
	if len(lib.Broken) != 1 || reviewer(lib, "rice-blast", "en") != "" {
		t.Errorf("damaged approvals: told %v", lib.Broken)
	}
}

func TestUnreviewedListsFactsFromMemoryFirst(t *testing.T) {
	files := office()
	pen := "docs/en/goat-pen.md"
	files["docs/en/zinc.md"] = strings.NewReplacer("goat-pen", "zinc", "answer:", "claims:\n  - {claim: \"Goats like it dry\", recalled: true}\nanswer:").Replace(files[pen])
	dir := folder(t, "office", files)
	if _, err := Review(filepath.Join(dir, "docs", "sw", "goat-pen.md"), "Amina Njeri", reviewDay); err != nil {
		t.Fatal(err)
	}
	got, err := Unreviewed(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, w := range got {
		names = append(names, w.Document)
	}
	if want := []string{"docs/en/zinc.md", "docs/en/compost-making.md", pen}; !slices.Equal(names, want) {
		t.Errorf("waiting: %v, want %v", names, want)
	}
	if want := []string{"Goats like it dry"}; !slices.Equal(got[0].Recalled, want) {
		t.Errorf("from memory: %q, want %q", got[0].Recalled, want)
	}
}
