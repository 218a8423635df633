package hub

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// table gives the counts of a dimension.
func (f Figures) table(t *testing.T, dimension string) map[string]Count {
	t.Helper()
	for _, table := range f.Tables {
		if table.Dimension == dimension {
			out := map[string]Count{}
			for _, c := range table.Rows {
				out[c.Value] = c
			}
			return out
		}
	}
	t.Fatalf("no table %s", dimension)
	return nil
}

func figuresOfAll(t *testing.T, h *Hub) Figures {
	t.Helper()
	return figuresOf(t, h, "")
}

// figuresOf gives those of a village, or of all.
func figuresOf(t *testing.T, h *Hub, village string) Figures {
	t.Helper()
	all := spans(h.clock())[3]
	f, err := h.Figures(t.Context(), all.From, all.To, all.Undated, village)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFigures(t *testing.T) { onEach(t, testFigures) }

func testFigures(t *testing.T, h *Hub) {
	fillOffice(t, h)
	check := func(f Figures) {
		t.Helper()
		if f.Total.Asked != 75 || f.Total.Gaps != 14 {
			t.Errorf("total %+v", f.Total)
		}
		for _, want := range []struct {
			dimension, value string
			asked, gaps      int64
		}{
			{byOutcome, "answered", 60, 0}, {byOutcome, "unsure", 14, 14}, {byLang, "sw", 74, 14}, {byLang, "fr", 1, 0},
			{byConcept, "maize", 60, 0}, {byConcept, "cassava", 14, 14}, {byGender, "woman", 34, 14}, {byGender, "", 21, 0},
			{byVillage, "Kibaoni", 60, 0}, {byVillage, "Mtakuja", 15, 14}, {byReason, "no_evidence", 14, 14}, {byChannel, "voice", 75, 14},
		} {
			if c := f.table(t, want.dimension)[want.value]; c.Asked != want.asked || c.Gaps != want.gaps {
				t.Errorf("%s %q: %d and %d, want %d and %d", want.dimension, want.value, c.Asked, c.Gaps, want.asked, want.gaps)
			}
		}
	}
	check(figuresOfAll(t, h))
	if n, err := h.Count(t.Context()); n != 0 || err != nil {
		t.Errorf("counted again: %d %v", n, err)
	}
	check(figuresOfAll(t, h))

	// The hub comes back from a backup that is older than the counts.
	if _, err := h.db.Write.Exec(`UPDATE epochs SET through = 50 WHERE device = 'boxone'`); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.Write.Exec(`UPDATE epochs SET through = 60 WHERE device = 'boxone'`); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	check(figuresOfAll(t, h))

	checkWords(t, h)
}

// The figures of the villages add up to those of all, and a visit counts once, however many questions, contacts and counts it has.
func TestFiguresOfAVillageAndVisits(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		fillOffice(t, h)
		ask := func(device, session string) {
			e := asking(advisory.Answered, "sw", advisory.Woman, "maize")
			e.Session = session
			take(t, h, device, e)
		}
		for i := range 3 {
			for _, session := range []string{"s1", "s2", "s1", "<script>", ""} {
				ask("boxone", session)
			}
			ask("boxtwo", "s1") // another person: boxes know nothing of each other
			ask("boxtwo", fmt.Sprint("later", i))
			if _, err := h.Count(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		all, one, two := figuresOfAll(t, h), figuresOf(t, h, "Kibaoni"), figuresOf(t, h, "Mtakuja")
		if all.Visits.Asked != 6 || one.Visits.Asked != 2 || two.Visits.Asked != 4 {
			t.Errorf("%d visits, %d and %d; want 6, 2 and 4", all.Visits.Asked, one.Visits.Asked, two.Visits.Asked)
		}
		if one.Total.Asked+two.Total.Asked != all.Total.Asked || two.Total.Gaps != 14 || one.Total.Gaps != 0 || one.Total.Asked != 75 {
			t.Errorf("%+v and %+v of %+v", one.Total, two.Total, all.Total)
		}
		for _, d := range shown {
			sum := map[string]int64{}
			for _, f := range []Figures{one, two} {
				for value, c := range f.table(t, d) {
					sum[value] += c.Asked
				}
			}
			for value, c := range all.table(t, d) {
				if sum[value] != c.Asked {
					t.Errorf("%s %q: %d of the villages, %d of all", d, value, sum[value], c.Asked)
				}
			}
		}
		if none := figuresOf(t, h, "Nowhere"); none.Total.Asked != 0 {
			t.Errorf("%+v", none.Total)
		}
		if !all.Withheld().Visits.HideAsked {
			t.Error("6 visits are shown")
		}
	})
}

// One village's figures are for those who see small counts: for others they would give away what is withheld elsewhere.
func TestFiguresOfAVillageAreNotForAll(t *testing.T) {
	o := newTestOffice(t)
	fillOffice(t, o.Hub)
	for role, may := range map[Role]bool{Administrator: true, Curator: true, Expert: true, Analyst: false, Auditor: false} {
		page := o.as(t, role).get("/asked?span=all&village=Mtakuja").body
		if got := strings.Contains(page, "15 questions, 14 of them"); got != may {
			t.Errorf("%s sees the village: %v, want %v", role, got, may)
		}
		if got := strings.Contains(page, `name="village"`); got != may {
			t.Errorf("%s may choose a village: %v, want %v", role, got, may)
		}
	}
	csv := o.as(t, Curator).get("/asked/counts.csv?span=all&village=Mtakuja").body
	if !strings.HasPrefix(csv, "dimension,value,asked,unanswered\nall,,75,14\nsession,,0,0\n") {
		t.Errorf("the file is of all villages: %.80s", csv)
	}
}

// checkWords looks at the words of unanswered questions, then takes them away.
func checkWords(t *testing.T, h *Hub) {
	t.Helper()
	words, err := h.UnansweredWords(t.Context(), "cassava", 0, 5)
	if err != nil || len(words) != 5 || words[0].Village != "Mtakuja" || !strings.HasPrefix(words[0].Words, "muhogo") {
		t.Errorf("%+v %v", words, err)
	}
	if other, err := h.UnansweredWords(t.Context(), "maize", 0, 5); err != nil || len(other) != 0 {
		t.Errorf("words of another topic: %+v %v", other, err)
	}
	if _, err := h.db.Write.Exec(`DELETE FROM words`); err != nil {
		t.Fatal(err)
	}
	if gone, err := h.UnansweredWords(t.Context(), "", 0, 5); err != nil || len(gone) != 0 {
		t.Errorf("words that were withdrawn: %+v %v", gone, err)
	}
}

// A box sends what it likes; the counts stay bounded, and no question is lost or dated to a day that cannot be.
func TestFiguresOfAHostileBox(t *testing.T) {
	h := newTestHub(t, "")
	join(t, h, "evil", `<script>alert(1)</script>`)
	strange := asking("<b>", `"><img src=x>`, "'; DROP TABLE tally", slices.Repeat([]string{"a b", "x", "=cmd"}, 100)...)
	future := asking(advisory.Answered, "sw", "")
	future.Wall, future.Clock = h.clock().AddDate(2, 0, 0).UnixMilli(), wire.ClockSynced
	lost := asking(advisory.Answered, "sw", "")
	lost.Wall, lost.Clock = 86400000, wire.ClockUnknown
	silence := asking(advisory.Unsure, "sw", "")
	silence.Reason = advisory.Silence
	take(t, h, "evil", strange, future, lost, silence, wire.Event{Event: advisory.Event{Kind: advisory.KindRating, Rating: "up"}})
	if n, err := h.Count(t.Context()); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	f := figuresOfAll(t, h)
	if f.Total.Asked != 4 || f.Total.Gaps != 0 {
		t.Errorf("%+v", f.Total)
	}
	if c := f.table(t, byConcept); len(c) != 2 || c["other"].Asked != 1 || c["x"].Asked != 1 {
		t.Errorf("concepts %+v", c)
	}
	if c := f.table(t, byDay); c[""].Asked != 2 {
		t.Errorf("days %+v", c)
	}
	if c := f.table(t, byLang); c["other"].Asked != 1 || c["sw"].Asked != 3 {
		t.Errorf("languages %+v", c)
	}
}

// A box without a clock is set right by a contact in the same start of its machine.
func TestAnchorsDateEvents(t *testing.T) {
	h := newTestHub(t, "")
	join(t, h, "old", "Kibaoni")
	event := func(boot, mono int64, clock wire.Clock) wire.Event {
		e := asking(advisory.Answered, "sw", "")
		e.Boot, e.Mono, e.Clock, e.Wall = boot, mono, clock, 86400000
		return e
	}
	hour := time.Hour.Milliseconds()
	at := time.Date(2026, 5, 20, 12, 0, 0, 0, time.Local)
	if _, err := h.db.Write.Exec(`INSERT INTO anchors (device, epoch, boot, mono_ms, wall_ms, hub_ms) VALUES ('old', 'e1', 7, $1, 86400000, $2)`, 100*hour, at.UnixMilli()); err != nil {
		t.Fatal(err)
	}
	take(t, h, "old", event(6, hour, wire.ClockUnknown), event(7, hour, wire.ClockUnknown), event(7, 99*hour, wire.ClockSet), event(7, 101*hour, wire.ClockUnknown))
	if _, err := h.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	days := figuresOfAll(t, h).table(t, byDay)
	if days[""].Asked != 1 || days["2026-05-16"].Asked != 1 || days["2026-05-20"].Asked != 2 {
		t.Errorf("%+v", days)
	}
}

func TestWithheld(t *testing.T) {
	rows := func(n ...int64) (out []Count) {
		for i := 0; i+1 < len(n); i += 2 {
			out = append(out, Count{Asked: n[i], Gaps: n[i+1]})
		}
		return out
	}
	for name, c := range map[string]struct {
		rows  []Count
		parts bool
		want  string // of each row: A and G when asked and gaps are shown
	}{
		"nothing small":                       {rows(100, 20, 50, 30), true, "AG AG"},
		"nothing at all":                      {rows(), true, ""},
		"one small: the next goes too":        {rows(100, 20, 50, 20, 3, 0), true, "AG - -"},
		"one small, parts of nothing":         {rows(100, 20, 50, 20, 3, 0), false, "AG AG -"},
		"two small below ten together":        {rows(100, 0, 50, 0, 3, 0, 2, 0), true, "AG - - -"},
		"two small, ten together":             {rows(100, 0, 50, 0, 6, 0, 4, 0), true, "AG AG - -"},
		"only small ones":                     {rows(4, 0, 3, 0), true, "- -"},
		"few gaps":                            {rows(100, 20, 80, 3, 70, 25), true, "A A AG"},
		"few answered are as telling":         {rows(100, 95, 80, 40, 70, 30), true, "A AG A"},
		"few gaps, parts of nothing":          {rows(100, 20, 80, 3), false, "AG A"},
		"no gaps and all gaps are no secrets": {rows(100, 0, 50, 50), true, "AG AG"},
	} {
		withhold(c.rows, c.parts)
		var got []string
		for _, r := range c.rows {
			s := ""
			if !r.HideAsked {
				s += "A"
			}
			if !r.HideGaps {
				s += "G"
			}
			if s == "" {
				s = "-"
			}
			got = append(got, s)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}
