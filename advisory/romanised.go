package advisory

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// romaniser reads Hindi that is typed in Latin letters, each writer spelling as they hear: a typed word becomes the word of the
// content that sounds most like it, so that it is found, compared and named as if it had been written in its own script.
type romaniser struct {
	frames map[string][]heard // consonants -> the words that have them
}

// heard is a word of the content with its sounds.
type heard struct {
	word   string
	sounds []byte
	favour float64 // that frequent words have over rare ones
}

// newRomaniser learns the Devanagari words of the names and texts, and of the phrases that tell danger and what is not farming.
func newRomaniser(concepts []Concept, texts []string) *romaniser {
	texts = append(slices.Clone(texts), string(dangerFile), string(scopeFile))
	for _, c := range concepts {
		texts = append(texts, c.Names["hi"]...)
	}
	r := &romaniser{frames: map[string][]heard{}}
	r.learn(texts)
	return r
}

// with gives a romaniser that knows the words of further names as well, as rare ones.
func (r *romaniser) with(names []string) *romaniser {
	out := &romaniser{frames: map[string][]heard{}}
	for f, list := range r.frames {
		out.frames[f] = slices.Clip(list)
	}
	out.learn(names)
	return out
}

// learn takes in the Devanagari words of texts.
func (r *romaniser) learn(texts []string) {
	counts := map[string]int{}
	for _, text := range texts {
		if !strings.ContainsFunc(text, isDevanagari) {
			continue
		}
		for _, w := range Words(text) {
			if strings.IndexFunc(w, isDevanagari) == 0 {
				counts[w]++
			}
		}
	}
	for w, n := range counts {
		sounds := devanagariSounds(w)
		f := frame(sounds)
		r.frames[f] = append(r.frames[f], heard{w, sounds, perFrequency * math.Log(float64(n))})
	}
}

func isDevanagari(r rune) bool { return unicode.Is(unicode.Devanagari, r) }

// What a reading may cost, and what it costs less for every e-fold of a word's frequency in the content.
const (
	mostCost     = 0.25 // of any word
	mostPerSound = 0.08 // ... and for each of its sounds
	perFrequency = 0.07
)

// read gives the word of the content that a folded word in Latin letters stands for; "" when none sounds like it.
func (r *romaniser) read(w string) string {
	if len(w) < 2 || !latinLetters(w) {
		return ""
	}
	found, best := "", math.Inf(1)
	for _, sounds := range latinSounds(w) {
		limit := mostCost + mostPerSound*float64(len(sounds))
		for _, h := range r.frames[frame(sounds)] {
			cost := unlike(sounds, h.sounds)
			if cost > limit {
				continue
			}
			if cost -= h.favour; cost < best || cost == best && h.word < found {
				found, best = h.word, cost
			}
		}
	}
	return found
}

