package advisory

import (
	"slices"
	"strings"
	"unicode"
)

// frame looks at what is said around a draft: the title before it, the check and the source after it.
func (g *guarding) frame() {
	var last *Document
	for _, p := range g.passages {
		d := p.Document
		if d == nil || d == last {
			continue
		}
		last = d
		if len(d.Sources) > 0 && containsAny(Fold(d.Sources[0].Name), linkStarts) { // it may name a chemical or a site, and have any signs
			g.fall(RuleMarkup)
		}
		for _, text := range []string{d.Title, d.Check} {
			for _, r := range append(ChemicalRules(text, g.Standard), orderOrMarkup(text, wordingOf(text))...) {
				g.fall(r)
			}
		}
	}
}

// form looks at what can be judged without the passages.
func (g *guarding) form(text string, statements []statement) {
	var w wording
	if len(statements) == 1 && statements[0].text == text {
		w = statements[0].wording
	} else {
		w = wordingOf(text)
	}
	for _, r := range formRules(text, w, g.Standard) {
		g.fall(r)
	}
	if len(w.words) > fewWords && !g.inLanguage(text, w.words) {
		g.fall(RuleLanguage)
	}
}

// FormRules gives the rules that a text breaks by its form alone: signs that are not for speech, links, orders to a device or a
// model, a sentence in another script.
func FormRules(text string, std Standard) []Rule { return formRules(text, wordingOf(text), std) }

func formRules(text string, w wording, std Standard) []Rule {
	out := orderOrMarkup(text, w)
	if _, other := std.scripts(w.words); other == 0 {
		return out
	}
	for _, s := range Sentences(text) { // a text in the right script can hold a sentence in another
		if words := Words(s); len(words) > fewWords && !std.inScript(words) {
			return append(out, RuleLanguage)
		}
	}
	return out
}

// orderOrMarkup is FormRules for a text that may be in any language, as names of sources are.
func orderOrMarkup(text string, w wording) []Rule {
	var out []Rule
	if strings.ContainsAny(text, "<>{}[]`*#|\\_^~") || containsAny(w.folded, linkStarts) || containsAny(w.folded, links) || len(spokenLinks.find(w)) > 0 || disguised(text) {
		out = append(out, RuleMarkup)
	}
	if len(devices.find(w)) > 0 { // orders are understood in any language
		return append(out, RuleDevice)
	}
	if ordersMachine(w) { // what a person may not order, a text may not either
		return append(out, RuleDevice)
	}
	return out
}

// linkStarts are how addresses begin, links how they end.
var linkStarts = []string{"http", "www.", "://"}

var links = []string{".com", ".org", ".net", "@gmail"}

// spokenLinks are the ends of addresses as they are spoken.
var spokenLinks = indexPhrases(map[string][]phrase{"link": phrases([]string{
	"dot com", "dot org", "dot net", "dot co", "dot info", "dot ke", "point com", "point org", "point net", "point fr", "point info",
	"nukta com", "nukta co", "nukta org", "nukta net", "nukta ke", "nukta tz", "डॉट कॉम", "डॉट इन", "डॉट नेट", "डॉट ओआरजी", "डॉट को"})})

// containsAny reports whether one of the parts is in the folded text.
func containsAny(folded string, parts []string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(folded, p) })
}

// disguised reports whether a text holds signs that are not seen, besides the joiners that belong to the spelling of Hindi, or words
// of Latin and other letters that look like them.
func disguised(text string) bool {
	if isASCII(text) {
		return false
	}
	latin, alike := false, false
	for _, r := range text + " " {
		switch {
		case unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d':
			return true
		case unicode.In(r, unicode.Cyrillic, unicode.Greek) && r != 'μ':
			alike = true
		case unicode.Is(unicode.Latin, r):
			latin = true
		case !unicode.IsMark(r):
			latin, alike = false, false
		}
		if latin && alike {
			return true
		}
	}
	return false
}

// inLanguage reports whether a text is in the language of the answer: in its script, and not more plainly in another language of that
// script.
func (std Standard) inLanguage(text string, words []string) bool {
	const enough = 5 // words from which function words tell
	return std.inScript(words) && (std.Lang == "hi" || len(words) < enough || count(words, std.Lang) > 0 || DetectLang(text, std.Lang, std.Lexicon) == std.Lang)
}

// inScript reports whether at least half of the words are in the script of the answer's language. That of a pack's language is not known.
func (std Standard) inScript(words []string) bool {
	if functionWords[std.Lang] == nil {
		return true
	}
	own, other := std.scripts(words)
	return own >= other
}

// scripts counts the words in the script of the answer's language, and in others; numbers are of none.
func (std Standard) scripts(words []string) (own, other int) {
	for _, w := range words {
		switch latin := isASCII(w) || w[0] < 0xE0; { // Fold leaves Latin letters in two bytes at most
		case isNumeral(w):
		case latin == (std.Lang != "hi"):
			own++
		default:
			other++
		}
	}
	return own, other
}

func count(words []string, lang Lang) (n int) {
	for _, w := range words {
		if functionSets[lang][w] {
			n++
		}
	}
	return n
}

func (g *guarding) length() {
	n := 0
	for _, s := range g.draft.Sentences {
		n += len(strings.Fields(s.Text))
	}
	if n > maxDraftWords {
		g.fall(RuleLength)
	}
}
