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
	{"turned", turned},
	{"list", listTurned},
	{"politeness", func(f faithful) (string, bool) {
		return map[advisory.Lang]string{"en": "Please: ", "hi": "कृपया, ", "sw": "Tafadhali, ", "fr": "Conseil : "}[f.std.Lang] + f.text, len(f.text)%2 == 0
	}},
	{"contraction", func(f faithful) (string, bool) {
		if f.std.Lang != "en" {
			return "", false
		}
		return fullNot.ReplaceAllString(f.text, "${1}n't"), true
	}},
}

var fullNot = regexp.MustCompile(`\b([Dd]o|[Dd]oes) not\b`)

var kilos = regexp.MustCompile(`(\d+) (kg|kilograms|kilos|किलो|metres|मीटर|mètres|litres|लीटर|weeks|semaines|हफ्ते)`)

// converted writes a quantity in a smaller unit.
func converted(f faithful) (string, bool) {
	at := kilos.FindStringSubmatchIndex(f.text)
	if at == nil {
		return "", false
	}
	if next, _ := utf8.DecodeRuneInString(f.text[at[1]:]); unicode.IsLetter(next) || unicode.IsMark(next) { // a kilometre is no kilo
		return "", false
	}
	if at[0] > 0 && strings.ContainsAny(f.text[at[0]-1:at[0]], ".,-0123456789") {
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
		if words := advisory.Words(name); len(words) == 1 && words[0] != m.Words[0] && only(f, name) && only(f, written) {
			return exchange(f.text, written, name), true
		}
	}
	return "", false
}

// only reports whether a name means one thing.
func only(f faithful, name string) bool {
	return len(f.std.Lexicon.FindNative(name, f.std.Lang)) == 1
}

// turned says a condition that stands first, up to a comma, after what it is a condition of.
func turned(f faithful) (string, bool) {
	for _, s := range advisory.Sentences(f.text) {
		first, rest, ok := strings.Cut(s, ", ")
		if words := advisory.Words(first); !ok || strings.ContainsAny(first+rest, ",;:()") || len(words) < 3 || !leading[f.std.Lang].MatchString(first) {
			continue
		}
		stop := rest[len(strings.TrimRight(rest, ".।")):]
		return strings.Replace(f.text, s, strings.TrimRight(rest, ".।")+" "+strings.ToLower(first)+stop, 1), true
	}
	return "", false
}

// leading are conditions and times with which a sentence begins.
var leading = map[advisory.Lang]*regexp.Regexp{
	"en": regexp.MustCompile(`^(?:If|When|After|Before|Until)\b`),
	"hi": regexp.MustCompile(`(?:से पहले|के बाद|हो तो)$`),
	"sw": regexp.MustCompile(`^(?:Kabla|Baada|Kama|Ikiwa)\b`),
	"fr": regexp.MustCompile(`^(?:Si|Quand|Après|Avant)\b`),
}

// listTurned says two products with their amounts the other way about: "20 g of a and 30 g of b".
func listTurned(f faithful) (string, bool) {
	at := twoAmounts[f.std.Lang].FindStringSubmatchIndex(f.text)
	if at == nil {
		return "", false
	}
	part := func(i int) string { return f.text[at[2*i]:at[2*i+1]] }
	return f.text[:at[2]] + part(3) + part(2) + part(1) + f.text[at[7]:], part(1) != part(3)
}

var twoAmounts = map[advisory.Lang]*regexp.Regexp{
	"en": regexp.MustCompile(`(\d+(?:\.\d+)? (?:kg|g|ml) (?:of )?\p{L}+)( and |, )(\d+(?:\.\d+)? (?:kg|g|ml) (?:of )?\p{L}+)(?:$|[.,;]| and )`),
	"hi": regexp.MustCompile(`(\d+(?:\.\d+)? (?:किलो|ग्राम|मिली) [\p{L}\p{M}]+)( और |, )(\d+(?:\.\d+)? (?:किलो|ग्राम|मिली) [\p{L}\p{M}]+)(?:$|[।,;]| और )`),
	"sw": regexp.MustCompile(`((?:kilo|gramu) \d+(?:\.\d+)? za \p{L}+)( na |, )((?:kilo|gramu) \d+(?:\.\d+)? za \p{L}+)(?:$|[.,;]| na )`),
	"fr": regexp.MustCompile(`(\d+(?:,\d+)? (?:kg|g|ml) (?:de |d')\p{L}+)( et |, )(\d+(?:,\d+)? (?:kg|g|ml) (?:de |d')\p{L}+)(?:$|[.,;]| et )`),
}
