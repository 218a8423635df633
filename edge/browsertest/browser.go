// Package browsertest drives pages in a real Chromium, for tests: the farmer's page of the box, and any page by its address.
//
// It owns nothing but the browser that it starts, which ends with the test, and it knows the farmer's page only by its
// addresses and element ids.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// patience is how long a step may take on a busy machine.
const patience = time.Minute

// Page is a page, open in a browser of its own.
type Page struct {
	t   testing.TB
	ctx context.Context
}

// Start starts Chromium with an empty page. The name box.local leads to this machine, with any port: a plain-HTTP name as
// a phone on the box's Wi-Fi sees it. The microphone is a fake one that beeps. What the page's scripts throw, and what
// the browser forbids, fails the test.
func Start(t testing.TB) *Page {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(find(t)), chromedp.NoSandbox,
		chromedp.Flag("headless", "new"),
		chromedp.Flag("host-resolver-rules", "MAP box.local 127.0.0.1"),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("lang", "en"),
		chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("disable-audio-output", true), // sound plays at its pace, and waits for no device of the machine
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
	)
	allocator, endBrowser := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, endPage := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil { // starts the browser, for as long as ctx lasts
		t.Fatal(err)
	}
	watched := make(chan struct{})
	go watch(t, ctx, watched)
	t.Cleanup(func() {
		endPage()
		endBrowser()
		<-watched
	})
	p := &Page{t, ctx}
	p.prefer("prefers-reduced-motion", "reduce") // what moves under the pointer is missed
	return p
}

// Visit loads any page.
func (p *Page) Visit(address string) {
	p.t.Helper()
	p.do(chromedp.Navigate(address))
}

// Fill types a text into the field that a CSS selector finds.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	p.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Submit clicks what a CSS selector finds, and waits for the page that comes.
func (p *Page) Submit(selector string) {
	p.t.Helper()
	p.JS("window.stale = true")
	p.Click(selector)
	p.Await("window.stale === undefined && document.readyState === 'complete'")
}

// watch reads what the browser tells of the page until it ends.
func watch(t testing.TB, ctx context.Context, done chan<- struct{}) {
	defer close(done)
	for m, err := range chromedp.Console(ctx) {
		if err != nil {
			return
		}
		if m.Type == chromedp.ConsoleException || strings.Contains(m.Text, "Content Security Policy") {
			t.Errorf("the browser complains: %s", m.Text)
		}
	}
}

// find gives the browser's path. Without one the test is skipped, on a builder it fails.
func find(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("no Chromium: apt install chromium")
	}
	t.Skip("no Chromium, so the page is not tried in a browser: apt install chromium")
	return ""
}

func (p *Page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// JS gives the value of a JavaScript expression as Go prints it.
func (p *Page) JS(expression string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[any](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return fmt.Sprint(out)
}

// Await waits until a JavaScript expression is true.
func (p *Page) Await(expression string) {
	p.t.Helper()
	if !p.comes(expression) {
		p.t.Fatalf("waited %v for %s; the page shows:\n%s", patience, expression, p.JS("document.body.innerText"))
	}
}

// comes waits until a JavaScript expression is true, and reports whether it became so.
func (p *Page) comes(expression string) bool {
	p.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if p.JS("Boolean("+expression+")") == "true" {
			return true
		}
	}
	return false
}

// Text gives the text of an element, "" when it is hidden.
func (p *Page) Text(id string) string {
	p.t.Helper()
	return strings.TrimSpace(p.JS("document.getElementById('" + id + "').innerText"))
}

// Visible reports whether the element is shown.
func (p *Page) Visible(id string) bool {
	p.t.Helper()
	return p.JS("document.getElementById('"+id+"').offsetParent !== null") == "true"
}

// Click clicks what a CSS selector finds, scrolling to it as a person would.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(selector)))
}

// Press presses a key while nobody types.
func (p *Page) Press(key string) {
	p.t.Helper()
	p.JS("document.activeElement.blur()")
	p.do(chromedp.KeyEvent(key))
}

// Size gives the page the window of a device, in CSS pixels, and reports whether all of it fits the width.
func (p *Page) Size(width, height int64) (fits bool) {
	p.t.Helper()
	size := emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 700}
	if _, err := chromedp.Call(p.ctx, emulation.SetDeviceMetricsOverride, size); err != nil {
		p.t.Fatal(err)
	}
	return p.JS("document.documentElement.scrollWidth <= innerWidth") == "true"
}

// Dark turns to dark colours, as the phone's own setting does.
func (p *Page) Dark() {
	p.t.Helper()
	p.prefer("prefers-color-scheme", "dark")
}

// prefer sets a media feature.
func (p *Page) prefer(name, value string) {
	p.t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: value}}}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, media); err != nil {
		p.t.Fatal(err)
	}
}

// Screenshot writes the window as it looks now, a PNG file.
func (p *Page) Screenshot(path string) {
	p.t.Helper()
	p.do(chromedp.Sleep(300 * time.Millisecond)) // scrolling comes to rest
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(path, png, 0o600)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
