package edge

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jembe/advisory"
	"jembe/edge/sqlite"
	"jembe/edge/wire"
)

const hour = int64(time.Hour / time.Millisecond)

// rain is a bulletin in two languages.
func rain(id string, from, until int64, where ...string) wire.Bulletin {
	return wire.Bulletin{ID: id, Kind: wire.Weather, Where: where, From: from, Until: until, Texts: map[advisory.Lang]string{
		"en": "Heavy rain is coming on Friday. Bring in what lies out to dry.", "sw": "Mvua kubwa inakuja Ijumaa. Ingizeni mazao yaliyoanikwa nje.",
	}}
}

// fatal is what testing.T and rapid.T have in common.
type fatal interface {
	Helper()
	Fatal(...any)
	Context() context.Context
}

func must(t fatal, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// clockLab is a box whose clocks a test turns, beside the true time.
type clockLab struct {
	*Store
	true, mono int64
	wall       int64 // less the true time: how far the box's clock is off
	synced     bool
	kept       bool // the board has a clock that runs without power
	vouched    bool // there was a contact in this start of the machine
}

// newClockLab makes a box at a time. The caller closes its Store.
func newClockLab(dir string, at int64) *clockLab {
	l := &clockLab{Store: unopened(dir), true: at}
	l.Store.clock = func() moment { return moment{wall: l.true + l.wall, mono: l.mono, synced: l.synced, kept: l.kept} }
	return l
}

// pass lets time go by.
func (l *clockLab) pass(ms int64) { l.true, l.mono = l.true+ms, l.mono+ms }

// restart starts the machine again: its steady clock begins anew, and no contact is of this start any more.
func (l *clockLab) restart(t fatal) {
	l.mono, l.synced, l.vouched = 0, false, false
	must(t, l.with(t.Context(), func(db *sqlite.DB) error {
		_, err := db.Write.ExecContext(t.Context(), `UPDATE line SET vouched_boot = vouched_boot || '-before'`)
		return err
	}))
}

// contact takes in what the hub says: over the network at once, by a stick as it was some time ago.
func (l *clockLab) contact(t fatal, said wire.Settings, ago int64, online bool) {
	r := wire.Reply{Time: l.true - ago}
	asked := place{}
	if online {
		asked = place{"e", 1}
	}
	must(t, l.confirm(t.Context(), asked, r))
	if online {
		must(t, l.vouch(t.Context(), r.Time, l.mono))
		l.vouched = true
	}
	must(t, l.SaveOffice(t.Context(), said, r.Time, online))
}

// A clock that was behind at the last contact, and has been set right since, brings nothing before its time after a restart.
func TestAClockThatWasSetRightSaysNothingEarly(t *testing.T) {
	l := newClockLab(t.TempDir(), time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC).UnixMilli())
	t.Cleanup(func() { l.Close() })
	l.kept, l.wall = true, -4*hour
	l.contact(t, wire.Settings{Bulletins: []wire.Bulletin{rain("aaaaaaaa", l.true+hour, l.true+200*hour)}}, 0, true)
	l.wall = 0
	l.restart(t)
	for _, want := range []int{0, 1} {
		if got, err := l.Bulletins(t.Context(), advisory.Place{}); err != nil || len(got) != want {
			t.Errorf("%d are said, want %d: %v", len(got), want, err)
		}
		l.pass(2 * hour)
	}
}

