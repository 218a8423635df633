package hub

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jembe/advisory"
	"jembe/edge/wire"
)

// after is a follow-up as a box records it; of no ticket where the answer is "".
func after(answer string, lang advisory.Lang, said advisory.Followup, topics ...string) wire.Event {
	return wire.Event{Event: advisory.Event{Kind: advisory.KindFollowup, Answer: answer, Lang: lang, Concepts: topics, Followup: &said}}
}

var (
	wasHelped  = advisory.Followup{Done: advisory.DoneYes, Helped: advisory.HelpedYes}
	hadNoMoney = advisory.Followup{Done: advisory.DoneNo, Why: advisory.NoMoney}
)

func useOfAll(t *testing.T, h *Hub) UseFigures {
	t.Helper()
	all := spans(h.clock())[3]
	f, err := h.UseFigures(t.Context(), all.From, all.To, all.Undated)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestUseFigures(t *testing.T) { onEach(t, testUseFigures) }

func testUseFigures(t *testing.T, h *Hub) {
	join(t, h, "boxone", "Kibaoni")
	join(t, h, "boxtwo", "Mtakuja")
	for i := range 12 {
		take(t, h, "boxone", after(fmt.Sprint("answer", i), "sw", advisory.Followup{Done: advisory.DoneYes, Helped: advisory.HelpedTooSoon}, "maize", "striga"))
	}
	if _, err := h.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 12 { // they come back once more, and the last word counts
		take(t, h, "boxone", after(fmt.Sprint("answer", i), "sw", wasHelped, "maize", "striga"))
	}
	take(t, h, "boxtwo", after("answer1", "hi", hadNoMoney, "maize"), // another box's answer
		after("", "hi", hadNoMoney, "maize"), after("", "hi", hadNoMoney, "maize"), after("", "hi", advisory.Followup{}, "goat"))
	for range 2 {
		if _, err := h.Count(t.Context()); err != nil {
			t.Fatal(err)
		}
		f := useOfAll(t, h)
		if f.Total.Asked != 16 || f.Total.Done.Of("yes") != 12 || f.Total.Done.Of("no") != 3 || f.Total.Done.Of("") != 1 ||
			f.Total.Helped.Of("yes") != 12 || f.Total.Helped.Of("too_soon") != 0 || f.Total.Why.Of("no_money") != 3 {
			t.Errorf("total %+v", f.Total)
		}
		if len(f.Langs) != 2 || f.Langs[0].Value != "sw" || f.Langs[0].Asked != 12 || f.Langs[1].Asked != 4 {
			t.Errorf("languages %+v", f.Langs)
		}
		if len(f.Topics) != 3 || f.Topics[0].Value != "maize" || f.Topics[0].Asked != 15 || f.Topics[1].Value != "striga" || f.Topics[2].Asked != 1 {
			t.Errorf("topics %+v", f.Topics)
		}
	}
	if _, err := h.db.Write.Exec(`UPDATE epochs SET through = 1 WHERE device = 'boxone'`); err != nil { // back from an older backup
		t.Fatal(err)
	}
	if _, err := h.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	if f := useOfAll(t, h); f.Total.Asked < 4 {
		t.Errorf("counted anew: %+v", f.Total)
	}
}

// A box sends what it likes.
func TestUseFiguresOfAHostileBox(t *testing.T) {
	h := newTestHub(t, "")
	join(t, h, "evil", "Kibaoni")
	take(t, h, "evil", after("<b>", "<b>", advisory.Followup{Done: "perhaps", Why: advisory.NoMoney}, "a b", "=cmd"),
		after("<b>", "sw", advisory.Followup{Done: advisory.DoneNo, Helped: advisory.HelpedYes}), wire.Event{Event: advisory.Event{Kind: advisory.KindFollowup}})
	if _, err := h.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	f := useOfAll(t, h)
	if f.Total.Asked != 3 || f.Total.Done.Of("") != 3 || len(f.Topics) != 1 || f.Topics[0].Value != "other" || f.Topics[0].Asked != 1 {
		t.Errorf("%+v", f)
	}
}

// Whoever knows the total and all that is shown finds no small count in a split of languages.
func TestNobodySubtractsUse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := UseFigures{Total: *newUse("")}
		for i := range rapid.IntRange(1, 6).Draw(t, "languages") {
			u := newUse(fmt.Sprint(i))
			for _, said := range []advisory.Followup{wasHelped, hadNoMoney, {}, {Done: advisory.DoneYes, Helped: advisory.HelpedNo}, {Done: advisory.DoneNo, Why: advisory.NotBelieved}} {
				n := rapid.Int64Range(0, 30).Draw(t, "said")
				u.add(said, n)
				f.Total.add(said, n)
			}
			f.Langs = append(f.Langs, *u)
		}
		w := f.Withheld()
		for _, of := range []func(*Use) Split{func(u *Use) Split { return u.Done }, func(u *Use) Split { return u.Helped }, func(u *Use) Split { return u.Why }} {
			total := of(&w.Total)
			rest := splitOf()
			rest.Parts = append([]Part{}, total.Parts...)
			hidden, known := 0, 0
			for i := range w.Langs {
				s := of(&w.Langs[i])
				switch {
				case s.Hide:
					hidden++
					continue
				case s.small() || w.Langs[i].HideAsked:
					t.Fatalf("a small count is shown: %+v", w.Langs[i])
				case s.sum() > 0:
					known++
				}
				for _, p := range s.Parts {
					rest.add(p.Said, -p.N)
				}
			}
			if !total.Hide && hidden > 0 && known > 0 && (hidden < 2 || rest.small()) {
				t.Fatalf("what is hidden can be found: %+v", w)
			}
		}
	})
}

