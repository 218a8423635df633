package rag

import (
	"strings"
	"unicode"
)

// Hindi is often typed in Latin letters, each writer spelling as they hear. What such spellings agree on is the consonants,
// without breath and without length: patte, paththe and पत्ते are all "ptt". soundKey brings both scripts to that form.

// devanagari gives the sound of a consonant; vowels and marks have none.
var devanagari = map[rune]string{
	'क': "k", 'ख': "k", 'ग': "g", 'घ': "g", 'ङ': "n", 'च': "c", 'छ': "c", 'ज': "j", 'झ': "j", 'ञ': "n",
	'ट': "t", 'ठ': "t", 'ड': "d", 'ढ': "d", 'ण': "n", 'त': "t", 'थ': "t", 'द': "d", 'ध': "d", 'न': "n",
	'प': "p", 'फ': "p", 'ब': "b", 'भ': "b", 'म': "m", 'य': "y", 'र': "r", 'ल': "l", 'ळ': "l", 'व': "v",
	'श': "s", 'ष': "s", 'स': "s", 'ह': "h", '\u0902': "n", // anusvara
}

// latin gives the sound of what is typed for a consonant, longest first.
var latin = strings.NewReplacer(
	"chh", "c", "ksh", "ks", "ch", "c", "sh", "s", "th", "t", "dh", "d", "kh", "k", "gh", "g", "jh", "j", "ph", "p", "bh", "b",
	"f", "p", "z", "j", "w", "v", "q", "k", "x", "ks",
	"a", "", "e", "", "i", "", "o", "", "u", "",
)

// soundKey gives the consonants of a folded Hindi word of either script. A leading vowel is "_", nasals before a consonant and at
// the end go, since some write them and some do not, and a double consonant is one. It is "" for words of fewer than two sounds.
func soundKey(word string) string {
	var b strings.Builder
	first := rune(0)
	for _, r := range word {
		if first == 0 {
			first = r
		}
		b.WriteString(devanagari[r])
	}
	key := b.String()
	if first < unicode.MaxASCII {
		key = latin.Replace(word)
	}
	vowel := strings.ContainsRune("aeiouअआइईउऊएऐओऔ", first)
	var out []byte
	for i := range len(key) {
		last := i+1 == len(key)
		nasal := key[i] == 'n' && (last || key[i+1] != 'n' && (len(out) > 0 || vowel))
		if nasal && len(key) > 1 && (vowel || len(key) > 2) || len(out) > 0 && out[len(out)-1] == key[i] {
			continue
		}
		out = append(out, key[i])
	}
	if vowel {
		out = append([]byte{'_'}, out...)
	}
	if len(out) < 2 {
		return ""
	}
	return string(out)
}

// sameSound is how well a word stands for another that only sounds like it in its consonants.
const sameSound = 0.6

// sounding gives the terms of the shard that sound like a word typed in Latin letters, in a language of another script.
func (s *shard) sounding(word string) []alt {
	key := soundKey(word)
	if key == "" || word[0] > unicode.MaxASCII {
		return nil
	}
	var out []alt
	for _, t := range s.sounds[key] {
		out = append(out, alt{t, sameSound})
	}
	return out
}

// hear fills what sounding looks up: for Hindi alone, whose Latin spellings we know.
func (s *shard) hear() {
	if s.lang != "hi" {
		return
	}
	s.sounds = map[string][]int32{}
	for t, name := range s.names {
		if key := soundKey(name); key != "" && name[0] > unicode.MaxASCII {
			s.sounds[key] = append(s.sounds[key], int32(t))
		}
	}
}
