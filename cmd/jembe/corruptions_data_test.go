package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"jembe/advisory"
)

// corruption is one kind of change that makes a draft say what its passage does not.
type corruption struct {
	kind    string
	least   float64 // share to be caught
	slack   float64 // by how much less will do in the short form, which tries few
	corrupt func(f faithful) (text string, passage int, ok bool)
}

// inText makes a corruption of one that changes only the text.
func inText(change func(f faithful) (string, bool)) func(f faithful) (string, int, bool) {
	return func(f faithful) (string, int, bool) {
		text, ok := change(f)
		return text, 0, ok
	}
}

var corruptions = []corruption{
	{"number", 0.995, 0.06, inText(otherNumber)},
	{"unit", 0.995, 0.06, inText(func(f faithful) (string, bool) { return besideNumber(f.text, otherUnits[f.std.Lang]) })},
	{"chemical", 0.995, 0.06, inText(otherProduct)},
	{"crop", 0.995, 0.06, inText(otherCrop)},
	{"citation", 0.995, 0.06, func(f faithful) (string, int, bool) { return f.text, 1 + len(f.text)%2, true }}, // another document's, or none that was given
	{"negation", 0.95, 0.06, inText(withoutNegation)},
	{"condition", 0.95, 0.06, inText(func(f faithful) (string, bool) { return replaceWord(f.text, otherConditions[f.std.Lang]) })},
	{"caution", 0.95, 0.06, inText(withoutCaution)},
	{"dose", 0.95, 0.25, inText(swappedDoses)},
}

var numeral = regexp.MustCompile(`\d+(?:[.,]\d+)?`)

// otherNumber changes one number to one that its section does not hold.
func otherNumber(f faithful) (string, bool) {
	all := numeral.FindAllStringIndex(f.text, -1)
	if len(all) == 0 {
		return "", false
	}
	at := all[len(f.text)%len(all)]
	v, err := strconv.ParseFloat(strings.Replace(f.text[at[0]:at[1]], ",", ".", 1), 64)
	if err != nil {
		return "", false
	}
	for _, factor := range []float64{3, 7, 0.5} {
		with := strconv.FormatFloat(v*factor+1, 'f', -1, 64)
		if !slices.Contains(numeral.FindAllString(f.passages[0].Text, -1), with) {
			return f.text[:at[0]] + with + f.text[at[1]:], true
		}
	}
	return "", false
}

// otherUnits are units that a slip puts in place of another.
var otherUnits = map[advisory.Lang]map[string]string{
	"en": {"g": "kg", "grams": "kilograms", "kg": "g", "kilograms": "grams", "ml": "litres", "litres": "millilitres", "litre": "millilitre", "cm": "metres", "centimetres": "metres",
		"metres": "centimetres", "metre": "centimetre", "days": "weeks", "weeks": "months", "months": "years", "hours": "days", "minutes": "hours", "hectare": "acre", "years": "months"},
	"hi": {"ग्राम": "किलो", "किलो": "ग्राम", "मिली": "लीटर", "लीटर": "मिली", "सेमी": "मीटर", "सेंटीमीटर": "मीटर", "मीटर": "सेंटीमीटर", "दिन": "हफ्ते", "हफ्ते": "महीने", "महीने": "साल", "घंटे": "दिन", "मिनट": "घंटे", "साल": "महीने"},
	"sw": {"gramu": "kilo", "kilo": "gramu", "mililita": "lita", "lita": "mililita", "sentimita": "mita", "sm": "mita", "mita": "sentimita", "siku": "wiki", "wiki": "miezi", "miezi": "miaka", "saa": "siku", "dakika": "saa", "miaka": "miezi"},
	"fr": {"g": "kg", "grammes": "kilos", "kg": "g", "kilos": "grammes", "ml": "litres", "litres": "millilitres", "litre": "millilitre", "cm": "mètres", "centimètres": "mètres", "mètres": "centimètres",
		"mètre": "centimètre", "jours": "semaines", "semaines": "mois", "mois": "ans", "heures": "jours", "minutes": "heures", "ans": "mois"},
}

// besideNumber replaces a unit that stands beside a number.
func besideNumber(text string, table map[string]string) (string, bool) {
	words := strings.Fields(text)
	number := func(i int) bool { return i >= 0 && i < len(words) && numeral.MatchString(words[i]) }
	start := len(text) % max(1, len(words))
	for k := range words {
		i := (start + k) % len(words)
		bare := strings.Trim(words[i], ".,;:!?()।")
		if with, ok := table[strings.ToLower(bare)]; ok && (number(i-1) || number(i+1)) {
			words[i] = strings.Replace(words[i], bare, with, 1)
			return strings.Join(words, " "), true
		}
	}
	return "", false
}

