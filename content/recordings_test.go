package content

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
)

// officeFolder is the folder of a pack with one Hausa document, messages that double a translation, and no recordings yet.
func officeFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	messages := map[string]string{}
	for key, text := range advisory.Texts("en") {
		messages[key] = "Ha " + text
	}
	messages["lang_name"] = "Hausa"
	raw, err := json.Marshal(messages)
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "messages/ha.json", string(raw))
	put(t, dir, "docs/ha/maize-striga.md", `---
id: maize-striga
lang: ha
title: Kuduji a masara
kind: pest
crops: [maize]
sources:
  - {name: Office, url: "https://example.org", year: 2025}
status: unreviewed
questions: [Kuduji ya kama masara]
answer: Cire kuduji kafin ya yi fure. Kona shi.
---

## Abin da za a yi

Cire kuduji kafin ya yi fure.
`)
	return dir
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// officeLibrary is the library with that folder, whose messages are in use until the test ends.
func officeLibrary(t *testing.T, dir string) *Library {
	t.Helper()
	p, err := Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	lib := NewShelf(t.TempDir()).Load(p)
	advisory.UseCatalogs(lib.Messages)
	t.Cleanup(func() { advisory.UseCatalogs(nil) })
	return lib
}

func find(readings []Reading, key string) Reading {
	i := slices.IndexFunc(readings, func(r Reading) bool { return r.Key() == key })
	if i < 0 {
		return Reading{}
	}
	return readings[i]
}

func TestTextsOfALanguage(t *testing.T) {
	lib := officeLibrary(t, officeFolder(t))
	texts := Texts(lib, advisory.Contacts{{Kind: advisory.Officer, Name: "Malam Bello", Number: "123"}}, "ha")
	readings := Readings(texts, nil)
	for key, want := range map[string]string{
		"prompts/reviewed": "Ha Your office has reviewed this.", "prompts/ask_person-1": "Ha You can ask", "prompts/ask_person-2": "",
		"numbers/7": "7", "names/contact-officer": "Malam Bello", "titles/maize-striga": "Kuduji a masara",
		"answers/maize-striga": "Cire kuduji kafin ya yi fure. Kona shi.", "prompts/page_talk": "", "checks/maize-striga": "",
	} {
		if got := find(readings, key); got.Words != want || got.Words != "" && got.State != Unread {
			t.Errorf("%s is %q, %s; want %q", key, got.Words, got.State, want)
		}
	}
	last := 0
	for _, text := range texts {
		at := slices.Index(TextKinds(), text.Kind)
		if at < last {
			t.Fatalf("%s comes after another kind", text.Key())
		}
		last = at
	}
}

