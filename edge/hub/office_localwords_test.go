package hub

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/hub/pgtest"
	"jembe/edge/wire"
)

// tell has a box tell of its local words, as taking in does.
func tell(t *testing.T, h *Hub, device string, changes ...advisory.WordChange) {
	t.Helper()
	sqlTx, err := h.db.Write.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer sqlTx.Rollback()
	var lines []entry
	for _, c := range changes {
		lines = append(lines, entry{word: wordOf(wire.Event{Event: advisory.Event{Kind: advisory.KindWord, Word: &c}})})
	}
	if err := (&record{place: place{device, "e1"}}).noteWords(t.Context(), preparing(sqlTx), lines, h.now()); err != nil {
		t.Fatal(err)
	}
	if err := sqlTx.Commit(); err != nil {
		t.Fatal(err)
	}
}

func said(name, concept string) advisory.WordChange {
	return advisory.WordChange{LocalWord: advisory.LocalWord{Name: name, Concept: concept, Lang: "sw"}}
}

// published gives the names of the local words that boxes are to have.
func published(t *testing.T, h *Hub) []string {
	t.Helper()
	_, held, err := h.lastWordsPack(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	concepts, err := content.ReadLexicon("lexicon/local-words.yaml", held)
	if err != nil && held != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range concepts {
		out = append(out, c.Names["sw"]...)
	}
	slices.Sort(out)
	return out
}

func TestLocalWordsAtTheOffice(t *testing.T) {
	o := newTestOffice(t)
	join(t, o.Hub, "boxone", "Kibaoni")
	join(t, o.Hub, "boxtwo", "Mtakuja")
	tell(t, o.Hub, "boxone", said("mchokoo", "fall-armyworm"), said("tongwa", "tomato"), said("gone", "maize"))
	gone := said("gone", "maize")
	gone.Removed = true
	tell(t, o.Hub, "boxone", gone)
	tell(t, o.Hub, "boxtwo", said("Mchokoo", "fall-armyworm"), said("tongwa", "cassava"), said("mahindi", "tomato"), said("<script>", "maize"), said("0722 123", "maize"))
	b := o.as(t, Curator)
	page := b.get("/local-words").body
	for _, want := range []string{"mchokoo", "Kibaoni, Mtakuja (2 boxes)", "elsewhere: cassava", "elsewhere: tomato"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "<script>") || strings.Contains(page, "0722") || strings.Contains(page, "gone") {
		t.Error("what is no word, or no longer one, is shown")
	}
	rule := func(name, concept, ruling string, want int) {
		t.Helper()
		if got := b.post("/local-words", "name", name, "concept", concept, "lang", "sw", "ruling", ruling); got.status != want || want != http.StatusSeeOther && got.problem() == "" {
			t.Errorf("%s %s: %d %s", ruling, name, got.status, got.problem())
		}
	}
	rule("mchokoo", "fall-armyworm", "approve", http.StatusSeeOther)
	rule("tongwa", "tomato", "approve", http.StatusSeeOther)
	rule("tongwa", "cassava", "approve", http.StatusBadRequest) // it means tomato by now
	rule("mahindi", "tomato", "approve", http.StatusBadRequest) // the library knows better
	rule("nobody", "tomato", "approve", http.StatusNotFound)    // nobody told of it
	rule("mchokoo", "fall-armyworm", "burn", http.StatusBadRequest)
	if got := published(t, o.Hub); !slices.Equal(got, []string{"mchokoo", "tongwa"}) {
		t.Errorf("published %v", got)
	}
	rule("tongwa", "tomato", "refuse", http.StatusSeeOther)
	rule("tongwa", "cassava", "refuse", http.StatusSeeOther)
	if got := published(t, o.Hub); !slices.Equal(got, []string{"mchokoo"}) {
		t.Errorf("published %v", got)
	}
	if s, err := o.settingsOf(t.Context(), "boxtwo"); err != nil || len(s.RefusedWords) != 1 || s.RefusedWords[0].Concept != "cassava" {
		t.Errorf("the box is told of %+v, %v", s.RefusedWords, err)
	}
	rule("mchokoo", "fall-armyworm", "refuse", http.StatusSeeOther)
	if got := published(t, o.Hub); got != nil {
		t.Errorf("nothing is approved, and published %v", got)
	}
	deeds, err := o.Staff().Audit(t.Context(), 0, 100)
	if err != nil || !slices.ContainsFunc(deeds, func(d Deed) bool {
		return d.Actor == "curator" && d.Action == "local word approved" && d.Object == "sw mchokoo = fall-armyworm"
	}) {
		t.Errorf("%+v %v", deeds, err)
	}
	if got := o.as(t, Expert).post("/local-words", "name", "mchokoo", "concept", "fall-armyworm", "lang", "sw", "ruling", "approve"); got.status != http.StatusForbidden {
		t.Errorf("an expert rules: %d", got.status)
	}
}

// A hub that ended between a ruling and its publication publishes when it goes on; one whose clock fell behind still counts on.
func TestRulingsArePublishedAfterAKill(t *testing.T) {
	h := newTestHub(t, "")
	ruled := func(name string) {
		t.Helper()
		if _, err := h.db.Write.Exec(`INSERT INTO word_rulings (lang, key, concept, name, ruling, ruled_ms, ruled_by)
			VALUES ('sw', $1, 'tomato', $1, 'approved', 1, 'amina')`, name); err != nil {
			t.Fatal(err)
		}
	}
	ruled("tongwa")
	for range 2 { // the second finds nothing to do
		if err := h.publishWords(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
	}
	now := h.clock
	h.clock = func() time.Time { return now().AddDate(-1, 0, 0) }
	ruled("zumba")
	if err := h.publishWords(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	all, err := h.Packs(t.Context())
	if err != nil || len(all) != 2 || content.CompareVersions(all[0].Version, all[1].Version) == 0 {
		t.Errorf("%+v %v", all, err)
	}
	if got := published(t, h); !slices.Equal(got, []string{"tongwa", "zumba"}) {
		t.Errorf("published %v", got)
	}
}

func TestLocalWordsOnPostgreSQL(t *testing.T) {
	h := newTestHub(t, pgtest.Database(t))
	join(t, h, "boxone", "Kibaoni")
	tell(t, h, "boxone", said("mchokoo", "fall-armyworm"), said("mchokoo", "fall-armyworm"))
	if err := h.RuleWord(t.Context(), CommandLine(), said("mchokoo", "fall-armyworm").LocalWord, WordRefused); err != nil {
		t.Fatal(err)
	}
	all, err := h.LocalWords(t.Context())
	if err != nil || len(all) != 1 || all[0].Boxes != 1 || all[0].Ruling != WordRefused {
		t.Errorf("%+v %v", all, err)
	}
	if s, err := h.settingsOf(t.Context(), "boxone"); err != nil || len(s.RefusedWords) != 1 {
		t.Errorf("%+v %v", s, err)
	}
}

// A box that tells of more words than any has is not believed for ever.
func TestABoxTellsOfTooManyWords(t *testing.T) {
	h := newTestHub(t, "")
	join(t, h, "boxone", "Kibaoni")
	var many []advisory.WordChange
	for i := range mostBoxWords + 50 {
		many = append(many, said("zumba "+string(rune('a'+i%26))+string(rune('a'+i/26%26))+string(rune('a'+i/676))+"we", "tomato"))
	}
	tell(t, h, "boxone", many...)
	all, err := h.LocalWords(t.Context())
	if err != nil || len(all) != mostBoxWords {
		t.Errorf("%d words, %v", len(all), err)
	}
}
