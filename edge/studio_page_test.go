package edge

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"jembe/edge/browsertest"
)

// An officer writes their name, reads a text into the microphone, hears it, keeps it, and comes to the next.
func TestRecorderInABrowser(t *testing.T) {
	d := &studioDouble{kept: map[string]string{}}
	p := browsertest.Open(t, "http://localhost:"+serve(t, newTestServer(t, func(c *Config) { c.Studio = d.studio() }))+"/")
	p.JS("{ location.href = '/record'; }")
	p.Await("location.pathname === '/record' && document.getElementById('words') && document.getElementById('words').textContent !== ''")
	if got := p.Text("words"); got != "Your office has reviewed this." {
		t.Errorf("to be read: %q", got)
	}
	p.Click("#record")
	p.Await("document.getElementById('record').classList.contains('on')")
	time.Sleep(500 * time.Millisecond) // the fake microphone beeps
	p.Click("#record")
	p.Await("!document.getElementById('made').hidden")
	p.Click("#keep")
	p.Await("!document.getElementById('problem').hidden") // nobody has said whose voice it is
	p.JS("document.getElementById('by').value = 'Amina Njeri'")
	p.Click("#keep")
	p.Await("document.getElementById('words').textContent === '7'")
	if !p.Size(360, 740) {
		t.Error("the page is wider than a cheap phone")
	}
	if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
		p.Screenshot(filepath.Join(dir, "recorder-360.png"))
	}
	if d.kept["prompts/reviewed"] != "Amina Njeri" {
		t.Errorf("kept %v", d.kept)
	}
}