// fillUse fills a hub with follow-ups, some of them few.
func fillUse(t *testing.T, h *Hub) {
	t.Helper()
	join(t, h, "boxuse", "Kibaoni")
	for i := range 40 {
		said := []advisory.Followup{wasHelped, wasHelped, hadNoMoney}[i%3]
		take(t, h, "boxuse", after(fmt.Sprint("sw", i), "sw", said, "maize", "fall-armyworm"))
	}
	for i := range 25 {
		take(t, h, "boxuse", after(fmt.Sprint("hi", i), "hi", []advisory.Followup{wasHelped, hadNoMoney}[i%2], "rice"))
	}
	take(t, h, "boxuse", after("one", "fr", advisory.Followup{Done: advisory.DoneNo, Why: advisory.NotBelieved}, "goat"))
	if _, err := h.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestUseForThoseWhoMayNotSeeSmallCounts(t *testing.T) {
	o := newTestOffice(t)
	fillUse(t, o.Hub)
	page := o.as(t, Analyst).get("/asked/use?span=all")
	if page.status != http.StatusOK || !strings.Contains(page.body, "66 pieces of advice followed up") || strings.Contains(page.body, `<td class="n">1</td>`) || !strings.Contains(page.body, "withheld") {
		t.Errorf("the analyst's page: %d %s", page.status, page.body)
	}
	if page := o.as(t, Curator).get("/asked/use?span=all"); !strings.Contains(page.body, `<td class="n">1</td>`) {
		t.Error("the curator's page withholds a count")
	}
	for _, role := range []Role{Administrator, Analyst} {
		got := o.as(t, role).get("/asked/use.csv?span=all")
		rows, err := csv.NewReader(strings.NewReader(got.body)).ReadAll()
		if err != nil || got.status != http.StatusOK || len(rows) != 1+1+3+4 || len(rows[0]) != 15 || rows[0][5] != "done_passed_over" {
			t.Fatalf("%d %v %q", got.status, err, rows)
		}
		if rows[1][2] != "66" || rows[1][3] != "withheld" && rows[1][3] == "1" {
			t.Errorf("%q", rows[1])
		}
		for _, row := range rows[1:] {
			for _, cell := range row[2:] {
				if len(cell) == 1 && cell != "0" {
					t.Errorf("%s: a small count: %q", role, row)
				}
			}
		}
	}
	if got := o.as(t, Auditor).get("/asked/use.csv"); got.status != http.StatusForbidden {
		t.Errorf("an auditor takes counts out of the house: %d", got.status)
	}
}
