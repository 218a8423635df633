package browsertest

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Open starts Chromium and loads the farmer's page.
func Open(t testing.TB, address string) *Page {
	t.Helper()
	p := Start(t)
	p.Load(address)
	return p
}

// Load loads the farmer's page, as a person does who comes back to it.
func (p *Page) Load(address string) {
	p.t.Helper()
	p.do(chromedp.Navigate(address))
	p.Await("document.getElementById('talk-label').textContent !== ''")
}

// Ask types a question, sends it with Enter, and waits for the answer.
func (p *Page) Ask(text string) {
	p.t.Helper()
	p.Send(text)
	p.answered()
}

// Send types a question and sends it with Enter; the answer is yet to come.
func (p *Page) Send(text string) {
	p.t.Helper()
	p.arm()
	p.do(chromedp.SendKeys(chromedp.CSS("#text"), text+"\n"))
}

// Upload gives the page a recording as the phone's recorder does, and waits for the answer.
func (p *Page) Upload(path string) {
	p.t.Helper()
	p.arm()
	p.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}))
	p.answered()
}

// Talk presses the talk button, speaks for a while, presses it again, and waits for the answer.
func (p *Page) Talk(length time.Duration) {
	p.t.Helper()
	p.arm()
	p.Click("#talk")
	p.Await("document.getElementById('talk').classList.contains('on')")
	p.do(chromedp.Sleep(length))
	p.Click("#talk")
	p.answered()
}

// Choose takes a choice of the answer, counted from 1, and waits for what it leads to.
func (p *Page) Choose(n int) {
	p.t.Helper()
	p.arm()
	p.Click(fmt.Sprintf("#choices button:nth-child(%d)", n))
	p.answered()
}

// Tap takes the advice behind a tile of the menu, by its key, and waits for the answer.
func (p *Page) Tap(key string) {
	p.t.Helper()
	p.arm()
	p.Click(".tile:nth-child(" + key + ")")
	p.answered()
}

// arm clears what the sound element has told and marks what is shown, so that what comes next can be told from it.
func (p *Page) arm() {
	p.t.Helper()
	p.JS(`(() => {
		window.heard = [];
		window.told = [];
		const player = document.getElementById("player");
		if (!player.dataset.watched) {
			let loaded = false; // a piece that starves and goes on is heard once
			player.addEventListener("loadstart", () => { loaded = true; });
			player.addEventListener("playing", () => { if (loaded) window.heard.push(player.currentSrc); loaded = false; });
			for (const event of ["loadstart", "play", "playing", "waiting", "stalled", "pause", "ended", "error"]) {
				player.addEventListener(event, () => window.told.push(Math.round(performance.now()) + " ms " + event + " " + player.src));
			}
		}
		player.dataset.watched = "yes";
		for (const id of ["advice", "problem"]) document.getElementById(id).append(document.createElement("i"));
	})()`)
}

func (p *Page) answered() {
	p.t.Helper()
	p.Await("!(document.querySelector('#advice i') && document.querySelector('#problem i')) && document.getElementById('busy').hidden")
}

// AwaitSounds waits until n pieces of sound have played since the last question.
func (p *Page) AwaitSounds(n int) {
	p.t.Helper()
	if !p.comes(fmt.Sprintf("window.heard.length >= %d", n)) {
		p.t.Fatalf("%d pieces of sound have not played in %v; the sound element told:\n%s\nand the page shows:\n%s",
			n, patience, p.JS("window.told.join('\\n')"), p.JS("document.body.innerText"))
	}
}

// Language changes the language, and waits for its texts.
func (p *Page) Language(code string) {
	p.t.Helper()
	p.JS(`(() => {
		document.documentElement.lang = ""; // it may be the language before, too
		const l = document.getElementById("lang");
		l.value = "` + code + `";
		l.dispatchEvent(new Event("change"));
	})()`)
	p.Await("document.documentElement.lang === '" + code + "'")
}
