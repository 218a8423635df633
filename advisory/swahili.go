package advisory

import "strings"

// The prefixes by which Swahili inflects, each list with the longer before the shorter that it begins with.
var (
	swahiliSubjects  = []string{"ni", "tu", "wa", "ya", "vi", "zi", "ki", "li", "ku", "pa", "mu", "u", "a", "m", "i"}
	swahiliTenses    = []string{"mesha", "ngali", "nge", "na", "me", "li", "ta", "ki", "sipo"}
	swahiliRelatives = []string{"vyo", "cho", "yo", "zo", "lo", "ye", "mo", "po", "ko", "o"}
	swahiliClasses   = []string{"ma", "mi", "mu", "mw", "my", "vi", "ki", "wa", "vy", "ch", "m"} // of nouns, singular and plural
)

// SwahiliStem takes a folded word to what its inflections share: a verb (zinaoza, yameoza, iliyooza, kuoza) loses subject, tense and
// ending, a noun (kiwavi, viwavi; mgomba, migomba) the prefix of its class. It need not be a word, only the same for most forms of one,
// and for few others; short words, which prefixes are easily read into, stay as they are.
func SwahiliStem(word string) string {
	if len(word) < 5 || word == "kijani" || !latinLetters(word) { // kijani, green, is no leaf, jani
		return word
	}
	if len(word) >= 8 {
		word = strings.TrimSuffix(word, "je") // nifanyeje: how shall I do
	}
	if len(word) >= 7 {
		word = strings.TrimSuffix(word, "ni") // shambani: in the field
	}
	if root := swahiliVerb(word); root != "" {
		return swahiliRoot(root)
	}
	for _, class := range swahiliClasses {
		if rest, ok := strings.CutPrefix(word, class); ok && len(rest) >= 4 {
			word = rest
			break
		}
	}
	if len(word) >= 5 {
		word = strings.TrimSuffix(word, "a") // a verb that commands is read as a noun: panda
	}
	return word
}

// swahiliVerb gives a verb without what stands before its root; "" for what is no verb by its form.
func swahiliVerb(word string) string {
	if rest, ok := strings.CutPrefix(word, "ku"); ok && (len(rest) >= 4 || len(rest) == 3 && vowel(rest[0])) {
		return rest
	}
	if rest, ok := strings.CutPrefix(word, "hu"); ok && len(rest) >= 4 {
		return rest
	}
	if rest, ok := strings.CutPrefix(word, "ha"); ok && strings.HasSuffix(word, "i") {
		for _, subject := range swahiliSubjects {
			if root, ok := strings.CutPrefix(rest, subject); ok && len(root) >= 3 {
				return root
			}
		}
	}
	for _, subject := range swahiliSubjects {
		rest, ok := strings.CutPrefix(word, subject)
		if !ok {
			continue
		}
		if root := swahiliTensed(rest); root != "" {
			return root
		}
		if len(subject) == 2 && len(rest) >= 4 && strings.HasSuffix(rest, "e") { // nipande: that I plant
			return rest
		}
	}
	return ""
}

// swahiliTensed takes tense and relative off what follows the subject; "" where there is no tense.
func swahiliTensed(rest string) string {
	for _, tense := range swahiliTenses {
		root, ok := strings.CutPrefix(rest, tense)
		if !ok || len(root) < 3 {
			continue
		}
		for _, relative := range swahiliRelatives {
			if inner, ok := strings.CutPrefix(root, relative); ok && len(inner) >= 3 && tense != "me" && tense != "ta" {
				return inner
			}
		}
		return root
	}
	return ""
}

// swahiliRoot takes the ending off a verb: its last vowel, and the w of the passive.
func swahiliRoot(root string) string {
	if n := len(root) - 1; vowel(root[n]) {
		root = root[:n]
	}
	if len(root) >= 4 {
		root = strings.TrimSuffix(root, "w")
	}
	return root
}
