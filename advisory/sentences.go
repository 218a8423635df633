package advisory

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences cuts a paragraph after . ! ? and their like in other scripts.
func Sentences(text string) []string {
	var out []string
	start := 0
	for i, r := range text {
		end := i + utf8.RuneLen(r)
		if i < start || !EndsSentence(r) || end < len(text) && r == '.' && !stopsAt(text[start:i], text[end:]) {
			continue
		}
		for end < len(text) { // what closes the sentence belongs to it
			next, size := utf8.DecodeRuneInString(text[end:])
			if !EndsSentence(next) && !unicode.In(next, unicode.Pe, unicode.Pf) && next != '"' && next != '\'' {
				break
			}
			end += size
		}
		if end > start {
			if s := strings.TrimSpace(text[start:end]); s != "" {
				out = append(out, s)
			}
			start = end
		}
	}
	if s := strings.TrimSpace(text[start:]); s != "" {
		out = append(out, s)
	}
	return out
}

// EndsSentence reports whether a sentence may end with the sign.
func EndsSentence(r rune) bool {
	switch r {
	case '.', '!', '?', '।', '॥', '።', '፧', '؟', '۔':
		return true
	}
	return false
}

// abbreviations are words after which a full stop ends no sentence.
var abbreviations = map[string]bool{
	"e.g": true, "i.e": true, "approx": true, "ca": true, "dr": true, "mr": true, "mrs": true, "vs": true, "cf": true, "fig": true,
	"env": true, "ex": true, "p.ex": true,
}

// stopsAt reports whether a full stop between two texts ends a sentence: not within a number, an abbreviation or after an initial.
func stopsAt(before, after string) bool {
	next, _ := utf8.DecodeRuneInString(after)
	if !unicode.IsSpace(next) && !unicode.In(next, unicode.Pe, unicode.Pf) && next != '"' {
		return false
	}
	at := strings.LastIndexAny(before, " \t(") + 1
	word, last := before[at:], ' '
	if at > 1 {
		last, _ = utf8.DecodeLastRuneInString(before[:at-1])
	}
	if utf8.RuneCountInString(word) == 1 && !unicode.IsDigit([]rune(word)[0]) && !unicode.IsDigit(last) { // "1 g." is no initial
		return false
	}
	return !abbreviations[strings.ToLower(word)]
}
