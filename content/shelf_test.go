package content

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"jembe/advisory"
)

// pack builds a pack of one document that says the version.
func pack(t testing.TB, name, version string) string {
	t.Helper()
	return built(t, files{
		"manifest.json":           `{"name": "` + name + `", "version": "` + version + `"}`,
		"docs/en/" + name + ".md": plain(name, "en", "Version "+version+" of "+name),
	})
}

func install(t testing.TB, s *Shelf, archive string) {
	t.Helper()
	if _, err := s.Install(archive); err != nil {
		t.Fatal(err)
	}
}

// inUse gives the packs in use beside the starter.
func inUse(s *Shelf) []string { return s.Load().Packs[1:] }

// said gives the answer of an English document.
func said(lib *Library, id string) string {
	for _, d := range lib.Documents {
		if d.ID == id && d.Lang == "en" {
			return d.Pack + ": " + d.Answer
		}
	}
	return ""
}

// broken gives what is wrong beside the starter library, which has a test of its own.
func broken(lib *Library) []error {
	return slices.DeleteFunc(lib.Broken, func(err error) bool { return strings.Contains(err.Error(), "starter pack") })
}

func TestEmptyShelfIsTheStarter(t *testing.T) {
	data := t.TempDir()
	s := NewShelf(data)
	lib := s.Load()
	p, _ := Starter()
	if len(lib.Documents) != len(p.Documents) || len(lib.Documents) == 0 || !slices.Equal(lib.Packs, []string{p.Manifest.ID()}) {
		t.Errorf("%d documents of %v, the starter has %d", len(lib.Documents), lib.Packs, len(p.Documents))
	}
	if lib.Documents[0].Pack != p.Manifest.ID() {
		t.Errorf("a document is of the pack %q", lib.Documents[0].Pack)
	}
	if entries, err := os.ReadDir(data); err != nil || len(entries) > 0 {
		t.Errorf("loading wrote %v, %v", entries, err)
	}
	if err := s.Rollback(); err == nil {
		t.Error("a shelf without a set before was rolled back")
	}
}

func TestInstalledPacksReplaceAndAdd(t *testing.T) {
	s := NewShelf(t.TempDir())
	before := s.Load()
	install(t, s, built(t, office()))
	lib := s.Load()
	if errs := broken(lib); len(errs) > 0 {
		t.Fatal(errs)
	}
	if got := said(lib, "compost-making"); got != "office@1: Our own way" {
		t.Errorf("compost-making is still %q", got)
	}
	if got := len(lib.Documents) - len(before.Documents); got != 2 {
		t.Errorf("the pack of two new documents and a changed one added %d", got)
	}
	if got := len(lib.Concepts) - len(before.Concepts); got != 1 {
		t.Errorf("the pack of one concept added %d", got)
	}
	if lib.Fingerprint == before.Fingerprint || lib.Revision == before.Revision {
		t.Error("fingerprint or revision did not change")
	}
	if again := s.Load(); again.Fingerprint != lib.Fingerprint || again.Revision != lib.Revision {
		t.Error("fingerprint or revision changed by itself")
	}
}

func TestVersionsAndOrder(t *testing.T) {
	s := NewShelf(t.TempDir())
	one, two := pack(t, "office", "1"), pack(t, "office", "2")
	install(t, s, one)
	install(t, s, pack(t, "vets", "5"))
	install(t, s, two)
	if want := []string{"office@2", "vets@5"}; !slices.Equal(inUse(s), want) {
		t.Fatalf("in use are %v, want %v: a new version takes the place of the old", inUse(s), want)
	}
	for _, archive := range []string{two, one} { // installed already; older
		_, err := s.Install(archive)
		wantCode(t, err, advisory.BadRequest)
	}
	if err := s.Rollback(); err != nil {
		t.Fatal(err)
	}
	if want := []string{"office@1", "vets@5"}; !slices.Equal(inUse(s), want) {
		t.Fatalf("after the rollback %v are in use, want %v", inUse(s), want)
	}
	changed := built(t, files{"manifest.json": `{"name": "office", "version": "2"}`, "docs/en/office.md": plain("office", "en", "Not the same two")})
	_, err := s.Install(changed)
	wantCode(t, err, advisory.BadRequest)
	install(t, s, two) // what was rolled back may come again
	if want := []string{"office@2", "vets@5"}; !slices.Equal(inUse(s), want) {
		t.Fatalf("installed again, %v are in use, want %v", inUse(s), want)
	}
}

func TestInstalledStarterTakesThePlaceOfTheEmbedded(t *testing.T) {
	first, _ := Starter()
	s := NewShelf(t.TempDir())
	_, err := s.Install(pack(t, "starter", "1"))
	wantCode(t, err, advisory.BadRequest) // older than the program's
	install(t, s, pack(t, "office", "1"))
	install(t, s, pack(t, "starter", first.Manifest.Version+".1"))
	lib := s.Load()
	if want := []string{"starter@" + first.Manifest.Version + ".1", "office@1"}; !slices.Equal(lib.Packs, want) {
		t.Fatalf("in use are %v, want %v", lib.Packs, want)
	}
	list, err := s.List()
	if err != nil || len(list) != 3 || list[0].Active || !list[0].Embedded || !list[1].Active || !list[2].Active {
		t.Errorf("list %+v, %v", list, err)
	}
}

func TestList(t *testing.T) {
	s := NewShelf(t.TempDir())
	install(t, s, pack(t, "office", "1"))
	m, err := s.Install(built(t, office().with(files{"manifest.json": `{"name": "office", "version": "2"}`})))
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.List()
	if err != nil || len(list) != 3 || !list[0].Active || !list[0].Embedded {
		t.Fatalf("list %+v, %v", list, err)
	}
	want := Installed{Name: "office", Version: "2", Active: true, Documents: map[advisory.Lang]int{"en": 2, "sw": 1}, Bytes: m.Bytes()}
	if !reflect.DeepEqual(list[1], want) {
		t.Errorf("got %+v, want %+v", list[1], want)
	}
	if list[2].Version != "1" || list[2].Active {
		t.Errorf("the version before is %+v", list[2])
	}
}

func TestOnlyTwoSetsStayOnTheDisk(t *testing.T) {
	data := t.TempDir()
	s := NewShelf(data)
	left := filepath.Join(data, "packs", staging+"cut")
	if err := os.MkdirAll(left, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, v := range []string{"1", "2", "3"} {
		install(t, s, pack(t, "office", v))
	}
	var names []string
	entries, err := os.ReadDir(filepath.Join(data, "packs"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if want := []string{"lock", "office-2", "office-3", "set.json"}; !slices.Equal(names, want) {
		t.Errorf("on the disk are %v, want %v", names, want)
	}
}

func BenchmarkLoad(b *testing.B) {
	s := NewShelf(b.TempDir())
	install(b, s, built(b, office()))
	for b.Loop() {
		s.Load()
	}
}

func BenchmarkStarter(b *testing.B) {
	first, _ := Starter()
	b.ReportMetric(float64(len(first.Documents)), "documents")
	for b.Loop() {
		readStarter()
	}
}
