package hub

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// pageSet is the templates of one language by name: boxes.html is "boxes".
type pageSet map[string]*template.Template

// page is what a template is given.
type page struct {
	Lang    string
	User    User
	Here    string // path, to mark the place in the menu
	Held    bool   // there is something to be done before anything else
	Problem string
	Done    string
	Data    any
}

// menuLine is a line of the menu.
type menuLine struct {
	Name, Address string
	need          Permission
	Here          bool // its page is shown
}

var menu = []menuLine{
	{Name: "boxes", Address: "/boxes", need: SeeBoxes},
	{Name: "asked", Address: "/asked", need: SeeFigures},
	{Name: "words", Address: "/asked/words", need: SeeWords},
	{Name: "escalations", Address: "/escalations", need: SeeEscalations},
	{Name: "drafts", Address: "/drafts", need: WriteDrafts},
	{Name: "content", Address: "/content", need: PublishContent},
	{Name: "local_words", Address: "/local-words", need: PublishContent},
	{Name: "bulletins", Address: "/bulletins", need: Announce},
	{Name: "users", Address: "/users", need: ManageUsers},
	{Name: "audit", Address: "/audit", need: SeeAudit},
}

// Menu is what the visitor may go to.
func (p page) Menu() []menuLine {
	var out []menuLine
	for _, e := range menu {
		if e.Here = e.Address == p.Here; p.May(e.need) && !p.Held {
			out = append(out, e)
		}
	}
	return out
}

// May reports whether the visitor may do something; templates show nothing that would be refused.
func (p page) May(what Permission) bool { return p.User.May(what) }

// loadPages reads the templates, which are part of the program.
func loadPages() map[string]pageSet {
	files, err := officeFiles.ReadDir("office")
	if err != nil {
		panic(err)
	}
	out := map[string]pageSet{}
	for _, c := range catalogues {
		set := pageSet{}
		for _, f := range files {
			name, isPage := strings.CutSuffix(f.Name(), ".html")
			if isPage && name != "layout" {
				set[name] = template.Must(template.New("layout.html").Funcs(functions(c)).ParseFS(officeFiles, "office/layout.html", path.Join("office", f.Name())))
			}
		}
		out[c.lang] = set
	}
	return out
}

// functions are what templates may call, in the language of the catalogue.
func functions(c catalogue) template.FuncMap {
	return template.FuncMap{
		"t":      c.say,
		"number": number,
		"add":    func(a, b int) int { return a + b },
		"date":   func(ms int64) string { return time.UnixMilli(ms).Format("2006-01-02 15:04") },
		"ago":    func(ms int64) string { return ago(c, time.Since(time.UnixMilli(ms))) },
		"name":   c.name,
		"rule":   func(w shownWord, ruling string) any { return map[string]any{"Word": w, "Ruling": ruling} },
	}
}

// name says a value of the record (a language, an outcome) in words, or gives it as it is.
func (c catalogue) name(kind, value string) string {
	if value == "" {
		return c.say("name_none")
	}
	if key := "name_" + kind + "_" + value; c.has(key) {
		return c.say(key)
	}
	return value
}

// number groups the digits: 12 345.
func number(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// ago says how long ago something was, as exactly as people want to know.
func ago(c catalogue, d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return c.say("ago_now")
	case d < 2*time.Hour:
		return c.say("ago_minutes", "n", int(d.Minutes()))
	case d < 48*time.Hour:
		return c.say("ago_hours", "n", int(d.Hours()))
	}
	return c.say("ago_days", "n", int(d.Hours()/24))
}

// show writes a page, whole or not at all.
func (o *office) show(v *visit, name string, data any) error {
	p := page{Lang: v.texts.lang, User: v.user, Here: v.Request().URL.Path, Held: v.user.OneTime || v.factorFirst, Problem: v.problem, Data: data}
	if done := "done_" + v.QueryParam("done"); v.texts.has(done) && v.problem == "" {
		p.Done = v.texts.say(done)
	}
	var b bytes.Buffer
	if err := o.pages[v.texts.lang][name].Execute(&b, p); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	return v.HTMLBlob(max(v.status, http.StatusOK), b.Bytes())
}
