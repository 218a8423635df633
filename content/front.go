package content

import (
	"net/url"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"jembe/advisory"
)

var (
	frontFields  = []string{"id", "lang", "title", "kind", "crops", "animals", "topics", "zones", "sources", "status", "review_by", "questions", "answer", "simple", "check", "calendar", "claims"}
	frontNeeded  = []string{"id", "lang", "title", "sources", "status", "answer"}
	sourceFields = []string{"name", "url", "year"}
)

// front reads the front matter into the document.
func (f *fields) front(d *Document, root *yaml.Node) {
	values, order := f.mapping(root, "the front matter", frontFields...)
	for i := 0; i+1 < len(root.Content); i += 2 {
		d.lines[root.Content[i].Value] = root.Content[i].Line
	}
	f.need(root, values, "", frontNeeded...)
	for i, name := range frontNeeded[:2] {
		if values["id"] != nil && values["lang"] != nil && order[i] != name {
			f.fail(d.lines[name], "the fields id and lang must come first, in this order")
			break
		}
	}
	for _, name := range order {
		f.field(d, name, values[name])
	}
	if n := values["claims"]; n != nil { // after the sources, which they count
		d.Claims = f.claims(n, len(d.Sources))
	}
}

// need tells which of the fields are missing.
func (f *fields) need(at *yaml.Node, values map[string]*yaml.Node, of string, names ...string) {
	for _, name := range names {
		if values[name] == nil {
			f.fail(at.Line, "the field %s%s is missing", name, of)
		}
	}
}

func (f *fields) field(d *Document, name string, n *yaml.Node) {
	switch name {
	case "id":
		d.ID = f.id(n, name)
	case "lang":
		d.Lang = advisory.Lang(f.lang(n, name))
	case "title":
		d.Title = f.text(n, name)
	case "kind":
		d.Kind = f.oneOf(n, name, kinds...)
	case "crops":
		d.Crops = f.ids(n, name)
	case "animals":
		d.Animals = f.ids(n, name)
	case "topics":
		d.Topics = f.ids(n, name)
	case "zones":
		d.Zones = f.zones(n)
	case "sources":
		d.Sources = f.sources(n)
	case "status":
		d.Status = advisory.Status(f.oneOf(n, name, string(advisory.Unreviewed), string(advisory.Reviewed)))
	case "review_by":
		d.ReviewBy = f.date(n, name)
	case "questions":
		if d.Questions = f.texts(n, name); n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
			f.fail(n.Line, "questions is empty: write ways in which a farmer would ask")
		}
	case "answer":
		d.Answer = f.text(n, name)
		if words := len(strings.Fields(d.Answer)); words > maxAnswer {
			f.fail(n.Line, "the answer has %d words, but at most %d can be taken in when heard once", words, maxAnswer)
		}
	case "simple":
		d.Simple = f.text(n, name)
		if words := len(strings.Fields(d.Simple)); words > maxSimple {
			f.fail(n.Line, "the simple text has %d words; say the one thing to do, and what must never be done, in at most %d", words, maxSimple)
		}
	case "check":
		d.Check = f.text(n, name)
		if words := len(strings.Fields(d.Check)); words > maxCheck {
			f.fail(n.Line, "the check has %d words; say the one check in at most %d", words, maxCheck)
		}
	case "calendar":
		for _, item := range f.list(n, name) {
			d.Calendar = append(d.Calendar, f.season(item))
		}
	}
}

func (f *fields) sources(n *yaml.Node) []advisory.Source {
	var out []advisory.Source
	items := f.list(n, "sources")
	if n.Kind == yaml.SequenceNode && len(items) == 0 {
		f.fail(n.Line, "sources is empty: every document names who says so, with name, url and year")
	}
	for _, item := range items {
		values, _ := f.mapping(item, "a source", sourceFields...)
		if item.Kind == yaml.MappingNode {
			f.need(item, values, " of a source", sourceFields...)
		}
		var s advisory.Source
		if v := values["name"]; v != nil {
			s.Name = f.text(v, "the name of a source")
		}
		if v := values["url"]; v != nil {
			s.URL = f.webAddress(v)
		}
		if v := values["year"]; v != nil {
			s.Year = f.number(v, "the year of a source", 1900, 2100)
		}
		out = append(out, s)
	}
	return out
}

func (f *fields) webAddress(n *yaml.Node) string {
	s := strings.TrimSpace(n.Value)
	u, err := url.Parse(s)
	if n.Kind != yaml.ScalarNode || err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.ContainsAny(s, " \t\n") {
		f.fail(n.Line, "the url %q of a source is not a web address that begins with https:// or http://", s)
		return ""
	}
	return s
}

var country = regexp.MustCompile(`^[A-Z]{2}$`)

// zone checks the shape of a place; two letters always mean a country.
func (f *fields) zone(n *yaml.Node) string {
	s := f.text(n, "a zone")
	if s != "" && !country.MatchString(s) && (len(s) < 3 || !kebab.MatchString(s)) {
		f.fail(n.Line, "the zone %q is neither a country code such as KE nor a zone such as semi-arid", s)
		return ""
	}
	return s
}

func (f *fields) zones(n *yaml.Node) []string {
	var out []string
	for _, item := range f.list(n, "zones") {
		if z := f.zone(item); z != "" {
			out = append(out, z)
		}
	}
	return out
}

// claims reads where the facts stand; sources is how many sources there are to point at.
func (f *fields) claims(n *yaml.Node, sources int) []Claim {
	var out []Claim
	for _, item := range f.list(n, "claims") {
		out = append(out, f.claim(item, sources))
	}
	return out
}

func (f *fields) claim(n *yaml.Node, sources int) Claim {
	var c Claim
	values, _ := f.mapping(n, "a claim", "claim", "source", "section", "opened", "recalled")
	if n.Kind != yaml.MappingNode {
		return c
	}
	f.need(n, values, " of a claim", "claim")
	if v := values["claim"]; v != nil {
		c.Claim = f.words(v, "claim")
	}
	if v := values["recalled"]; v != nil {
		c.Recalled = f.oneOf(v, "recalled", "true") == "true"
	}
	if c.Recalled {
		if values["source"] != nil || values["opened"] != nil || values["section"] != nil {
			f.fail(n.Line, "a claim is either recalled or has a source, a section and the day on which it was opened")
		}
		return c
	}
	f.need(n, values, " of a claim that is not recalled", "source", "opened")
	if v := values["source"]; v != nil {
		c.Source = f.number(v, "the source of a claim", 1, max(1, sources)) // that there is none is told already
	}
	if v := values["section"]; v != nil {
		c.Section = f.words(v, "section")
	}
	if v := values["opened"]; v != nil {
		c.Opened = f.date(v, "opened")
	}
	return c
}