func TestARecordingBelongsToItsWords(t *testing.T) {
	dir := officeFolder(t)
	lib := officeLibrary(t, dir)
	text := find(Readings(Texts(lib, nil, "ha"), nil), "answers/maize-striga").Text
	takes := NewTakes(dir)
	before := takes.Revision()
	if err := takes.Keep(text, []byte("sound"), 2500*time.Millisecond, " Amina  Njeri ", time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	if takes.Revision() == before {
		t.Error("the revision stays as it was")
	}
	state := func() Reading {
		lib := officeLibrary(t, dir)
		return find(Readings(Texts(lib, nil, "ha"), lib.Recordings), "answers/maize-striga")
	}
	got := state()
	if got.State != Fresh || got.By != "Amina Njeri" || got.On != "2027-03-31" || got.Recording.Length != 2500*time.Millisecond {
		t.Fatalf("%+v", got)
	}
	if sound, err := got.Recording.Sound(); err != nil || string(sound) != "sound" {
		t.Errorf("%q %v", sound, err)
	}
	document := filepath.Join(dir, "docs/ha/maize-striga.md")
	raw, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	change := func(from, to string) {
		if err := os.WriteFile(document, []byte(strings.Replace(string(raw), from, to, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	change("answer: Cire kuduji kafin", "answer: cire  kuduji, kafin")
	if got := state(); got.State != Fresh {
		t.Errorf("other marks and spaces: %s", got.State)
	}
	change("yi fure. Kona", "yi 'ya'ya. Kona")
	if got := state(); got.State != Stale || got.Recording != nil || got.By != "Amina Njeri" {
		t.Errorf("other words: %+v", got)
	}
	_, warnings, err := Build(dir, filepath.Join(t.TempDir(), "office.tar.zst"), BuildOptions{Name: "office", Version: "1"})
	if err != nil || !strings.Contains(warnings.Error(), "has changed since Amina Njeri read it") {
		t.Errorf("a build says %v, %v", warnings, err)
	}
}

func TestPacksCarryVoiceAndMessages(t *testing.T) {
	dir, out := officeFolder(t), filepath.Join(t.TempDir(), "office.tar.zst")
	text := Text{Lang: "ha", Kind: NumberText, ID: "7", Words: "7"}
	if err := NewTakes(dir).Keep(text, []byte("sound"), time.Second, "Double", time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Build(dir, out, BuildOptions{Name: "office", Version: "1"}); err != nil {
		t.Fatal(err)
	}
	shelf := NewShelf(t.TempDir())
	if _, err := shelf.Install(out); err != nil {
		t.Fatal(err)
	}
	if err := shelf.Takes().Keep(text, []byte("own"), time.Second, "Own", time.Now()); err != nil {
		t.Fatal(err)
	}
	lib := shelf.Load()
	if len(lib.Broken) > 0 || lib.Messages["ha"]["lang_name"] != "Hausa" || len(lib.Recordings) != 2 {
		t.Fatalf("%v, %d messages, %d recordings", lib.Broken, len(lib.Messages["ha"]), len(lib.Recordings))
	}
	got := Readings([]Text{text}, lib.Recordings[:1])[0]
	if sound, err := got.Recording.Sound(); err != nil || string(sound) != "sound" {
		t.Errorf("of the pack: %q %v", sound, err)
	}
	got = Readings([]Text{text}, lib.Recordings)[0]
	if sound, err := got.Recording.Sound(); err != nil || string(sound) != "own" {
		t.Errorf("the box's own come last: %q %v", sound, err)
	}
}

func TestWhatABuildRefusesOfALanguage(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"a message too few":   {"messages/ha.json", `{"lang_name": "Hausa"}`, "has no text for reviewed"},
		"a lost slot":         {"messages/ha.json", `{"source": "Ofis."}`, "source: has the slots []"},
		"our own language":    {"messages/sw.json", `{}`, "the program has its own texts"},
		"sound without list":  {"recordings/ha/numbers/7.opus", "sound", "is in no list"},
		"list without sound":  {"recordings/ha/recordings.yaml", "- {text: numbers/7, sha256: " + strings.Repeat("a", 64) + ", by: A, date: 2027-01-01, seconds: 1}\n", "is not there"},
		"a path out of it":    {"recordings/ha/recordings.yaml", "- {text: numbers/../7, sha256: " + strings.Repeat("a", 64) + ", by: A, date: 2027-01-01, seconds: 1}\n", "must be KIND/ID"},
		"an endless one":      {"recordings/ha/recordings.yaml", "- {text: numbers/7, sha256: " + strings.Repeat("a", 64) + ", by: A, date: 2027-01-01, seconds: 1e9}\n", "not a length"},
		"nobody's":            {"recordings/ha/recordings.yaml", "- {text: numbers/7, sha256: " + strings.Repeat("a", 64) + ", date: 2027-01-01, seconds: 1}\n", "the field by of a recording is missing"},
		"no kind of text":     {"recordings/ha/songs/7.opus", "sound", "let jembe record write them"},
		"not in a language":   {"recordings/numbers/7.opus", "sound", "let jembe record write them"},
		"messages in a place": {"messages/ha/a.json", "{}", "is not at messages/LANG.json"},
	} {
		dir := officeFolder(t)
		put(t, dir, c.file, c.text)
		if _, _, err := Build(dir, filepath.Join(t.TempDir(), "o.tar.zst"), BuildOptions{Name: "office", Version: "1"}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestKeepWantsAName(t *testing.T) {
	for _, by := range []string{"", "  ", strings.Repeat("a", maxReviewer+1)} {
		if err := NewTakes(t.TempDir()).Keep(Text{Lang: "ha", Kind: NumberText, ID: "7", Words: "7"}, nil, time.Second, by, time.Now()); err == nil {
			t.Errorf("kept for %q", by)
		}
	}
}

func FuzzRecordings(f *testing.F) {
	f.Add([]byte("- {text: numbers/7, sha256: " + strings.Repeat("a", 64) + ", by: A, date: 2027-01-01, seconds: 1}\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		found, problems := parseRecordings("recordings/ha/recordings.yaml", raw)
		for _, r := range found {
			if problems == nil && roleOf(soundPath(r.Lang, r.Key)) != other {
				t.Errorf("%q has its sound at no place of a pack", r.Key)
			}
		}
	})
}

func TestBeginningALanguage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	files, err := BeginLanguage(dir, "ha")
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %v", files, err)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if c, err := advisory.ParseCatalog(raw); err != nil || len(c.Missing()) > 0 {
		t.Errorf("what is to be translated: %v, missing %v", err, c.Missing())
	}
	p, err := Folder(dir)
	if err != nil || !strings.Contains(Check(p).Error(), "are still the English ones") {
		t.Errorf("untranslated: %v, %v", Check(p), err)
	}
	for _, lang := range []advisory.Lang{"ha", "sw", "HA", "../x"} { // there already, our own, no codes
		if _, err := BeginLanguage(dir, lang); err == nil {
			t.Errorf("%s was begun", lang)
		}
	}
}

// Once there is a document, its way in the menu is there to be translated, and then to be read aloud.
func TestMenuOfALanguage(t *testing.T) {
	dir := officeFolder(t)
	if err := os.Rename(filepath.Join(dir, "docs/ha/maize-striga.md"), filepath.Join(dir, "docs/ha/striga-witchweed.md")); err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(dir, "docs/ha/striga-witchweed.md"), "id: maize-striga", "id: striga-witchweed")
	p, err := Folder(dir)
	if err != nil || !strings.Contains(Check(p).Error(), "1-1-3 striga-witchweed has no label in ha") {
		t.Errorf("without a menu: %v, %v", Check(p), err)
	}
	files, err := BeginLanguage(dir, "ha")
	if err != nil || len(files) != 1 || filepath.Base(files[0]) != menuName {
		t.Fatalf("%v %v", files, err)
	}
	edit(t, files[0], "{ha: sick maize}", "{ha: ciwon masara}")
	if p, err = Folder(dir); err != nil || strings.Contains(Check(p).Error(), "no label in ha") {
		t.Errorf("with one: %v, %v", Check(p), err)
	}
	readings := Readings(Texts(officeLibrary(t, dir), nil, "ha"), nil)
	for key, want := range map[string]string{"labels/1": "grain", "labels/1-1": "ciwon masara", "labels/1-1-3": "striga", "labels/2": ""} {
		if got := find(readings, key); got.Words != want {
			t.Errorf("%s is %q, want %q", key, got.Words, want)
		}
	}
}

// edit puts to in the place of from in a file that holds it.
func edit(t *testing.T, file, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(raw), from) {
		t.Fatalf("%s has no %q: %v", file, from, err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(raw), from, to, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}