// mention gives the words of the text that name a concept of the kinds, as they are written.
func mention(f faithful, kinds ...advisory.ConceptKind) (advisory.Mention, string, bool) {
	for _, m := range f.std.Lexicon.FindNative(f.text, f.std.Lang) {
		if !slices.Contains(kinds, m.Concept.Kind) || len(m.Words) != 1 {
			continue
		}
		for _, w := range strings.Fields(f.text) {
			bare := strings.Trim(w, ".,;:!?()।'")
			if words := advisory.Words(bare); len(words) == 1 && words[0] == m.Words[0] {
				return m, bare, true
			}
		}
	}
	return advisory.Mention{}, "", false
}

// otherProduct puts a pesticide beside, or in the place of, what the line tells people to use.
func otherProduct(f faithful) (string, bool) {
	if _, written, ok := mention(f, advisory.Input); ok {
		return strings.Replace(f.text, written, "imidacloprid", 1), true
	}
	if len(f.text)%3 > 0 {
		return "", false
	}
	return f.text + fmt.Sprintf(" %s: propiconazole.", map[advisory.Lang]string{"en": "Use", "hi": "डालें", "sw": "Tumia", "fr": "Utilisez"}[f.std.Lang]), true
}

// otherCrop puts another crop or animal in the place of the one named.
func otherCrop(f faithful) (string, bool) {
	m, written, ok := mention(f, advisory.Crop, advisory.Animal)
	if !ok {
		return "", false
	}
	others := []string{"sugarcane", "coffee", "cotton", "onion"}
	if m.Concept.Kind == advisory.Animal {
		others = []string{"duck", "pig", "fish", "rabbit"}
	}
	for _, id := range others {
		name := f.std.Lexicon.Name(id, f.std.Lang)
		named := func(text string) bool {
			return slices.ContainsFunc(f.std.Lexicon.FindNative(text, f.std.Lang), func(m advisory.Mention) bool { return m.Concept.ID == id })
		}
		if f.std.Lexicon.Concept(id) != nil && !named(f.passages[0].Text) && !slices.Contains(f.std.Crops, id) && named(name) {
			return strings.Replace(f.text, written, name, 1), true
		}
	}
	return "", false
}

var negations = map[advisory.Lang]*regexp.Regexp{
	"en": regexp.MustCompile(`(?i)\b(?:do not|don't|never|not)\s+`),
	"hi": regexp.MustCompile(`(?:^|\s)(?:कभी न|कभी नहीं|न|नहीं|मत)\s`),
	"sw": regexp.MustCompile(`(?i)\b(?:kamwe\s+)?usi(\p{L}{3,})e\b`),
	"fr": regexp.MustCompile(`(?i)\b(?:ne |n')(\p{L}+(?:-\p{L}+)?) (?:pas|jamais)\b`),
}

// withoutNegation takes one "not" out.
func withoutNegation(f faithful) (string, bool) {
	re := negations[f.std.Lang]
	at := re.FindStringSubmatchIndex(f.text)
	if at == nil {
		return "", false
	}
	with := ""
	switch f.std.Lang {
	case "sw":
		with = f.text[at[2]:at[3]] + "a"
	case "fr":
		with = f.text[at[2]:at[3]]
	case "hi":
		with = " "
	}
	return f.text[:at[0]] + with + f.text[at[1]:], true
}

// otherConditions turn a condition, a time or a stage round.
var otherConditions = map[advisory.Lang]map[string]string{
	"en": {"before": "after", "after": "before", "until": "after", "if": "before", "only": "", "when": "before"},
	"hi": {"पहले": "बाद", "बाद": "पहले", "केवल": "", "सिर्फ": ""},
	"sw": {"kabla": "baada", "baada": "kabla", "tu": "", "ikiwa": "kabla", "kama": "kabla"},
	"fr": {"avant": "après", "après": "avant", "si": "avant", "seulement": "", "quand": "avant"},
}

// cautionary are openings of a sentence that warns.
var cautionary = map[advisory.Lang]*regexp.Regexp{
	"en": regexp.MustCompile(`^(?:Do not|Never|Wear|Wash)\b`),
	"hi": regexp.MustCompile(`(?:कभी न|न करें|न दें|न डालें|पहनें|धोएँ|मत)`),
	"sw": regexp.MustCompile(`^(?:Usi|Kamwe|Vaa|Osha)`),
	"fr": regexp.MustCompile(`^(?:Ne |N'|Portez|Lavez)`),
}

// withoutCaution leaves a warning out of a line of several sentences.
func withoutCaution(f faithful) (string, bool) {
	sentences := advisory.Sentences(f.text)
	for i, s := range sentences {
		if len(sentences) > 1 && cautionary[f.std.Lang].MatchString(s) {
			return strings.Join(slices.Delete(slices.Clone(sentences), i, i+1), " "), true
		}
	}
	return "", false
}

