package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge"
	"jembe/edge/hub"
	"jembe/edge/wire"
	"jembe/voice/kiosk/kiosktest"
)

// TestTheSeasonAtTheKiosk goes by keys and sound through a village's week, first without a clock that tells the day and then with the
// office's word, to an advice in simpler words and a number for it; and comes back as somebody new to say that it was done and helped.
func TestTheSeasonAtTheKiosk(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	office, invitation := openOffice(t)
	data := t.TempDir()
	planted := "maize=" + time.Now().AddDate(0, 0, -16).Format(time.DateOnly)
	asPerson(t, data, "setup", "--country", "KE", "--crops", "maize,bean,tomato", "--planted", planted, "--languages", "sw,en")
	r := newReader(t, startServe(t, data).url)

	r.road("the greeting, in the village's languages", func() {
		r.press("the menu and the rest", "/kiosk_reply/sound?lang=sw", kiosktest.NumLock)
	})
	if all := r.all(); !strings.Contains(all, "/kiosk_language/sound?lang=en") || strings.Contains(all, "/kiosk_language/sound?lang=fr") {
		t.Errorf("the village speaks Swahili and English; asked of the box:\n%s", all)
	}
	r.road("this week without a clock, to an advice", func() { r.advised(r.week()) })

	asPerson(t, data, "enroll", invitation)
	rain := hub.Bulletin{Bulletin: wire.Bulletin{Kind: wire.Weather, From: time.Now().Add(-time.Hour).UnixMilli(), Until: time.Now().Add(time.Hour).UnixMilli(),
		Texts: map[advisory.Lang]string{"sw": "Mvua kubwa inakuja kesho."}}}
	if _, err := office.AddBulletin(t.Context(), hub.CommandLine(), rain); err != nil {
		t.Fatal(err)
	}
	asPerson(t, data, "sync", "--once")
	r.road("this week with the office's word, to an advice", func() {
		week := r.week()
		if len(week.Bulletins) != 1 || !strings.Contains(r.all(), "/v1/bulletins/") {
			t.Errorf("the office's word is not heard: %+v", week)
		}
		r.advised(week)
	})

	r.road("an advice by its number, simpler, and a number to come back with", func() {
		r.press("the answer", "/confirm_how/", kiosktest.NumLock, kiosktest.Digits[1], kiosktest.Digits[1], kiosktest.Digits[1])
		var answer struct {
			Simple struct{ Sound []string }
		}
		if r.replied("ask", &answer); len(answer.Simple.Sound) == 0 {
			t.Fatal("the advice has no simpler words")
		}
		r.press("the answer again", "/sound/", kiosktest.Asterisk)
		r.press("the same in simpler words", answer.Simple.Sound[len(answer.Simple.Sound)-1], kiosktest.Asterisk)
		r.press("thanks, and the offer of a number", "/kiosk_ticket/", kiosktest.Plus)
		r.press("the number", "/sound/", kiosktest.Plus)
	})
	r.road("back with the number: it was done, and helped", func() {
		var mine ticket
		r.replied("ticket", &mine)
		r.comesBack("the advice again, and whether it was done", mine)
		r.press("whether it helped", "/confirm_how/", kiosktest.Plus)
		r.press("thanks", "/thanks/", kiosktest.Plus)
	})
	followedUp(t, data)
}

// week presses 0, and tells what the box asks for until it says what matters.
func (r *reader) week() (week edge.WeekSaid) {
	r.t.Helper()
	keys := []uint16{kiosktest.NumLock, kiosktest.Digits[0]}
	for range 4 {
		r.press("this week", "/sound/", keys...)
		week = edge.WeekSaid{}
		if r.replied("week", &week); week.State == content.WeekKnown {
			return week
		}
		keys = []uint16{kiosktest.Digits[1]}
		if week.State == content.WeekWhichMonth {
			keys = keys[:0]
			for _, digit := range time.Now().Format("1") {
				keys = append(keys, kiosktest.Digits[digit-'0'])
			}
		}
	}
	r.t.Fatalf("nothing matters this week: %+v", week)
	return week
}

// advised takes the last advice of a week, and hears it.
func (r *reader) advised(week edge.WeekSaid) {
	r.t.Helper()
	last := week.Items[len(week.Items)-1]
	r.press("the advice", "/confirm_how/", kiosktest.Digits[last.Key])
	var answer struct {
		Outcome   advisory.Outcome
		Citations []struct{ Document string }
	}
	if r.replied("ask", &answer); answer.Outcome != advisory.Answered || answer.Citations[0].Document != last.Document {
		r.t.Errorf("%s was chosen, and answered %+v", last.Document, answer)
	}
}

// all is all that was asked of the box.
func (r *reader) all() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.fetched, "\n")
}

// followedUp looks for the one follow-up in the record: of that advice, done, and of use.
func followedUp(t *testing.T, data string) {
	t.Helper()
	var found []advisory.Event
	for line := range strings.Lines(asPerson(t, data, "events", "export")) {
		var e advisory.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if e.Kind == advisory.KindFollowup {
			found = append(found, e)
		}
	}
	want := advisory.Followup{Done: advisory.DoneYes, Helped: advisory.HelpedYes}
	if len(found) != 1 || *found[0].Followup != want || found[0].Answer == "" || !slices.Equal(found[0].Documents, []string{"maize-fall-armyworm"}) {
		t.Errorf("recorded %+v", found)
	}
}
