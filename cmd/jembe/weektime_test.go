package main

import (
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
	"jembe/edge"
	"jembe/voice"
)

// Key 0 is heard in time: all of a week, whatever crop is how far, within half a minute; and the longest of what is told, the twelve
// months or the nine stages, in the time of three menus.
func TestTheWeekIsHeardInHalfAMinute(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	const mostWeek, mostTold = 30 * time.Second, 20 * time.Second
	data := t.TempDir()
	crops := []string{"maize", "rice", "tomato", "cassava", "banana", "cattle"}
	p := &program{stdout: io.Discard, stderr: io.Discard}
	b, err := openBox(t.Context(), p, &cli{Data: data, Country: "IN", Zone: "humid"}, boxNeeds{recorder: true})
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	village := edge.Village{Crops: crops[:5], Animals: crops[5:], Planted: map[string]string{"maize": "2027-03-01"}}
	if err := b.store.SaveVillage(t.Context(), village, b.advisor.Library().Lexicon); err != nil {
		t.Fatal(err)
	}
	speaker, err := voice.NewEspeak(filepath.Join(t.TempDir(), "sound"), cacheBytes)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []advisory.Lang{"en", "hi", "sw", "fr"} {
		weeks, worst, sum, told := 0, time.Duration(0), time.Duration(0), time.Duration(0)
		for _, crop := range crops[:5] {
			for _, stage := range content.Stages() {
				said, err := b.weeks().Week(t.Context(), edge.WeekAsked{Lang: lang, Crop: crop, Stage: stage})
				if err != nil {
					t.Fatal(err)
				}
				if said.State == content.WeekKnown {
					takes := spokenIn(t, speaker, said)
					weeks, worst, sum = weeks+1, max(worst, takes), sum+takes
				}
			}
			said, err := b.weeks().Week(t.Context(), edge.WeekAsked{Lang: lang, Crop: crop})
			if err != nil {
				t.Fatal(err)
			}
			told = max(told, spokenIn(t, speaker, said))
		}
		if said, err := b.weeks().Week(t.Context(), edge.WeekAsked{Lang: lang}); err == nil && said.State == content.WeekWhichMonth {
			told = max(told, spokenIn(t, speaker, said))
		}
		t.Logf("%s: %d weeks, all of one in %.1f s, at most %.1f; what is told at most %.1f s", lang, weeks, (sum / time.Duration(weeks)).Seconds(), worst.Seconds(), told.Seconds())
		if worst > mostWeek || told > mostTold {
			t.Errorf("%s: too long to listen to", lang)
		}
	}
}

// spokenIn gives the time to hear all that is said of a week.
func spokenIn(t *testing.T, speaker advisory.Speaker, said edge.WeekSaid) (takes time.Duration) {
	t.Helper()
	for _, s := range said.Speech() {
		sounds, err := speaker.Speak(context.WithoutCancel(t.Context()), s)
		if err != nil {
			t.Fatal(err)
		}
		for _, sound := range sounds {
			takes += sound.Duration
		}
	}
	return takes
}

func TestWeekAtATerminal(t *testing.T) {
	data := t.TempDir()
	if r := jembe(t, data, "week", "--lang", "sw"); r.code != 0 || r.stdout != advisory.Say("sw", "week_no_crops")+"\n" {
		t.Errorf("nobody has set it up: %+v", r)
	}
	if r := jembe(t, data, "setup", "--country", "KE", "--crops", "maize,bean"); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	r := jembe(t, data, "week", "--crop", "maize", "--stage", "growing", "--json")
	var said edge.WeekSaid
	if err := json.Unmarshal([]byte(r.stdout), &said); err != nil || len(said.Items) != 3 {
		t.Fatalf("%v %+v", err, r)
	}
	if a := answer(t, data, "--lang", "en", "--number", said.Items[0].Number); a.Outcome != advisory.Answered || a.Citations[0].Document != "maize-top-dressing" {
		t.Errorf("%s is answered by %+v", said.Items[0].Number, a)
	}
	for _, bad := range [][]string{{"--set-month", "13"}, {"--crop", "rice"}} {
		if r := jembe(t, data, append([]string{"week"}, bad...)...); r.code != terminal.Usage {
			t.Errorf("%v: %+v", bad, r)
		}
	}
}
