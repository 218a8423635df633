package hub

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/browsertest"
	"jembe/edge/wire"
)

// rainFor is a bulletin of the hub's next days.
func rainFor(h *Hub, days int, text string) Bulletin {
	now := h.now()
	return Bulletin{Bulletin: wire.Bulletin{Kind: wire.Weather, From: now - 1, Until: now + int64(days)*24*time.Hour.Milliseconds(),
		Texts: map[advisory.Lang]string{"en": text}}}
}

// told gives the texts that a box is told of, in their order.
func told(t *testing.T, h *Hub, device string) (out []string) {
	t.Helper()
	s, err := h.settingsOf(t.Context(), device)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range s.Bulletins {
		out = append(out, b.Texts["en"])
	}
	return out
}

// A language that no box has is refused with those there are; one that comes with a published pack is taken while that holds.
func TestBulletinsInALanguageThatBoxesHave(t *testing.T) {
	h := openHub(t, Config{Data: t.TempDir()})
	add := func() error {
		b := rainFor(h, 2, "Heavy rain is coming.")
		b.Texts["ha"] = "Ruwan sama mai karfi yana zuwa."
		_, err := h.AddBulletin(t.Context(), CommandLine(), b)
		return err
	}
	if err := add(); wire.AsError(err).Code != advisory.BadRequest || !strings.Contains(err.Error(), `no box has the language "ha"; there are ["en" "fr" "hi" "sw"]`) {
		t.Errorf("before its pack: %v", err)
	}
	dir := packFolder(t, "hausa", "1", "Keep it dry")
	if _, err := content.BeginLanguage(dir, "ha"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Publish(t.Context(), Publication{Pack: dir, By: "Amina"}); err != nil {
		t.Fatal(err)
	}
	if err := add(); err != nil {
		t.Errorf("after its pack: %v", err)
	}
}

// TestBulletinsGoWhereTheyBelong: to all boxes, to those of a place, to one; until they are over or taken back; on both databases.
func TestBulletinsGoWhereTheyBelong(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		clock := time.Now()
		h.clock = func() time.Time { return clock }
		join(t, h, "boxone", "Kibaoni")
		join(t, h, "boxtwo", "Mtakuja")
		for device, country := range map[string]string{"boxone": "KE", "boxtwo": "TZ"} {
			if err := h.SetBox(t.Context(), device, wire.Settings{Country: country}); err != nil {
				t.Fatal(err)
			}
		}
		add := func(b Bulletin) string {
			t.Helper()
			made, err := h.AddBulletin(t.Context(), CommandLine(), b)
			if err != nil {
				t.Fatal(err)
			}
			return made.ID
		}
		before, err := h.settingsOf(t.Context(), "boxone")
		if err != nil {
			t.Fatal(err)
		}
		everywhere := add(rainFor(h, 2, "Rain is coming."))
		kenya := rainFor(h, 5, "Kenya alone.")
		kenya.Where, kenya.Kind = []string{"KE"}, wire.Campaign
		add(kenya)
		one := rainFor(h, 5, "Mtakuja alone.")
		one.Boxes = []string{"boxtwo"}
		add(one)
		after, err := h.settingsOf(t.Context(), "boxone")
		if err != nil || after.Mark() == before.Mark() {
			t.Errorf("a bulletin does not change the mark: %q, %v", after.Mark(), err)
		}
		if got := told(t, h, "boxone"); !slices.Equal(got, []string{"Rain is coming.", "Kenya alone."}) {
			t.Errorf("the box in Kenya is told %q", got)
		}
		two := told(t, h, "boxtwo")
		slices.Sort(two)
		if !slices.Equal(two, []string{"Mtakuja alone.", "Rain is coming."}) {
			t.Errorf("the box in Tanzania is told %q", two)
		}
		clock = clock.Add(3 * 24 * time.Hour)
		if got := told(t, h, "boxtwo"); !slices.Equal(got, []string{"Mtakuja alone."}) {
			t.Errorf("after three days it is told %q", got)
		}
		if err := h.WithdrawBulletin(t.Context(), CommandLine(), everywhere); err != nil {
			t.Fatal(err)
		}
		if err := h.WithdrawBulletin(t.Context(), CommandLine(), everywhere); wire.AsError(err).Code != advisory.NotFound {
			t.Errorf("taken back twice: %v", err)
		}
		deeds, err := h.Staff().Audit(t.Context(), 0, 10)
		if err != nil || deeds[0].Action != "bulletin taken back" || deeds[0].Object != everywhere || deeds[1].Action != "bulletin published" {
			t.Errorf("the audit log holds %+v, %v", deeds, err)
		}
	})
}

