package hub

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every text that pages and refusals name is there, in every language, and none that nobody names.
func TestTexts(t *testing.T) {
	used := map[string]bool{}
	var prefixes []string
	collect := func(data string, re *regexp.Regexp) {
		for _, m := range re.FindAllStringSubmatch(data, -1) {
			used[m[1]] = true
		}
	}
	err := fs.WalkDir(officeFiles, "office", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".html" {
			return err
		}
		data, err := officeFiles.ReadFile(path)
		collect(string(data), regexp.MustCompile(`\(?\bt "([a-z0-9_]+)"`))
		for _, m := range regexp.MustCompile(`t \(print "([a-z_]+_)"`).FindAllStringSubmatch(string(data), -1) {
			prefixes = append(prefixes, m[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	refusal, done, say := regexp.MustCompile(`Refusal\("([a-z_]+)"\)`), regexp.MustCompile(`\.done\([^,]+, "([a-z_]+)"\)`), regexp.MustCompile(`\.say\("([a-z0-9_]+)"[,)]`)
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for prefix, re := range map[string]*regexp.Regexp{"refused_": refusal, "done_": done, "": say} {
			for _, m := range re.FindAllStringSubmatch(string(data), -1) {
				used[prefix+m[1]] = true
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
	prefixes = append(prefixes, "name_", "span_")
	for _, c := range catalogues {
		for key := range used {
			if c.texts[key] == "" {
				t.Errorf("%s has no text %s", c.lang, key)
			}
		}
		for key := range c.texts {
			named := used[key]
			for _, p := range prefixes {
				named = named || strings.HasPrefix(key, p)
			}
			if !named {
				t.Errorf("nobody names the text %s of %s", key, c.lang)
			}
		}
	}
	if got := texts("xx").say("ago_days", "n", 3); got != "3 days ago" {
		t.Error(got)
	}
}