// TestNothingOutOfDateIsSaid turns the clocks of a box about, between 1970 and 2099, and starts it again and again: a bulletin is said
// only in its time, and while the hub's time is known always then.
func TestNothingOutOfDateIsSaid(t *testing.T) {
	said := 0
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "clock-*")
		must(t, err)
		defer os.RemoveAll(dir)
		l := newClockLab(dir, time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC).UnixMilli())
		defer l.Close()
		var settings wire.Settings
		anyWall := func() int64 {
			return rapid.Int64Range(0, time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC).UnixMilli()).Draw(t, "clock") - l.true
		}
		l.kept = rapid.Bool().Draw(t, "has a clock that runs without power")
		t.Repeat(map[string]func(*rapid.T){
			"office": func(t *rapid.T) {
				from := l.true + rapid.Int64Range(-100, 100).Draw(t, "from")*hour
				settings.Bulletins = []wire.Bulletin{rain("aaaaaaaa", from, from+rapid.Int64Range(1, 300).Draw(t, "hours")*hour)}
			},
			"contact": func(t *rapid.T) { l.contact(t, settings, 0, true) },
			"stick":   func(t *rapid.T) { l.contact(t, settings, rapid.Int64Range(0, 400).Draw(t, "hours old")*hour, false) },
			"pass":    func(t *rapid.T) { l.pass(rapid.Int64Range(0, 400).Draw(t, "hours") * hour) },
			"event":   func(t *rapid.T) { must(t, l.Record(t.Context(), question("a"))) },
			"restart": func(t *rapid.T) {
				l.restart(t)
				switch {
				case !l.kept: // it goes on where it stood, or from anywhere
					l.wall = rapid.OneOf(rapid.Just(l.wall-rapid.Int64Range(0, 400).Draw(t, "hours off")*hour), rapid.Custom(func(*rapid.T) int64 { return anyWall() })).Draw(t, "clock")
				case rapid.IntRange(0, 3).Draw(t, "battery") == 0: // the clock's battery is empty
					l.wall = rapid.Int64Range(0, 1<<40).Draw(t, "since 1970") - l.true
				}
			},
			"jump": func(t *rapid.T) {
				if !l.kept {
					l.wall, l.synced = anyWall(), false
				}
			},
			"behind": func(t *rapid.T) { // a clock that is wrong, as the contact shows
				l.wall, l.synced = -rapid.Int64Range(0, 50).Draw(t, "hours slow")*hour, false
				l.contact(t, settings, 0, true)
			},
			"network time": func(*rapid.T) { l.wall, l.synced = 0, true },
			"": func(t *rapid.T) {
				got, err := l.Bulletins(t.Context(), advisory.Place{})
				must(t, err)
				for _, b := range got {
					said++
					if !b.InForce(l.true) {
						t.Fatalf("said %d h after its time, or %d h before", (l.true-b.Until)/hour, (b.From-l.true)/hour)
					}
				}
				office, err := l.Office(t.Context())
				must(t, err)
				if (l.vouched || l.synced) && len(office.Bulletins) == 1 && office.Bulletins[0].InForce(l.true) && len(got) == 0 {
					t.Fatal("nothing is said though the time is known")
				}
			},
		})
	})
	if said == 0 {
		t.Error("nothing was ever said")
	}
	t.Logf("said %d times", said)
}

// What an unknown clock, an unknown place or a hub with other rules leaves unsaid.
func TestWhatIsSaid(t *testing.T) {
	now := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	l := newClockLab(t.TempDir(), now)
	defer l.Close()
	long := rain("eeeeeeee", now-hour, now+hour)
	long.Texts = map[advisory.Lang]string{"en": "Spray endosulfan today."}
	odd := rain("ffffffff", now-hour, now+hour)
	odd.Kind = "lottery" // of a newer hub
	all := []wire.Bulletin{
		rain("aaaaaaaa", now-hour, now+hour), rain("bbbbbbbb", now+hour, now+2*hour), rain("cccccccc", now-2*hour, now),
		rain("dddddddd", now-hour, now+hour, "TZ"), long, odd,
	}
	ids := func(place advisory.Place) (out []string) {
		got, err := l.Bulletins(t.Context(), place)
		must(t, err)
		for _, b := range got {
			out = append(out, b.ID)
		}
		return out
	}
	l.contact(t, wire.Settings{Bulletins: all}, 0, false)
	if got := ids(advisory.Place{}); got != nil {
		t.Errorf("with a clock that nothing vouches for %v are said", got)
	}
	l.contact(t, wire.Settings{Bulletins: all}, 0, true)
	if got := ids(advisory.Place{Country: "KE"}); !slices.Equal(got, []string{"aaaaaaaa"}) {
		t.Errorf("in Kenya %v are said", got)
	}
	if got := ids(advisory.Place{Country: "TZ", Zone: "arid"}); !slices.Equal(got, []string{"aaaaaaaa", "dddddddd"}) {
		t.Errorf("in Tanzania %v are said", got)
	}
}

