package content

import (
	"strings"
	"testing"
	"time"

	"jembe/advisory"
)

func TestDraftIsADocument(t *testing.T) {
	long := strings.Repeat("Pull up the sick plants and burn them far from the field. ", 20)
	for name, d := range map[string]Draft{
		"plain":    {Lang: "en", Question: "My cassava rots: what now?", Reply: "Pull up the sick plants. Burn them.", Topics: []string{"cassava", "cassava", "not an id"}},
		"yaml":     {Lang: "sw", Question: "- id: x # {muhogo} \"unaoza\"\n---\nsafi", Reply: "Ng'oa: mimea yote - 'leo'. # sio kesho"},
		"hindi":    {Lang: "hi", Question: "मक्का में कीड़े हैं, क्या करूँ?", Reply: "कीड़ों को हाथ से चुनें।"},
		"long":     {Lang: "fr", Question: strings.Repeat("pourquoi ", 60), Reply: long},
		"no point": {Lang: "am", Question: strings.Repeat("x", 300), Reply: strings.Repeat("word ", 100)},
	} {
		d.ID, d.ReviewBy = "reply-20261125-1", time.Date(2027, 11, 25, 0, 0, 0, 0, time.UTC)
		d.Source = advisory.Source{Name: "Regional office: reply to a farmer", URL: "https://hub.example/escalations/1", Year: 2026}
		raw, err := d.Markdown()
		if err != nil {
			t.Fatal(err)
		}
		doc, err := ParseDocument("docs/"+string(d.Lang)+"/"+d.ID+".md", raw)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, raw)
			continue
		}
		if doc.Questions[0] != strings.Join(strings.Fields(d.Question), " ") || doc.Status != advisory.Unreviewed || len(doc.Sections) != 1 ||
			!strings.HasPrefix(strings.Join(strings.Fields(d.Reply), " "), doc.Answer) || len([]rune(doc.Title)) > draftTitle {
			t.Errorf("%s: %+v", name, doc.Document)
		}
		if name == "long" && !strings.HasSuffix(doc.Answer, "field.") {
			t.Errorf("the answer breaks off in a sentence: %q", doc.Answer)
		}
	}
}
