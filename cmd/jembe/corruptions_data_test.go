package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

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
	{"citation", 0.995, 0.06, otherPassage},
	{"negation", 0.95, 0.06, inText(withoutNegation)},
	{"condition", 0.95, 0.06, inText(func(f faithful) (string, bool) { return replaceWord(f.text, otherConditions[f.std.Lang]) })},
	{"caution", 0.95, 0.06, inText(withoutCaution)},
	{"dose", 0.95, 0.1, inText(swappedDoses)},
	{"dose", 0.95, 0.1, inText(anothersDose)},
}

// otherPassage cites another document's passage, unless that says the same, or none that was given.
func otherPassage(f faithful) (string, int, bool) {
	return f.text, 1 + len(f.text)%2, !strings.Contains(f.passages[1].Text, strings.TrimSpace(f.text))
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

// mention gives a word of the text that names a concept of the kinds, as it is written. What belongs to a quantity names none: the
// Hindi cm is written like a bean.
func mention(f faithful, kinds ...advisory.ConceptKind) (advisory.Mention, string, bool) {
	measures := advisory.Measures(f.text, f.std.Lang)
	for _, m := range f.std.Lexicon.FindNative(f.text, f.std.Lang) {
		measured := slices.ContainsFunc(measures, func(n advisory.Measure) bool { return m.At >= n.At && m.At < n.End && n.Unit != "" })
		if measured || !slices.Contains(kinds, m.Concept.Kind) || len(m.Words) != 1 {
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

// exchange puts a word in the place of another, where that stands as a whole word.
func exchange(text, word, with string) string {
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return text
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(word):])
		if !inWord(before) && !inWord(after) {
			return text[:at] + with + text[at+len(word):]
		}
		from = at + len(word)
	}
}

// otherProduct puts a pesticide beside, or in the place of, what the line tells people to use.
func otherProduct(f faithful) (string, bool) {
	if _, written, ok := mention(f, advisory.Input); ok {
		return exchange(f.text, written, "imidacloprid"), true
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
			return exchange(f.text, written, name), true
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
	"hi": regexp.MustCompile(`(?:^|\s)(?:कभी न|न करें|न दें|न डालें|पहनें|धोएँ|मत)(?:$|[\s।,])`),
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

// amount is a quantity by weight or volume.
var amount = regexp.MustCompile(`(\d+(?:[.,]\d+)?) (?:kg|g|grams|kilograms|ml|litres|किलो|ग्राम|मिली|लीटर|kilos|grammes)(?:$|[\s.,;:।)])|(?:kilo|gramu|mililita|lita) (\d+(?:[.,]\d+)?)`)

// swappedDoses gives each of two products the other's dose.
func swappedDoses(f faithful) (string, bool) {
	all := amount.FindAllStringIndex(f.text, -1)
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		first, second := strings.TrimRight(f.text[a[0]:a[1]], " .,;:।)"), strings.TrimRight(f.text[b[0]:b[1]], " .,;:।)")
		products := inputs(f, f.text[a[0]:])
		if first != second && len(products) > 1 && products[0] != products[1] {
			return f.text[:a[0]] + second + f.text[a[0]+len(first):b[0]] + first + f.text[b[0]+len(second):], true
		}
	}
	return "", false
}

// anothersDose gives the one product of a sentence the dose of another product of its section, unless the section says that dose of
// it too.
func anothersDose(f faithful) (string, bool) {
	for _, own := range advisory.Sentences(f.text) {
		at := amount.FindString(own)
		dose := strings.TrimRight(at, " .,;:।)")
		if products := inputs(f, own); at == "" || len(products) != 1 {
			continue
		}
		product := inputs(f, own)[0]
		for _, line := range strings.Split(f.passages[0].Text, "\n") {
			for _, s := range advisory.Sentences(line) {
				other := strings.TrimRight(amount.FindString(s), " .,;:।)")
				if of := inputs(f, s); other == "" || other == dose || len(of) != 1 || of[0] == product || saidOf(f, other, product) || saidOf(f, dose, of[0]) {
					continue
				}
				return strings.Replace(f.text, own, strings.Replace(own, dose, other, 1), 1), true
			}
		}
	}
	return "", false
}

// saidOf reports whether the section has an amount in a sentence that names a product.
func saidOf(f faithful, amount, product string) bool {
	return slices.ContainsFunc(strings.Split(f.passages[0].Text, "\n"), func(line string) bool {
		return slices.ContainsFunc(advisory.Sentences(line), func(s string) bool {
			return strings.Contains(s, amount) && slices.Contains(inputs(f, s), product)
		})
	})
}

// inputs are the products that a text names, each once, in order.
func inputs(f faithful, text string) []string {
	var out []string
	for _, m := range f.std.Lexicon.FindNative(text, f.std.Lang) {
		if m.Concept.Kind == advisory.Input && !slices.Contains(out, m.Concept.ID) {
			out = append(out, m.Concept.ID)
		}
	}
	return out
}
