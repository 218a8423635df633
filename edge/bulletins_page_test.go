package edge

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/browsertest"
	"jembe/edge/hub"
	"jembe/edge/wire"
)

// announced has an expert write a bulletin on the office's page, in a browser, that holds for three more days.
func announced(t *testing.T, o *office, english, swahili string) {
	t.Helper()
	const password = "correct zebra staple hoe"
	if _, err := o.Staff().Add(t.Context(), hub.CommandLine(), "grace", []hub.Role{hub.Expert}, password); err != nil {
		t.Fatal(err)
	}
	url := strings.Replace(o.server.URL, "127.0.0.1", "localhost", 1)
	p := browsertest.Start(t)
	p.Visit(url + "/")
	p.Fill("#name", "grace")
	p.Fill("#password", password)
	p.Submit("main form button")
	p.Visit(url + "/bulletins")
	p.JS("document.getElementById('until').value = '" + time.Now().AddDate(0, 0, 3).Format(time.DateOnly) + "'")
	p.Fill("#text_en", english)
	p.Fill("#text_sw", swahili)
	p.Submit("form.narrow button.main")
	if p.Text("done") == "" {
		t.Fatalf("the office's page says %s", p.JS("document.body.innerText"))
	}
}

// sayable is a box's server on a Store whose steady clock a test turns; nothing vouches for its wall clock.
func sayable(t *testing.T, s *Store) (server *Server, passed *int64, synced *bool) {
	passed, synced = new(int64), new(bool)
	start := time.Now().UnixMilli()
	s.clock = func() moment { return moment{wall: start + *passed, mono: *passed, synced: *synced} }
	return newTestServer(t, func(c *Config) { c.Store = s; c.Advisor.Recorder = s }), passed, synced
}

// TestABulletinFromTheOfficeToTheFarmer follows one from the office's page over the network to the page of a box, which says it in its
// language, and no longer once its last day is over; and over a stick to another box, which says nothing while nothing tells it the time.
func TestABulletinFromTheOfficeToTheFarmer(t *testing.T) {
	const english, swahili = "Heavy rain is coming on Friday. Bring in what lies out to dry.", "Mvua kubwa inakuja Ijumaa."
	o := newOffice(t)
	near, nearLine := o.enrolled(t, 1)
	far, farLine := o.enrolled(t, 1)
	announced(t, o, english, swahili)

	server, passed, _ := sayable(t, near)
	contact := once(t, nearLine)
	p := browsertest.Open(t, "http://localhost:"+serve(t, server)+"/")
	p.Await("!document.getElementById('bulletins').hidden")
	if got := p.Text("bulletin-list"); got != english {
		t.Errorf("the page shows %q", got)
	}
	p.Click("#bulletin-list button")
	p.Await("document.getElementById('teller').src.includes('/v1/bulletins/') && document.getElementById('teller').src.endsWith('sound/2?lang=en')")
	p.JS("{ trail = [{ branches: [] }]; showMenu(); }") // the menu goes on, or tells this week
	if p.Visible("bulletins") {
		t.Error("the bulletins stand below the beginning of the menu too")
	}
	p.Language("sw")
	p.Await("document.getElementById('bulletin-list').innerText.includes('Ijumaa')")
	if !p.Size(360, 740) {
		t.Error("the page is wider than a cheap phone")
	}
	if dir := os.Getenv("JEMBE_SCREENSHOTS"); dir != "" {
		p.JS("document.getElementById('bulletins').scrollIntoView({ block: 'center' })")
		p.Screenshot(filepath.Join(dir, "bulletin-farmer-360.png"))
	}
	t.Logf("the contact that brought it took %d bytes", contact.Bytes)
	if contact.Bytes > 5<<10 {
		t.Errorf("the contact that brought it took %d bytes", contact.Bytes)
	}
	*passed += 5 * 24 * hour
	p.JS("{ window.spoken = 0; document.getElementById('teller').addEventListener('playing', () => { window.spoken++; }); }")
	p.Click("#bulletin-list button") // the page still shows it
	p.Await("document.getElementById('bulletins').hidden")
	if p.JS("window.spoken") != "0" {
		t.Error("it is said after its last day")
	}

	stick := t.TempDir()
	server, passed, synced := sayable(t, far)
	put(t, farLine, stick)
	carry(t, o, stick, 1, 1)
	put(t, farLine, stick)
	says := func() int {
		all, err := server.bulletins(t.Context(), "sw")
		must(t, err)
		return len(all)
	}
	if n := says(); n != 0 {
		t.Errorf("a box that a stick alone reaches, and no clock, says %d bulletins", n)
	}
	*synced = true
	if n := says(); n != 1 {
		t.Errorf("with the time it says %d bulletins", n)
	}
	*passed += 5 * 24 * hour
	if n := says(); n != 0 {
		t.Errorf("after its last day it says %d", n)
	}
	if office, err := far.Office(t.Context()); err != nil || len(office.Bulletins) != 1 || office.Bulletins[0].Texts[advisory.Lang("sw")] != swahili {
		t.Errorf("the stick brought %+v, %v", office.Bulletins, err)
	}
}

// All that bulletins may take adds little to a contact: without anything it costs 4.3 KB with TLS, and is to stay within 5 KB.
func TestWhatBulletinsAddToAContact(t *testing.T) {
	o := newOffice(t)
	_, y := o.enrolled(t, 0)
	once(t, y)
	without := once(t, y).Bytes
	now, n := time.Now().UnixMilli(), 0
	for ; n < 50; n++ {
		b := hub.Bulletin{Bulletin: wire.Bulletin{Kind: wire.Prices, From: now - hour, Until: now + hour, Texts: map[advisory.Lang]string{
			"en": fmt.Sprintf("Maize is at %d shillings a bag in Kitale. Beans are at %d.", 3000+37*n, 9000-71*n),
			"sw": fmt.Sprintf("Mahindi ni shilingi %d kwa gunia Kitale. Maharage ni %d.", 3000+37*n, 9000-71*n),
		}}}
		if _, err := o.AddBulletin(t.Context(), hub.CommandLine(), b); wire.AsError(err).Code == advisory.BadRequest {
			break
		} else {
			must(t, err)
		}
	}
	with := once(t, y).Bytes
	t.Logf("%d bulletins in two languages; a contact without took %d bytes, the one that brought them %d", n, without, with)
	if n < 2 || with-without > 800 {
		t.Errorf("%d bulletins add %d bytes", n, with-without)
	}
}
