package edge

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	at "jembe/advisory/advisorytest"
	"jembe/edge/browsertest"
)

// unsureEars hear the question, and doubt the crop.
func unsureEars(c *Config) {
	c.Advisor.Transcriber = at.Ears{Transcript: advisory.Transcript{Text: armywormQuestion, Lang: "en", Farm: true, Doubtful: []string{"maize"}}}
}

func TestReadBackIsAnsweredByTickAndCross(t *testing.T) {
	p := browsertest.Open(t, "http://localhost:"+serve(t, newTestServer(t, unsureEars))+"/")
	wav := filepath.Join(t.TempDir(), "question.wav")
	if err := os.WriteFile(wav, tone(time.Second), 0o600); err != nil {
		t.Fatal(err)
	}
	if !p.Size(360, 740) {
		t.Error("wider than 360 pixels")
	}
	p.Upload(wav)
	if got := p.Text("advice"); !strings.Contains(got, armywormQuestion) {
		t.Errorf("read back: %q", got)
	}
	if small := p.JS(`[...document.querySelectorAll("#choices.confirm button")].filter((e) => e.offsetHeight < 120 || e.offsetWidth < 120 || !e.querySelector("svg")).length`); small != "0" {
		t.Errorf("%s small buttons", small)
	}
	if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
		p.Screenshot(filepath.Join(dir, "readback-360.png"))
	}
	p.AwaitSounds(1)
	p.Choose(2)
	if got := p.Text("advice"); got != advisory.Say("en", "unsure_misheard") || !p.Visible("person") {
		t.Errorf("after no: %q", got)
	}
	p.Upload(wav)
	p.Choose(1)
	if p.Text("about") != armyworm.Title || !p.Visible("rate") {
		t.Errorf("after yes: %q", p.Text("answer"))
	}
	p.Ask(unclearQuestion)
	if p.JS(`document.querySelectorAll("#choices.confirm").length`) != "0" {
		t.Error("other choices look like yes and no")
	}
}
