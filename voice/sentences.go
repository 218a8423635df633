package voice

import (
	"strconv"
	"strings"
	"unicode"
)

// sentenceMarks end a sentence in the scripts we speak: Latin, Devanagari and its relatives, Ethiopic, Arabic.
const sentenceMarks = ".!?।॥።፧؟۔"

// splitSentences cuts a text at line ends and after sentence marks that a space or the end follows, so that "2.5" and
// "e.g." within a word stay whole. The marks stay with their sentence.
func splitSentences(text string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if s := strings.TrimSpace(b.String()); s != "" {
			out = append(out, s)
		}
		b.Reset()
	}
	runes := []rune(text)
	for i, r := range runes {
		b.WriteRune(r)
		last := i+1 == len(runes) || unicode.IsSpace(runes[i+1])
		if r == '\n' || last && strings.ContainsRune(sentenceMarks, r) {
			flush()
		}
	}
	flush()
	return out
}

// spokenWords gives an English sentence as the words a recogniser knows: lower case letters and inner apostrophes, numbers
// written out.
func spokenWords(sentence string) []string {
	fields := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(sentence, "’", "'")), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '\'')
	})
	var out []string
	for _, f := range fields {
		letters := strings.IndexFunc(f, func(r rune) bool { return r < '0' || r > '9' })
		if letters < 0 {
			letters = len(f)
		}
		if n, err := strconv.Atoi(f[:letters]); err == nil { // "5kg" is five kg
			out = append(out, numberWords(n)...)
		}
		if w := strings.Trim(f[letters:], "'"); w != "" && !strings.ContainsAny(w, "0123456789") {
			out = append(out, w)
		}
	}
	return out
}

var (
	smallNumbers = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen " +
		"fifteen sixteen seventeen eighteen nineteen")
	tens = strings.Fields("_ _ twenty thirty forty fifty sixty seventy eighty ninety")
)

// numberWords says a number below a million in English; larger ones are not said.
func numberWords(n int) []string {
	rest := func(n int) []string {
		if n == 0 {
			return nil
		}
		return numberWords(n)
	}
	switch {
	case n < 20:
		return []string{smallNumbers[n]}
	case n < 100:
		return append([]string{tens[n/10]}, rest(n%10)...)
	case n < 1000:
		return append([]string{smallNumbers[n/100], "hundred"}, rest(n%100)...)
	case n < 1000000:
		return append(append(numberWords(n/1000), "thousand"), rest(n%1000)...)
	}
	return nil
}
