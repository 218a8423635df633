package edge

import (
	"regexp"
	"strings"
	"unicode"
)

// What Redact puts in place of what it takes out.
const redacted = "…"

var (
	email = regexp.MustCompile(`[^\s@<>,;]+@[^\s@<>,;]+\.[\pL]{2,}`)
	// digitRuns are digits of any script, parted by at most two spaces, dots, dashes, slashes or brackets.
	digitRuns = regexp.MustCompile(`[+(]?\p{Nd}(?:[ .()/\x{a0}-]{0,2}\p{Nd})*`)
	oneRun    = regexp.MustCompile(`\p{Nd}{7,}`)
	// spoken are seven or more digits read out, as a recogniser writes a telephone number.
	spoken = regexp.MustCompile(`(?i)(?:(?:^|[\s,.-]+)(?:` + strings.Join(digitWords, "|") + `)){7,}(?:$|[\s,.-])`)
)

// digitWords are the digits as words in English, Hindi (Devanagari and Latin), Swahili and French.
var digitWords = strings.Fields(`zero oh one two three four five six seven eight nine double triple
	शून्य एक दो तीन चार पांच पाँच छह छः सात आठ नौ shunya ek do teen char chaar paanch panch chhe chhah saat aath nau
	sifuri moja mbili tatu nne tano sita saba nane tisa zéro un deux trois quatre cinq sept huit neuf`)

// Redact takes out of a text what can lead to a person and can be found reliably: e-mail addresses, telephone numbers and
// other long numbers, in digits of any script or read out digit by digit. Names and places cannot be found reliably and
// stay: that is why words are kept only with consent, apart from the events, and not for long.
func Redact(text string) string {
	text = email.ReplaceAllString(text, redacted)
	text = digitRuns.ReplaceAllStringFunc(text, func(run string) string {
		if isPersonal(run) {
			return redacted
		}
		return run
	})
	return spoken.ReplaceAllString(text, " "+redacted+" ")
}

// isPersonal tells a telephone or identity number from quantities that stand close together ("17-17-17 50 kg"): seven
// digits in one piece, nine in all, or eight that begin as telephone numbers do.
func isPersonal(run string) bool {
	digits := 0
	for _, r := range run {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	dialled := strings.HasPrefix(run, "+") || strings.HasPrefix(run, "0") || strings.HasPrefix(run, "(0")
	return digits >= 9 || digits >= 8 && dialled || oneRun.MatchString(run)
}
