package edge

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jembe/edge/browsertest"
)

// An officer writes what people here say, looks for what it is, taps it, saves, sees the word in the list, and takes it away again.
func TestLocalWordsInABrowser(t *testing.T) {
	s := wordServer(t)
	p := browsertest.Open(t, "http://localhost:"+serve(t, s)+"/")
	p.JS("{ location.href = '/words'; }")
	p.Await("location.pathname === '/words' && document.getElementById('empty') && document.getElementById('empty').textContent !== '' && !document.getElementById('empty').hidden")
	p.Fill("#name", "Mchokoo wa shambani")
	p.Click("#save")
	p.Await("!document.getElementById('problem').hidden") // nobody has said what it means
	p.Fill("#find", "mai")
	p.Await("document.querySelector('#found button[data-concept=maize]')")
	p.Click("#found button[data-concept=maize]")
	p.Await("document.getElementById('means').textContent.includes('maize')")
	if !p.Size(360, 740) {
		t.Error("the page is wider than a cheap phone")
	}
	shoot(p, "words-choose-360.png")
	p.Click("#save")
	p.Await("document.querySelector('#words li')")
	if got := p.JS("document.querySelector('#words li b').textContent"); got != `"Mchokoo wa shambani"` && got != "Mchokoo wa shambani" {
		t.Errorf("in the list: %s", got)
	}
	p.JS("document.getElementById('words').scrollIntoView()")
	shoot(p, "words-list-360.png")
	p.Fill("#name", "armyworm")
	p.Fill("#find", "tomato")
	p.Await("document.querySelector('#found button[data-concept=tomato]')")
	p.Click("#found button[data-concept=tomato]")
	p.Click("#save")
	p.Await("!document.getElementById('problem').hidden")
	if got := p.Text("problem"); !strings.Contains(got, "armyworm") {
		t.Errorf("a name that is taken: %q", got)
	}
	shoot(p, "words-taken-360.png")
	p.Click("#words li button")
	p.Await("!document.getElementById('empty').hidden")
	words, err := s.Store.LocalWords(t.Context(), nil)
	if err != nil || len(words) != 0 {
		t.Errorf("kept %v, %v", words, err)
	}
}

func shoot(p *browsertest.Page, name string) {
	if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
		p.Screenshot(filepath.Join(dir, name))
	}
}
