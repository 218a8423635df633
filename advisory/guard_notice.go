package advisory

import (
	"slices"
	"strings"
	"unicode"
)

// MaxNotice is the most letters of a notice: some 20 seconds of speech.
const MaxNotice = 240

// GuardNotice stands between what the office has to say besides its documents, such as the weather or a campaign, and the farmer. A
// notice rests on no passage, so it may be no advice on chemicals at all: a name of one is refused, also in "never use". It gives the
// rules that the notice breaks, each once; none means it may be said.
func GuardNotice(text string, lang Lang) []Rule {
	out := FormRules(text, Standard{Lang: lang})
	if len(Chemicals(text)) > 0 {
		out = append(out, RuleChemical)
	}
	if len([]rune(text)) > MaxNotice || len(Words(text)) == 0 {
		out = append(out, RuleLength)
	}
	if strings.ContainsFunc(text, unicode.IsControl) && !slices.Contains(out, RuleMarkup) {
		out = append(out, RuleMarkup)
	}
	return out
}