// swappedDoses gives each of two products the other's dose.
func swappedDoses(f faithful) (string, bool) {
	all := regexp.MustCompile(`(\d+(?:[.,]\d+)?) (?:kg|g|grams|kilograms|ml|litres|किलो|ग्राम|kilos|grammes)\b|(?:kilo|gramu|lita) (\d+(?:[.,]\d+)?)`).FindAllStringIndex(f.text, -1)
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		first, second := f.text[a[0]:a[1]], f.text[b[0]:b[1]]
		between := f.std.Lexicon.FindNative(f.text[a[0]:], f.std.Lang)
		products := slices.DeleteFunc(between, func(m advisory.Mention) bool { return m.Concept.Kind != advisory.Input })
		if first != second && len(products) > 1 && products[0].Concept != products[1].Concept {
			return f.text[:a[0]] + second + f.text[a[1]:b[0]] + first + f.text[b[1]:], true
		}
	}
	return "", false
}

// paraphrase says the same in other words.
type paraphrase struct {
	kind string
	say  func(f faithful) (string, bool)
}

var paraphrases = []paraphrase{
	{"conversion", converted},
	{"words", func(f faithful) (string, bool) { return besideUnit(f.text, numberWords[f.std.Lang]) }},
	{"order", func(f faithful) (string, bool) {
		s := advisory.Sentences(f.text)
		if len(s) < 2 {
			return "", false
		}
		slices.Reverse(s)
		return strings.Join(s, " "), true
	}},
	{"synonym", synonym},
	{"politeness", func(f faithful) (string, bool) {
		return map[advisory.Lang]string{"en": "Please: ", "hi": "कृपया, ", "sw": "Tafadhali, ", "fr": "Conseil : "}[f.std.Lang] + f.text, len(f.text)%2 == 0
	}},
	{"contraction", func(f faithful) (string, bool) {
		if f.std.Lang != "en" {
			return "", false
		}
		return strings.NewReplacer("Do not", "Don't", "do not", "don't", "does not", "doesn't").Replace(f.text), true
	}},
}

var kilos = regexp.MustCompile(`(\d+) (kg|kilograms|kilos|किलो|metres|मीटर|mètres|litres|लीटर|weeks|semaines|हफ्ते)`)

// converted writes a quantity in a smaller unit.
func converted(f faithful) (string, bool) {
	at := kilos.FindStringSubmatchIndex(f.text)
	if at == nil || at[0] > 0 && strings.ContainsAny(f.text[at[0]-1:at[0]], ".,-0123456789") {
		return "", false
	}
	if before := strings.Fields(f.text[:at[0]]); len(before) > 1 && numeral.MatchString(before[len(before)-2]) { // the end of a range
		return "", false
	}
	small := map[string]struct {
		factor int
		unit   string
	}{"kg": {1000, "g"}, "kilograms": {1000, "grams"}, "kilos": {1000, "grammes"}, "किलो": {1000, "ग्राम"}, "metres": {100, "cm"}, "मीटर": {100, "सेमी"}, "mètres": {100, "cm"},
		"litres": {1000, "ml"}, "लीटर": {1000, "मिली"}, "weeks": {7, "days"}, "semaines": {7, "jours"}, "हफ्ते": {7, "दिन"}}[f.text[at[4]:at[5]]]
	v, err := strconv.Atoi(f.text[at[2]:at[3]])
	if err != nil || strings.HasPrefix(strings.TrimSpace(f.text[at[1]:]), "carré") {
		return "", false
	}
	return fmt.Sprintf("%s%d %s%s", f.text[:at[0]], v*small.factor, small.unit, f.text[at[1]:]), true
}

var numberWords = map[advisory.Lang]map[string]string{
	"en": {"2": "two", "3": "three", "4": "four", "5": "five", "10": "ten"},
	"hi": {"2": "दो", "3": "तीन", "4": "चार", "5": "पाँच", "10": "दस"},
	"sw": {"3": "tatu", "4": "nne", "5": "tano", "10": "kumi"},
	"fr": {"2": "deux", "3": "trois", "4": "quatre", "5": "cinq", "10": "dix"},
}

// besideUnit writes a number as a word where its unit stands beside it.
func besideUnit(text string, table map[string]string) (string, bool) {
	words := strings.Fields(text)
	for i, w := range words {
		with, ok := table[w]
		if !ok {
			continue
		}
		for _, near := range []int{i - 1, i + 1} {
			if near < 0 || near >= len(words) || i > 0 && numeral.MatchString(words[i-1]) || i+2 < len(words) && numeral.MatchString(words[i+2]) {
				continue
			}
			beside := strings.ToLower(strings.Trim(words[near], ".,;:"))
			for _, units := range otherUnits {
				if _, unit := units[beside]; unit {
					words[i] = with
					return strings.Join(words, " "), true
				}
			}
		}
	}
	return "", false
}

// synonym says another name of a crop.
func synonym(f faithful) (string, bool) {
	m, written, ok := mention(f, advisory.Crop)
	if !ok {
		return "", false
	}
	for _, name := range m.Concept.Names[f.std.Lang] {
		if words := advisory.Words(name); len(words) == 1 && words[0] != m.Words[0] {
			return strings.Replace(f.text, written, name, 1), true
		}
	}
	return "", false
}