// A board's own clock that was three hours slow at the last contact is put forward by as much, so that nothing is said after its time.
func TestASlowClockIsPutForward(t *testing.T) {
	now := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	l := newClockLab(t.TempDir(), now)
	defer l.Close()
	l.kept, l.wall = true, -3*hour
	l.contact(t, wire.Settings{Bulletins: []wire.Bulletin{rain("aaaaaaaa", now-4*hour, now+hour)}}, 0, true)
	l.restart(t)
	for _, want := range []int{1, 0} { // half an hour later, and three and a half: by then the clock shows what it was half an hour after the contact
		l.pass(hour / 2)
		got, err := l.Bulletins(t.Context(), advisory.Place{})
		must(t, err)
		if len(got) != want {
			t.Errorf("%v h after the contact %d bulletins are said, want %d", float64(l.true-now)/float64(hour), len(got), want)
		}
		l.pass(5 * hour / 2)
	}
}

// The page gets what is in force in its language, with sound, and after its time neither text nor sound.
func TestBulletinsOfThePage(t *testing.T) {
	s := newTestServer(t)
	now := time.Now().UnixMilli()
	l := newClockLab(t.TempDir(), now)
	defer l.Close()
	s.Store = l.Store
	l.contact(t, wire.Settings{Bulletins: []wire.Bulletin{rain("aaaaaaaa", now-hour, now+hour)}}, 0, true)
	list := func(lang string) (out []heardBulletin) {
		var body struct{ Bulletins []heardBulletin }
		w := call(t, s, httptest.NewRequest("GET", "/v1/bulletins?lang="+lang, nil))
		must(t, json.Unmarshal(w.Body.Bytes(), &body))
		return body.Bulletins
	}
	got := list("sw")
	if len(got) != 1 || got[0].Text != "Mvua kubwa inakuja Ijumaa. Ingizeni mazao yaliyoanikwa nje." || len(got[0].Sound) != 2 {
		t.Fatalf("said %+v", got)
	}
	if hindi := list("hi"); len(hindi) != 0 {
		t.Errorf("in a language in which the office says nothing: %+v", hindi)
	}
	sound := func(piece string) *httptest.ResponseRecorder {
		return call(t, s, httptest.NewRequest("GET", piece, nil))
	}
	for _, piece := range got[0].Sound {
		if w := sound(piece); w.Code != 200 || w.Header().Get("Content-Type") != "audio/wav" {
			t.Errorf("%s: %d %s", piece, w.Code, w.Header().Get("Content-Type"))
		}
	}
	wantProblem(t, sound("/v1/bulletins/aaaaaaaa/sound/3?lang=sw"), 404, advisory.NotFound)
	l.pass(hour)
	wantProblem(t, sound(got[0].Sound[1]), 404, advisory.NotFound)
	if got := list("sw"); len(got) != 0 {
		t.Errorf("after its time %+v is shown", got)
	}
}

func TestBulletinsThatCannotBeSent(t *testing.T) {
	good := rain("aaaaaaaa", 1, 2)
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for why, change := range map[string]func(*wire.Bulletin){
		"no id":            func(b *wire.Bulletin) { b.ID = "<b>" },
		"no kind":          func(b *wire.Bulletin) { b.Kind = "lottery" },
		"over before":      func(b *wire.Bulletin) { b.Until = b.From },
		"for years":        func(b *wire.Bulletin) { b.Until = b.From + 100*24*hour },
		"no text":          func(b *wire.Bulletin) { b.Texts = nil },
		"no place":         func(b *wire.Bulletin) { b.Where = []string{"Kenya"} },
		"no language":      func(b *wire.Bulletin) { b.Texts = map[advisory.Lang]string{"../en": "Rain."} },
		"a chemical":       func(b *wire.Bulletin) { b.Texts = map[advisory.Lang]string{"en": "Spray endosulfan today."} },
		"a link":           func(b *wire.Bulletin) { b.Texts = map[advisory.Lang]string{"en": "See www.prices.example."} },
		"another language": func(b *wire.Bulletin) { b.Texts = map[advisory.Lang]string{"hi": "Heavy rain is coming on Friday."} },
		"an empty text":    func(b *wire.Bulletin) { b.Texts = map[advisory.Lang]string{"en": ""} },
	} {
		b := good
		change(&b)
		if e := (*advisory.Error)(nil); !errors.As(b.Validate(), &e) || e.Code != advisory.BadRequest || e.Hint == "" {
			t.Errorf("%s: %v", why, b.Validate())
		}
	}
}
