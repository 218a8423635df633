package voice

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// arpabet maps espeak-ng's English phoneme mnemonics (its docs/phonemes.md and phsource/ph_english) to the phones of the
// CMU dictionary. An empty value is a sound that the dictionary does not write.
var arpabet = map[string]string{
	"aI@": "AY ER", "aI3": "AY ER", "aU@": "AW ER", "i@3": "IH R", "tS": "CH", "dZ": "JH", "eI": "EY", "aI": "AY", "OI": "OY",
	"aU": "AW", "oU": "OW", "i:": "IY", "u:": "UW", "3:": "ER", "A:": "AA", "O:": "AO", "A@": "AA R", "O@": "AO R", "o@": "AO R",
	"e@": "EH R", "i@": "IY AH", "U@": "UH R", "a#": "AH", "I2": "IH", "I#": "IH", "@L": "AH L", "@2": "AH", "@5": "AH",
	"aa": "AE", "0#": "AA", "n-": "N", "t2": "T", "t#": "T", "l^": "L", "r-": "",
	"a": "AE", "A": "AA", "O": "AO", "0": "AA", "V": "AH", "E": "EH", "I": "IH", "U": "UH", "i": "IY", "u": "UW", "@": "AH",
	"3": "ER", "e": "EH", "o": "OW", "T": "TH", "D": "DH", "S": "SH", "Z": "ZH", "N": "NG", "j": "Y", "r": "R", "*": "T",
	"p": "P", "b": "B", "t": "T", "d": "D", "k": "K", "g": "G", "f": "F", "v": "V", "s": "S", "z": "Z", "h": "HH", "m": "M",
	"n": "N", "l": "L", "w": "W", "x": "K", "L": "L",
	"'": "", ",": "", "%": "", "=": "", "_": "", "|": "", ";": "", ":": "", "!": "", "-": "", "?": "", "~": "",
}

// toARPAbet turns mnemonics into phones, the longest match at each place. It fails on a mnemonic it does not know, as
// words have that espeak-ng takes for foreign.
func toARPAbet(mnemonics string) (string, bool) {
	var phones []string
	for rest := mnemonics; rest != ""; {
		found := false
		for n := min(3, len(rest)); n > 0 && !found; n-- {
			phone, ok := arpabet[rest[:n]]
			if !ok {
				continue
			}
			found, rest = true, rest[n:]
			if phone != "" {
				phones = append(phones, phone)
			}
		}
		if !found {
			return "", false
		}
	}
	return strings.ReplaceAll(strings.Join(phones, " "), "R R", "R"), len(phones) > 0 // "U@r" says its r once
}

// readDictionary gives the lines of a CMU dictionary that pronounce the words, other pronunciations ("word(2)") included.
func readDictionary(path string, words map[string]bool) (lines []string, known map[string]bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read pronunciations: %w", err)
	}
	defer f.Close()
	known = map[string]bool{}
	for s := bufio.NewScanner(f); s.Scan(); {
		word, _, _ := strings.Cut(s.Text(), " ")
		base, _, _ := strings.Cut(word, "(")
		if words[base] {
			known[base] = true
			lines = append(lines, s.Text())
		}
	}
	return lines, known, nil
}

// pronounce asks espeak-ng how words sound that no dictionary has, one sentence a word. Words it can't say in English
// sounds are left out.
func pronounce(ctx context.Context, espeak string, words []string) ([]string, error) {
	if len(words) == 0 {
		return nil, nil
	}
	cmd := exec.CommandContext(ctx, espeak, "-q", "-x", "-v", "en-us", "--stdin")
	cmd.Stdin = strings.NewReader(strings.Join(words, ".\n\n") + ".\n")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("pronounce words: %w", err)
	}
	spoken := strings.Split(strings.TrimRight(string(out), "\n"), "\n")
	if len(spoken) != len(words) {
		return nil, fmt.Errorf("pronounce words: %d given, %d came back", len(words), len(spoken))
	}
	var lines []string
	for i, mnemonics := range spoken {
		if phones, ok := toARPAbet(strings.ReplaceAll(strings.TrimSpace(mnemonics), " ", "")); ok {
			lines = append(lines, words[i]+" "+phones)
		}
	}
	return lines, nil
}