// longText is a text of the most letters, each another.
func longText(seed int) string {
	r := rand.New(rand.NewPCG(uint64(seed), 1))
	var b strings.Builder
	for b.Len() < advisory.MaxNotice {
		b.WriteByte("aeiourstlnmk "[r.IntN(13)])
	}
	return b.String()
}

// What a box would get too much of is refused, with what to do; what comes later than the box is kept within a contact all the same.
func TestBulletinsStayWithinAContact(t *testing.T) {
	h := newTestHub(t, "")
	n := 0
	for ; ; n++ {
		_, err := h.AddBulletin(t.Context(), CommandLine(), rainFor(h, 2, longText(n)))
		if e := (*advisory.Error)(nil); errors.As(err, &e) && strings.Contains(e.Hint, "take one back") {
			break
		} else if err != nil || n > 50 {
			t.Fatal(n, err)
		}
	}
	s, err := h.settingsOf(t.Context(), "boxone")
	if bytes := wire.BulletinBytes(s.Bulletins); err != nil || len(s.Bulletins) != n || bytes > wire.MaxBulletins {
		t.Errorf("%d bulletins of %d, %d bytes, %v", len(s.Bulletins), n, bytes, err)
	}
	var all []Bulletin
	for i := range 40 {
		b := rainFor(h, 2, longText(i))
		b.ID = fmt.Sprintf("%08d", i)
		all = append(all, b)
	}
	if got := within(forBox(all, "boxone", wire.Settings{})); wire.BulletinBytes(got) > wire.MaxBulletins || len(got) == 0 {
		t.Errorf("of 40 a box would get %d, %d bytes; at most %d", len(got), wire.BulletinBytes(got), wire.MaxBulletins)
	}
	for why, b := range map[string]Bulletin{
		"over":         {Bulletin: wire.Bulletin{Kind: wire.Weather, From: 1, Until: 2, Texts: map[advisory.Lang]string{"en": "Rain."}}},
		"a chemical":   rainFor(h, 2, "Spray mancozeb today."),
		"for nobody":   {Bulletin: rainFor(h, 2, "Rain.").Bulletin, Boxes: []string{"nobox"}},
		"for too long": rainFor(h, 200, "Rain."),
	} {
		if made, err := h.AddBulletin(t.Context(), CommandLine(), b); err == nil {
			t.Errorf("%s was sent: %+v", why, made)
		}
	}
}

// An expert writes a bulletin in a browser: the one with a chemical comes back as it was filled in, with what to do.
func TestBulletinsInABrowser(t *testing.T) {
	o := newTestOffice(t)
	join(t, o.Hub, "boxone", "Kibaoni")
	if r := o.as(t, Analyst).get("/bulletins"); r.status != http.StatusForbidden {
		t.Errorf("an analyst sees bulletins: %d", r.status)
	}
	url := strings.Replace(o.url, "127.0.0.1", "localhost", 1)
	p := shots{t, browsertest.Start(t)}
	p.Visit(url + "/")
	p.signIn("expert")
	p.Visit(url + "/bulletins")
	last := time.Now().AddDate(0, 0, 3).Format(time.DateOnly)
	p.JS("document.getElementById('until').value = '" + last + "'")
	p.Fill("#text_en", "Spray mancozeb today.")
	p.Fill("#countries", "ke")
	p.Click("[value=arid]")
	p.Submit("form.narrow button.main")
	if got := p.Text("problem"); !strings.Contains(got, "publish a document") {
		t.Errorf("about a chemical the page says %q", got)
	}
	if p.JS("document.getElementById('until').value") != last || p.JS("document.querySelector('[value=arid]').checked") != "true" {
		t.Error("what was filled in is gone")
	}
	p.JS("document.getElementById('text_en').value = ''")
	p.Fill("#text_en", "Heavy rain is coming on Friday.")
	p.Fill("#text_sw", "Mvua kubwa inakuja Ijumaa.")
	p.both("bulletin-new")
	p.Submit("form.narrow button.main")
	if p.Text("done") == "" {
		t.Error("that it was sent is not told")
	}
	p.JS("scrollTo(0, document.body.scrollHeight)")
	p.both("bulletins")
	all, err := o.Bulletins(t.Context())
	if err != nil || len(all) != 1 || all[0].MadeBy != "expert" || !slices.Equal(all[0].Where, []string{"KE", "arid"}) || len(all[0].Texts) != 2 || dayOf(all[0].Until-1) != last {
		t.Fatalf("sent %+v, %v", all, err)
	}
	p.Submit("section button.danger")
	if all, err := o.Bulletins(t.Context()); err != nil || all[0].WithdrawnBy != "expert" || all[0].StateAt(o.now()) != "withdrawn" {
		t.Errorf("after taking it back: %+v, %v", all, err)
	}
}