func latinLetters(w string) bool {
	return strings.IndexFunc(w, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// A sound is a byte: a consonant in lower case, with breath in upper case; the vowels a (short) A (long) i u e E (ai) o O (au); N the
// nasal sign, R the letter that is typed r or d.

// devanagariLetters gives the sounds of letters and vowel signs.
var devanagariLetters = map[rune]string{
	'क': "k", 'ख': "K", 'ग': "g", 'घ': "G", 'ङ': "n", 'च': "c", 'छ': "C", 'ज': "j", 'झ': "J", 'ञ': "n",
	'ट': "t", 'ठ': "T", 'ड': "R", 'ढ': "D", 'ण': "n", 'त': "t", 'थ': "T", 'द': "d", 'ध': "D", 'न': "n",
	'प': "p", 'फ': "P", 'ब': "b", 'भ': "B", 'म': "m", 'य': "y", 'र': "r", 'ल': "l", 'ळ': "l", 'व': "v",
	'श': "s", 'ष': "s", 'स': "s", 'ह': "h",
	'अ': "a", 'आ': "A", 'इ': "i", 'ई': "i", 'उ': "u", 'ऊ': "u", 'ए': "e", 'ऐ': "E", 'ओ': "o", 'औ': "O", 'ऑ': "o", 'ऋ': "ri",
	'ा': "A", 'ि': "i", 'ी': "i", 'ु': "u", 'ू': "u", 'े': "e", 'ै': "E", 'ो': "o", 'ौ': "O", 'ॉ': "o", 'ृ': "ri", 'ं': "N",
}

// conjuncts whose sound is not that of their letters, in the order of their length.
var conjuncts = strings.NewReplacer("ज्ञ", "ग्य")

// devanagariSounds gives the sounds of a folded word, without the short vowels that are written with no sign and not spoken.
func devanagariSounds(word string) []byte {
	var out []byte
	open := false // the last sound is the short vowel of a consonant that has no sign
	for _, r := range conjuncts.Replace(word) {
		if sign := r >= 'ा' && r <= 'ौ' || r == 'ृ' || r == '\u094d'; sign && open {
			out = out[:len(out)-1]
		}
		out = append(out, devanagariLetters[r]...)
		if open = r >= 'क' && r <= 'ह'; open {
			out = append(out, '-')
		}
	}
	return spoken(out)
}

// spoken drops the unwritten short vowels (-) at the end and, from the end on, between a vowel and a consonant before and a consonant
// and a vowel after (Ohala's rule); the others are a.
func spoken(sounds []byte) []byte {
	silent := make([]bool, len(sounds))
	for i := len(sounds) - 1; i > 0; i-- {
		if sounds[i] != '-' {
			continue
		}
		last := i == len(sounds)-1 && i > 1
		between := i >= 2 && i+2 < len(sounds) && vowel(sounds[i-2]) && !vowel(sounds[i+1]) && vowel(sounds[i+2]) && !silent[i+2]
		silent[i] = last || between
	}
	var out []byte
	for i, s := range sounds {
		switch {
		case silent[i]:
		case s == '-':
			out = append(out, 'a')
		default:
			out = append(out, s)
		}
	}
	return out
}

// typed gives the sound of Latin letters, the longest first.
var typed = strings.NewReplacer(
	"chh", "C", "ksh", "ks", "ch", "c", "sh", "s", "th", "T", "dh", "D", "kh", "K", "gh", "G", "jh", "J", "ph", "P", "bh", "B", "ck", "k",
	"f", "P", "z", "j", "w", "v", "q", "k", "x", "ks", "c", "k",
	"aa", "A", "ee", "i", "ii", "i", "oo", "u", "uu", "u", "ai", "E", "ei", "E", "au", "O", "ou", "O",
)

// latinSounds gives the sounds that a folded word in Latin letters may stand for: "ai" at its end is ऐ (hai) or आई (dawai).
func latinSounds(word string) [][]byte {
	out := []byte(typed.Replace(word))
	n := len(out) - 1
	if n < 1 {
		return [][]byte{out}
	}
	switch {
	case out[n] == 'a': // a short one is not heard at the end
		out[n] = 'A'
	case out[n] == 'y' && !vowel(out[n-1]):
		out[n] = 'i'
	case out[n] == 'E':
		return [][]byte{out, append(slices.Clone(out[:n]), 'A', 'i')}
	}
	return [][]byte{out}
}

func vowel(s byte) bool { return strings.IndexByte("aAiueEoO-", s) >= 0 }

// frame gives what all spellings of a word agree on: its consonants without breath, length, nasals before a consonant, h and y; and
// whether it begins with a vowel.
func frame(sounds []byte) string {
	var out []byte
	if len(sounds) > 0 && vowel(sounds[0]) {
		out = append(out, '_')
	}
	for i, s := range sounds {
		s |= 0x20
		switch {
		case vowel(s), s == 'h' && i > 0, s == 'y' && i > 0, nasal(sounds, i):
			continue
		case s == 'r':
			s = 'd'
		case s == 'v':
			s = 'b'
		}
		if n := len(out); n == 0 || out[n-1] != s {
			out = append(out, s)
		}
	}
	return string(out)
}

// mend gives a text of a language with its spelling mended, and the words that are guesses. Hindi in Latin letters is spelt in many ways
// that are no mistakes, and a Swahili word has many more forms than the content uses.
func (l *Lexicon) mend(text string, lang Lang) (mended string, guessed []string) {
	switch lang {
	case "hi":
		return l.spelling.mend(text, l.hindi.read)
	case "sw":
		return l.spelling.mend(text, l.spelling.formOf)
	}
	return l.spelling.mend(text, nil)
}

// nasal reports whether a sound is a nasal that some write and some do not: the sign, n before a consonant and at the end, m before a
// sound of the lips.
func nasal(sounds []byte, i int) bool {
	last := i == len(sounds)-1
	switch {
	case i == 0:
		return false
	case sounds[i] == 'n':
		return last || !vowel(sounds[i+1])
	case sounds[i] == 'm':
		return !last && strings.IndexByte("pPbB", sounds[i+1]) >= 0
	}
	return sounds[i] == 'N'
}

// Native gives a text with the words that are typed in Latin letters as the content writes them; a text in another language than
// Hindi, or without such words, is given back as it is. Words keep their places.
func (l *Lexicon) Native(text string, lang Lang) string {
	if lang != "hi" {
		return text
	}
	words := Words(text)
	changed := false
	for i, w := range words {
		if native := l.hindi.read(w); native != "" {
			words[i], changed = native, true
		}
	}
	if !changed {
		return text
	}
	return strings.Join(words, " ")
}
