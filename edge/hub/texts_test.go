package hub

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every text that pages and refusals name is there, in every language, and none that nobody names.
func TestTexts(t *testing.T) {
	used, prefixes := textsOfPages(t)
	for key := range textsOfCode(t) {
		used[key] = true
	}
	for _, c := range catalogues {
		for key := range used {
			if c.texts[key] == "" {
				t.Errorf("%s has no text %s", c.lang, key)
			}
		}
		for key := range c.texts {
			begins := func(p string) bool { return strings.HasPrefix(key, p) }
			if !used[strings.TrimSuffix(key, one)] && !slices.ContainsFunc(prefixes, begins) {
				t.Errorf("nobody names the text %s of %s", key, c.lang)
			}
		}
	}
	if got := texts("xx").say("ago_days", "n", 3); got != "3 days ago" {
		t.Error(got)
	}
	for n, want := range map[any]string{0: "boxes with an alarm", int64(1): "box with an alarm", "1": "box with an alarm", 2: "boxes with an alarm"} {
		if got := texts("en").say("front_alarms", "n", n); got != want {
			t.Errorf("%v: %s, want %s", n, got, want)
		}
	}
}

// textsOfPages gives the keys that templates name, and how those begin that templates put together.
func textsOfPages(t *testing.T) (used map[string]bool, prefixes []string) {
	t.Helper()
	used, prefixes = map[string]bool{}, []string{"name_", "span_"}
	whole, begun := regexp.MustCompile(`\(?\bt "([a-z0-9_]+)"`), regexp.MustCompile(`t \(print "([a-z_]+_)"`)
	pages, err := fs.Glob(officeFiles, "office/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	for _, name := range pages {
		data, err := officeFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range whole.FindAllStringSubmatch(string(data), -1) {
			used[m[1]] = true
		}
		for _, m := range begun.FindAllStringSubmatch(string(data), -1) {
			prefixes = append(prefixes, m[1])
		}
	}
	return used, prefixes
}

// textsOfCode gives the keys that the code names.
func textsOfCode(t *testing.T) map[string]bool {
	t.Helper()
	used := map[string]bool{}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	patterns := map[string]*regexp.Regexp{"refused_": regexp.MustCompile(`Refusal\("([a-z_]+)"\)`),
		"done_": regexp.MustCompile(`\.done\([^,]+, "([a-z_]+)"\)`), "": regexp.MustCompile(`(?:texts|c)\.say\("([a-z0-9_]+)"[,)]`)}
	for _, name := range sources {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for prefix, re := range patterns {
			for _, m := range re.FindAllStringSubmatch(string(data), -1) {
				if !strings.HasSuffix(name, "_test.go") {
					used[prefix+m[1]] = true
				}
			}
		}
	}
	for _, e := range menu {
		used[e.Name] = true
	}
	for _, role := range Roles() {
		used["role_"+string(role)], used["role_may_"+string(role)] = true, true
	}
	for _, d := range shown {
		used["by_"+d], used["col_"+d] = true, true
	}
	return used
}
