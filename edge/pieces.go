package edge

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"unicode"

	"jembe/advisory"
)

// pieceRunes is the most characters in one piece of sound: some 20 seconds, even slow; short, so that the first starts soon.
const pieceRunes = 200

// cutSpeech parts speech into pieces that are fetched and played one after the other. What was recorded whole stays whole;
// languages without a voice are left out.
func cutSpeech(speech []advisory.Speech, spoken func(advisory.Lang) bool) []advisory.Speech {
	var out []advisory.Speech
	for _, s := range speech {
		if !spoken(s.Lang) {
			continue
		}
		if s.Whole {
			out = append(out, s)
			continue
		}
		for rest := strings.TrimSpace(s.Text); rest != ""; {
			n := cutAt(rest)
			out = append(out, advisory.Speech{Text: strings.TrimSpace(rest[:n]), Lang: s.Lang})
			rest = strings.TrimSpace(rest[n:])
		}
	}
	return out
}

// cutAt gives the length in bytes of the first piece of text: as many whole sentences as fit, else words, else characters.
func cutAt(text string) int {
	sentence, word, n := 0, 0, 0
	var before rune
	for i, r := range text {
		if unicode.IsSpace(r) {
			word = i
			if strings.ContainsRune(".!?।።", before) {
				sentence = i
			}
		}
		if n == pieceRunes {
			switch {
			case sentence > 0:
				return sentence
			case word > 0:
				return word
			}
			return i
		}
		before = r
		n++
	}
	return len(text)
}

// joinWAV makes one WAV file of those of a piece: nearly always there is only one.
func joinWAV(sounds []advisory.Sound) ([]byte, error) {
	if len(sounds) == 1 {
		return sounds[0].WAV, nil
	}
	var out []byte
	start := 0
	for i, s := range sounds {
		from, to, err := waveData(s.WAV)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			out, start = bytes.Clone(s.WAV[:from]), from
		}
		out = append(out, s.WAV[from:to]...)
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	binary.LittleEndian.PutUint32(out[start-4:], uint32(len(out)-start))
	return out, nil
}

// waveData finds the samples in a WAV file.
func waveData(wav []byte) (from, to int, err error) {
	if len(wav) < 12 || string(wav[:4]) != "RIFF" || string(wav[8:12]) != "WAVE" {
		return 0, 0, errors.New("join sound: no WAV file")
	}
	for at := 12; at+8 <= len(wav); {
		from = at + 8
		size := int(min(binary.LittleEndian.Uint32(wav[at+4:]), uint32(len(wav)-from)))
		if string(wav[at:at+4]) == "data" {
			return from, from + size, nil
		}
		at = from + size + size%2
	}
	return 0, 0, errors.New("join sound: a WAV file without samples")
}
