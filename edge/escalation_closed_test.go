package edge

import (
	"strings"
	"testing"

	"jembe/advisory"
)

// An escalation that the office has closed without a reply: the farmer is told so, in every language, and whom to ask instead; over the
// network and by stick, once and again. A reply that comes all the same is heard.
func TestClosedEscalationIsToldToTheFarmer(t *testing.T) {
	for name, contact := range map[string]func(t *testing.T, v *village, stick string){
		"network": func(t *testing.T, v *village, _ string) { once(t, v.syncer) },
		"stick": func(t *testing.T, v *village, stick string) {
			put(t, v.syncer, stick)
			if _, err := v.office.Stick(t.Context(), stick); err != nil {
				t.Fatal(err)
			}
			put(t, v.syncer, stick)
		},
	} {
		t.Run(name, func(t *testing.T) {
			v, stick := newVillage(t), t.TempDir()
			v.Advisor.Setting = func() advisory.Setting {
				return advisory.Setting{Contacts: advisory.Contacts{{Kind: advisory.Officer, Name: "Amina", Number: "0722 000 111"}}}
			}
			n := v.escalateWords(t, plantedWords)
			contact(t, v, stick)
			if got := v.back(t, n); got.State != replyWaiting {
				t.Errorf("before: %+v", got)
			}
			e := v.waiting(t)
			if err := v.office.Desk().Close(t.Context(), e.ID, "grace"); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				contact(t, v, stick)
				got := v.back(t, n)
				if got.State != replyClosed || !strings.Contains(got.Message, "nobody will reply") || !strings.Contains(got.Message, "Amina: 0 7 2 2") || len(got.Sound) == 0 {
					t.Errorf("closed: %+v", got)
				}
			}
			var sealed int
			if err := v.Store.db.Read.QueryRow(`SELECT count(*) FROM escalations WHERE sealed IS NOT NULL`).Scan(&sealed); err != nil || sealed != 0 {
				t.Errorf("%d are still sealed here: %v", sealed, err)
			}
			v.replyTo(t, e.ID, "Fence the plot.", nil)
			contact(t, v, stick)
			if got := v.back(t, n); got.State != replyReady {
				t.Errorf("replied to after all: %+v", got)
			}
		})
	}
}
