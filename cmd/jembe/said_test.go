package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jembe/advisory"
)

// sources gives the text of all files of a kind, those of tests left out.
func sources(t *testing.T, patterns ...string) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join("..", "..", pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

// What the page and the kiosk say is among the texts that can be read aloud and asked for as sound.
func TestWhatIsSaidCanBeRead(t *testing.T) {
	texts := advisory.Messages("en", "")
	for from, call := range map[string]*regexp.Regexp{
		sources(t, "edge/page/*.js"):   regexp.MustCompile(`(?:soundOf|sayAloud|consentTo|question)\("(\w+)"|showProblem\(.*, "(\w+)"\)|key: "(\w+)"|\["(\w+)", "\w+", \{`),
		sources(t, "voice/kiosk/*.go"): regexp.MustCompile(`(?:\.message|question|notUnderstood|messageIn)\((?:l\.Lang, )?"(\w*[a-z])"`),
	} {
		found := call.FindAllStringSubmatch(from, -1)
		if len(found) < 10 {
			t.Errorf("only %d texts are said: %v", len(found), found)
		}
		for _, names := range found {
			name := strings.Join(names[1:], "")
			_, ofPage := texts["page_"+name]
			_, whole := texts[name]
			if !(ofPage && advisory.Said("page_"+name) || whole && advisory.Said(name)) {
				t.Errorf("%s is said, and is not among what can be read aloud", name)
			}
		}
	}
}

// Of the page's texts none is asked of a reader that nobody hears.
func TestWhatCanBeReadIsSaid(t *testing.T) {
	byName := sources(t, "edge/page/*.js", "voice/kiosk/*.go")
	byKey := sources(t, "edge/*.go")
	whyNot := regexp.MustCompile(`^why_(\w+)$`)
	number := regexp.MustCompile(`\d$`)
	for name := range advisory.Messages("en", "page_") {
		if !advisory.Said("page_" + name) {
			continue
		}
		kind, _, _ := strings.Cut(name, "_")
		said := strings.Contains(byName, `"`+whyNot.ReplaceAllString(name, "$1")+`"`) ||
			strings.Contains(byKey, `"page_`+number.ReplaceAllString(name, "%d")+`"`) || strings.Contains(byKey, `"page_`+kind+`_"+`)
		if !said {
			t.Errorf("page_%s can be read aloud, and is said nowhere", name)
		}
	}
}

// What only an officer reads is no text for a reader.
func TestWhatOfficersReadIsNotSaid(t *testing.T) {
	for key := range advisory.Messages("en", "") {
		if (strings.HasPrefix(key, "setup_") || strings.HasPrefix(key, "word_") || strings.HasPrefix(key, "page_words") || strings.HasPrefix(key, "page_record")) && advisory.Said(key) {
			t.Errorf("%s is among what can be read aloud", key)
		}
	}
}
