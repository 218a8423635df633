package edge

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"jembe/edge/browsertest"
)

// A farmer says no to nothing by silence: each consent is asked for, aloud; then come code and picture, and by them the reply.
func TestPageOfAskingForAPerson(t *testing.T) {
	v := newVillage(t)
	p := browsertest.Open(t, "http://localhost:"+serve(t, v.Server)+"/")
	p.Await("enrolled")
	p.Ask(armywormQuestion)
	p.Click("#person")
	p.Await("!document.getElementById('consent').hidden")
	p.Await("document.getElementById('teller').getAttribute('src').includes('consent_words')")
	if p.JS("document.activeElement.id") != "no" {
		t.Errorf("no is not what stands first: %s", p.JS("document.activeElement.id"))
	}
	p.Click("#no")
	p.Await("!document.getElementById('noted').textContent.includes('sealed') && document.getElementById('noted').textContent !== ''")
	if p.Visible("ticket") {
		t.Error("a ticket without consent")
	}
	p.Ask(armywormQuestion)
	p.Click("#person")
	p.Await("!document.getElementById('consent').hidden")
	p.Click("#yes")
	p.Await("!document.getElementById('ticket').hidden && document.getElementById('ticket-picture').complete")
	code, picture := p.Text("ticket-code"), p.JS("document.getElementById('ticket-picture').src.match(/picture-(.)/)[1]")
	if !p.Size(360, 640) {
		t.Error("the page is wider than a small phone")
	}
	if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
		p.Screenshot(filepath.Join(dir, "ticket-360.png"))
	}
	once(t, v.syncer)
	v.replyTo(t, v.waiting(t).ID, "Fence the plot.", nil)
	once(t, v.syncer)
	p.Click("#new")
	p.Await("document.getElementById('ticket').hidden && document.getElementById('ticket-code').textContent === ''")
	p.JS("document.getElementById('come-back').open = true; document.getElementById('code').value = " + strconv.Quote(code))
	p.Click("#pictures button:nth-child(" + picture + ")")
	p.Await("document.getElementById('reply-text').textContent.includes('Fence the plot.')")
	if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
		p.Screenshot(filepath.Join(dir, "reply-360.png"))
	}
	p.Click("#take-back")
	p.Await("document.getElementById('reply-text').textContent.includes('erased')")
	p.Click("#new")
	p.Await("document.getElementById('reply').hidden && document.getElementById('code').value === ''")
}
