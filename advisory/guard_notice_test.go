package advisory

import (
	"slices"
	"strings"
	"testing"
)

func TestGuardOfNotices(t *testing.T) {
	for _, c := range []struct {
		text string
		lang Lang
		want []Rule
	}{
		{"Heavy rain is coming on Thursday and Friday. Bring in what lies out to dry.", "en", nil},
		{"Bei ya mahindi Kitale ni shilingi 3200 kwa gunia.", "sw", nil},
		{"कल से भारी बारिश होगी। सूखने रखा अनाज अंदर कर लीजिए।", "hi", nil},
		{"Le vaccinateur passe mardi. Gardez les poules enfermées.", "fr", nil},
		{"Spray with endosulfan tomorrow.", "en", []Rule{RuleChemical}},
		{"Never use endosulfan.", "en", []Rule{RuleChemical}},
		{"Nyunyizia mancozeb kesho.", "sw", []Rule{RuleChemical}},
		{"See http://prices.example for more.", "en", []Rule{RuleMarkup}},
		{"Read <b>this</b> now.", "en", []Rule{RuleMarkup}},
		{"The market is at nine.\nBring bags.", "en", []Rule{RuleMarkup}},
		{"The market is open today and tomorrow.", "hi", []Rule{RuleLanguage}},
		{strings.Repeat("rain ", MaxNotice/5+1), "en", []Rule{RuleLength}},
		{"", "en", []Rule{RuleLength}}, {"...", "en", []Rule{RuleLength}},
	} {
		if got := GuardNotice(c.text, c.lang); !slices.Equal(got, c.want) {
			t.Errorf("%.60q in %s: %v, want %v", c.text, c.lang, got, c.want)
		}
	}
}
